"""By hand: the form with which a person has the open questions of a held order put to its customer."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import ask_about_order
from tasks.forms import shown
from tasks.steps import deliver


@flow(name="ask-customer", flow_run_name=run_name, persist_result=True)
def ask_customer(
    order: str = shown(0, "Order", "The number in the column 'order' of the table of held orders, such as SO100042"),
    person: str = shown(1, "Your name", "Stands in the order's history"),
    as_of: datetime | None = shown(2, "Time", "Leave empty for now", None),
) -> str:
    """Ask the customer, in one mail, everything about the order that only they can say."""
    now = moment(as_of)
    outcome = ask_about_order(order, person, now)
    deliver(now)
    return outcome
