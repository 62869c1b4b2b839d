"""Tables that our own people and warehouses fill in: columns found by their names, rows read one by one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from connectors.files import sniffing
from connectors.files.decoding import decode
from connectors.files.outcomes import quarantined
from connectors.files.tables import Cell, Table, cell_text
from connectors.files.tabular import read_csv
from connectors.files.workbook import Unsafe, read_workbook
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import Reading, Unreadable

T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """A table and where its fields stand."""

    table: Table
    places: Mapping[str, int]

    def cell(self, row: int, field: str) -> Cell:
        """The value of `field`, "" where there is no such column."""
        if field not in self.places:
            return ""
        column = self.table.columns[self.places[field]]
        value: Cell = column.values[column.codes[row]]
        return value

    def text(self, row: int, field: str) -> str:
        """The value of `field` as text."""
        return cell_text(self.cell(row, field)).strip()

    def where(self, row: int) -> str:
        """Where a person finds the row."""
        return f"row {self.table.rows[row]}"

    def raw(self, row: int) -> str:
        """All of the row as it stands."""
        return " | ".join(cell_text(column.values[column.codes[row]]) for column in self.table.columns)

    def each(self, read: "Callable[[Report, int], T | Unreadable]") -> tuple[tuple[T, ...], tuple[Unreadable, ...]]:
        """What `read` makes of the rows, and what could not be read."""
        found = [read(self, row) for row in range(len(self.table.rows))]
        left = (*self.table.unreadable, *(one for one in found if isinstance(one, Unreadable)))
        return tuple(one for one in found if not isinstance(one, Unreadable)), left


def open_report(
    envelope: Envelope, mapping: SenderMapping, names: Mapping[str, str], needed: tuple[str, ...], what: str
) -> Report | Reading:
    """The report of `what` in a CSV or XLSX, or the reading that says why it is none.

    `names`: field -> the words that head its column, without spaces, dots and capitals. `mapping.columns` may name
    others.
    """
    try:
        table = _table(envelope, mapping, what)
    except Unsafe as error:
        return quarantined("ENV-003", str(error))
    except ValueError as error:
        return quarantined("ENV-001", str(error))
    places = _places(table, mapping, names)
    if missing := [name for name in needed if name not in places]:
        reason = f"A report of {what} needs the columns {', '.join(needed)}; it lacks {', '.join(missing)}"
        return quarantined("ENV-004", reason, " | ".join(table.headers))
    return Report(table, places)


def _table(envelope: Envelope, mapping: SenderMapping, what: str) -> Table:
    kind = sniffing.sniff(envelope.content)
    if kind == sniffing.XLSX:
        return read_workbook(envelope.content, mapping.sheet, mapping.skip_rows)
    if kind != sniffing.CSV:
        raise ValueError(f"A report of {what} is a CSV or XLSX, not {kind}")
    return read_csv(decode(envelope.content, mapping.encoding), mapping.delimiter, mapping.skip_rows)


def _places(table: Table, mapping: SenderMapping, names: Mapping[str, str]) -> dict[str, int]:
    """Field -> column; the first of several."""
    fields = {name: field for field, words in names.items() for name in words.split()}
    stated = {header.casefold(): field for field, header in mapping.columns.items()}
    found: dict[str, int] = {}
    for place, header in enumerate(table.headers):
        plain = "".join(header.casefold().replace(".", "").split())
        field = stated.get(header.casefold()) or fields.get(plain) or fields.get(plain.replace("_", "")) or ""
        field = {"order_ref": "po_no", "item_ref": "item"}.get(field, field)
        if field in names:
            found.setdefault(field, place)
    return found
