"""By hand: the form in which a person says what a mail is, or that it is dealt with."""

from datetime import datetime
from typing import Literal

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import file_one
from tasks.forms import shown
from tasks.steps import check_orders, read_envelopes

Kind = Literal[
    "as it is", "order", "reply", "status question", "change", "cancellation", "complaint", "return", "statement reply",
    "payment advice", "courier notice", "newsletter", "bounce", "out of office", "spam", "other",
]  # fmt: skip


@flow(name="file-letter", flow_run_name=run_name, persist_result=True)
def file_letter(
    letter: int = shown(0, "Letter", "The number in the column 'letter' of the table of open letters"),
    person: str = shown(1, "Your name", "Stands beside the letter"),
    kind: Kind = shown(2, "It is", "An order or reply is read again as one; all else counts as dealt with", "as it is"),
    note: str = shown(3, "Note", "One sentence for whoever reads it later", ""),
    as_of: datetime | None = shown(4, "Time", "Leave empty for now", None),
) -> str:
    """Correct the kind of a letter or mark it handled; an order after all is read and checked at once."""
    now = moment(as_of)
    outcome = file_one(letter, "" if kind == "as it is" else kind, person, note, now)
    if kind in ("order", "reply"):
        read_envelopes(None, now)
        check_orders(now)
    return outcome
