"""A sender's table as a line frame: rows to lines, equal references to orders, nothing left out.

Every row of the table is in the frame or among the unreadable. Set-based: distinct values are interpreted once, rows
are moved by numpy; only rows with problems are touched one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from connectors.files.columns import HEADER_COLUMNS
from connectors.files.headers import AMOUNTS, DATES, Problems, identifiers, settle_header
from connectors.files.lines import Figures, find_returns, orient, read_figures
from connectors.files.outcomes import unreadable
from connectors.files.tables import Column, Flags, Ints, Table, cell_text, first_rows
from orderclerk.domain.lineframe import HEADER_TEXT, conform
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import Unreadable


@dataclass(frozen=True)
class Origin:
    """What the envelope says about every order in it."""

    source: str
    partner: str
    version_at: datetime | None


def read_lines(
    table: Table, places: Mapping[str, int], mapping: SenderMapping, origin: Origin
) -> tuple[pd.DataFrame, tuple[Unreadable, ...]]:
    """The line frame of `table`, whose columns of ours stand at `places`, and the rows that belong to no order."""
    columns = {name: table.columns[place] for name, place in places.items()}
    has_order, has_line = _has_any(columns, ("order_ref",)), _has_any(columns, _LINE_SIGNS)
    misfits = [_homeless(table, int(row)) for row in np.flatnonzero(~has_order)]
    misfits += [_lineless(table, int(row)) for row in np.flatnonzero(has_order & ~has_line)]
    kept = np.flatnonzero(has_order & has_line)
    taken = {name: column.take(kept) for name, column in columns.items()}
    frame = _Lines(taken, mapping, origin, table.rows[kept]).frame()
    return frame, (*table.unreadable, *misfits)


_LINE_SIGNS = ("item_ref", "barcode", "description", "quantity")


def _has_any(columns: Mapping[str, Column], names: tuple[str, ...]) -> Flags:
    parts = [columns[name].where(lambda cell: bool(cell_text(cell))) for name in names if name in columns]
    return np.logical_or.reduce(parts)  # type: ignore[no-any-return]


def _homeless(table: Table, row: int) -> Unreadable:
    number = table.rows[row]
    return unreadable(f"row {number}", table.raw(row), "ROW-001", f"Row {number} has no order reference")


def _lineless(table: Table, row: int) -> Unreadable:
    number = table.rows[row]
    return unreadable(f"row {number}", table.raw(row), "ROW-002", f"Row {number} names neither item nor quantity")


class _Lines:
    """One table on its way to a frame; `orders` is each row's order, in order of first appearance."""

    def __init__(self, columns: Mapping[str, Column], mapping: SenderMapping, origin: Origin, rows: Ints) -> None:
        self.columns, self.mapping, self.origin, self.rows = columns, mapping, origin, rows
        references = identifiers(columns["order_ref"])
        used, self.orders = np.unique(references.codes, return_inverse=True)
        self.references = Column(np.arange(len(used), dtype=np.int64), tuple(references.values[code] for code in used))
        self.order_problems, self.problems = Problems(len(used)), Problems(len(rows))

    def frame(self) -> pd.DataFrame:
        """The line frame."""
        return conform(pd.DataFrame(self._headers() | self._lines(), index=pd.RangeIndex(len(self.rows))))

    def _headers(self) -> dict[str, Any]:
        header = {name: self._header(name) for name in HEADER_COLUMNS}
        header["customer_key"] = self._partner_key(header)
        data: dict[str, Any] = {name: self._spread(header[name]).text() for name in HEADER_TEXT if name in header}
        data |= {name: self._spread(header[name]).objects() for name in DATES}
        stamp = pd.Series([self.origin.version_at], dtype="datetime64[us, UTC]")
        return data | {
            "source": self._constant(self.origin.source).text(),
            "order_ref": self._spread(self.references).text(),
            "has_own_ref": np.ones(len(self.rows), dtype=np.bool_),
            **{f"{name}_e4": self._spread(header[name]).integers() for name in AMOUNTS},
            "version_at": stamp.take(np.zeros(len(self.rows), dtype=np.int64)).array,
            "order_problems": self.order_problems.items[self.orders],
        }

    def _header(self, name: str) -> Column:
        if name in self.columns:
            column = settle_header(name, self.columns[name], self.orders, self.order_problems, self.mapping)
        else:
            column = Column.constant(None if name in (*DATES, *AMOUNTS) else "", len(self.references.codes))
        default = {"currency": "currency", "language": "language", "customer_number": "customer_number"}.get(name)
        return column.map(lambda value: value or getattr(self.mapping, default)) if default else column

    def _partner_key(self, header: Mapping[str, Column]) -> Column:
        """`partner:<sender>` where the file itself says nothing about who orders."""
        told = [header[name].where(bool) for name in ("customer_number", "customer_email", "customer_name")]
        is_told = np.logical_or.reduce(told).astype(np.int64)
        return Column(is_told, (f"partner:{self.origin.partner}", ""))

    def _lines(self) -> dict[str, Any]:
        quantity, price, comes_back = self._figures()
        item, barcode = self._identifier("item_ref"), self._identifier("barcode")
        return {
            "kind": Column(comes_back[self.orders].astype(np.int64), ("order", "return")).text(),
            "line_ref": self._line_refs(),
            "item_ref": item.text(),
            "barcode": barcode.text(),
            "description": self._text("description").text(),
            "unit": self._text("unit").text(),
            "row": ("row " + pd.Series(self.rows).astype("str")).array,
            "quantity_e3": quantity.nullable(),
            "unit_price_e4": price.nullable(),
            "line_total_e4": self._read_figures("line_total").nullable(),
            "is_charge": item.where(lambda ref: ref in self.mapping.charge_items),
            "problems": self.problems.items,
        }

    def _figures(self) -> tuple[Figures, Figures, Flags]:
        """Quantities in their order's direction, prices, and which orders are returns."""
        stated, price = (self._read_figures(name) for name in ("quantity", "unit_price"))
        prefix = self.mapping.cancel_prefix
        is_credit = self.references.where(lambda ref: bool(prefix) and ref.startswith(prefix))
        comes_back = find_returns(stated, self.orders, is_credit, self.mapping.negative_lines)
        return orient(stated, comes_back[self.orders], self.problems), price, comes_back

    def _read_figures(self, name: str) -> Figures:
        column = self.columns.get(name) or self._constant("")
        return read_figures(column, name, self.mapping.decimal, self.problems)

    def _line_refs(self) -> Any:
        """The sender's own line references where an order's are all there and differ; its running numbers elsewhere."""
        running: Ints = pd.Series(self.orders).groupby(self.orders).cumcount().to_numpy().astype(np.int64)
        numbers = Column(running, tuple(str(number + 1) for number in range(running.max(initial=-1) + 1)))
        stated = self._identifier("line_ref")
        pairs = pd.Series(self.orders * max(len(stated.values), 1) + stated.codes)
        unfit = pairs.duplicated(keep=False).to_numpy() | ~stated.where(bool)
        is_unfit = first_rows(self.orders, len(self.references.codes), np.flatnonzero(unfit)) >= 0
        return pd.array(np.where(is_unfit[self.orders], numbers.objects(), stated.objects()), dtype="str")

    def _identifier(self, name: str) -> Column:
        return identifiers(self._text(name))

    def _text(self, name: str) -> Column:
        return self.columns[name].map(cell_text) if name in self.columns else self._constant("")

    def _constant(self, value: str) -> Column:
        return Column.constant(value, len(self.rows))

    def _spread(self, header: Column) -> Column:
        """One value an order as one value a row."""
        return Column(header.codes[self.orders], header.values)
