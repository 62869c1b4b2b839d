"""When two documents are the same: the hash of what was read, and the fingerprint that crosses channels."""

from hashlib import sha256

import pandas as pd

from orderclerk.domain.lineframe import HEADER_TEXT

_HEADER = [*HEADER_TEXT, "order_date", "requested_date", "total_e4"]
_LINE = ["line_ref", "item_ref", "barcode", "description", "unit", "quantity_e3", "unit_price_e4"]
_SEPARATOR = "\x1f"


def content_hashes(headers: pd.DataFrame, lines: pd.DataFrame) -> "pd.Series[str]":
    """SHA-256 of everything each order says, one per row of `headers`.

    `lines` has the column `order` with the index of its order in `headers`. The place in the file (`row`), the version
    stamp and the envelope do not count: the same order in another file is the same.
    """
    bodies = _joined(lines, _LINE).groupby(lines["order"], sort=False).agg("\x1e".join)
    heads = _joined(headers, _HEADER)
    whole = heads + "\x1d" + bodies.reindex(headers.index).fillna("")
    return whole.map(_digest).astype("str")


def fingerprints(headers: pd.DataFrame, lines: pd.DataFrame) -> "pd.Series[str]":
    """What two writings of one order share: customer, items and quantities. "" where customer or an item is unknown.

    `headers` has customer_id; `lines` has order, item_id, quantity_e3, is_charge. Charges do not count.
    """
    goods = lines[~lines["is_charge"]]
    unknown = goods.loc[(goods["item_id"] == 0) | goods["quantity_e3"].isna(), "order"].unique()
    part = goods["item_id"].astype(str) + "x" + goods["quantity_e3"].astype("str").fillna("")
    bodies = part.groupby(goods["order"], sort=False).agg(lambda parts: "+".join(sorted(parts)))
    whole = headers["customer_id"].astype(str) + ":" + bodies.reindex(headers.index)
    known = bodies.reindex(headers.index).notna() & (headers["customer_id"] > 0) & ~headers.index.isin(unknown)
    return whole.where(known, "").map(lambda text: _digest(text) if text else "").astype("str")


def _joined(frame: pd.DataFrame, columns: list[str]) -> "pd.Series[str]":
    joined = frame[columns[0]].astype("str").fillna("")
    for column in columns[1:]:
        joined = joined + _SEPARATOR + frame[column].astype("str").fillna("")
    return joined


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
