"""Prices per unit without tax, and what keeps lines and total equal to the cent.

The desk keeps four decimals of a price. Where a line does not divide evenly by its quantity the price is rounded and
the rest becomes one charge line, never larger than the rounding explains; a larger difference is a Problem, ORD-003.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision

from orderclerk.domain.reading import LineRead, Problem

PRICE_STEP = Decimal("0.0001")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Priced:
    """A price per unit and whether it had to be rounded."""

    unit_price: Decimal
    is_rounded: bool = False


def price_per_unit(amount: Decimal, quantity: Decimal) -> Priced:
    """What one unit costs if `quantity` (not zero) of them cost `amount`, to four decimals."""
    exact = amount / quantity
    price = exact.quantize(PRICE_STEP, ROUND_HALF_EVEN)
    return Priced(price, is_rounded=price * quantity != amount)


def charge(ref: str, description: str, amount: Decimal, row: str = "") -> LineRead:
    """A line that is no goods: freight, fee, tax, discount."""
    return LineRead(ref, "", Decimal(1), amount, description=description, is_charge=True, row=row)


def worth(lines: list[LineRead]) -> Decimal | None:
    """What the lines come to; None if one of them has no readable quantity or price."""
    if any(line.quantity is None or line.unit_price is None for line in lines):
        return None
    return sum((line.quantity * line.unit_price for line in lines if line.quantity and line.unit_price), ZERO)


@dataclass
class Rounding:
    """How much the rounded prices of an order may differ from its total; `unit` is the currency's smallest."""

    unit: Decimal = Decimal("0.01")
    units: Decimal = ZERO
    lines: int = 0

    def note(self, price: Priced, quantity: Decimal) -> None:
        """Count a line of `quantity` units if its price was rounded."""
        if price.is_rounded:
            self.units += quantity
            self.lines += 1

    @property
    def allowance(self) -> Decimal:
        """Each unit may be off by half a step, and each line by the unit to which the shop itself rounded."""
        return self.units * PRICE_STEP + self.lines * self.unit


def square_up(lines: list[LineRead], total: Decimal | None, rounding: Rounding) -> tuple[list[LineRead], list[Problem]]:
    """The lines made equal to `total` by a rounding line, or the Problem that they are not."""
    come_to = worth(lines)
    if total is None or come_to is None or come_to == total:
        return lines, []
    difference = total - come_to
    if abs(difference) <= rounding.allowance:
        return [*lines, charge("rounding", "Rounding", difference)], []
    return lines, [Problem("ORD-003", "total", str(total), f"the lines come to {come_to.normalize():f}")]


def smallest_unit(currency: str) -> Decimal:
    """0.01 for EUR, 1 for JPY, 0.001 for KWD; 0.01 for what CLDR does not know."""
    return Decimal(1).scaleb(-get_currency_precision(currency))
