"""A table as columns of distinct values: what CSV and XLSX have in common once they are open.

Each distinct value of a column is interpreted once, however many rows carry it. That keeps a file of half a million
lines at seconds without a second, approximate way of reading numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orderclerk.domain.reading import Unreadable

Cell = str | Decimal | date
"""A cell as its file types it: CSV knows only text, a workbook also numbers and days."""

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """`values[codes[i]]` is the value of row i; no value stands twice in `values`."""

    codes: Ints
    values: tuple[Any, ...]

    @classmethod
    def of(cls, cells: Sequence[Hashable] | npt.NDArray[np.object_] | pd.Series[Any]) -> Column:
        """The column of these cells, one a row."""
        codes, values = pd.factorize(np.asarray(cells, dtype=object), use_na_sentinel=False)
        return cls(codes.astype(np.int64), tuple(values))

    @classmethod
    def constant(cls, value: Hashable, rows: int) -> Column:
        """The same value in every row."""
        return cls(np.zeros(rows, dtype=np.int64), (value,))

    def map(self, function: Callable[[Any], Hashable]) -> Column:
        """The column of `function(value)`; values that become equal become one."""
        places: dict[tuple[type, Hashable], int] = {}
        mapped = [(type(value), value) for value in map(function, self.values)]
        moves = np.array([places.setdefault(value, len(places)) for value in mapped], dtype=np.int64)
        return Column(moves[self.codes] if len(moves) else self.codes, tuple(value for _, value in places))

    def where(self, test: Callable[[Any], bool]) -> Flags:
        """Which rows carry a value that passes `test`."""
        passes = np.array([bool(test(value)) for value in self.values], dtype=np.bool_)
        return passes[self.codes] if len(passes) else np.zeros(0, dtype=np.bool_)

    def take(self, rows: Flags | Ints) -> Column:
        """The column of these rows only."""
        return Column(self.codes[rows], self.values)

    def objects(self) -> npt.NDArray[np.object_]:
        """The value of every row."""
        values = np.empty(len(self.values), dtype=object)
        values[:] = self.values
        return values[self.codes]

    def text(self) -> Any:
        """The value of every row as a pandas text array."""
        return pd.array(list(self.values), dtype="str").take(self.codes)

    def integers(self) -> Any:
        """The value of every row as nullable integers; None is <NA>."""
        return pd.array(list(self.values), dtype="Int64").take(self.codes)


@dataclass(frozen=True)
class Table:
    """A header row, its columns, the row number of each row in its file, and the rows that did not fit."""

    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Ints
    unreadable: tuple[Unreadable, ...] = ()

    def raw(self, row: int) -> str:
        """Row number `row` (by place, from 0) as text, for a person."""
        return " | ".join(cell_text(column.values[column.codes[row]]) for column in self.columns)


def cell_text(cell: Cell) -> str:
    """A cell as text: a workbook's 17850 is "17850", its days are ISO."""
    if isinstance(cell, str):
        return cell.replace("\x00", "\ufffd").strip()
    if isinstance(cell, Decimal):
        plain = format(cell, "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return cell.isoformat()


def first_rows(codes: Ints, groups: int, rows: Ints | None = None) -> Ints:
    """The first of `rows` (all, if None) in each of `groups` groups; -1 where a group has none."""
    places = np.arange(len(codes)) if rows is None else rows
    first = np.full(groups, -1, dtype=np.int64)
    first[codes[places[::-1]]] = places[::-1]  # the last assignment wins: backwards, that is the first row
    return first
