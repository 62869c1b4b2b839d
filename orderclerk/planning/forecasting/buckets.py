"""A demand history as matrices: a row for each item and warehouse, a column a week or a day, NaN where unknown."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orderclerk.planning.forecasting.recurrences import Floats

MAX_DAYS = 3 * 364  # older demand says little, and every column costs
LEAST_KNOWN = 4 / 7  # of a period; with fewer days in stock it counts as unknown
DAILY_DENSITY, DAILY_DAYS = 0.5, 56  # demand on half of all days, over eight weeks at least: worth daily buckets
DAILY_HISTORY = 26 * 7


class Days(NamedTuple):
    """History rows as arrays: `series` (row of `keys`), `age` (days before as_of, from 1 on), quantities in units."""

    keys: pd.DataFrame  # item_id, warehouse, sorted
    series: NDArray[np.int64]
    age: NDArray[np.int64]
    sold: Floats
    usual: Floats  # the same with one-off bulk days brought down to the largest other day
    is_out: NDArray[np.bool_]
    first_age: NDArray[np.int64]  # of each series: its history begins that many days before as_of
    as_of: pd.Timestamp


class Buckets(NamedTuple):
    """`sold` and `usual` [series, period] in units a period, NaN where too little is known."""

    sold: Floats
    usual: Floats
    period_days: int


def read_days(history: pd.DataFrame, as_of: pd.Timestamp) -> Days:
    """The rows of `history` before `as_of` (docs/contracts.md), those older than MAX_DAYS left out.

    A series begins with its first row, but leading days without demand are left out: the item was not known yet.
    Raises KeyError for a missing column.
    """
    age = (as_of - history["day"]).dt.days.to_numpy()
    rows = history[(age >= 1) & (age <= MAX_DAYS)]
    age = age[(age >= 1) & (age <= MAX_DAYS)].astype("int64")
    # an item all of whose rows are too old is still a series: one without demand
    keys = history[["item_id", "warehouse"]].drop_duplicates().sort_values(["item_id", "warehouse"], ignore_index=True)
    series = _place(keys, rows)
    sold = np.maximum(rows["quantity_e3"].to_numpy(dtype="float64"), 0.0) / 1_000
    is_bulk = rows["is_bulk"].to_numpy(dtype=bool)
    ordinary = np.zeros(len(keys))
    np.maximum.at(ordinary, series[~is_bulk], sold[~is_bulk])
    cap = np.where(ordinary > 0, ordinary, np.inf)[series]
    first_age = np.zeros(len(keys), dtype="int64")
    np.maximum.at(first_age, series[sold > 0], age[sold > 0])
    usual = np.where(is_bulk, np.minimum(sold, cap), sold)
    return Days(keys, series, age, sold, usual, rows["is_stockout"].to_numpy(dtype=bool), first_age, as_of)


def _place(keys: pd.DataFrame, rows: pd.DataFrame) -> NDArray[np.int64]:
    """The row of `keys` that each of `rows` belongs to."""
    places = pd.MultiIndex.from_frame(keys)
    return np.asarray(places.get_indexer(pd.MultiIndex.from_frame(rows[["item_id", "warehouse"]])), dtype="int64")


def select(days: Days, chosen: NDArray[Any]) -> Days:
    """The days of the `chosen` series (row numbers of `keys`, ascending) alone."""
    new_place = np.full(len(days.keys), -1)
    new_place[chosen] = np.arange(len(chosen))
    kept = new_place[days.series] >= 0
    return Days(
        days.keys.iloc[chosen].reset_index(drop=True),
        new_place[days.series[kept]],
        days.age[kept],
        days.sold[kept],
        days.usual[kept],
        days.is_out[kept],
        days.first_age[chosen],
        days.as_of,
    )


def is_dense(days: Days) -> NDArray[np.bool_]:
    """The series with demand on enough days for daily buckets."""
    count = np.bincount(days.series[days.sold > 0], minlength=len(days.keys))
    out = np.bincount(days.series[days.is_out & (days.sold <= 0)], minlength=len(days.keys))
    known = np.maximum(days.first_age - out, 1)
    dense: NDArray[np.bool_] = (days.first_age >= DAILY_DAYS) & (count / known >= DAILY_DENSITY)
    return dense


def in_buckets(days: Days, period_days: int, most_days: int = MAX_DAYS) -> Buckets:
    """Demand in periods that end with the day before as_of.

    Days out of stock are unknown, not empty: a period of which enough is known stands for the whole in proportion
    (never for less than what was sold), else it is unknown.
    """
    longest = int(min(days.first_age.max(initial=period_days), most_days))
    columns = -(-longest // 7) * 7 // period_days  # whole weeks, so that weekly and daily buckets end and begin alike
    column = columns - 1 - (days.age - 1) // period_days
    kept = (column >= 0) & (days.age <= days.first_age[days.series])
    shape = (len(days.keys), columns)
    place = days.series[kept] * columns + column[kept]
    out = days.is_out[kept]

    def total(weights: Floats) -> Floats:
        return np.bincount(place, weights, minlength=shape[0] * shape[1]).astype("float64").reshape(shape)

    since_first = days.first_age[:, None] - period_days * np.arange(columns - 1, -1, -1)[None, :]
    # the first period counts whole: an item is not more wanted for having begun late in a week
    known = np.where(since_first > 0, period_days, 0) - total(out.astype(float))
    share = np.where(known >= period_days * LEAST_KNOWN, known / period_days, np.nan)

    def whole(quantity: Floats) -> Floats:
        return np.maximum(total(quantity), total(np.where(out, 0.0, quantity)) / share)

    return Buckets(whole(days.sold[kept]), whole(days.usual[kept]), period_days)
