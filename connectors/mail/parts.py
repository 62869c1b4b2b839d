"""What one readable part of a mail holds, with the place of everything in it."""

from dataclasses import dataclass, field

from connectors.mail.lines.model import TypedLine
from connectors.mail.sources import Grid
from connectors.mail.speech import Speech
from connectors.mail.text_fields import TextFields


@dataclass(slots=True)
class Row:
    """One line of a part as written, or the place of a table in it."""

    raw: str
    place: str
    grid: Grid | None = None


@dataclass(slots=True)
class Placed:
    """An order line and where it begins."""

    row: int
    place: str
    raw: str
    line: TypedLine


@dataclass(slots=True)
class BodyRead:
    """The order lines of a part with their places, its labelled values, and the sentences that are neither."""

    part: str = "body"
    rows: list[Row] = field(default_factory=list)
    lines: list[Placed] = field(default_factory=list)
    fields: TextFields = field(default_factory=TextFields)
    left: list[tuple[int, str]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)  # points of a list among order lines that were not understood
    days: list[tuple[int, str]] = field(default_factory=list)
    speech: Speech = field(default_factory=Speech)
    has_table: bool = False
    orders_by_verb: bool = False  # a sentence that says so ordered at least one line

    @property
    def has_clean_line(self) -> bool:
        """At least one line whose item and quantity are both understood."""
        return any(one.line.is_clean for one in self.lines)

    @property
    def has_described_line(self) -> bool:
        """At least one line that says what, in words or by number, and how many."""
        return any(one.line.quantity is not None for one in self.lines)

    @property
    def has_item_line(self) -> bool:
        """At least one line that names an item and says something of how many."""
        return any(one.line.names_item for one in self.lines)

    @property
    def has_item_row(self) -> bool:
        """At least one row of a table with a quantity at its head that names an item, whatever it says of how many."""
        return any(one.line.names_item and one.line.form == "header table" for one in self.lines)
