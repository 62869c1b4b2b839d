"""Where the order lines of a table begin and what its columns are: by their heads, proved by their cells."""

import re
from collections.abc import Sequence

from connectors.mail.lines.words import LEGAL
from connectors.mail.normal import plain_line
from connectors.mail.tables.headers import SAYS_WHAT, Header, head_of, is_complete, read_header
from connectors.mail.tables.inferred import are_counted, are_units, infer_header
from connectors.mail.tables.totals import RULER, is_code

MAX_HEADER_ROWS = 25  # rows of a table before the one that heads its columns
MAX_PROVING = 200  # rows
MAX_INFERRED = 20_000  # rows
_LINE_COLUMNS = frozenset({"quantity", "item_ref", "description", "barcode", "unit_price", "unit", "line_total"})
_NOT_LINES = frozenset({"order_ref", "customer_number", "order_date", "total", "tax", "currency", "customer_name"})

Rows = Sequence[Sequence[str]]


def find_table(cells: Rows) -> tuple[Header, int] | None:
    """The header of the order lines in `cells` and the row where they begin."""
    plain = [[plain_line(cell.replace("\n", " ")) for cell in row] for row in cells[:MAX_HEADER_ROWS]]
    for nth in range(len(plain)):
        if header := _read(plain, nth):
            start = nth + header.height
            return proved_by_cells(header, cells[start:]), start
    if len(cells) >= MAX_INFERRED:
        return None
    for nth in range(len(plain)):
        if header := _completed(plain, nth, cells):
            start = nth + header.height
            return proved_by_cells(header, cells[start:]), start
    inferred = infer_header(cells)
    return (inferred, 0) if inferred else None


def _read(rows: Rows, nth: int) -> Header | None:
    """The header at row `nth`: of one row, or of two where both together say more."""
    one, two = read_header(rows[nth]), _of_two(rows, nth)
    if two and is_complete(two) and (one is None or len(two.places) > len(one.places)):
        return two
    return one


def _of_two(rows: Rows, nth: int) -> Header | None:
    """The header that two rows of words make together."""
    if nth + 1 >= len(rows) or not (may_head(rows[nth]) and may_head(rows[nth + 1])):
        return None
    upper, lower = list(rows[nth]), list(rows[nth + 1])
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    if (below := head_of(lower)) is None or not below.places:
        return None
    header = head_of([f"{a} {b}".strip() for a, b in zip(upper, lower, strict=True)])
    if header is None:
        return None
    for name, place in below.places.items():  # where the two together are unknown, the lower one names the column
        if not header.columns[place]:
            header.places.setdefault(name, place)
    header.columns = tuple(a or b for a, b in zip(header.columns, below.columns, strict=True))
    header.height = 2
    return header


def may_head(row: Sequence[str]) -> bool:
    """Whether a row of two cells or more has words only."""
    filled = [cell for cell in row if cell]
    return len(filled) > 1 and not any(re.search(r"\d", cell) for cell in filled)


def _completed(plain: Rows, nth: int, cells: Rows) -> Header | None:
    """The header at row `nth` where its words name some columns only and the cells below tell the others."""
    head = head_of(plain[nth]) if may_head(plain[nth]) else None
    if head is None or _NOT_LINES & set(head.columns):
        return None
    known = len(_LINE_COLUMNS & set(head.columns))
    rows = [row for row in cells[nth + 1 :] if not _is_apart(row)]
    if not rows or (known == 0 and (nth > 0 or len(rows) < 2)):
        return None
    return infer_header(rows, head)


def _is_apart(row: Sequence[str]) -> bool:
    """Whether a row is no line of the table: a total, a note."""
    return sum(bool(cell.strip()) for cell in row) * 2 < len(row) or LEGAL.search(" ".join(row)) is not None


def proved_by_cells(header: Header, rows: Rows) -> Header:
    """`header` with what the cells below it say.

    A column of units is one whatever its head, a price is a number, and what counts the rows names no item.
    """
    columns = {place: _cells(rows, place) for place in range(len(header.names))}
    _prove_rivals(header, columns)
    for place, cells in columns.items():
        is_free = place not in header.places.values() and not any(header.columns[place : place + 1])
        if is_free and "unit" not in header.places and are_units(cells):
            header.places["unit"] = place
    for name in ("unit", "unit_price", "line_total"):
        cells = columns.get(header.places.get(name, -1), [])
        numeric = sum(re.search(r"\d", cell) is not None for cell in cells)
        is_wrong = numeric * 2 > len(cells) if name == "unit" else numeric * 2 < len(cells)
        if cells and is_wrong:
            header.places.pop(name, None)
    _prove_item(header, columns)
    return header


def _prove_rivals(header: Header, columns: dict[int, list[str]]) -> None:
    """`QTY | Units`: of several columns that say how many, one of unit words is the unit, one of dates is none."""
    said = [header.places["quantity"], *header.rivals] if "quantity" in header.places else []
    if len(said) < 2:
        return
    units = [place for place in said if are_units(columns.get(place, []))]
    if len(units) == 1 and "unit" not in header.places:
        header.places["unit"] = units[0]
    counted = [place for place in said if place not in units and are_counted(columns.get(place, []))]
    if counted:
        header.places["quantity"], header.rivals = counted[0], counted[1:]


def _prove_item(header: Header, columns: dict[int, list[str]]) -> None:
    """`Item 1, 2, 3` beside a column of numbers is the position: the other column names the item."""
    cells = columns.get(header.places.get("item_ref", -1), [])
    if len(cells) > 1 and len(set(cells)) == 1 and _next_code(header, columns, besides=True):
        header.places.setdefault("order_ref", header.places.pop("item_ref"))
        _name_item(header, columns, -1)
        return
    if not cells or [cell.strip(" .") for cell in cells] not in (
        [str(n) for n in range(1, len(cells) + 1)],
        [str(10 * n) for n in range(1, len(cells) + 1)],
    ):
        return
    position = header.places.pop("item_ref")
    header.places.setdefault("line_ref", position)
    _name_item(header, columns, position)


def _name_item(header: Header, columns: dict[int, list[str]], position: int) -> None:
    """Take another column of codes for the item numbers; the one that was taken for them if nothing else says what."""
    if codes := _next_code(header, columns):
        header.places["item_ref"] = codes[0]
        if header.places.get("description") == codes[0]:
            header.places.pop("description")
            if "description" in header.columns:
                header.places["description"] = header.columns.index("description")
    elif position >= 0 and not any(name in header.places for name in SAYS_WHAT):
        header.places["item_ref"] = position


def _next_code(header: Header, columns: dict[int, list[str]], besides: bool = False) -> list[int]:
    """The columns that hold item numbers and have no meaning yet; also those of names if `besides`."""
    taken = {place for name, place in header.places.items() if not (besides and name in ("description", "barcode"))}
    return [
        place
        for place, found in columns.items()
        if place not in taken
        and found
        and (all(map(is_code, found)) or (besides and place in header.places.values()))
        and not all(len(cell) < 5 and cell.isdigit() for cell in found)
    ]


def _cells(rows: Rows, place: int) -> list[str]:
    cells = (plain_line(row[place]) for row in rows[:MAX_PROVING] if place < len(row) and row[place].strip())
    return [cell for cell in cells if not RULER.fullmatch(cell)]
