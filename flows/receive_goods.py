"""By hand: the form with which goods that arrived are booked in."""

from datetime import datetime

from prefect import flow
from prefect.runtime import flow_run

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.purchase_decisions import receive_one


@flow(name="receive-goods", flow_run_name=run_name, persist_result=True)
def receive_goods(
    po_no: str = shown(0, "Purchase order", "As on the delivery note, for example PO100012"),
    item: str = shown(1, "Item", "Our number, the supplier's or the barcode"),
    quantity: str = shown(2, "Quantity", "As counted, in the item's unit: 120 or 2.5"),
    person: str = shown(3, "Your name", "Who counted it"),
    lot: str = shown(4, "Lot", "Where the item is kept by lot", ""),
    delivery: str = shown(5, "Delivery note", "Its number, if it has one", ""),
    as_of: datetime | None = shown(6, "Time", "Leave empty for now", None),
) -> str:
    """Book goods of a purchase order into stock; what is more than was ordered waits for a decision."""
    return receive_one(po_no, item, quantity, person, lot, delivery, str(flow_run.id or ""), moment(as_of))
