"""The one place that asks what time it is: below a flow, time is a parameter. And what runs are called by it."""

from datetime import UTC, datetime

from prefect.runtime import flow_run


def moment(as_of: datetime | None) -> datetime:
    """`as_of`, or the time this run was scheduled for: the same when it is run again tomorrow."""
    given = as_of or flow_run.scheduled_start_time or datetime.now(UTC)
    given = datetime.fromisoformat(given.isoformat())  # Prefect's own kind loses its zone when a timedelta is taken off
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def run_name() -> str:
    """`pull-mail`, `process-batch-12` or `send-2026-11-23-09:15`: the flow's verb and what it is about."""
    given = flow_run.parameters or {}
    verb = (flow_run.flow_name or "run").partition("-")[0]
    if given.get("batch_id"):
        return f"{verb}-batch-{given['batch_id']}"
    about = given.get("as_of")
    when = moment(datetime.fromisoformat(about) if isinstance(about, str) else about)
    return f"{verb}-{when:%Y-%m-%d-%H:%M}"
