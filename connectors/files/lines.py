"""Quantities and prices of a table's rows, and which of them come back instead of going out."""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from connectors.files.figures import parse_number
from connectors.files.headers import Problems
from connectors.files.tables import Cell, Column, Flags, Ints, cell_text
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, scaled
from orderclerk.domain.reading import Problem


@dataclass(frozen=True)
class Figures:
    """A column of scaled integers: `known` says where there is one."""

    values: Ints
    known: Flags
    column: Column

    def stated(self, row: int) -> str:
        """The cell of `row` as it stood there."""
        return cell_text(self.column.values[self.column.codes[row]])

    def nullable(self) -> pd.arrays.IntegerArray:
        """As nullable integers."""
        return pd.arrays.IntegerArray(self.values, ~self.known)


def read_figures(column: Column, name: str, decimal: str, problems: Problems) -> Figures:
    """Quantities in thousandths or amounts in ten-thousandths; what cannot be read becomes a problem of its row."""
    scale, rule = (QUANTITY_SCALE, "LIN-001") if name == "quantity" else (PRICE_SCALE, "LIN-002")
    missing = rule if name == "quantity" else ""  # a price may be missing: the price list has one
    read = column.map(lambda cell: _figure(cell, scale, rule, missing, decimal))

    def problem(row: int) -> Problem:
        _, found, reason = read.values[read.codes[row]]
        return Problem(found, name, cell_text(column.values[column.codes[row]]), reason)

    problems.add(np.flatnonzero(read.where(lambda item: item[1])), problem)
    values = np.array([item[0] or 0 for item in read.values], dtype=np.int64)
    known = read.where(lambda item: item[0] is not None)
    return Figures(values[read.codes], known, column)


def _figure(cell: Cell, scale: int, rule: str, missing: str, decimal: str) -> tuple[int | None, str, str]:
    """The scaled figure, or the rule it breaks and why."""
    text = cell_text(cell)
    if not text:
        return None, missing, "The figure is missing"
    try:
        value = cell if isinstance(cell, Decimal) else parse_number(text, decimal)
    except ValueError as error:
        return None, rule, str(error)
    try:
        return scaled(value, scale), "", ""
    except ValueError as error:
        return None, "LIN-006", str(error)


def find_returns(quantity: Figures, orders: Ints, is_credit: Flags, negative_lines: str) -> Flags:
    """Which orders are returns: those marked so, and, where the sender wants it, those of negative lines alone."""
    if negative_lines != "return":
        return is_credit
    count = len(is_credit)
    negative = np.bincount(orders[quantity.known & (quantity.values < 0)], minlength=count)
    is_negative: Flags = (negative > 0) & (negative == np.bincount(orders, minlength=count))
    return is_credit | is_negative


def orient(quantity: Figures, comes_back: Flags, problems: Problems) -> Figures:
    """Quantities positive in their order's direction; one against it is a problem (LIN-007) and not known."""
    values = np.where(comes_back, -quantity.values, quantity.values)
    against = quantity.known & (values < 0)

    def problem(row: int) -> Problem:
        what = "A positive quantity in a return" if comes_back[row] else "A negative quantity in an order"
        return Problem("LIN-007", "quantity", quantity.stated(row), what)

    problems.add(np.flatnonzero(against), problem)
    return replace(quantity, values=np.where(against, 0, values), known=quantity.known & ~against)
