"""By hand: the form with which a counted line is written down."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.count_steps import enter_counted
from tasks.forms import shown


@flow(name="enter-count", flow_run_name=run_name, persist_result=True)
def enter_count(
    count_no: str = shown(0, "Count", "The number on the sheet, for example CT100003"),
    line: str = shown(1, "Line", "The number at the beginning of the sheet's line"),
    quantity: str = shown(2, "Counted", "What is there, in the unit of the sheet; 0 for nothing"),
    person: str = shown(3, "Your name", "Who counted it; a recount is somebody else's"),
    as_of: datetime | None = shown(4, "Time", "When it was counted; leave empty for now", None),
) -> str:
    """Write down what was counted of one line."""
    return enter_counted(count_no, line, quantity, person, moment(as_of))
