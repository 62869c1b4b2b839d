"""By hand: the form with which a person says why lines differ, and posts a count."""

from datetime import datetime
from typing import Literal

from prefect import flow

from tasks.clock import moment, run_name
from tasks.count_steps import decide_count, show_counts
from tasks.forms import shown

Decision = Literal["say why a line differs", "post"]
Cause = Literal[
    "unknown",
    "miscount",
    "misplaced",
    "damage",
    "theft or loss",
    "receipt not booked",
    "issue not booked",
    "wrong unit",
    "wrong item",
]


@flow(name="approve-count", flow_run_name=run_name, persist_result=True)
def approve_count(
    count_no: str = shown(0, "Count", "The number in the table counts, for example CT100003"),
    person: str = shown(1, "Your name", "Stands in the ledger with each difference"),
    decision: Decision = shown(2, "Decision", "Lines that differ need a cause before all is posted", "post"),
    line: str = shown(3, "Line", "Of the line that differs; empty to post", ""),
    cause: Cause = shown(4, "Cause", "Why it differs", "unknown"),
    difference: str = shown(5, "Difference", "Of a disputed line: what is really to be posted, for example -3", ""),
    note: str = shown(6, "Note", "One sentence for whoever reads the count", ""),
    as_of: datetime | None = shown(7, "Time", "Leave empty for now", None),
) -> str:
    """Say why a line of a count differs, or post the count's differences to the ledger."""
    now = moment(as_of)
    outcome = decide_count(count_no, decision, line, cause, difference, person, note, now)
    show_counts(now)
    return outcome
