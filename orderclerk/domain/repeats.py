"""Which earlier order "the same as last time" means, and why it may be none that can be taken."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from orderclerk.domain.answers import OfferedLine, Verdict, read_answer
from orderclerk.domain.answers.changes import Kind, leaves_nothing
from orderclerk.domain.lineframe import QUANTITY_SCALE, scaled

NONE, SEVERAL, OPEN, MIXED = (
    "no earlier confirmed order of this customer is meant",
    "two orders of one day may be meant",
    "a later order of this customer is not confirmed yet, and may be meant",
    "it names lines of its own, and it is not said whether they come on top or take their place",
)


def choose_originals(wanted: pd.DataFrame, candidates: pd.DataFrame) -> pd.DataFrame:
    """Columns original_id (0: none) and reason ("" if one is meant) for each row of `wanted`, indexed by order_id.

    `wanted` has repeats ("last" or a reference), has_lines; `candidates` order_id, original_id, day, is_confirmed:
    the customer's earlier orders of that reference, or all of them for "last".
    """
    found = candidates.assign(newest=candidates.groupby("order_id")["day"].transform("max"))
    late = found[found["day"] == found["newest"]]
    count = late.groupby("order_id").size().reindex(wanted.index).fillna(0)
    open_ = (~late["is_confirmed"]).groupby(late["order_id"]).any().reindex(wanted.index).fillna(False).astype(bool)
    reason = pd.Series("", index=wanted.index)
    reason = reason.mask(open_, OPEN).mask(count > 1, SEVERAL).mask(count == 0, NONE).mask(wanted["has_lines"], MIXED)
    first = late.drop_duplicates("order_id").set_index("order_id")["original_id"]
    original = first.reindex(wanted.index).fillna(0).astype("int64")
    return pd.DataFrame({"original_id": original.where(reason == "", 0), "reason": reason})


def changed_quantities(lines: Sequence[OfferedLine], words: str, today: date) -> dict[int, int]:
    """The quantity, in thousandths, of each of an earlier order's `lines` as `words` want it now; 0: not this time.

    {} where they are not understood to the last word, ask for more than other quantities, or leave nothing.
    """
    read = read_answer(words, lines, today)
    is_clear = read.verdict is Verdict.CHANGE and read.is_understood and not leaves_nothing(lines, read.changes)
    if not is_clear or any(change.kind not in (Kind.QUANTITY, Kind.REMOVE) for change in read.changes):
        return {}
    wished = {change.line_no: change.quantity or Decimal(0) for change in read.changes}
    now = {line.line_no: scaled(wished.get(line.line_no, line.quantity), QUANTITY_SCALE) for line in lines}
    exact = {number: quantity for number, quantity in now.items() if quantity is not None}
    return exact if len(exact) == len(now) else {}
