"""Rows of cells as lines and a grid: titles above and remarks below a table are lines, the table is a grid.

What a sheet, a CSV file and an HTML table have in common. Structure alone decides; no word is understood here.
"""

from collections.abc import Iterable, Sequence

from connectors.mail.opened import RefusedError
from connectors.mail.sources import DITTO, Grid, Line

PlacedRow = tuple[str, Sequence[str]]
"""A row with its place."""


def lines_and_grids(rows: Sequence[PlacedRow], before: int, most_rows: int = 20_000) -> tuple[list[Line], list[Grid]]:
    """The title rows as lines, then one grid, then the remarks below it as lines; `before` lines stand before all.

    Raises RefusedError (ENV-003) if there are too many rows.
    """
    filled = [(place, row, sum(map(bool, map(str.strip, row)))) for place, row in rows]
    if len(filled) > most_rows:
        raise RefusedError("ENV-003", f"It has a table of {len(filled)} rows, more than {most_rows}")
    widest = max((count for _, _, count in filled), default=0)
    first, last = _first_row([count for _, _, count in filled], widest), len(filled) - 1
    while last >= first and filled[last][2] < 2:
        last -= 1
    if first > last:
        return _as_lines(filled), []
    above, below = _as_lines(filled[:first]), _as_lines(filled[last + 1 :])
    table = [(place, row) for place, row, count in filled[first : last + 1] if count]
    return [*above, *below], [_grid(table, before + len(above))]


def _first_row(counts: Sequence[int], widest: int) -> int:
    """Where the table begins: at the first well filled row, or with the one or two half filled rows that touch it from
    above, as a header with cells across columns does; more of them are labels and their values.
    """
    well, half = max(2, (widest * 3 + 3) // 4), max(2, (widest + 1) // 2)
    first = next((nth for nth, count in enumerate(counts) if count >= well), len(counts))
    above = 0
    while above < min(first, 3) and first < len(counts) and counts[first - 1 - above] >= half:
        above += 1
    return first - above if above < 3 else first


def _is_filled(cell: str) -> bool:
    return bool(cell.strip()) and cell != DITTO


def _as_lines(rows: Iterable[tuple[str, Sequence[str], int]]) -> list[Line]:
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
