"""The batch as columns: one row an order line, its order's header repeated, whatever format it came in.

Exact without Decimal objects: quantities are int64 thousandths of the unit (`quantity_e3`), prices int64
ten-thousandths of the currency unit (`unit_price_e4`); absent values are <NA>.
Text columns are never null, "" is absent.
"""

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation

import pandas as pd

from orderclerk.domain.reading import LineRead, OrderRead, Problem

QUANTITY_SCALE = 3
PRICE_SCALE = 4
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])  # the usual context rounds at 28 digits, unasked
MAX_SCALED = 10**15  # a quantity or price beyond this is a typing error, and products of two still fit

HEADER_TEXT = (
    "source", "order_ref", "kind", "customer_number", "customer_email", "customer_name", "customer_key",
    "customer_phone", "customer_po", "original_ref", "currency", "language", "recipient", "street", "city", "region",
    "postal_code", "country", "payment_method", "remarks",
)  # fmt: skip
HEADER_MORE = ("vat_number", "display_name", "reply_to", "authentication", "repeats", "thread_ref")
"""Text columns that a frame may leave out, and that no content hash counts: how it came, not what it says."""
HEADER_OTHER = (
    "has_own_ref", "order_date", "requested_date", "total_e4", "version_at", "order_problems", "tax_e4", "freight_e4",
    "discount_e4", "order_confidence", "order_evidence",
)  # fmt: skip
LINE_TEXT = ("line_ref", "item_ref", "barcode", "description", "unit", "row")
LINE_OTHER = ("quantity_e3", "unit_price_e4", "is_charge", "problems", "line_total_e4", "confidence", "evidence")
COLUMNS = (*HEADER_TEXT, *HEADER_MORE, *HEADER_OTHER, *LINE_TEXT, *LINE_OTHER)
_DEFAULTS: dict[str, object] = {
    **dict.fromkeys(HEADER_MORE, ""),
    **dict.fromkeys(("tax_e4", "freight_e4", "discount_e4", "line_total_e4"), pd.NA),
    **dict.fromkeys(("order_confidence", "confidence"), 1.0),
    **dict.fromkeys(("order_evidence", "evidence"), ()),
}

DTYPES: dict[str, str] = {
    **dict.fromkeys(HEADER_TEXT + HEADER_MORE + LINE_TEXT, "str"),
    **dict.fromkeys(("tax_e4", "freight_e4", "discount_e4", "line_total_e4"), "Int64"),
    **dict.fromkeys(("order_confidence", "confidence"), "float64"),
    **dict.fromkeys(("order_evidence", "evidence"), "object"),  # tuple[Evidence, ...]
    "has_own_ref": "bool",
    "is_charge": "bool",
    "quantity_e3": "Int64",
    "unit_price_e4": "Int64",
    "total_e4": "Int64",
    "order_date": "object",  # datetime.date or None
    "requested_date": "object",
    "version_at": "datetime64[us, UTC]",
    "order_problems": "object",  # tuple[Problem, ...]
    "problems": "object",
}


def scaled(value: Decimal | None, scale: int) -> int | None:
    """`value` in units of 10**-scale, exactly; None for None. Raises ValueError if it does not fit exactly."""
    if value is None:
        return None
    if not value.is_finite() or value.copy_abs() > MAX_SCALED // 10**scale:
        raise ValueError(f"{value} is out of range")
    try:
        return int(value.quantize(Decimal(1).scaleb(-scale), context=_EXACT).scaleb(scale))
    except Inexact as error:
        raise ValueError(f"{value} has more than {scale} decimals") from error


def unscaled(value: int, scale: int) -> Decimal:
    """The Decimal that `scaled` was given."""
    return Decimal(int(value)).scaleb(-scale)


def decimal_texts(column: "pd.Series[int]", scale: int) -> "pd.Series[str]":
    """A column of scaled integers as decimal text, exactly: 12500 at scale 3 is 12.500. Absent values stay absent."""
    digits = column.abs().astype("str").str.zfill(scale + 1)
    written = digits.str[:-scale] + "." + digits.str[-scale:]
    negative = (column < 0).fillna(False).astype(bool)
    return written.where(~negative, "-" + written).where(column.notna().to_numpy(), None)


def line_frame(orders: Iterable[OrderRead]) -> pd.DataFrame:
    """Orders as one line frame, in their order. An order without lines gives one row with an empty `line_ref`."""
    rows = [row for order in orders for row in _rows(order)]
    return conform(pd.DataFrame(rows, columns=list(COLUMNS)))


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with exactly COLUMNS in their types. Raises KeyError for a missing column that has no default."""
    absent = {name: _constant(value, len(frame)) for name, value in _DEFAULTS.items() if name not in frame}
    whole = frame.assign(**absent)
    return whole[list(COLUMNS)].astype(DTYPES).reset_index(drop=True)


def _constant(value: object, length: int) -> object:
    return [value] * length if isinstance(value, tuple) else value


def _rows(order: OrderRead) -> Iterable[tuple[object, ...]]:
    who, where = order.customer, order.delivery
    total, problems = _fitted(order.total, PRICE_SCALE, "total", order.problems)
    tax, problems = _fitted(order.tax, PRICE_SCALE, "tax", problems)
    freight, problems = _fitted(order.freight, PRICE_SCALE, "freight", problems)
    discount, problems = _fitted(order.discount, PRICE_SCALE, "discount", problems)
    header = (
        order.source, order.order_ref, str(order.kind), who.number, who.email, who.name, who.key, who.phone,
        order.customer_po, order.original_ref, order.currency, order.language, where.recipient, where.street,
        where.city, where.region, where.postal_code, where.country, order.payment_method, order.remarks,
        who.vat_number, who.display_name, who.reply_to, who.authentication, order.repeats, order.thread_ref,
        order.has_own_ref, order.order_date, order.requested_date, total, order.version_at, problems, tax, freight,
        discount, order.confidence, order.evidence,
    )  # fmt: skip
    for line in order.lines or (LineRead(line_ref="", item_ref="", quantity=None),):
        yield header + _line(line)


def _line(line: LineRead) -> tuple[object, ...]:
    quantity, problems = _fitted(line.quantity, QUANTITY_SCALE, "quantity", line.problems)
    price, problems = _fitted(line.unit_price, PRICE_SCALE, "unit_price", problems)
    text = (line.line_ref, line.item_ref, line.barcode, line.description, line.unit, line.row)
    total, problems = _fitted(line.line_total, PRICE_SCALE, "line_total", problems)
    return (*text, quantity, price, line.is_charge, problems, total, line.confidence, line.evidence)


def _fitted(
    value: Decimal | None, scale: int, field: str, problems: tuple[Problem, ...]
) -> tuple[int | None, tuple[Problem, ...]]:
    try:
        return scaled(value, scale), problems
    except ValueError as error:
        return None, (*problems, Problem("LIN-006", field, str(value), str(error)))
