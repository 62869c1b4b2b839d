"""What an answer asks to be changed, and an order's lines after it: accepted, accepted with change, or rejected.

The three outcomes are those of EDIFACT ORDRSP (1229: 5, 3, 7) and UBL OrderResponse (LineStatusCode).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from orderclerk.domain.answers.targets import OfferedLine, goods
from orderclerk.domain.answers.whole import Verdict


class Kind(StrEnum):
    """What is to happen."""

    QUANTITY = "quantity"
    REMOVE = "remove"
    ADD = "add"
    DATE = "date"


class Outcome(StrEnum):
    """What becomes of a line."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """One wish, understood. `text` is the clause it stands in; `item` and `unit` belong to a line that is added."""

    kind: Kind
    text: str
    line_no: int = 0
    quantity: Decimal | None = None
    item: str = ""
    unit: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A clause that is not understood; `choices`: only which of these lines is not, `change` is the wish for each."""

    text: str
    choices: tuple[int, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What an answer says. CHANGE with `changes` and no `doubts` is understood to the last word."""

    verdict: Verdict
    changes: tuple[Change, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_understood(self) -> bool:
        """Whether the desk may act on it."""
        return not self.doubts and (bool(self.changes) or self.verdict in (Verdict.CONFIRM, Verdict.DECLINE))


@dataclass(frozen=True, slots=True)
class LineResult:
    """A line of the new revision, or a rejected one (`line_no` 0). `was_no` 0: it is new."""

    outcome: Outcome
    was_no: int
    line_no: int
    was_quantity: Decimal | None
    quantity: Decimal | None
    item: str = ""
    unit: str = ""


def contradictory(changes: Iterable[Change]) -> bool:
    """Whether one line or the date is wished for in two ways."""
    seen: dict[tuple[Kind, int, str], Change] = {}
    for change in changes:
        about = Kind.QUANTITY if change.kind is Kind.REMOVE else change.kind
        other = seen.setdefault((about, change.line_no, change.item), change)
        if replace(other, text="") != replace(change, text=""):
            return True
    return False


def line_results(lines: Sequence[OfferedLine], changes: Sequence[Change]) -> list[LineResult]:
    """Every line of the offer with its outcome, in order, then what is added; the rest numbered anew from 1."""
    wished = {change.line_no: change for change in changes if change.kind in (Kind.QUANTITY, Kind.REMOVE)}
    results, number = [], 0
    for line in lines:
        change = wished.get(line.line_no)
        gone = change is not None and (change.kind is Kind.REMOVE or change.quantity == 0)
        number += not gone
        quantity = line.quantity if change is None or gone else change.quantity
        outcome = Outcome.REJECTED if gone else Outcome.CHANGED if quantity != line.quantity else Outcome.ACCEPTED
        results.append(LineResult(outcome, line.line_no, 0 if gone else number, line.quantity, quantity))
    for change in changes:
        if change.kind is Kind.ADD:
            number += 1
            added = LineResult(Outcome.ADDED, 0, number, None, change.quantity, change.item, change.unit)
            results.append(added)
    return results


def only_reduces(lines: Sequence[OfferedLine], changes: Sequence[Change]) -> bool:
    """Whether the changes take away and add nothing: less of a line, or none of it."""
    before = {line.line_no: line.quantity or Decimal(0) for line in lines}
    return bool(changes) and all(
        change.kind is Kind.REMOVE
        or (change.kind is Kind.QUANTITY and change.quantity is not None and change.quantity <= before[change.line_no])
        for change in changes
    )


def leaves_nothing(lines: Sequence[OfferedLine], changes: Sequence[Change]) -> bool:
    """Whether no goods are left after the changes."""
    numbers = set(goods(lines))
    return not any(
        (result.was_no in numbers or result.outcome is Outcome.ADDED) and result.line_no
        for result in line_results(lines, changes)
    )
