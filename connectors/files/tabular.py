"""CSV text into a table. Rows that do not fit are set aside first, so that the fast parser meets only even text.

Row numbers are those a spreadsheet shows: the header of a file without preamble is row 1.
"""

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice

import numpy as np
import pandas as pd

from connectors.files.outcomes import unreadable
from connectors.files.tables import Column, Ints, Table
from orderclerk.domain.reading import Unreadable

_DELIMITERS = ",;\t|"
_LOOK_AHEAD = 40  # records by which a delimiter is judged
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_csv(text: str, delimiter: str = "", skip_rows: int = 0) -> Table:
    """The table in `text`. Raises ValueError with a sentence if it is none.

    Blank rows are left out. A row of fewer or more fields than the header is in `Table.unreadable` (ROW-002).
    """
    if delimiter and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise ValueError(f"The delimiter {delimiter!r} of this sender is not one character")
    text, delimiter, skip_rows = _without_preamble(text, delimiter, skip_rows)
    delimiter = delimiter or detect_delimiter(text)
    lines = _lines_if_even(text, delimiter)
    if lines:
        return _parsed(text, delimiter, np.arange(lines, dtype=np.int64) + skip_rows + 1)
    kept, rows, misfits = _without_misfits(text, delimiter, skip_rows)
    if not kept:
        raise ValueError("The table is empty")
    return _parsed(kept, delimiter, rows, misfits)


def detect_delimiter(text: str) -> str:
    """The delimiter that cuts the first records into the most even rows of two fields or more. Raises ValueError."""
    best = max(_DELIMITERS, key=lambda mark: _evenness(text, mark))
    if _evenness(text, best) == (0.0, 0):
        raise ValueError("The text is no table: its first row has only one field")
    return best


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    lines = list(io.StringIO(text[:200_000], newline=""))
    widths = [len(record) for record, _ in islice(_records(lines, delimiter), _LOOK_AHEAD) if _is_filled(record)]
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _without_preamble(text: str, delimiter: str, skip_rows: int) -> tuple[str, str, int]:
    """Without the rows above the header and Excel's `sep=;` line; the number of physical lines left out."""
    rest = text
    for _ in range(skip_rows):
        rest = rest.partition("\n")[2]
    if stated := _SEP.match(rest):
        return rest[stated.end() :], delimiter or stated.group(1), skip_rows + 1
    return rest, delimiter, skip_rows


def _records(lines: list[str], delimiter: str) -> Iterable[tuple[list[str], int]]:
    """Each record with the number of lines read so far."""
    limit = csv.field_size_limit(max(sum(map(len, lines)), 131_072))  # a field is never longer than its file
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        for record in reader:
            yield record, reader.line_num
    except csv.Error as error:
        raise ValueError(f"The table cannot be read: {error}") from None
    finally:
        csv.field_size_limit(limit)


def _lines_if_even(text: str, delimiter: str) -> int:
    """How many lines, if each has as many delimiters outside quotes as the first: the fast parser reads it rightly.

    0 otherwise. Quotes are counted by parity, which a stray quote upsets: such a file is read with more care.
    """
    if "\x00" in text or not delimiter.isascii() or "\r" in text.replace("\r\n", "\n"):
        return 0
    codes = np.frombuffer(text.rstrip("\r\n").encode("utf-8"), dtype=np.uint8)
    outside = (np.cumsum(codes == ord('"'), dtype=np.uint8) & 1) == 0
    ends = np.append(np.flatnonzero((codes == ord("\n")) & outside), len(codes))
    cuts = np.flatnonzero((codes == ord(delimiter)) & outside)
    per_line = np.diff(np.searchsorted(cuts, ends), prepend=0)
    return len(ends) if len(cuts) and outside[-1] and (per_line == per_line[0]).all() else 0


def _parsed(text: str, delimiter: str, rows: Ints, unreadable: tuple[Unreadable, ...] = ()) -> Table:
    """Even text as a table; `rows` are the row numbers of its records, the header's first."""
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=delimiter, header=None, dtype=str, keep_default_na=False, skip_blank_lines=False
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise ValueError(f"The table cannot be read: {error}") from None
    if len(frame) != len(rows):
        raise ValueError("The table cannot be read: its quotation marks do not say where a row ends")
    above = next((row for row in range(len(frame)) if _is_filled(frame.iloc[row])), None)
    if above is None:
        raise ValueError("The table is empty")
    headers = tuple(str(cell) for cell in frame.iloc[above])
    columns = tuple(Column.of(frame[name].iloc[above + 1 :].to_numpy(dtype=object)) for name in frame.columns)
    return _without_blank_rows(Table(headers, columns, rows[above + 1 :], unreadable))


def _is_filled(record: Iterable[str]) -> bool:
    return any(cell.strip() for cell in record)


def _without_blank_rows(table: Table) -> Table:
    filled = np.zeros(len(table.rows), dtype=np.bool_)
    for column in table.columns:
        filled |= column.where(lambda cell: bool(cell.strip()))
    if filled.all():
        return table
    columns = tuple(column.take(filled) for column in table.columns)
    return Table(table.headers, columns, table.rows[filled], table.unreadable)


def _without_misfits(text: str, delimiter: str, skipped: int) -> tuple[str, Ints, tuple[Unreadable, ...]]:
    """The text without its blank and misfitting records, the row numbers of those left, and the misfits."""
    lines = list(io.StringIO(text, newline=""))
    kept: list[str] = []
    rows: list[int] = []
    bad: list[Unreadable] = []
    width = start = 0
    for row, (record, end) in enumerate(_records(lines, delimiter), start=skipped + 1):
        if _is_filled(record):
            width = width or len(record)
            if len(record) == width:
                kept += lines[start:end]
                rows.append(row)
            else:
                bad.append(_misfit(row, record, width, delimiter))
        start = end
    return "".join(kept), np.array(rows, dtype=np.int64), tuple(bad)


def _misfit(row: int, record: list[str], width: int, delimiter: str) -> Unreadable:
    reason = f"Row {row} has {len(record)} fields where the header has {width}"
    if any("\n" in cell for cell in record):
        reason += "; a quotation mark may never be closed"
    return unreadable(f"row {row}", delimiter.join(record), "ROW-002", reason)
