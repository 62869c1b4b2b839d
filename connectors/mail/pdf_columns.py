"""Tables of a PDF page that are drawn without rules: words that stand below each other in columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.mail.pdf_tables import PageTable
from connectors.mail.pdf_words import Segment, TextLine, segments_of

_FAR = 2.6  # line heights between baselines: below such a gap another thing begins,
_FAR_ROWS = 5.0  # unless it is a row of cells as far from the last as that from the one before
_GAP = 0.38  # letter heights: a table sets its columns as close as this, and alignment tells them from wide blanks
_ASIDE = 3  # lines of free text within a table
_FIGURE = re.compile(r"\W*[0-9０-９]")
_NOT_FIGURE = re.compile(r"[^\W\d_]{3}")


@dataclass(slots=True)
class _Block:
    """Lines that fit the same columns: each with its segments."""

    columns: list[list[float]] = field(default_factory=list)
    rows: list[tuple[TextLine, list[Segment]]] = field(default_factory=list)

    def fits(self, segments: Sequence[Segment]) -> bool:
        """Whether the line keeps the columns apart that lines before filled side by side."""
        if len(segments) == 1 and not self._met(segments[0]):
            return False
        return all(len(self._met(segment)) < 2 or self._may_join(self._met(segment)) for segment in segments)

    def add(self, line: TextLine, segments: list[Segment]) -> None:
        """Take the line in; columns widen and join as it asks."""
        for segment in segments:
            met = self._met(segment)
            joined = [segment.x0, segment.x1, *(edge for nth in met for edge in self.columns[nth])]
            self.columns = [column for nth, column in enumerate(self.columns) if nth not in met]
            self.columns.append([min(joined), max(joined)])
            self.columns.sort()
        self.rows.append((line, segments))

    def place(self, segment: Segment) -> int:
        """The column of a segment."""
        return next(iter(self._met(segment)), 0)

    def _met(self, segment: Segment) -> list[int]:
        return [nth for nth, (x0, x1) in enumerate(self.columns) if segment.x0 < x1 and segment.x1 > x0]

    def _may_join(self, columns: list[int]) -> bool:
        """Whether no line before filled two of these columns."""
        for _, segments in self.rows:
            if sum(any(nth in columns for nth in self._met(segment)) for segment in segments) > 1:
                return False
        return True


def take_aligned(lines: list[TextLine]) -> tuple[list[PageTable], list[TextLine]]:
    """The tables among `lines`, and the lines that are in none."""
    tables: list[PageTable] = []
    left: list[TextLine] = []
    place = 0
    while place < len(lines):
        block = _block(lines, place)
        table = _table(block) if len(block.rows) > 1 else None
        if table is None:
            left.append(lines[place])
            place += 1
        else:
            tables.append(table)
            place += len(block.rows)
    return tables, left


def _block(lines: list[TextLine], place: int) -> _Block:
    """The longest run of lines from `place` on that fits columns; it begins with a line of two segments or more.

    A line across the columns belongs to it if rows go on below.
    """
    block = _Block()
    aside: list[TextLine] = []
    last: TextLine | None = None
    step = 0.0
    for line in lines[place:]:
        segments = segments_of(line.words, _GAP)
        if last is None and len(segments) < 2:
            break
        if last is not None and _is_apart(line, last, step, len(segments)):
            break
        step = line.baseline - last.baseline if last is not None else 0.0
        last = line
        if block.fits(segments) and not _is_label(segments) and not (aside and len(segments) < 2):
            block.rows += [(other, [Segment(other.words)]) for other in aside]
            aside = []
            block.add(line, segments)
        elif len(block.rows) > 1 and len(aside) < _ASIDE and len(segments_of(line.words)) == 1:
            aside.append(line)
        else:
            break
    while block.rows and len(block.rows[-1][1]) < 2 and not _continues(block):
        block.rows.pop()  # what follows the table below its columns
    return block


def _is_apart(line: TextLine, last: TextLine, step: float, cells: int) -> bool:
    gap, height = line.baseline - last.baseline, max(line.height, last.height)
    is_steady = step == 0.0 or gap < 1.2 * step
    return gap > (_FAR_ROWS if cells > 1 and is_steady else _FAR) * height


def _is_label(segments: list[Segment]) -> bool:
    """`Order no.:   4711` is a line, not a row."""
    return len(segments) == 2 and segments[0].text.rstrip().endswith((":", "："))


def _continues(block: _Block) -> bool:
    """Whether the last line goes on with a cell's words: close below it, in a column that is not the first."""
    if len(block.rows) < 2:
        return False
    (above, filled), (line, segments) = block.rows[-2:]
    if line.baseline - above.baseline > 1.4 * max(line.height, above.height) or _FIGURE.match(segments[0].text):
        return False
    column = block.place(segments[0])
    return column > 0 and any(block.place(segment) == column for segment in filled)


def _table(block: _Block) -> PageTable | None:
    """The table, if it is one: a column of figures stands in it."""
    rows: list[list[str]] = []
    for nth, (_, segments) in enumerate(block.rows):
        row = [""] * len(block.columns)
        for segment in segments:
            at = block.place(segment)
            row[at] = f"{row[at]} {segment.text}".strip()
        is_more = nth > 0 and len(segments) == 1 and _continues(_Block(block.columns, block.rows[: nth + 1]))
        if is_more:
            at = block.place(segments[0])
            rows[-1][at] = f"{rows[-1][at]}\n{row[at]}".strip()
        else:
            rows.append(row)
    rows, columns = _without_halves(rows, block.columns)
    if len(rows) < 2 or len(columns) < 2 or not any(map(_is_figures, zip(*rows, strict=True))):
        return None
    if len(columns) == len(rows) == 2:
        return None  # two labels above their values, more often than not; as lines they are a table too
    top, bottom = block.rows[0][0].top, block.rows[-1][0].bottom
    return PageTable(rows, [(x0, x1) for x0, x1 in columns], top, bottom)


def _is_figures(column: Sequence[str]) -> bool:
    """Whether half of what stands below the first filled cell begins with a figure and is no phrase."""
    below = [cell for cell in column if cell][1:] or [cell for cell in column if cell]
    figures = [cell for cell in below if _FIGURE.match(cell) and not _NOT_FIGURE.search(cell)]
    return bool(below) and 2 * len(figures) >= len(below)


def _without_halves(rows: list[list[str]], columns: list[list[float]]) -> tuple[list[list[str]], list[list[float]]]:
    """Neighbours of which one has only the header and the other everything but it are one column."""
    at = 0
    while at + 1 < len(columns):
        left, right = [row[at] for row in rows], [row[at + 1] for row in rows]
        alone = (_only_first(left) and not right[0]) or (_only_first(right) and not left[0])
        if alone:
            rows = [[*row[:at], row[at] or row[at + 1], *row[at + 2 :]] for row in rows]
            joined = [columns[at][0], columns[at + 1][1]]
            columns = [*columns[:at], joined, *columns[at + 2 :]]
        else:
            at += 1
    return rows, columns


def _only_first(column: list[str]) -> bool:
    return bool(column[0]) and not any(column[1:])
