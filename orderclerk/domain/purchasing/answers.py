"""What a supplier answers to a purchase order, whatever the form of the answer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line as it was ordered; `refs` are our item number, the supplier's and the barcode, `names` what it is called."""

    line_no: int
    quantity: Decimal
    unit_price: Decimal
    unit: str = "EA"
    refs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    wanted_date: date | None = None


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """What is said of one line; None where nothing is said. `is_ship_date`: the goods leave then, they do not arrive."""

    line_no: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    day: date | None = None
    is_ship_date: bool = False


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """`is_confirmed`: the order is taken, as it is but for what `lines` say otherwise. `is_refused`: nothing will come.

    `doubts` are words that may say more than was understood: with any, a person reads the answer.
    """

    is_confirmed: bool = False
    is_refused: bool = False
    lines: tuple[AnsweredLine, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """A mail that the order has come, and no more: the answer is still to be waited for."""
        return not (self.is_confirmed or self.is_refused or self.lines or self.doubts)
