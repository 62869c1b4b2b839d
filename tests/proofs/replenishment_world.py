"""A warehouse and its suppliers, day by day, for any rule that names levels and lots."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

Decision = Callable[[date], tuple[np.ndarray, np.ndarray]]
"""Levels and lots, asked once a week."""


class World(NamedTuple):
    """`demand` a day and item, from the first day simulated; lead times and purchase prices an item."""

    items: np.ndarray
    demand: np.ndarray
    lead_days: np.ndarray
    lead_sd_days: np.ndarray
    prices: np.ndarray


class Outcome(NamedTuple):
    """`share` of the wanted quantity, by value, that was on the shelf; `lines`: of items' order days, those served in full."""

    share: float
    lines: float
    stock: float
    value: float
    safety_days: float = 0.0


def simulate(world: World, decide: Decision, start: date, measured: date, seed: int = 3) -> Outcome:
    """Serve each day's demand, let what is missing wait, and order in the evening what brings the position to level plus lot.

    What is ordered on a day comes its lead time later, drawn each time (the same draws for every rule). The shelf is
    filled at first with what the rule itself would have there on average; days before `measured` are not counted.
    """
    days, count = world.demand.shape
    rng = np.random.default_rng(seed)
    lead = np.maximum(1, np.rint(rng.normal(world.lead_days, world.lead_sd_days, (days, count)))).astype("int64")
    arriving = np.zeros((days + lead.max() + 2, count))
    level, lot = decide(start)
    on_hand, waiting, coming = np.ceil(level + lot / 2), np.zeros(count), np.zeros(count)
    served, stock = np.zeros((days, count)), np.zeros((days, count))
    for day in range(days):
        if day % 7 == 0:
            level, lot = decide(start + timedelta(days=day))
        on_hand, coming = on_hand + arriving[day], coming - arriving[day]
        late = np.minimum(on_hand, waiting)
        on_hand, waiting = on_hand - late, waiting - late
        served[day] = np.minimum(on_hand, world.demand[day])
        on_hand, waiting = on_hand - served[day], waiting + world.demand[day] - served[day]
        stock[day] = on_hand
        position = on_hand + coming - waiting
        order = np.where(position <= level, np.ceil(np.maximum(level + lot - position, 0)), 0)
        coming = coming + order
        np.add.at(arriving, (day + lead[day], np.arange(count)), order)
    counted = slice((measured - start).days, days)
    wanted, got = world.demand[counted], served[counted]
    in_full = (got >= wanted - 1e-9) & (wanted > 0)
    return Outcome(
        float((got * world.prices).sum() / (wanted * world.prices).sum()),
        float(in_full.sum() / (wanted > 0).sum()),
        float(stock[counted].sum(axis=1).mean()),
        float((stock[counted] * world.prices).sum(axis=1).mean()),
    )
