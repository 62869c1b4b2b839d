"""By hand: the form with which a person says which item a line means, or that a wording was learned wrongly."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.confirming import confirm_one, forget_one
from tasks.forms import shown
from tasks.steps import check_orders


@flow(name="confirm-item", flow_run_name=run_name, persist_result=True)
def confirm_item(
    person: str = shown(0, "Your name", "Stands in the order's history"),
    hold: int = shown(
        1, "Hold", "The number in the column 'hold' of the table of held orders; 0 to forget a wording", 0
    ),
    item: str = shown(2, "Item", "Our number of the item that is meant", ""),
    remember: bool = shown(3, "Remember for this customer", "The next order with these words needs nobody", True),
    customer: str = shown(4, "Forget: customer", "Only to forget a wording: our number of the customer", ""),
    wording: str = shown(
        5, "Forget: wording", "Only to forget a wording: the words, or the customer's item number", ""
    ),
    as_of: datetime | None = shown(6, "Time", "Leave empty for now", None),
) -> str:
    """Confirm the item of one held line, or forget a wording; what it concerns is checked again at once."""
    now = moment(as_of)
    outcome = forget_one(customer, wording, person, now) if wording else confirm_one(hold, item, person, remember, now)
    check_orders(now)
    return outcome
