"""Every fifteen minutes: what stock and supplies have become, and who must hear of it."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.reporting import report_run
from tasks.stock_steps import expire_reservations, plan_backorders, renew_promises


@flow(name="check-stock", flow_run_name=run_name, persist_result=True)
def check_stock(as_of: datetime | None = None) -> dict[str, int]:
    """Give back what was reserved too long, replan backorders, renew promises whose supplies slipped, tell customers.

    Args:
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    counts = expire_reservations(now) | plan_backorders(now) | renew_promises(now)
    return report_run("check-stock", counts, now)
