"""XLSX into a table, without opening what would burst.

Cells keep their type: numbers are Decimals of the 15 digits Excel itself keeps, days are dates.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook

from connectors.files.archives import Unsafe, check_archive
from connectors.files.outcomes import unreadable
from connectors.files.tables import Cell, Column, Table
from orderclerk.domain.reading import Unreadable

__all__ = ["Unsafe", "Unsuitable", "check_archive", "read_workbook"]

MAX_COLUMNS = 500


class Unsuitable(ValueError):
    """The workbook opens, but has not the table that is wanted."""


def read_workbook(content: bytes, sheet: str = "", skip_rows: int = 0) -> Table:
    """The table on `sheet` (the first, if none is named). Raises Unsafe, or ValueError with a sentence.

    Without a named sheet, each further sheet that has rows is in `Table.unreadable`.
    """
    check_archive(content)
    try:
        return _read(content, sheet, skip_rows)
    except (Unsafe, Unsuitable):
        raise
    except Exception as error:  # openpyxl raises whatever its parser met, wrapped or not
        if any(isinstance(cause, DefusedXmlException) for cause in (error, error.__cause__, error.__context__)):
            raise Unsafe("The workbook defines XML entities, which the desk does not open") from None
        raise ValueError(f"The workbook is damaged: {type(error).__name__}: {error}") from None


def _read(content: bytes, sheet: str, skip_rows: int) -> Table:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    names = [part.title for part in book.worksheets]
    if not names or (sheet and sheet not in names):
        raise Unsuitable(f"The workbook has no sheet {sheet!r}; it has: {', '.join(map(repr, names))}")
    chosen = sheet or names[0]
    rows = [(row, cells) for row, cells in _rows(book[chosen]) if row > skip_rows]
    others = () if sheet else tuple(_left_out(name, chosen) for name in names[1:] if any(_rows(book[name])))
    return _table(rows, others)


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that are not blank, with their numbers; trailing blank cells left off."""
    if not hasattr(sheet, "reset_dimensions"):
        return
    sheet.reset_dimensions()  # a stated size of a million columns would be believed
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_cell(value) for value in values]
        while cells and cells[-1] == "":
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise Unsafe(f"Row {number} of the workbook has {len(cells)} columns")
        if cells:
            yield number, cells


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(format(value, ".15g"))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return value.isoformat() if isinstance(value, time) else str(value).strip()


def _left_out(name: str, chosen: str) -> Unreadable:
    reason = f"Only the sheet {chosen!r} was read; say `sheet` for this sender if {name!r} has orders too"
    return unreadable(f"sheet {name}", "", "ROW-002", reason)


def _table(rows: list[tuple[int, list[Cell]]], others: tuple[Unreadable, ...]) -> Table:
    if not rows:
        raise Unsuitable("The sheet is empty")
    headers = tuple(str(cell) for cell in rows[0][1])
    width, good, bad = len(headers), rows[1:], list(others)
    for row, cells in [item for item in good if len(item[1]) > width]:
        raw = " | ".join(map(str, cells))
        reason = f"Row {row} has {len(cells)} fields where the header has {width}"
        bad.append(unreadable(f"row {row}", raw, "ROW-002", reason))
    good = [(row, cells + [""] * (width - len(cells))) for row, cells in good if len(cells) <= width]
    columns = tuple(Column.of([cells[place] for _, cells in good]) for place in range(width))
    return Table(headers, columns, np.array([row for row, _ in good], dtype=np.int64), tuple(bad))
