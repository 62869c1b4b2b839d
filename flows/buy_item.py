"""By hand: the form with which a person has something bought."""

from datetime import date, datetime

from prefect import flow
from prefect.runtime import flow_run

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.purchase_decisions import buy_one


@flow(name="buy-item", flow_run_name=run_name, persist_result=True)
def buy_item(
    item: str = shown(0, "Item", "Our number"),
    quantity: str = shown(1, "Quantity", "In the item's unit: 120 or 2.5"),
    warehouse: str = shown(2, "Warehouse", "Where it is to be delivered, for example MAIN"),
    person: str = shown(3, "Your name", "Stands in the order's history"),
    supplier: str = shown(4, "Supplier", "Its number; leave empty for the preferred one", ""),
    wanted: date | None = shown(5, "Wanted by", "Leave empty for as soon as the lead time allows", None),
    why: str = shown(6, "Why", "One sentence", ""),
    as_of: datetime | None = shown(7, "Time", "Leave empty for now", None),
) -> str:
    """Order one item at the price on file; above the limit it waits for approve-purchase like any other order."""
    now = moment(as_of)
    return buy_one(item, quantity, warehouse, supplier, wanted, why, person, str(flow_run.id or now.isoformat()), now)
