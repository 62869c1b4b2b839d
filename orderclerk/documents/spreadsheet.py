"""Tables as a spreadsheet that does nothing: every text is text whatever it begins with; same rows, same bytes.

A cell that begins with = + - @ or a tab would be run as a formula by whoever opens it or saves it as CSV (OWASP, CSV
injection). It is stored as a string, and marked as quoted, so that it stays one when edited.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from orderclerk.documents.columns import width

Value = str | int | float | date | datetime | None
LONGEST_CELL = 32_000  # Excel's limit is 32,767
NARROWEST, WIDEST = 8, 60
_STARTS_A_FORMULA = re.compile(r"[=+\-@\t\r\n|%＝＋－＠]")
_ZERO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name and header."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX of `sheets`: header frozen and with filters, columns as wide as they need."""
    book = Workbook()
    del book["Sheet"]
    for sheet in sheets:
        _fill(book.create_sheet(_title(sheet.title)), sheet)
    out = BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for place, name in enumerate(sheet.header, start=1):
        _write(page, 1, place, name)
        cell = page.cell(1, place)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E4E9EE")
    for number, row in enumerate(sheet.rows, start=2):
        for place, value in enumerate(row, start=1):
            _write(page, number, place, value)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{len(sheet.rows) + 1}"
    for place, name in enumerate(sheet.header):
        longest = max((width(_shown(row[place])) for row in sheet.rows), default=0)
        page.column_dimensions[get_column_letter(place + 1)].width = min(
            max(longest, width(name) + 4, NARROWEST), WIDEST
        )


def _write(page: Worksheet, row: int, column: int, value: Value) -> None:
    cell = page.cell(row, column)
    if isinstance(value, str):
        text = cell_text(value)
        cell.value = text
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
        if _STARTS_A_FORMULA.match(text):
            cell.quotePrefix = True
        cell.alignment = Alignment(vertical="top", wrap_text=width(text) > WIDEST)
    elif isinstance(value, datetime):
        cell.value, cell.number_format = value.replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    elif value is not None:
        cell.value = value


def cell_text(text: str) -> str:
    """`text` as a cell can hold it: without control characters and lone surrogates, within Excel's limit."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "ignore").decode()
    return re.sub("[\ufffe\uffff]", "", clean)[:LONGEST_CELL]


def _shown(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)[: WIDEST * 2]


def _title(name: str) -> str:
    return re.sub(r"[\\*?:/\[\]]", " ", name)[:31] or "-"


def _timeless(content: bytes) -> bytes:
    """The same archive without the time it was made at."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as made, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in made.namelist():
            body = made.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", body)
            info = ZipInfo(name, _ZERO)
            info.compress_type = ZIP_DEFLATED
            kept.writestr(info, body)
    return out.getvalue()
