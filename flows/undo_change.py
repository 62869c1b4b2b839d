"""By hand: the form that undoes the last change or cancellation of an order."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import undo_change_of
from tasks.forms import shown
from tasks.steps import deliver


@flow(name="undo-change", flow_run_name=run_name, persist_result=True)
def undo_change(
    order: str = shown(0, "Order", "Its number, such as SO100042"),
    person: str = shown(1, "Your name", "Stands in the order's history"),
    as_of: datetime | None = shown(2, "Time", "Leave empty for now", None),
) -> str:
    """Take back what was changed or cancelled last: lines, stock if it is still there, and the customer is told."""
    now = moment(as_of)
    outcome = undo_change_of(order, person, now)
    deliver(now)
    return outcome
