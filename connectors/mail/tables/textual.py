"""Tables in plain text: cells between tabs or bars, or columns kept apart by blanks."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from connectors.mail.normal import plain_line

_GAP = re.compile(r" {2,}|\t+|\u3000+ *")
_RULER = re.compile(r"[\s|+=:_.*\u2500-\u257f-]*")
MAX_GAPS = 40
MAX_ROWS = 400
Piece = tuple[int, int, str]
"""Where it begins and ends on the screen, and its words."""


def split_cells(line: str) -> list[str]:
    """The cells of a line of text between tabs or bars; one cell if it has neither."""
    mark = "\t" if "\t" in line else "|"
    inner = line.replace("│", "|").strip(" \r\n")
    inner = inner.removeprefix("|").removesuffix("|") if mark == "|" else line.strip("\r\n")
    cells = [plain_line(cell) for cell in inner.split(mark)]
    return cells if any(cells) else [""]


def text_rows(raw: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at `raw[start]` and how many lines it takes; ([], 0) if none begins there."""
    first = raw[start]
    if len(split_cells(first)) > 1:
        return _marked(raw, start)
    if len(_spaced(first)) > 1:
        return _aligned(raw, start)
    return [], 0


def _marked(raw: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    rows: list[list[str]] = []
    end, width = start, len(split_cells(raw[start]))
    while end < len(raw) and (_is_marked(raw[end]) or _is_gap(raw, end, width)):
        rows.append(split_cells(raw[end]) if raw[end].strip() else [])
        end += 1
    return rows, end - start


def _is_marked(line: str) -> bool:
    return len(split_cells(line)) > 1 or bool(line.strip() and _RULER.fullmatch(line))


def _is_gap(raw: Sequence[str], at: int, width: int) -> bool:
    """Whether the line is blank between two rows of one table."""
    return (
        not raw[at].strip()
        and at + 1 < len(raw)
        and len(split_cells(raw[at - 1])) == width == len(split_cells(raw[at + 1]))
    )


def _spaced(line: str, measure: Callable[[str], int] = len) -> list[Piece]:
    """The pieces of a line between gaps of two blanks or more."""
    pieces: list[Piece] = []
    place = len(line) - len(line.lstrip(" "))
    shown = place
    for gap in _GAP.finditer(line.rstrip(), place):
        if len(pieces) >= MAX_GAPS:
            break
        if words := line[place : gap.start()]:
            pieces.append((shown, shown + measure(words), words))
        shown += measure(line[place : gap.end()])
        place = gap.end()
    rest = line[place:].rstrip()
    return [*pieces, (shown, shown + measure(rest), rest)] if rest else pieces


def _width(text: str) -> int:
    """How many columns of the screen `text` takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _aligned(raw: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    """Rows whose pieces stand below each other: in the columns that all rows share, else below the heads."""
    lines = _block(raw, start, len)
    full = [len(pieces) for pieces in lines if len(pieces) > 1]
    if len(full) < 2:
        return [], 0
    if min(full) == max(full) and all(len(pieces) != 1 for pieces in lines):
        return [[plain_line(text) for _, _, text in pieces] for pieces in lines], len(lines)
    laid = [lines]
    if not all(line.isascii() for line in raw[start : start + len(lines)]):  # typed to the eye, or by a program
        laid.append(_block(raw, start, _width))
    shared = [(columns, lines) for lines in laid if _parts_all(columns := _columns(lines), lines)]
    if shared:
        columns, lines = min(shared, key=lambda one: len(one[0]))
        return [_laid(columns, pieces) for pieces in lines], len(lines)
    return [_below(lines[0], pieces) if pieces else [] for pieces in lines], len(lines)


def _parts_all(columns: list[tuple[int, int]], lines: list[list[Piece]]) -> bool:
    """Whether no row has two pieces in one column."""
    places = [[_nearest(columns, begin, end) for begin, end, _ in pieces] for pieces in lines]
    return all(len(set(row)) == len(row) for row in places)


def _nearest(columns: list[tuple[int, int]], begin: int, end: int) -> int:
    return min(range(len(columns)), key=lambda nth: _distance(columns[nth], begin, end))


def _block(raw: Sequence[str], start: int, measure: Callable[[str], int]) -> list[list[Piece]]:
    """The lines of a table from `start` on, in pieces; rulers and blank lines within are empty."""
    lines: list[list[Piece]] = []
    end, last = start, start
    while end < len(raw) and end - start < MAX_ROWS:
        pieces = [] if _RULER.fullmatch(raw[end]) else _spaced(raw[end], measure)
        if (not raw[end].strip() and end - last > 1) or (len(pieces) == 1 and end - last > 2):
            break
        lines.append(pieces)
        if len(pieces) > 1 or (raw[end].strip() and not pieces):
            last = end
        elif pieces and not _stands_within(lines, pieces[0]):
            break
        end += 1
    wraps = len(lines) > last - start + 1 and len(lines[last - start + 1]) == 1
    if wraps and lines[last - start + 1][0][0] > min(pieces[0][1] for pieces in lines if len(pieces) > 1):
        last += 1  # the last description goes on below
    return lines[: last - start + 1]


def _stands_within(lines: list[list[Piece]], piece: Piece) -> bool:
    """Whether a lone piece may stand in one column: it is no longer than the lines of the table."""
    return piece[1] <= max(pieces[-1][1] for pieces in lines if len(pieces) > 1)


def _columns(lines: list[list[Piece]]) -> list[tuple[int, int]]:
    """The columns that the pieces of all rows of two or more fill."""
    columns: list[tuple[int, int]] = []
    for begin, end, _ in sorted(piece for pieces in lines if len(pieces) > 1 for piece in pieces):
        if columns and begin < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((begin, end))
    return columns


def _laid(columns: list[tuple[int, int]], pieces: list[Piece]) -> list[str]:
    cells = [""] * len(columns) if pieces else []
    for begin, end, text in pieces:
        nearest = _nearest(columns, begin, end)
        cells[nearest] = f"{cells[nearest]} {plain_line(text)}".strip()
    return cells


def _below(heads: list[Piece], pieces: list[Piece]) -> list[str]:
    if len(pieces) == len(heads):
        return [plain_line(text) for _, _, text in pieces]
    return _laid([(begin, end) for begin, end, _ in heads], pieces)


def _distance(column: tuple[int, int], begin: int, end: int) -> int:
    left, right = column
    overlap = min(end, right) - max(begin, left)
    return -overlap if overlap > 0 else min(abs(begin - left), abs(end - right))
