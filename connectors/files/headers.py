"""What the rows of one order say about the order: read, compared, and settled on one value each."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.files.countries import country_code
from connectors.files.figures import parse_date, parse_number, shown
from connectors.files.tables import Cell, Column, Ints, cell_text, first_rows
from orderclerk.domain.lineframe import PRICE_SCALE, scaled
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import Problem

_INTEGRAL_FLOAT = re.compile(r"[0-9]+\.0+")  # 17850.0: an identifier that went through a float column
DATES = ("order_date", "requested_date")
AMOUNTS = ("total", "tax", "freight", "discount")

Read = tuple[Any, str]
"""A value, and why it could not be read ("" if it could)."""


class Problems:
    """Problems by place (row or order), stored only where there are any."""

    def __init__(self, size: int) -> None:
        self.items: npt.NDArray[np.object_] = np.empty(size, dtype=object)
        self.items.fill(())

    def add(self, places: Iterable[int], problem: Callable[[int], Problem]) -> None:
        """Add `problem(place)` at each place."""
        for place in places:
            self.items[place] = (*self.items[place], problem(int(place)))


def identifiers(column: Column, is_always_number: bool = False) -> Column:
    """The column as text; 17850.0 becomes 17850 where the whole column went through floats, or always."""
    texts = column.map(cell_text)
    filled = [value for value in texts.values if value]
    if is_always_number or all(map(_INTEGRAL_FLOAT.fullmatch, filled)):
        return texts.map(lambda text: text.partition(".")[0] if _INTEGRAL_FLOAT.fullmatch(text) else text)
    return texts


def settle_header(name: str, column: Column, orders: Ints, problems: Problems, mapping: SenderMapping) -> Column:
    """One value an order: the first its rows state. Rows that state another, or nonsense, become problems of the order.

    `orders` is each row's order; the result has one code an order, a blank value where its rows state none.
    """
    read = column.map(_reader(name, mapping))
    values = read.map(lambda item: item[0])
    blank = None if name in (*DATES, *AMOUNTS) else ""
    if blank not in values.values:
        values = Column(values.codes, (*values.values, blank))
    count = len(problems.items)
    filled = np.flatnonzero(values.where(lambda value: value != blank))
    first = first_rows(orders, count, filled)
    codes = np.where(first >= 0, values.codes[first], values.values.index(blank))
    _note_nonsense(
        name, column, first_rows(orders, count, np.flatnonzero(read.where(lambda item: item[1]))), read, problems
    )
    other = first_rows(orders, count, filled[values.codes[filled] != codes[orders[filled]]])
    _note_disagreement(name, values, codes, other, problems)
    return Column(codes, values.values)


def _reader(name: str, mapping: SenderMapping) -> Callable[[Cell], Read]:
    if name in DATES:
        return lambda cell: _date(cell, mapping.date_formats)
    if name in AMOUNTS:
        return lambda cell: _amount(cell, mapping.decimal)
    if name == "customer_number":
        return lambda cell: (_INTEGRAL_FLOAT.sub(lambda found: found[0].partition(".")[0], cell_text(cell)), "")
    if name == "country":
        return lambda cell: (country_code(cell_text(cell)), "")
    if name == "currency":
        return lambda cell: (cell_text(cell).upper(), "")
    return lambda cell: (cell_text(cell), "")


def _date(cell: Cell, formats: tuple[str, ...]) -> Read:
    if not isinstance(cell, str | Decimal):
        return cell, ""
    text = cell_text(cell)
    try:
        return (parse_date(text, formats) if text else None), ""
    except ValueError as error:
        return None, str(error)


def _amount(cell: Cell, decimal: str) -> Read:
    text = cell_text(cell)
    if not text:
        return None, ""
    try:
        value = cell if isinstance(cell, Decimal) else parse_number(text, decimal)
        return scaled(value, PRICE_SCALE), ""
    except ValueError as error:
        return None, str(error)


def _note_nonsense(name: str, column: Column, first: Ints, read: Column, problems: Problems) -> None:
    rule = "ORD-002" if name in DATES else "ORD-003"

    def problem(order: int) -> Problem:
        row = first[order]
        return Problem(rule, name, cell_text(column.values[column.codes[row]]), read.values[read.codes[row]][1])

    problems.add(np.flatnonzero(first >= 0), problem)


def _note_disagreement(name: str, values: Column, codes: Ints, other: Ints, problems: Problems) -> None:
    def problem(order: int) -> Problem:
        mine, theirs = str(values.values[codes[order]]), str(values.values[values.codes[other[order]]])
        return Problem("ORD-005", name, theirs, f"One row says {shown(mine)}, another {shown(theirs)}")

    problems.add(np.flatnonzero(other >= 0), problem)
