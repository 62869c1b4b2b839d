"""Every fifteen minutes: what customers answered, and what they did not."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.reporting import report_run
from tasks.steps import check_orders, hear_customers, put_questions, read_envelopes, remind_and_expire


@flow(name="confirm-orders", flow_run_name=run_name, persist_result=True)
def confirm_orders(as_of: datetime | None = None) -> dict[str, int]:
    """Apply customers' answers, ask what they left open, remind those who have not answered, close what lapsed.

    Args:
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    counts = read_envelopes(None, now) | hear_customers(now) | remind_and_expire(now)
    counts |= check_orders(now) | put_questions(now)
    return report_run("confirm-orders", counts, now)
