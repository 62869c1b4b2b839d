"""HTML of a mail as a reader sees it: lines, and tables of data as grids. Loads nothing, reads nothing hidden.

A table is data if it has rows of two cells or more and none of its cells holds another table or a letter; the others
lay out the page, and what they hold flows as lines. Sibling tables of one row and equal width are one grid: shops'
mails draw each order line as a table of its own.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from connectors.mail.gridding import lines_and_grids
from connectors.mail.html_text import html_to_text, is_malformed
from connectors.mail.html_tree import Cell, Table, parse_tree
from connectors.mail.opened import Opened, RefusedError
from connectors.mail.plain_text import read_plain
from connectors.mail.sources import DITTO, Grid, Line

MAX_TABLES, MAX_COLUMNS, MAX_CELLS = 5_000, 200, 400_000
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_LETTER_LINES = 8  # a cell of more lines holds a letter, not a value


def read_html(html: str) -> Opened:
    """The lines and grids of `html`. Raises RefusedError (ENV-003) for tables beyond reason."""
    if (tables := len(_TABLE.findall(html))) > MAX_TABLES:
        raise RefusedError("ENV-003", f"It has {tables} tables, more than {MAX_TABLES}")
    if is_malformed(html):
        return read_plain(html_to_text(html))
    tree = parse_tree(html)
    if tree is None:
        return read_plain(html_to_text(html))
    blocks = list(_flow(tree.root))
    lines: list[Line] = []
    grids: list[Grid] = []
    tables = 0
    for is_table, group in groupby(blocks, key=lambda block: not isinstance(block, str)):
        if not is_table:
            lines += [Line(str(text), f"line {len(lines) + n}") for n, text in enumerate(group, start=1)]
            continue
        for rows in _joined([block for block in group if not isinstance(block, str)]):
            tables += 1
            placed = [(_place(tables, n), row) for n, row in enumerate(rows, start=1)]
            more, found = lines_and_grids(placed, len(lines))
            lines += more
            grids += found
    return Opened(tuple(lines), tuple(grids), "It has words struck out, which were not read" if tree.is_struck else "")


def _place(table: int, row: int) -> str:
    return f"table {table} row {row}" if table > 1 else f"row {row}"


def _joined(tables: list[list[list[str]]]) -> Iterator[list[list[str]]]:
    """Neighbours of one row and equal width as one table."""
    for width, group in groupby(tables, key=lambda rows: len(rows[0]) if len(rows) == 1 else 0):
        if width:
            yield [row for rows in group for row in rows]
        else:
            yield from group


def _flow(cell: Cell) -> Iterator[str | list[list[str]]]:
    """What a cell holds, in sequence: lines, and data tables as rows of cells."""
    for block in cell.blocks:
        if isinstance(block, str):
            yield block
        elif not _is_data(block):
            yield from _laid_out(block)
        elif block.quoted:
            yield from ("> " * block.quoted + "\t".join(row) for row in _rows(block))
        else:
            yield _rows(block)


def _is_data(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row]
    return max(map(len, table.rows), default=0) > 1 and all(
        len(cell.blocks) <= _LETTER_LINES and all(isinstance(block, str) for block in cell.blocks) for cell in cells
    )


def _laid_out(table: Table) -> Iterator[str | list[list[str]]]:
    for row in table.rows:
        if all(len(cell.blocks) <= 1 and all(isinstance(block, str) for block in cell.blocks) for cell in row):
            yield "\t".join(_words(cell) for cell in row if cell.blocks)
        else:
            for cell in row:
                yield from _flow(cell)
                yield ""


def _words(cell: Cell) -> str:
    return "\n".join(block for block in cell.blocks if isinstance(block, str) and block)


def _rows(table: Table) -> list[list[str]]:
    """The rows with spans laid out: the words in the first cell, DITTO below it, nothing beside it."""
    rows: list[list[str]] = []
    below: dict[int, int] = {}  # column: how many rows more are covered
    cells = 0
    for row in table.rows:
        laid: list[str] = []
        covered, below = below, {place: left - 1 for place, left in below.items() if left > 1}
        for cell in row:
            _pass_covered(laid, covered)
            if cell.rowspan > 1:
                below[len(laid)] = cell.rowspan - 1
            laid += [_words(cell), *[""] * (cell.colspan - 1)]
            if len(laid) > MAX_COLUMNS:
                raise RefusedError("ENV-003", f"It has a table of more than {MAX_COLUMNS} columns")
        _pass_covered(laid, covered)
        cells += len(laid)
        if cells > MAX_CELLS:
            raise RefusedError("ENV-003", f"It has a table of more than {MAX_CELLS} cells")
        rows.append(laid)
    return rows


def _pass_covered(laid: list[str], covered: dict[int, int]) -> None:
    while len(laid) in covered:
        laid.append(DITTO)
