"""Rows of cells as lines and a grid: titles above and remarks below a table are lines, the table is a grid.

What a sheet, a CSV file and an HTML table have in common. Structure alone decides; no word is understood here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from connectors.mail.opened import RefusedError
from connectors.mail.sources import DITTO, Grid, Line

PlacedRow = tuple[str, Sequence[str]]
"""A row with its place."""
_Counted = tuple[str, Sequence[str], int]  # with the number of its filled cells
_FIGURE = re.compile(r"\s*[-+]?[0-9０-９]")


def lines_and_grids(rows: Sequence[PlacedRow], before: int, most_rows: int = 20_000) -> tuple[list[Line], list[Grid]]:
    """Each table with the titles above it and the remarks below it as lines; `before` lines stand before all.

    Raises RefusedError (ENV-003) if there are too many rows.
    """
    if len(rows) > most_rows:
        raise RefusedError("ENV-003", f"It has a table of {len(rows)} rows, more than {most_rows}")
    counted = [(place, row, sum(map(bool, map(str.strip, row)))) for place, row in rows]
    lines: list[Line] = []
    grids: list[Grid] = []
    widest = max((count for _, _, count in counted), default=0)
    for section in _sections(counted):
        are_labels = max((count for _, _, count in section), default=0) < min(widest, 3)
        above, table, below = (section, [], []) if are_labels or len(section) < 2 < len(counted) else _cut(section)
        lines += _as_lines(above)
        grids += [_grid(table, before + len(lines))] if table else []
        lines += _as_lines(below)
    return lines, grids


def _sections(rows: Sequence[_Counted]) -> Iterator[list[_Counted]]:
    """Apart where, below a blank row, something with a header of its own begins: two cells or more and no figure."""
    section: list[_Counted] = []
    for nth, (place, row, count) in enumerate(rows):
        if nth and not rows[nth - 1][2] and count > 1 and not any(map(_FIGURE.match, row)):
            yield section
            section = []
        section.append((place, row, count))
    yield section


def _cut(rows: Sequence[_Counted]) -> tuple[Sequence[_Counted], list[PlacedRow], Sequence[_Counted]]:
    """What stands above the table, the table without its blank rows, and what stands below."""
    first, last = _first_row([count for _, _, count in rows]), len(rows) - 1
    while last >= first and rows[last][2] < 2:
        last -= 1
    if first > last:
        return rows, [], []
    return rows[:first], [(place, row) for place, row, count in rows[first : last + 1] if count], rows[last + 1 :]


def _first_row(counts: Sequence[int]) -> int:
    """Where the table begins: at the first well filled row, or with the one or two half filled rows that touch it from
    above, as a header with cells across columns does; more of them are labels and their values.
    """
    widest = max(counts, default=0)
    well, half = max(2, (widest * 3 + 3) // 4), max(2, (widest + 1) // 2)
    first = next((nth for nth, count in enumerate(counts) if count >= well), len(counts))
    above = 0
    while above < min(first, 3) and first < len(counts) and counts[first - 1 - above] >= half:
        above += 1
    return first - above if above < 3 else first


def _is_filled(cell: str) -> bool:
    return bool(cell.strip()) and cell != DITTO


def _as_lines(rows: Iterable[_Counted]) -> list[Line]:
    return [
        Line(text, place)
        for place, row, count in rows
        if count
        for text in ("\t".join(cell for cell in row if _is_filled(cell))).split("\n")
        if text.strip()
    ]


def _grid(rows: Sequence[PlacedRow], after: int) -> Grid:
    """Without the columns that stand empty at its left in every row, and the empty cells at the end of each."""
    empty = min((_leading(row) for _, row in rows), default=0)
    cut = tuple(tuple(_without_end(row[empty:])) for _, row in rows)
    return Grid(cut, tuple(place for place, _ in rows), after)


def _leading(row: Sequence[str]) -> int:
    return next((nth for nth, cell in enumerate(row) if cell.strip()), len(row))


def _without_end(row: Sequence[str]) -> Sequence[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]
