"""Every minute: what was decided goes out."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.reporting import report_run
from tasks.steps import deliver


@flow(name="send-outbox", flow_run_name=run_name, persist_result=True)
def send_outbox(as_of: datetime | None = None) -> dict[str, int]:
    """Deliver every message of the outbox that is due, each exactly once.

    Args:
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    return report_run("send-outbox", deliver(now), now)
