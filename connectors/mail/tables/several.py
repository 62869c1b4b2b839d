"""A table that holds several: a second header among its rows, a row that names an order, a column of order numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.mail.normal import plain_line
from connectors.mail.sources import Grid
from connectors.mail.tables.finding import find_table, may_head
from connectors.mail.tables.headers import Header, read_header
from connectors.mail.text_fields import is_order_ref, read_fields


@dataclass(frozen=True, slots=True)
class Part:
    """A table of one order; `label` names the order if the table does."""

    grid: Grid
    label: str = ""
    place: str = ""


def parts_of(grid: Grid) -> list[Part]:
    """The tables of order lines that `grid` holds, each with its header; [] if it has none."""
    rows = [list(row) for row in grid.rows]
    found = find_table(rows)
    if not found:
        return []
    header, start = found
    ref_place = _ref_column(header, rows[start:])
    parts: list[Part] = []
    first, label, label_place, ref = start, "", "", ""
    head = (start - header.height, start) if not header.is_inferred or header.columns else (start, start)
    for nth in range(start, len(rows) + 1):
        row = rows[nth] if nth < len(rows) else None
        told = _ref_of(row, ref_place, ref) if row else ""
        is_head = row is not None and _heads(row)
        if row is None or told or is_head:
            if nth > first:
                begin = 0 if not parts and first == start else head[0]
                parts.append(Part(_cut(grid, begin, head[1], first, nth), label, label_place))
            if told:
                ref, label, label_place = told, f"PO number: {told}", grid.places[nth]
            first = nth if told and ref_place >= 0 else nth + 1
            head = (nth, nth + 1) if is_head else head
    return parts


def _cut(grid: Grid, head: int, head_end: int, first: int, end: int) -> Grid:
    """The rows [first, end) below those of the header."""
    kept = [*range(head, head_end), *range(first, end)]
    return Grid(tuple(grid.rows[nth] for nth in kept), tuple(grid.places[nth] for nth in kept), grid.after)


def _heads(row: list[str]) -> bool:
    cells = [plain_line(cell) for cell in row]
    return may_head(cells) and read_header(cells) is not None


def _ref_column(header: Header, rows: list[list[str]]) -> int:
    """The column whose cells are order numbers; -1 for none."""
    place = header.places.get("order_ref", -1)
    cells = list(_column(rows, place))
    return place if cells and all(map(is_order_ref, cells)) else -1


def _column(rows: list[list[str]], place: int) -> Iterator[str]:
    return (plain_line(row[place]) for row in rows if 0 <= place < len(row) and row[place].strip())


def _ref_of(row: list[str], column: int, known: str) -> str:
    """The order number that begins at `row`; "" if the order above goes on."""
    if column >= 0:
        ref = plain_line(row[column]) if column < len(row) else ""
        return ref if ref != known and is_order_ref(ref) else ""
    filled = [plain_line(cell.replace("\n", " ")) for cell in row if cell.strip()]
    if not 1 <= len(filled) <= 2:
        return ""
    text = "\t".join(filled)
    return next((one.value for one in read_fields([text], [text]).stated if one.name == "order_ref"), "")
