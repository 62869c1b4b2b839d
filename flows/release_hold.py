"""By hand: the form with which a person releases a hold, or calls the order off."""

from datetime import datetime
from typing import Literal

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import release_one
from tasks.forms import shown
from tasks.steps import check_orders

Decision = Literal["release", "confirm for the customer", "decline for the customer", "cancel the order"]


@flow(name="release-hold", flow_run_name=run_name, persist_result=True)
def release_hold(
    hold: int = shown(0, "Hold", "The number in the column 'hold' of the table of held orders"),
    person: str = shown(1, "Your name", "Stands in the order's history"),
    decision: Decision = shown(2, "Decision", "The middle two are for answers the desk did not understand", "release"),
    note: str = shown(3, "Why", "One sentence for whoever reads the history", ""),
    as_of: datetime | None = shown(4, "Time", "Leave empty for now", None),
) -> str:
    """Release one hold of an order, or call the order off; it is then checked again at once."""
    now = moment(as_of)
    outcome = release_one(hold, person, decision, note, now)
    check_orders(now)
    return outcome
