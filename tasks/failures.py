"""What the team is told about a run that failed."""

import os
from datetime import datetime

from prefect import task

from orderclerk.database.outbox import enqueue_team_mail
from tasks.desk import current_desk


@task(task_run_name="mail-team-{run_name}", retries=2, retry_delay_seconds=10)
def mail_team(run_id: str, run_name: str, flow_name: str, state: str, message: str, as_of: datetime) -> bool:
    """Put a mail about the run into the outbox; False if it has been reported before."""
    subject = f"{flow_name} {state.lower()}: {run_name}"
    ui = os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
    body = "\n\n".join(
        (
            f"The run {run_name} of {flow_name} {state.lower()} at {as_of:%Y-%m-%d %H:%M} UTC.",
            message or "Prefect gives no reason; the run's log does.",
            "What is in the book stays there. When the cause is mended, press Retry on the run's page, or wait for the "
            "next scheduled run: both go on where this one stopped.",
            f"{ui}/runs/flow-run/{run_id}" if ui else f"run {run_id}",
        )
    )
    with current_desk().engine.begin() as conn:
        return enqueue_team_mail(conn, subject, body, f"run:{run_id}:{state}", as_of)
