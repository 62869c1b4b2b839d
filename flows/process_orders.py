"""When a batch is stored, and every five minutes: envelopes become orders, orders become answers or holds."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.repairing import show_quarantine
from tasks.reporting import report_run, show_held_orders, show_open_letters
from tasks.steps import check_orders, put_questions, read_envelopes


@flow(name="process-orders", flow_run_name=run_name, persist_result=True)
def process_orders(batch_id: int | None = None, as_of: datetime | None = None) -> dict[str, int]:
    """Read, match, check, accept or hold, reserve and answer everything that waits.

    Args:
        batch_id: read only this batch; empty reads whatever is stored
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    counts = read_envelopes(batch_id, now) | check_orders(now) | put_questions(now)
    show_held_orders(now)
    show_open_letters(now)
    show_quarantine(now)
    return report_run("process-orders", counts, now)
