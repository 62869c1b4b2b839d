"""Who says what when in the conversation that the kill proof leads twice: words as customers write them.

Each order has a part: what its customer answers to the last mail about it, and what a person decides, moment by moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FIRST = datetime(2026, 11, 23, 9, tzinfo=UTC)
# five exchanges on the first day; a reminder and the answer to it; the end of the time, and what comes too late
MOMENTS = tuple(FIRST + timedelta(hours=h) for h in (0, 1, 2, 3, 4, 25, 26, 74, 75))
REMINDED, AFTER_REMINDER, TOO_LATE = 5, 6, 8
CUSTOMERS = {"C1": "buyer@acme.example", "C2": "caigou@zhong.example"}
ITEMS = ("blue lamp", "red lamp", "desk fan", "kettle", "radio")
COLUMNS = {"order_ref": "order", "line_ref": "line", "item_ref": "item", "quantity": "quantity", "unit_price": "price",
           "customer_number": "customer"}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One order's part: its lines (item, quantity), `says` and `person` by the moment, a new `document` at moment 1.

    A `says` of the moment 1 is on its way when the shift of moment 1 begins.
    """

    ref: str
    says: Mapping[int, str] = field(default_factory=dict)
    person: Mapping[int, str] = field(default_factory=dict)
    lines: tuple[tuple[str, str], ...] = (("IT-1", "50"), ("IT-2", "40"))
    customer: str = "C1"
    document: tuple[tuple[str, str], ...] = ()


UNSAID = (("IT-3", "a few"), ("IT-4", "6"))
PARTS = (
    Part("accepted", {1: "Yes, please go ahead."}),
    Part("refused", {1: "No, thank you."}),
    Part("changed-twice", {1: "yes but only 20 of IT-1", 2: "change line 2 to 45", 3: "Yes"}, {4: "undo"}),
    Part(
        "called-off",
        {1: "1) 20", 2: "Yes", 3: "Please cancel line 2", 4: "please cancel the order"},
        {5: "undo"},
        lines=UNSAID,
    ),
    Part("asked-twice", {1: "Hm", 2: "20", 3: "OK"}, lines=UNSAID),
    Part("too-late", {TOO_LATE: "Yes"}),
    Part("reminded", {AFTER_REMINDER: "OK, confirmed."}),
    Part("lapsed-change", {1: "Yes", 2: "please change line 1 to 60"}),
    Part("which-line", {1: "yes but only 20", 2: "the second"}),
    Part("chinese", {1: "确认，但是第一行只要30个", 2: "第二行改成45个", 3: "确认"}, customer="C2"),
    Part("unclear", {1: "Is it blue?"}, {2: "confirm for the customer"}),
    Part("amended", {2: "Yes"}, document=(("IT-1", "35"), ("IT-5", "10"))),
    Part("never-said", {}, lines=UNSAID),
    Part("too-much", {1: "Yes", 2: "please change line 2 to 90000"}, {4: "undo"}),
)


def orders_file(moment: int, parts: tuple[Part, ...]) -> bytes:
    """The orders, or at moment 1 the new documents, as a file of a partner; b"" for none."""
    rows = [
        f"{part.ref},{number},{item},{quantity},2.50,{part.customer}"
        for part in parts
        for number, (item, quantity) in enumerate({0: part.lines, 1: part.document}.get(moment, ()), start=1)
    ]
    return "\n".join([",".join(COLUMNS.values()), *rows, ""]).encode() if rows else b""


def decisions(moment: int, parts: tuple[Part, ...]) -> dict[str, str]:
    """What a person decides at this moment, by the order's reference."""
    return {part.ref: part.person[moment] for part in parts if moment in part.person}
