"""What an item costs a customer: the price list's tier for the quantity, on the day."""

from fractions import Fraction
from typing import Any

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


def price_holds(lines: pd.DataFrame, tolerance_percent: float) -> pd.DataFrame:
    """Holds on prices: order_id, line_no, rule, reason, evidence.

    `lines` are goods with unit_price_e4 (<NA>: the customer named none), list_price_e4 and price_list. The tolerance
    is a share of the list price, in either direction.
    """
    unlisted = lines[lines["list_price_e4"].isna()]
    stated = lines[lines["list_price_e4"].notna() & lines["unit_price_e4"].notna() & (lines["unit_price_e4"] != 0)]
    other = stated[stated["unit_price_e4"] != stated["list_price_e4"]]
    off = other[[_is_off(row, Fraction(str(tolerance_percent)) / 100) for row in other.itertuples()]]
    rows = [_unlisted(row) for row in unlisted.itertuples()] + [_off_list(row) for row in off.itertuples()]
    return pd.DataFrame(rows, columns=["order_id", "line_no", "rule", "reason", "evidence"])


def _is_off(row: Any, tolerance: Fraction) -> bool:
    return abs(int(row.unit_price_e4) - int(row.list_price_e4)) > int(row.list_price_e4) * tolerance


def _unlisted(row: Any) -> tuple[Any, ...]:
    reason = f"price list {row.price_list or '(none)'} has no price for {row.item_ref}"
    return row.order_id, row.line_no, "PRC-002", reason, {"price_list": row.price_list, "item": row.item_ref}


def _off_list(row: Any) -> tuple[Any, ...]:
    price, listed = (str(unscaled(value, PRICE_SCALE)) for value in (row.unit_price_e4, row.list_price_e4))
    evidence = {"price": price, "list_price": listed, "price_list": row.price_list}
    return row.order_id, row.line_no, "PRC-001", f"{row.item_ref} at {price}, the list says {listed}", evidence
