"""The level to order at, so that a stated share of what customers want is on the shelf when they want it.

The share is that of a group of items together (all that have the same target), reached with the least stock: the last
unit of stock then saves the same shortage wherever it lies, so an item that sells wildly gets less than the group's
share and a steady one more.
Demand over the lead time and a review period is taken as normal where it is smooth and as gamma (a negative binomial
without whole units) where it is intermittent or lumpy; its variance has three parts: the days' own, the lead time's
and the forecast's. Under periodic review with lots of Q the position after a review lies evenly on (s, s + Q], so the
shortage a review period is the mean of E[(D(L+R) - y)+] - E[(D(L) - y)+] over that interval.
Sources: Hadley and Whitin, Analysis of Inventory Systems (1963), sections 5-2 and 5-5; Silver, Pyke and Thomas,
Inventory and Production Management in Supply Chains (4th ed., 2017), sections 6.7 and 6.10.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from orderclerk.planning.replenishing.losses import Floats, demand_loss, demand_quantile

SMOOTH = frozenset({"smooth"})
LEAST = 1e-9  # below this a day's demand is none
SAMPLE = 500
ENOUGH = 200
GRID = 256
START_SHARES = (0.0, 0.5, 0.75, 0.9, 1.0, 1.2)
GAINS = (float(np.log(1e-9)), float(np.log(0.999)))


class Demand(NamedTuple):
    """Demand over the lead time alone, and over lead time and review period; a row an item."""

    lead_mean: Floats
    lead_sd: Floats
    mean: Floats
    sd: Floats
    is_normal: npt.NDArray[Any]


def steadied_spread(daily_mean: Floats, daily_sd: Floats) -> Floats:
    """Each item's spread, drawn half-way (in variances) to what items of its demand have.

    A spread measured over a few months is itself very unsure; over many items it grows as a power of the mean (Taylor,
    1961; Silver, Pyke and Thomas, section 4.2). Left as it is where there are fewer than ENOUGH items to tell.
    """
    rows = (daily_mean > LEAST) & (daily_sd > LEAST)
    if rows.sum() < ENOUGH:
        return daily_sd
    size, spread = np.log(daily_mean[rows]), np.log(daily_sd[rows])
    if np.ptp(size) < LEAST:
        return daily_sd
    usual = np.polyval(np.polyfit(size, spread, 1), size)
    steadied = daily_sd.copy()
    steadied[rows] = np.sqrt((np.exp(2 * spread) + np.exp(2 * usual)) / 2)
    return steadied


def demand_until_next(
    daily_mean: Floats,
    daily_sd: Floats,
    lead_days: Floats,
    lead_sd_days: Floats,
    review_days: Floats,
    mean_sd: Floats,
    is_normal: npt.NDArray[np.bool_],
) -> Demand:
    """Demand until goods ordered now, or at the next review, can be here; `mean_sd` is the spread of the mean."""

    def spread(days: Floats) -> Floats:
        return np.sqrt(daily_sd**2 * days + (daily_mean * lead_sd_days) ** 2 + (mean_sd * days) ** 2)

    cover = lead_days + review_days
    return Demand(daily_mean * lead_days, spread(lead_days), daily_mean * cover, spread(cover), is_normal)


def fill_rate(level: Floats, lot: Floats, demand: Demand) -> Floats:
    """Share of demand served from the shelf when ordering at `level` in lots of `lot` (> 0)."""
    return 1 - _shortage(level, lot, demand) / np.maximum(demand.mean - demand.lead_mean, LEAST)


def levels_for_fill_rate(
    target: Floats, lot: Floats, demand: Demand, value: Floats, kind: npt.NDArray[Any] | None = None
) -> Floats:
    """The levels of least stock that serve, of the value wanted of all rows of one target, that share; never below 0.

    `value` of a unit (> 0) weighs both what is missing and what lies there. Rows of another `kind` are another group.
    """
    level = np.where((demand.mean > LEAST) & (demand.sd <= 0), demand.mean, 0.0)
    open_rows = (demand.mean > LEAST) & (demand.sd > 0)
    kinds = np.zeros(len(target)) if kind is None else kind
    for share, one in sorted(set(zip(target[open_rows], kinds[open_rows], strict=True))):
        rows = open_rows & (target == share) & (kinds == one)
        level[rows] = _group_levels(float(share), lot[rows], _part(demand, rows), value[rows])
    return level


def _group_levels(target: float, lot: Floats, demand: Demand, value: Floats) -> Floats:
    wanted = value * (demand.mean - demand.lead_mean)
    rows, times = _sample(wanted)
    allowed = (1 - target) * float((wanted[rows] * times).sum())
    gain = _gain_for_shortage(allowed, lot[rows], _part(demand, rows), value[rows] * times)
    return _levels_of_gain(gain, lot, demand) if gain < 1 else np.zeros(len(lot))


def _gain_for_shortage(allowed: float, lot: Floats, demand: Demand, weight: Floats) -> float:
    """What the last unit must save, so that all rows together are short of `allowed`; 1 where lots alone suffice.

    Gain and shortage are laid out on a grid of levels once, and the gain is then found by halving.
    """
    shares = np.linspace(0, 1, GRID)[:, None] ** 2
    grid = shares * _top(demand)
    gains = np.maximum.accumulate(_gain(grid, lot, demand)[::-1])[::-1]  # at this level or any above
    short = _shortage(grid, lot, demand)
    low, high = GAINS
    for _ in range(30):
        middle = (low + high) / 2
        at = np.maximum((gains > np.exp(middle)).sum(axis=0) - 1, 0)
        total = float((weight * np.take_along_axis(short, at[None], 0)[0]).sum())
        low, high = (middle, high) if total <= allowed else (low, middle)
    return float(np.exp(low)) if low < GAINS[1] - 1e-6 else 1.0


def _top(demand: Demand) -> Floats:
    """A level that no demand to speak of goes beyond."""
    return np.asarray(demand.mean + 15 * demand.sd * (1 + demand.sd / demand.mean))


def _levels_of_gain(gain: float, lot: Floats, demand: Demand) -> Floats:
    """The levels at which one more unit would save `gain` units of shortage a review period."""
    from scipy.optimize import elementwise

    start = _last_gain_above(gain, lot, demand)
    rows = start >= 0
    level = np.zeros(len(lot))
    if not rows.any():
        return level
    part, lots = _part(demand, rows), lot[rows]
    top = _top(part)

    def gained(levels: Floats, some_lots: Floats, *columns: Any) -> Floats:
        left = np.maximum(_gain(levels, some_lots, Demand(*columns)), 1e-30)
        return np.asarray(np.log(left) - np.log(gain))

    found = elementwise.find_root(
        gained, (start[rows], top), args=(lots, *part), tolerances={"xatol": 1e-3, "xrtol": 1e-3}
    )
    level[rows] = np.where(found.success, found.x, top)
    return level


def _last_gain_above(gain: float, lot: Floats, demand: Demand) -> Floats:
    """The highest of a few levels where a unit still saves more than `gain`; -1 where none does.

    Far below the demand of the lead time a unit saves nothing either, so the search begins above that.
    """
    start = np.full(len(lot), -1.0)
    for share in START_SHARES:
        level = share * demand.mean
        start = np.where(_gain(level, lot, demand) > gain, level, start)
    return start


def _sample(wanted: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Rows that stand for all, and for how many each: the largest, and of the others every so manieth by size."""
    order = np.argsort(-wanted, kind="stable")
    if len(order) <= 2 * SAMPLE:
        return order, np.ones(len(order))
    every = (len(order) - SAMPLE) // SAMPLE
    others = order[SAMPLE + every // 2 :: every]
    times = (len(order) - SAMPLE) / len(others)
    return np.concatenate([order[:SAMPLE], others]), np.concatenate([np.ones(SAMPLE), np.full(len(others), times)])


def level_for_no_stockout(target: Floats, demand: Demand) -> Floats:
    """The level that demand stays within, until the next order can be here, with probability `target`."""
    has_demand = (demand.mean > LEAST) & (demand.sd > 0)
    mean, sd = np.where(has_demand, demand.mean, 1.0), np.where(has_demand, demand.sd, 1.0)
    level = demand_quantile(target, mean, sd, demand.is_normal)
    return np.where(has_demand, np.maximum(level, 0), demand.mean)


def _shortage(level: Floats, lot: Floats, demand: Demand) -> Floats:
    """Units short a review period, with the position after it even on (level, level + lot]."""
    lead_mean, lead_sd = np.maximum(demand.lead_mean, LEAST), np.maximum(demand.lead_sd, LEAST)
    mean, sd = np.maximum(demand.mean, LEAST), np.maximum(demand.sd, LEAST)
    until = demand_loss(level, mean, sd, demand.is_normal).second
    until_top = demand_loss(level + lot, mean, sd, demand.is_normal).second
    before = demand_loss(level, lead_mean, lead_sd, demand.is_normal).second
    before_top = demand_loss(level + lot, lead_mean, lead_sd, demand.is_normal).second
    return np.maximum((until - until_top - before + before_top) / lot, 0.0)


def _gain(level: Floats, lot: Floats, demand: Demand) -> Floats:
    """Units of shortage a review period that one more unit of level saves: minus the slope of `_shortage`."""
    until = demand_loss(level, demand.mean, demand.sd, demand.is_normal).first
    until_top = demand_loss(level + lot, demand.mean, demand.sd, demand.is_normal).first
    lead_mean, lead_sd = np.maximum(demand.lead_mean, LEAST), np.maximum(demand.lead_sd, LEAST)
    before = demand_loss(level, lead_mean, lead_sd, demand.is_normal).first
    before_top = demand_loss(level + lot, lead_mean, lead_sd, demand.is_normal).first
    return np.maximum((until - until_top - before + before_top) / lot, 0.0)


def _part(demand: Demand, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Demand:
    columns: list[Any] = [column[rows] for column in demand]
    return Demand(*columns)
