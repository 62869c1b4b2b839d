"""What of a supplier's answer stands, and what a person decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from orderclerk.domain.purchasing.answers import AnsweredLine, OrderedLine, SupplierAnswer


@dataclass(frozen=True, slots=True)
class PurchaseLimits:
    """`price_percent` a confirmed price may be above the ordered one; `late_days` after the wanted date that go unsaid."""

    price_percent: Decimal = Decimal(0)
    late_days: int = 5


@dataclass(frozen=True, slots=True)
class Objection:
    """A rule with its line (0: the order as a whole) and one sentence."""

    line_no: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """A line as the supplier confirms it; `arrives` None where no date is said. `is_agreed`: nobody need decide."""

    line_no: int
    quantity: Decimal
    unit_price: Decimal
    arrives: date | None
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """`lines` as confirmed ([] where nothing is) and what is held."""

    lines: tuple[ConfirmedLine, ...] = ()
    objections: tuple[Objection, ...] = field(default=())


def judge_supplier(
    answer: SupplierAnswer, lines: Sequence[OrderedLine], limits: PurchaseLimits, transit_days: int = 0
) -> Judged:
    """An answer against the order. With a doubt or a refusal nothing is taken: a person decides about all of it.

    A day of shipping arrives `transit_days` later.
    """
    if answer.doubts:
        reason = "not understood: " + " / ".join(answer.doubts)[:300]
        return Judged(objections=(Objection(0, "PUR-003", reason),))
    if answer.is_refused:
        return Judged(objections=(Objection(0, "PUR-009", "the supplier does not deliver this order"),))
    if not answer.is_confirmed:
        return Judged()
    said = {one.line_no: one for one in answer.lines}
    confirmed, objections = [], []
    for line in lines:
        one, against = _line(said.get(line.line_no, AnsweredLine(line.line_no)), line, limits, transit_days)
        confirmed.append(one)
        objections += against
    return Judged(tuple(confirmed), tuple(objections))


def _line(
    said: AnsweredLine, line: OrderedLine, limits: PurchaseLimits, transit_days: int
) -> tuple[ConfirmedLine, list[Objection]]:
    quantity = line.quantity if said.quantity is None else said.quantity
    price = line.unit_price if said.unit_price is None else said.unit_price
    arrives = said.day + timedelta(days=transit_days if said.is_ship_date else 0) if said.day else None
    against = []
    if price > line.unit_price * (1 + limits.price_percent / 100):
        against.append(
            Objection(
                line.line_no,
                "PUR-001",
                f"ordered at {line.unit_price.normalize():f}, confirmed at {price.normalize():f}",
            )
        )
    if quantity == 0:
        against.append(
            Objection(line.line_no, "PUR-009", f"none of the ordered {line.quantity.normalize():f} will come")
        )
    elif quantity < line.quantity:
        against.append(
            Objection(
                line.line_no, "PUR-002", f"ordered {line.quantity.normalize():f}, confirmed {quantity.normalize():f}"
            )
        )
    is_agreed = not against
    if arrives and line.wanted_date and arrives > line.wanted_date + timedelta(days=limits.late_days):
        against.append(Objection(line.line_no, "PUR-010", f"wanted by {line.wanted_date}, confirmed for {arrives}"))
    return ConfirmedLine(line.line_no, quantity, price, arrives, is_agreed), against
