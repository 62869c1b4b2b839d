"""When a run failed or crashed: the team gets a mail that says which, why, and where to look."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.failures import mail_team


@flow(name="report-failure", flow_run_name=run_name)
def report_failure(run_id: str, as_of: datetime | None = None) -> bool:
    """Put a mail about a failed run into the outbox; False if the team knows already. Never about itself.

    Args:
        run_id: the run that failed; what the automation gives, prefect.flow-run.<id>, is understood as well
        as_of: the moment this run stands for; empty for now
    """
    return mail_team(run_id.removeprefix("prefect.flow-run."), moment(as_of))
