"""What demand was: order lines by item, warehouse and day, with one-off bulk orders told apart."""

import numpy as np
import pandas as pd

BULK_Z = 4.0  # robust standard deviations, of the logarithm of an order's quantity
BULK_FACTOR = 3.0  # and so many times the item's largest usual order
LEAST_ORDERS = 5  # fewer others say nothing about what is usual
MAD_TO_SD = 1.4826
_LEAST_SPREAD = 0.5  # in logarithms: items that always sell in one size would make every other size a wonder
DAY_COLUMNS = ("item_id", "warehouse", "day", "quantity_e3", "is_stockout", "is_bulk")
_KEYS = ["item_id", "warehouse"]


def is_bulk_order(lines: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each line belongs to a one-off bulk order of its item, by position in `lines`.

    `lines` has item_id, warehouse, order_id, quantity_e3 (net, above 0). What one order takes of an item at a
    warehouse counts together. It is bulk if it is BULK_Z robust standard deviations above the item's median order and
    BULK_FACTOR times the largest order that is not; a size that comes again is no one-off.
    """
    orders = lines.groupby([*_KEYS, "order_id"], as_index=False, observed=True)["quantity_e3"].sum()
    size = np.log(orders["quantity_e3"])
    by_item = [orders["item_id"], orders["warehouse"]]
    middle = size.groupby(by_item, observed=True).transform("median")
    spread = (size - middle).abs().groupby(by_item, observed=True).transform("median") * MAD_TO_SD
    count = size.groupby(by_item, observed=True).transform("size")
    is_far = (size - middle > BULK_Z * spread.clip(lower=_LEAST_SPREAD)) & (count > LEAST_ORDERS)
    usual = orders["quantity_e3"].where(~is_far).groupby(by_item, observed=True).transform("max")
    largest_other = _second_largest(orders)
    is_alone = orders["quantity_e3"] > BULK_FACTOR * np.maximum(usual, largest_other)
    marked = orders.assign(is_bulk=is_far & is_alone)[[*_KEYS, "order_id", "is_bulk"]]
    return lines[[*_KEYS, "order_id"]].merge(marked, on=[*_KEYS, "order_id"], how="left")["is_bulk"]


def _second_largest(orders: pd.DataFrame) -> "pd.Series[float]":
    """For an item's largest order the next largest, for the others the largest."""
    ranked = orders.groupby(_KEYS, observed=True)["quantity_e3"]
    largest = ranked.transform("max")
    is_first = ranked.rank(method="first", ascending=False) == 1
    second = orders["quantity_e3"].where(~is_first).groupby([orders[k] for k in _KEYS], observed=True).transform("max")
    return second.where(is_first, largest).fillna(0)


def daily_demand(lines: pd.DataFrame) -> pd.DataFrame:
    """DAY_COLUMNS of `lines` (item_id, warehouse, order_id, day, quantity_e3), `is_stockout` False.

    Quantities are net of cancellations and returns. Lines of which nothing is left are no demand. A day is
    bulk if a bulk order is on it.
    """
    left = lines[lines["quantity_e3"] > 0].reset_index(drop=True)
    left = left.assign(is_bulk=is_bulk_order(left).to_numpy())
    days = left.groupby([*_KEYS, "day"], as_index=False, observed=True).agg(
        quantity_e3=("quantity_e3", "sum"), is_bulk=("is_bulk", "max")
    )
    return days.assign(is_stockout=False, is_bulk=days["is_bulk"].astype(bool))[list(DAY_COLUMNS)]
