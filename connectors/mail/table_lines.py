"""Order lines from a table with a header row: in a mail's text, in its HTML, or in an attached list."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from connectors.files import columns as file_columns
from connectors.mail.amounts import CURRENCY, NUMBER, UNIT, currency_code, read_number, unit_code
from connectors.mail.line_grammar import TypedLine
from connectors.mail.mime import TooMuchError
from connectors.mail.normal import folded, plain_line
from orderclerk.domain.reading import Problem

MAX_ROWS = 20_000
_RULER = re.compile(r"[\s|+=:_-]*")
_TOTAL = re.compile(
    r"(?:grand |order |sub)?total\b|gesamt|summe|zwischensumme|montant total|importe total|合计|总计|总额|小计", re.I
)
_QUANTITY = re.compile(rf"(?P<q>-?{NUMBER})\s*(?P<u>{UNIT})?", re.I)
_PRICE = re.compile(rf"(?:(?P<c1>{CURRENCY})\s*)?(?P<p>-?{NUMBER})\s*(?P<c2>{CURRENCY})?", re.I)
_CHANGES_PRICE = re.compile(r"discount|rabatt|remise|descuento|折扣|nachlass", re.I)


@dataclass(slots=True)
class TableRead:
    """The lines of a table; `total` as written in its last row; `left` are rows that are neither."""

    lines: list[TypedLine] = field(default_factory=list)
    total: str = ""
    left: list[str] = field(default_factory=list)


def split_cells(line: str) -> list[str]:
    """The cells of a line of text between tabs or bars; one cell if it has neither."""
    mark = "\t" if "\t" in line else "|"
    inner = line.strip(" \r\n")
    inner = inner.removeprefix("|").removesuffix("|") if mark == "|" else line.strip("\r\n")
    return [plain_line(cell) for cell in inner.split(mark)]


def find_header(cells: Sequence[str]) -> dict[str, int]:
    """Our columns and their places, if `cells` are the header of order lines: an item and a quantity; else {}."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = _names().get(file_columns.plain(cell), "")
        if name in found and name in ("item_ref", "quantity", "unit_price"):
            return {}  # two quantities (boxes, pieces): which one counts is not ours to say
        if name:
            found.setdefault(name, place)
    has_item = "item_ref" in found or "barcode" in found
    return found if has_item and "quantity" in found else {}


def read_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> TableRead:
    """The order lines of `rows` under `header` (which `find_header` accepts). Raises TooMuchError."""
    if len(rows) > MAX_ROWS:
        raise TooMuchError(f"The table has {len(rows)} rows, more than {MAX_ROWS}")
    places, read = find_header(header), TableRead()
    for cells in rows:
        raw = " | ".join(cells)
        if not any(cells) or _RULER.fullmatch("".join(cells)):
            continue
        line = _line(dict(_named(places, cells)), raw, len(cells) > len(header), _price_changes(header, cells))
        if isinstance(line, TypedLine):
            read.lines.append(line)
        elif _TOTAL.match(" ".join(cells).strip().casefold()):
            read.total = next((cell for cell in reversed(cells) if re.search(r"\d", cell)), "")
        else:
            read.left.append(raw)
    return read


def _named(places: dict[str, int], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, place in places.items():
        yield name, cells[place].strip() if place < len(cells) else ""


def _price_changes(header: Sequence[str], cells: Sequence[str]) -> str:
    """What stands in a column that changes the price in a way not read here."""
    stated = [cell for name, cell in zip(header, cells, strict=False) if _CHANGES_PRICE.search(folded(name))]
    return next((cell for cell in stated if cell.strip(" 0.,%-")), "")


def _line(cells: dict[str, str], raw: str, is_too_wide: bool, discount: str) -> TypedLine | None:
    item, barcode, quantity = cells.get("item_ref", ""), cells.get("barcode", ""), cells["quantity"]
    if not (item or barcode) and not (quantity and cells.get("description")):
        return None
    if _TOTAL.match(folded(item)) or (not item and not barcode and _TOTAL.match(folded(cells.get("description", "")))):
        return None
    line = TypedLine(raw[:400], item[:60], None, "", cells.get("description", "")[:200], barcode[:20])
    if not (item or barcode):
        line.problems.append(Problem("LIN-003", "item_ref", raw[:100], "The line names no item number"))
    if is_too_wide:
        line.problems.append(
            Problem("LIN-001", "quantity", raw[:100], "The row has more cells than the table has columns")
        )
        return line
    _add_quantity(line, quantity, cells.get("unit", ""))
    _add_price(line, cells.get("unit_price", ""), cells.get("line_total", ""))
    if discount:
        line.problems.append(Problem("LIN-002", "discount", discount[:40], "A discount is not reckoned here"))
    return line


def _add_quantity(line: TypedLine, text: str, unit: str) -> None:
    found = _QUANTITY.fullmatch(text)
    try:
        if not found:
            raise ValueError(f"{text[:40]!r} is not a number" if text else "The line states no quantity")
        amount = read_number(found["q"].lstrip("-"))
    except ValueError as error:
        line.problems.append(Problem("LIN-001", "quantity", text[:40], str(error)))
        return
    line.unit = unit_code(found["u"] or unit) or unit[:10]
    if found["q"].startswith("-"):
        line.problems.append(Problem("LIN-007", "quantity", text[:40], "A negative quantity in an order"))
        return
    line.quantity = amount


def _add_price(line: TypedLine, text: str, total: str) -> None:
    try:
        line.price, line.currency = _money(text) if text else (None, "")
    except ValueError as error:
        line.problems.append(Problem("LIN-002", "unit_price", text[:40], str(error)))
        return
    try:
        stated = _money(total)[0] if total else None
    except ValueError as error:
        line.problems.append(Problem("LIN-002", "line_total", total[:40], str(error)))
        return
    if stated is None or line.price is None or line.quantity is None:
        return
    if abs(line.price * line.quantity - stated) > Decimal("0.005"):
        reason = f"{line.quantity} times {line.price} is not {stated}"
        line.problems.append(Problem("LIN-002", "line_total", total[:40], reason))


def _money(text: str) -> tuple[Decimal, str]:
    found = _PRICE.fullmatch(text.strip())
    if not found or found["p"].startswith("-"):
        raise ValueError(f"{text[:40]!r} is no price")
    return read_number(found["p"]), currency_code(found["c1"] or found["c2"] or "")


@cache
def _names() -> dict[str, str]:
    """Header words and the column each stands for: those of files, and those that only mails use."""
    names: dict[str, str] = {}
    for path in (
        Path(file_columns.__file__).with_name("column_names.csv"),
        Path(__file__).with_name("table_headers.csv"),
    ):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names.setdefault(file_columns.plain(row["name"]), row["column"])
    return names
