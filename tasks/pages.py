"""Where things stand in the Prefect UI."""

from uuid import UUID

from prefect.settings import get_current_settings


def run_page(run_id: UUID) -> str:
    """The address of a run's page."""
    return f"{(get_current_settings().api.url or '').removesuffix('/api')}/runs/flow-run/{run_id}"
