"""When a run failed or crashed: the team gets a mail that says which, why, and where to look."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment
from tasks.failures import mail_team


@flow(name="report-failure", flow_run_name="report-{run_name}")
def report_failure(
    run_id: str, run_name: str, flow_name: str, state: str, message: str = "", as_of: datetime | None = None
) -> bool:
    """Put one mail about a failed run into the outbox.

    Args:
        run_id: the failed run; it is mailed once
        run_name: its name
        flow_name: its flow; a failure of report-failure itself is not reported, or it would report itself for ever
        state: Failed, Crashed or TimedOut
        message: what Prefect says about it
        as_of: the moment this run stands for; empty for now
    """
    return flow_name != "report-failure" and mail_team(run_id, run_name, flow_name, state, message, moment(as_of))
