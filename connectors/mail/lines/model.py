"""An order line as it was typed, before it is given its place in an order."""

from dataclasses import dataclass, field
from decimal import Decimal

from connectors.mail.lines.confidence import confidence_of
from orderclerk.domain.reading import Problem


@dataclass(slots=True)
class Span:
    """The characters [start, end) of a line of text that hold `name`, and how sure that is.

    In a table `place` names the cell and `text` is what stands in it.
    """

    name: str
    start: int
    end: int
    confidence: float = 1.0
    place: str = ""
    text: str = ""


@dataclass(slots=True)
class TypedLine:
    """A line as typed. `quantity` None with a Problem where it could not be read; `item` "" where none is named.

    `form` names the way it was read, `doubts` what lowers the confidence in it. `maybe` is a number that is the
    quantity if nothing around the line says otherwise: `10 AB-1234` may be a position.
    """

    raw: str
    item: str
    quantity: Decimal | None
    unit: str = ""
    description: str = ""
    barcode: str = ""
    price: Decimal | None = None
    currency: str = ""
    problems: list[Problem] = field(default_factory=list)
    total: Decimal | None = None
    pack: Decimal | None = None
    form: str = "no quantity"
    doubts: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    maybe: Decimal | None = None
    freight: str = ""
    requested: str = ""

    @property
    def is_clean(self) -> bool:
        """Item and quantity both understood."""
        return self.names_item and self.quantity is not None

    @property
    def names_item(self) -> bool:
        """By a number or a barcode; a description alone is none."""
        return bool(self.item or self.barcode)

    @property
    def confidence(self) -> float:
        """That item, quantity and unit are what was meant."""
        return confidence_of(self.form, self.doubts)

    def settle(self, quantity: Decimal) -> None:
        """Take `quantity` for the number that was left open."""
        self.quantity, self.maybe = quantity, None
        self.problems = [problem for problem in self.problems if problem.field != "quantity"]
