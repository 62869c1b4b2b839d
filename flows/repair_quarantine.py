"""By hand: the form in which a person says what a quarantined document lacks; it is then read again."""

from datetime import datetime
from typing import Literal

from prefect import flow

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.repairing import Cause, Repair, parse_columns, read_quarantined, show_quarantine
from tasks.steps import check_orders, read_envelopes

Filing = Literal[
    "", "status question", "change", "cancellation", "complaint", "return", "statement reply", "payment advice",
    "courier notice", "newsletter", "bounce", "out of office", "spam", "other",
]  # fmt: skip


@flow(name="repair-quarantine", flow_run_name=run_name, persist_result=True)
def repair_quarantine(
    number: int = shown(0, "Number", "The number in the table quarantine; 0: all that fit what you give below", 0),
    person: str = shown(1, "Your name", "Stands beside the document"),
    reason: str = shown(2, "Why", "One sentence for whoever reads it later", ""),
    text: str = shown(3, "Corrected text", "In place of the document: a table with a header row, or a mail's text", ""),
    columns: str = shown(4, "Columns", "One a line: our name = the table's header. Such as: quantity = Menge", ""),
    encoding: str = shown(5, "Encoding", "Of a file's characters, such as gb18030 or cp1252", ""),
    order_reference: str = shown(6, "It is order", "The customer's reference, if the document is one order", ""),
    customer_number: str = shown(7, "Of customer", "Our customer number", ""),
    file_as: Filing = shown(8, "File it as", "It is no order but this", ""),
    discard: str = shown(9, "Discard it because", "Nobody needs it: one sentence why", ""),
    rule: str = shown(10, "All of rule", "With number 0: only this rule, such as ENV-004", ""),
    sender: str = shown(11, "All of sender", "With number 0: only this sender, as the table names it", ""),
    channel: str = shown(12, "All of channel", "With number 0: only this channel", ""),
    dry_run: bool = shown(13, "Only try", "Say what would come of it, and change nothing", False),
    as_of: datetime | None = shown(14, "Time", "Leave empty for now", None),
) -> dict[str, int]:
    """State what a document lacks; it is read again with that, now and whenever it is read later."""
    now = moment(as_of)
    repair = Repair(text, encoding, parse_columns(columns), order_reference, customer_number, file_as, discard)
    counts = read_quarantined(Cause(number, rule, sender, channel), repair, person, reason, now, dry_run)
    if dry_run:
        return counts
    done = read_envelopes(None, now) | check_orders(now)
    show_quarantine(now)
    return done
