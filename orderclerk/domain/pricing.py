"""What an item costs a customer: the price list's tier for the quantity, on the day."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from orderclerk.domain.lineframe import PRICE_SCALE, unscaled


def list_prices(lines: pd.DataFrame, prices: pd.DataFrame) -> "pd.Series[int]":
    """The list price of each line in ten-thousandths, <NA> where no list has one, in the index of `lines`.

    `lines` has price_list, currency, item_id, quantity_e3, day (ISO text); `prices` as
    `orderclerk.database.reference_data.prices` gives it. The tier is the highest min_quantity not above the quantity.
    """
    wanted = lines[["price_list", "currency", "item_id", "quantity_e3", "day"]].assign(at=range(len(lines)))
    offers = wanted.merge(prices, on=["price_list", "currency", "item_id"])
    applies = (
        (offers["min_quantity_e3"] <= offers["quantity_e3"].fillna(0))
        & (offers["valid_from"] <= offers["day"])
        & ((offers["valid_to"] == "") | (offers["day"] < offers["valid_to"]))
    )
    best = offers[applies].sort_values("min_quantity_e3", kind="stable").drop_duplicates("at", keep="last")
    found = pd.Series(best["list_price_e4"].to_numpy(), index=best["at"].to_numpy(), dtype="Int64")
    return found.reindex(range(len(lines))).set_axis(lines.index)


def price_holds(
    lines: pd.DataFrame, tolerance_percent: "float | pd.Series[float]", prices: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Holds on prices: order_id, line_no, rule, reason, evidence.

    `lines` are goods with unit_price_e4 (<NA>: the customer named none), list_price_e4 and price_list. The tolerance
    is a share of the list price, in either direction, one for all or one a line. A price that `prices` has for another
    quantity or another time is PRC-004, any other that is off the list PRC-001.
    """
    unlisted = lines[lines["list_price_e4"].isna()]
    stated = lines[lines["list_price_e4"].notna() & lines["unit_price_e4"].notna() & (lines["unit_price_e4"] != 0)]
    other = stated[stated["unit_price_e4"] != stated["list_price_e4"]]
    allowed = (
        tolerance_percent if isinstance(tolerance_percent, pd.Series) else pd.Series(tolerance_percent, lines.index)
    )
    shares = allowed.reindex(other.index)
    is_off = [_is_off(r, Fraction(str(share)) / 100) for r, share in zip(other.itertuples(), shares, strict=True)]
    off = other[np.array(is_off, dtype=bool)]
    known = _other_offers(off, prices) if prices is not None else {}
    rows = [_unlisted(row) for row in unlisted.itertuples()]
    rows += [_off_list(row, known.get(row.Index)) for row in off.itertuples()]
    return pd.DataFrame(rows, columns=["order_id", "line_no", "rule", "reason", "evidence"])


def _other_offers(lines: pd.DataFrame, prices: pd.DataFrame) -> dict[Any, Any]:
    """By the index of `lines`: the same list's offer at the stated price, which does not apply."""
    keys = ["price_list", "currency", "item_id"]
    wanted = lines[[*keys, "unit_price_e4"]].assign(at=lines.index)
    same = wanted.merge(prices, on=keys)
    same = same[same["unit_price_e4"] == same["list_price_e4"]].drop_duplicates("at")
    return {row.at: row for row in same.itertuples()}


def _is_off(row: Any, tolerance: Fraction) -> bool:
    return abs(int(row.unit_price_e4) - int(row.list_price_e4)) > int(row.list_price_e4) * tolerance


def _unlisted(row: Any) -> tuple[Any, ...]:
    reason = f"price list {row.price_list or '(none)'} has no price for {row.item_ref}"
    return row.order_id, row.line_no, "PRC-002", reason, {"price_list": row.price_list, "item": row.item_ref}


def _off_list(row: Any, offer: Any = None) -> tuple[Any, ...]:
    price, listed = (str(unscaled(value, PRICE_SCALE)) for value in (row.unit_price_e4, row.list_price_e4))
    evidence = {"price": price, "list_price": listed, "price_list": row.price_list}
    reason = f"{row.item_ref} at {price}, the list says {listed}"
    if offer is None:
        return row.order_id, row.line_no, "PRC-001", reason, evidence
    least = f"{unscaled(offer.min_quantity_e3, 3).normalize():f}"
    when = f"from {offer.valid_from}" + (f" until {offer.valid_to}" if offer.valid_to else "")
    evidence |= {"from quantity": least, "valid": when}
    return row.order_id, row.line_no, "PRC-004", f"{reason}; that price is for {least} or more, {when}", evidence
