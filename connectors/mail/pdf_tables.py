"""Tables of a PDF page that are drawn with rules: pdfplumber's cell finder on pdfium's lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from connectors.mail.pdf_words import TextLine, Word, lines_of
from connectors.mail.sources import DITTO

MAX_EDGES = 3_000
_SNAP = 3.0  # points
Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


@dataclass(slots=True)
class PageTable:
    """Rows of cells in the columns `columns` (left, right); `top` and `bottom` are where it stands on the page."""

    rows: list[list[str]]
    columns: list[tuple[float, float]]
    top: float
    bottom: float


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    rowspan: int
    colspan: int
    words: list[Word] = field(default_factory=list)


def take_ruled(rules: Sequence[Box], words: list[Word]) -> tuple[list[PageTable], list[list[TextLine]], list[Word]]:
    """The ruled tables; the letters in frames (cells of many lines, each to be read by itself); the other words."""
    if not 4 <= len(rules) <= MAX_EDGES:
        return [], [], words
    tables: list[PageTable] = []
    letters: list[list[TextLine]] = []
    for boxes in _tables(rules):
        inside = _inside(boxes, words)
        if len({box[0] for box in boxes}) < 2 or sum(map(bool, inside)) < 2:
            continue
        table, are_frames = _table(boxes, inside)
        if are_frames:
            letters += [lines_of(cell) for cell in inside if cell]
        elif len(table.rows) < 2:
            continue  # a bar behind a header: the columns below tell the table
        else:
            tables.append(table)
        taken = {id(word) for cell in inside for word in cell}
        words = [word for word in words if id(word) not in taken]
    return tables, letters, words


def _tables(rules: Sequence[Box]) -> list[list[Box]]:
    edges = [_edge(*rule) for rule in rules]
    merged = merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    if len(merged) > 600:  # a drawing: the number of crossings grows with the square
        return []
    return cells_to_tables(intersections_to_cells(edges_to_intersections(merged, _SNAP, _SNAP)))


def _edge(x0: float, top: float, x1: float, bottom: float) -> dict[str, object]:
    direction = "v" if x1 - x0 < bottom - top else "h"
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
            "orientation": direction, "object_type": "line"}  # fmt: skip


def _inside(boxes: Sequence[Box], words: Sequence[Word]) -> list[list[Word]]:
    inside: list[list[Word]] = [[] for _ in boxes]
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        for nth, (x0, top, x1, bottom) in enumerate(boxes):
            if x0 <= x < x1 and top <= y < bottom:
                inside[nth].append(word)
                break
    return inside


def _table(boxes: Sequence[Box], inside: list[list[Word]]) -> tuple[PageTable, bool]:
    """The table of these cells, and whether it is frames around letters instead."""
    lefts, tops = _starts(box[0] for box in boxes), _starts(box[1] for box in boxes)
    rights = [*lefts[1:], max(box[2] for box in boxes)]
    cells = [_cell(box, words, lefts, tops) for box, words in zip(boxes, inside, strict=True)]
    rows: list[list[str]] = []
    for nth in range(len(tops)):
        rows += _rows([cell for cell in cells if cell.row == nth], cells, nth, len(lefts))
    rows = [row for row in rows if any(cell and cell != DITTO for cell in row)]
    longest = max(cell.count("\n") for row in rows for cell in row)
    table = PageTable(rows, list(zip(lefts, rights, strict=True)), tops[0], max(box[3] for box in boxes))
    return table, longest >= 8 or (len(rows) < 2 and longest > 0)


def _starts(values: object) -> list[float]:
    """Distinct edges, those closer than the snapping taken as one."""
    kept: list[float] = []
    for value in sorted(values):  # type: ignore[call-overload]
        if not kept or value - kept[-1] > _SNAP:
            kept.append(value)
    return kept


def _cell(box: Box, words: list[Word], lefts: list[float], tops: list[float]) -> _Cell:
    column = sum(left <= box[0] + _SNAP for left in lefts) - 1
    row = sum(top <= box[1] + _SNAP for top in tops) - 1
    colspan = sum(box[0] + _SNAP < left < box[2] - _SNAP for left in lefts) + 1
    rowspan = sum(box[1] + _SNAP < top < box[3] - _SNAP for top in tops) + 1
    return _Cell(row, column, rowspan, colspan, words)


def _rows(cells: list[_Cell], every: list[_Cell], nth: int, width: int) -> list[list[str]]:
    """One ruled row as rows: several, where its cells hold columns of figures without rules between them."""
    lines = {cell.column: lines_of(cell.words) for cell in cells if cell.words}
    starts = _row_starts(list(lines.values()))
    rows = [[""] * width for _ in range(max(len(starts), 1))]
    for column, found in lines.items():
        for line in found:
            at = max(sum(start <= line.baseline + 0.5 * line.height for start in starts) - 1, 0)
            rows[at][column] += ("\n" if rows[at][column] else "") + " ".join(word.text for word in line.words)
    for cell in every:
        if cell.row < nth < cell.row + cell.rowspan and cell.words:
            rows[0][cell.column] = DITTO
    return rows


def _row_starts(cells: list[list[TextLine]]) -> list[float]:
    """The baselines on which rows begin: those of the cells with the fewest lines, if two or more such agree."""
    fewest = min(map(len, cells), default=1)
    leading = [[line.baseline for line in cell] for cell in cells if len(cell) == fewest]
    if fewest < 2 or len(leading) < 2:
        return []
    agreed = all(abs(a - b) < 2.0 for other in leading[1:] for a, b in zip(leading[0], other, strict=True))
    return [median(column) for column in zip(*leading, strict=True)] if agreed else []
