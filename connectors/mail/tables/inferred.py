"""The columns of a table that has no header, by what stands in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from connectors.mail.amounts import CURRENCY, NUMBER, UNIT, read_number, unit_code
from connectors.mail.lines.items import is_barcode
from connectors.mail.lines.words import IMPRINT
from connectors.mail.normal import plain_line
from connectors.mail.tables.headers import SAYS_WHAT, Header
from connectors.mail.tables.totals import RULER, is_code

MAX_LOOKED_AT = 200  # rows
_QUANTITY = re.compile(rf"{NUMBER}\s*(?P<u>{UNIT})?\s*(?:x|×)?", re.IGNORECASE)
_MONEY = re.compile(rf"(?:(?P<c1>{CURRENCY})\s*)?(?P<n>{NUMBER})\s*(?P<c2>{CURRENCY})?", re.IGNORECASE)
_SHORT_WORD = re.compile(r"[^\W\d_][^\d]{0,11}")
_WORDS = re.compile(r"[^\W\d_]{3,}|[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    cells: list[str]

    def share(self, test: "re.Pattern[str]") -> float:
        return sum(test.fullmatch(cell) is not None for cell in self.cells if cell) / max(1, len(self.cells))

    @property
    def numbers(self) -> list[Decimal | None]:
        """The plain numbers of the column; None for other cells."""
        return [_number(cell) for cell in self.cells]

    @property
    def is_counted(self) -> bool:
        """Whether every cell may be a quantity."""
        return all(_QUANTITY.fullmatch(cell) for cell in self.cells if cell)

    @property
    def has_units(self) -> bool:
        """Whether the cells name their unit."""
        found = [_QUANTITY.fullmatch(cell) for cell in self.cells if cell]
        return bool(found) and all(one and one["u"] for one in found)

    @property
    def is_money(self) -> bool:
        """Whether all cells are amounts, and some have decimals or a currency."""
        found = [_MONEY.fullmatch(cell) for cell in self.cells]
        is_marked = any(one and (one["c1"] or one["c2"] or re.search(r"[.,]\d\d?$", one["n"])) for one in found)
        return all(found) and is_marked

    @property
    def is_worded(self) -> bool:
        """Whether most cells are words."""
        worded = sum(_WORDS.search(cell) is not None for cell in self.cells)
        return worded * 2 > len(self.cells) and not self.has_units and not self.is_money

    @property
    def is_numbering(self) -> bool:
        """Whether the cells count the rows: 1, 2, 3 or 10, 20, 30."""
        numbers = [number for number in self.numbers if number is not None]
        if not numbers or len(numbers) < len(self.cells):
            return False
        steps = {second - first for first, second in pairwise(numbers)}
        if not steps:
            return numbers[0] == 1
        return numbers[0] in (1, 10, 100) and len(steps) == 1 and steps <= {1, 10, 100}


def infer_header(rows: Sequence[Sequence[str]], head: Header | None = None) -> Header | None:
    """The columns of `rows` if each has one likely meaning and one of them is the quantity; else None.

    `head` is what the words above them say; it stands, and the cells tell the columns that it leaves open.
    """
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) > 20_000:
        return None
    looked = [
        row
        for row in rows[:MAX_LOOKED_AT]
        if sum(bool(cell.strip()) for cell in row) >= 2 and not RULER.fullmatch("".join(row))
    ]
    full = [row for row in looked if len(row) == width] or looked
    if not full or len(full) * 2 < len(looked) or any(IMPRINT.search(" ".join(row)) for row in full[:3]):
        return None
    columns = [_Column(place, [plain_line(row[place]) for row in full if place < len(row)]) for place in range(width)]
    told = {place for place, name in enumerate(head.columns) if name} if head else set()
    open_ = [column for column in columns if any(column.cells) and column.place not in told]
    places = _named(open_, dict(head.places) if head else {})
    if not any(name in places for name in SAYS_WHAT):
        return None
    header = head or Header({}, ("",) * width)
    header.places, header.is_inferred = places, True
    header.doubts = header.doubts | {"header inferred"}
    if "quantity" in places:
        return header
    return _counted(header, [column for column in open_ if column.place not in places.values()], columns, len(full))


def _named(columns: list[_Column], places: dict[str, int]) -> dict[str, int]:
    """`places` and the columns that say what: barcode, item number, description, unit."""
    for column in columns:
        filled = [cell for cell in column.cells if cell]
        if "barcode" not in places and all(map(is_barcode, filled)):
            places["barcode"] = column.place
        elif "unit" not in places and are_units(filled):
            places["unit"] = column.place
        elif "item_ref" not in places and all(map(is_code, filled)) and not _may_count(filled):
            places["item_ref"] = column.place
    worded = [column for column in columns if column.place not in places.values() and column.is_worded]
    if worded and "description" not in places:
        places["description"] = max(worded, key=lambda c: sum(map(len, c.cells))).place
    return places


def are_units(cells: Sequence[str]) -> bool:
    """Whether a column holds units: short words, most of which are known ones."""
    known = sum(unit_code(cell) != "" and not cell.isdigit() for cell in cells)
    return known > 0 and known * 2 >= len(cells) and all(_SHORT_WORD.fullmatch(cell) for cell in cells)


def are_counted(cells: Sequence[str]) -> bool:
    """Whether most cells of a column may be quantities."""
    return sum(_QUANTITY.fullmatch(cell) is not None for cell in cells) * 2 > len(cells)


def _may_count(cells: list[str]) -> bool:
    """Whether numbers without letters are too short to be those of items."""
    return any(cell.isdigit() and len(cell) < 5 for cell in cells)


def _counted(header: Header, free: list[_Column], columns: list[_Column], rows: int) -> Header | None:
    """`header` with the one column that counts, and the prices behind it; None where several may, or none."""
    places = header.places
    has_code = "barcode" in places or ("item_ref" in places and not _is_bare_number(columns, places["item_ref"]))
    if rows == 1 and not (has_code or "unit" in places):
        return None
    money = [c for c in free if all(c.cells) and c.is_money and not c.has_units]
    whole = [c for c in free if any(c.cells) and c.is_counted and c not in money]
    candidates = [c for c in whole if c.has_units] or [c for c in whole if c not in _numberings(whole)]
    doubts: set[str] = set()
    if len(candidates) > 1 and (agreed := _agreeing(candidates, money)):
        candidates = [agreed]
    if not candidates and len(whole) == 1 and (rows == 1 or len(columns) == 2):
        candidates = whole
        doubts.add("position or count")
    if len(candidates) != 1 or sum(map(bool, candidates[0].cells)) * 2 < rows:
        return None
    places["quantity"] = candidates[0].place
    if rows == 1 and not (has_code and candidates[0].has_units):  # else each cell says by itself what it is
        doubts.add("lone line")
    prices = [name for name in ("unit_price", "line_total") if name not in places]
    for name, column in zip(prices, sorted(money, key=lambda c: c.place), strict=False):
        places[name] = column.place
    header.doubts |= doubts
    return header


def _numberings(columns: list[_Column]) -> list[_Column]:
    """The columns that only number the rows: of several that count up, the one by ones."""
    found = [column for column in columns if column.is_numbering]
    by_ones = [
        column for column in found if column.cells[:3] == [str(nth) for nth in range(1, len(column.cells[:3]) + 1)]
    ]
    return by_ones[:1] if len(found) > 1 and len(found[0].cells) > 1 and by_ones else found


def _is_bare_number(columns: list[_Column], place: int) -> bool:
    return all(cell.isdigit() for column in columns if column.place == place for cell in column.cells)


def _agreeing(candidates: list[_Column], money: list[_Column]) -> _Column | None:
    """The one column that times the price gives the total in every row."""
    if len(money) < 2:
        return None
    prices, totals = (column.numbers for column in sorted(money, key=lambda c: c.place)[:2])
    fitting = [
        column
        for column in candidates
        if all(
            None not in (q, p, t) and abs(q * p - t) <= Decimal("0.02")  # type: ignore[operator]
            for q, p, t in zip(column.numbers, prices, totals, strict=True)
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _number(cell: str) -> Decimal | None:
    found = _MONEY.fullmatch(cell)
    if not found:
        return None
    text = found["n"]
    for decimal in ("", ".", ","):
        try:
            return read_number(text, decimal)
        except ValueError:
            continue
    return None
