"""By hand: the form with which a person decides about a purchase order."""

from datetime import date, datetime
from typing import Literal

from prefect import flow

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.purchase_decisions import decide_one
from tasks.purchase_steps import show_purchases

Decision = Literal["approve", "accept what the supplier says", "send back what was not ordered", "cancel the order"]


@flow(name="approve-purchase", flow_run_name=run_name, persist_result=True)
def approve_purchase(
    po_no: str = shown(0, "Purchase order", "The number in the table purchase-orders, for example PO100012"),
    person: str = shown(1, "Your name", "Stands in the order's history"),
    decision: Decision = shown(
        2, "Decision", "The first for orders above the limit, the others for held ones", "approve"
    ),
    arrives: date | None = shown(3, "It arrives on", "Where a new day is agreed; else leave it empty", None),
    note: str = shown(4, "Why", "One sentence for whoever reads the history; a cancellation tells it the supplier", ""),
    as_of: datetime | None = shown(5, "Time", "Leave empty for now", None),
) -> str:
    """Approve a purchase order, accept what its supplier says or what arrived beyond it, or cancel it."""
    now = moment(as_of)
    outcome = decide_one(po_no, person, decision, arrives, note, now)
    show_purchases(now)
    return outcome
