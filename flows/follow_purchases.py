"""Every half hour: what suppliers answered, what arrived, and who must be asked again."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.purchase_steps import chase, hear_suppliers, receive_reported, show_purchases
from tasks.reporting import report_run
from tasks.steps import read_envelopes


@flow(name="follow-purchases", flow_run_name=run_name, persist_result=True)
def follow_purchases(as_of: datetime | None = None) -> dict[str, int]:
    """Apply suppliers' answers, post receipts, ask after what is late, show what is open.

    Args:
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    counts = read_envelopes(None, now) | hear_suppliers(now) | receive_reported(now) | chase(now)
    show_purchases(now)
    return report_run("follow-purchases", counts, now)
