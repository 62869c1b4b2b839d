"""XLSX as a person sees it: each visible sheet as lines and a grid, numbers as their format shows them.

Runs confined. What the reading of openpyxl does not tell (merged cells, hidden rows, formulas never computed) is taken
from the sheet's XML by its outline alone.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from connectors.files.archives import Unsafe, check_archive
from connectors.mail.gridding import lines_and_grids
from connectors.mail.opened import Opened, RefusedError
from connectors.mail.sources import DITTO, Grid, Line

MAX_SHEETS, MAX_COLUMNS, MAX_MERGES, MAX_SHEET_XML = 30, 300, 5_000, 40_000_000
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="([0-9]+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_SPAN = re.compile(rb'\b(min|max)="([0-9]+)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_UNCOMPUTED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v></(?:\w+:)?v>\s*)?</(?:\w+:)?c>")
_LITERAL = re.compile(r'"([^"]{1,12})"|\[\$([^\]-]{1,5})[^\]]*\]|([€£¥])')
_PADDED = re.compile(r"0{2,20}")


@dataclass(slots=True)
class _Outline:
    """What a sheet's XML says beside its values; rows and columns count from 1."""

    last_row: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    covered: dict[tuple[int, int], str] = field(default_factory=dict)  # by a merged cell, with what stands there then
    uncomputed: int = 0


def open_workbook(content: bytes, unpacked_bytes: int, grid_rows: int) -> Opened:
    """The visible sheets of `content`. Raises RefusedError."""
    try:
        check_archive(content, max_unpacked=unpacked_bytes)
        return _open(content, grid_rows)
    except RefusedError:
        raise
    except Unsafe as error:
        raise RefusedError("ENV-003", str(error)) from None
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # openpyxl raises whatever its parser met, wrapped or not
        if any(isinstance(cause, DefusedXmlException) for cause in (error, error.__cause__, error.__context__)):
            raise RefusedError("ENV-003", "The workbook defines XML entities, which the desk does not open") from None
        raise RefusedError("ENV-001", f"The workbook is damaged ({type(error).__name__}: {error})") from None


def _open(content: bytes, grid_rows: int) -> Opened:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    if len(sheets) > MAX_SHEETS:
        raise RefusedError("ENV-003", f"The workbook has {len(sheets)} sheets")
    lines: list[Line] = []
    grids: list[Grid] = []
    notes: list[str] = []
    warnings = ["The workbook has macros; they were not run"] if b"vbaProject.bin" in content else []
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    warnings += [f"The sheet {sheet.title!r} is hidden and was not read" for sheet in sheets if sheet not in shown]
    for sheet in shown:
        outline = _outline(content, sheet)
        prefix = f"sheet {sheet.title!r} " if len(shown) > 1 else ""
        more, found = lines_and_grids(
            [(f"{prefix}row {n}", row) for n, row in _rows(sheet, outline)], len(lines), grid_rows
        )
        lines += more
        grids += found
        notes += [f"{prefix}{outline.uncomputed} formulas have no stored value"] if outline.uncomputed else []
        warnings += _hidden(prefix, outline)
    return Opened(tuple(lines), tuple(grids), "; ".join(notes), tuple(warnings))


def _hidden(prefix: str, outline: _Outline) -> Iterator[str]:
    for what, places in (("rows", outline.hidden_rows), ("columns", outline.hidden_columns)):
        if places:
            yield f"{prefix}{len(places)} {what} are hidden and were not read, the first is {what[:-1]} {min(places)}"


def _outline(content: bytes, sheet: Any) -> _Outline:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(sheet._worksheet_path) as part:
        xml = part.read(MAX_SHEET_XML + 1)
    if len(xml) > MAX_SHEET_XML:
        raise RefusedError("ENV-003", f"The sheet {sheet.title!r} unpacks to more than {MAX_SHEET_XML} bytes")
    outline = _Outline(uncomputed=len(_UNCOMPUTED.findall(xml)))
    last = max(xml.rfind(mark) for mark in (b"</v>", b":v>", b"</t>", b":t>", b"</is>"))
    for nth, row in enumerate(_ROW.finditer(xml, 0, max(last, 0)), start=1):
        stated = _NUMBER.search(row[1])
        outline.last_row = int(stated[1]) if stated else nth
        if _HIDDEN.search(row[1]):
            outline.hidden_rows.add(outline.last_row)
    for column in _COLUMN.finditer(xml):
        span = {name: int(value) for name, value in _SPAN.findall(column[1])}
        if _HIDDEN.search(column[1]) and b"min" in span and b"max" in span:
            outline.hidden_columns |= set(range(span[b"min"], min(span[b"max"], MAX_COLUMNS) + 1))
    for nth, found in enumerate(_MERGED.finditer(xml)):
        if nth >= MAX_MERGES:
            raise RefusedError("ENV-003", f"The sheet {sheet.title!r} has more than {MAX_MERGES} merged cells")
        _cover(outline, *range_boundaries(found[1].decode()))
    return outline


def _cover(outline: _Outline, left: int, top: int, right: int, bottom: int) -> None:
    for row in range(top + 1, min(bottom, top + 1_000, outline.last_row) + 1):
        outline.covered[row, left] = DITTO


def _rows(sheet: Any, outline: _Outline) -> Iterator[tuple[int, list[str]]]:
    """The rows that are seen, with their numbers; blank ones between them as one."""
    if not outline.last_row or not hasattr(sheet, "reset_dimensions"):
        return
    blanks = 0
    sheet.reset_dimensions()  # a stated size of a million columns would be believed
    for cells in sheet.iter_rows(max_row=outline.last_row):
        if len(cells) > MAX_COLUMNS and any(cell.value is not None for cell in cells[MAX_COLUMNS:]):
            raise RefusedError("ENV-003", f"A row of the workbook has {len(cells)} columns")
        number = next((cell.row for cell in cells if cell.value is not None), 0)
        if not number or number in outline.hidden_rows:
            blanks += 1
            continue
        if blanks:
            yield number - 1, []  # however many they are
        blanks = 0
        row = [
            outline.covered.get((number, place), "") or cell_shown(cell.value, _format(cell))
            for place, cell in enumerate(cells[:MAX_COLUMNS], start=1)
            if place not in outline.hidden_columns
        ]
        yield number, row


def _format(cell: Any) -> str:
    return str(cell.number_format or "") if isinstance(cell.value, int | float) else ""


def cell_shown(value: object, shape: str = "") -> str:
    """A cell as words: 17850 under "000000" is 017850, 0.1 under "0%" is 10%, 5 under '0 "pcs"' is 5 pcs.

    Thousands are never separated, and no number ends in exactly three decimals: it would read as thousands.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_shown(value, shape.partition(";")[0])
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\x00", "\ufffd").strip()


def _number_shown(value: float, shape: str) -> str:
    literals = _LITERAL.findall(shape)
    plain = _LITERAL.sub("", shape)
    number = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    if plain.strip().endswith("%"):
        number, literals = number * 100, [("%", "", "")]
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if _PADDED.fullmatch(plain.strip()) and text.isdigit():
        text = text.zfill(len(plain.strip()))
    if len(text.partition(".")[2]) == 3:
        text += "0"
    suffix = next((word.strip() for found in literals for word in found if word.strip(" -().,/")), "")
    return f"{text}{'' if suffix == '%' else ' '}{suffix}" if suffix else text
