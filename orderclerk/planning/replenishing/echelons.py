"""How much safety stock to keep where, when warehouses supply each other.

`place_safety_stock` (guaranteed service, a tree): each stage promises its customers a time; the stock that keeps the
promises costs the least. `chain_levels` (stochastic service, a chain): exact order-up-to levels where customers wait.
Sources: Graves and Willems, Optimizing strategic safety stock placement in supply chains (2000); Clark and Scarf,
Optimal policies for a multi-echelon inventory problem (1960); Snyder and Shen (2019), chapter 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from orderclerk.planning.replenishing.losses import Floats


@dataclass(frozen=True)
class Stage:
    """One place that keeps stock. Times in whole periods; `suppliers` are keys of other stages.

    `demand_sd` a period of its own customers, 0 where it serves other stages alone. `promise` is the longest time its
    own customers may wait, None where it has none. `inbound` is what an outside supplier takes. `processing` is the
    time from having everything to being ready; `factor` the standard deviations of demand to be safe against.
    """

    holding_cost: float
    processing: int
    factor: float
    suppliers: tuple[Any, ...] = ()
    demand_sd: float = 0.0
    promise: int | None = None
    inbound: int = 0


class Placement(NamedTuple):
    """`promised`: the time each stage promises those it supplies; `cost` of the safety stock a period."""

    promised: dict[Any, int]
    cost: float


@dataclass
class _Tree:
    stages: Mapping[Any, Stage]
    customers: dict[Any, list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.customers = {
            key: [other for other, one in self.stages.items() if key in one.suppliers] for key in self.stages
        }

    def variance(self, key: Any) -> float:
        """Of the demand that reaches a stage, its own and its customers' stages'."""
        return self.stages[key].demand_sd ** 2 + sum(self.variance(one) for one in self.customers[key])

    def longest(self, key: Any) -> int:
        stage = self.stages[key]
        return stage.processing + max([stage.inbound, *(self.longest(one) for one in stage.suppliers)])


def place_safety_stock(stages: Mapping[Any, Stage]) -> Placement:
    """The promised times of least holding cost, exactly. Raises ValueError where the stages are no tree."""
    tree = _Tree(stages)
    links = sum(len(stage.suppliers) for stage in stages.values())
    if links != len(stages) - 1:
        raise ValueError(f"{len(stages)} stages with {links} links are no tree")
    longest = {key: tree.longest(key) for key in stages}
    sd = {key: tree.variance(key) ** 0.5 for key in stages}

    @cache
    def as_supplier(key: Any, promise: int, came_from: Any) -> tuple[float, tuple[tuple[Any, int], ...]]:
        """Cheapest way for the part of the tree behind `key`, seen from the stage it promises `promise` to."""
        return min(
            (stage_cost(key, promise, inbound, came_from) for inbound in inbounds(key)), key=lambda found: found[0]
        )

    @cache
    def as_customer(key: Any, inbound: int, came_from: Any) -> tuple[float, tuple[tuple[Any, int], ...]]:
        """The same, seen from a supplier that promises it `inbound`."""
        possible = [wait for wait in inbounds(key) if wait >= inbound]
        pairs = ((promise, wait) for wait in possible for promise in range(longest[key] + 1))
        return min((stage_cost(key, promise, wait, came_from) for promise, wait in pairs), key=lambda found: found[0])

    def inbounds(key: Any) -> range:
        return range(stages[key].inbound, longest[key] - stages[key].processing + 1)

    def stage_cost(key: Any, promise: int, inbound: int, came_from: Any) -> tuple[float, tuple[tuple[Any, int], ...]]:
        stage = stages[key]
        exposed = inbound + stage.processing - promise
        if exposed < 0 or (stage.promise is not None and promise > stage.promise):
            return np.inf, ()
        total = stage.holding_cost * stage.factor * sd[key] * exposed**0.5
        chosen: tuple[tuple[Any, int], ...] = ((key, promise),)
        for one in stage.suppliers:
            if one != came_from:
                ways = (as_supplier(one, early, key) for early in range(min(inbound, longest[one]) + 1))
                cost, more = min(ways, key=lambda found: found[0])
                total, chosen = total + cost, chosen + more
        for one in tree.customers[key]:
            if one != came_from:
                cost, more = as_customer(one, promise, key)
                total, chosen = total + cost, chosen + more
        return total, chosen

    root = next(iter(stages))
    every = (
        stage_cost(root, promise, inbound, None) for inbound in inbounds(root) for promise in range(longest[root] + 1)
    )
    cost, chosen = min(every, key=lambda found: found[0])
    return Placement(dict(chosen), float(cost))


class ChainLevels(NamedTuple):
    """Order-up-to levels of stock at and below each stage, the customers' end first, and the cost a period."""

    levels: list[float]
    cost: float


def chain_levels(
    holding_costs: Sequence[float],
    lead_times: Sequence[float],
    stockout_cost: float,
    demand: Any,
    levels: Sequence[float] | None = None,
) -> ChainLevels:
    """Exact levels for a chain under continuous review, the stage that serves customers first; or the cost of `levels`.

    `holding_costs` are echelon ones (what a stage adds to its supplier's). `demand(time)` is the frozen scipy
    distribution of demand over `time`. Levels lie on a grid: whole units for discrete demand, else 1/200 of the
    spread over the shortest lead time.
    """
    whole = hasattr(demand(1.0).dist, "pmf")
    step = 1.0 if whole else float(demand(min(lead_times)).std()) / 200
    total = demand(float(sum(lead_times)))
    margin = 10 * float(total.std()) + 10 * step
    low, high = -int((float(total.mean()) + margin) / step), int((float(total.mean()) + margin) / step)
    grid = step * np.arange(low, high + 1)
    penalty = stockout_cost + sum(holding_costs)
    below = penalty * np.maximum(-grid, 0)  # what a stage with too little costs those it serves
    found, cost = [], 0.0
    for stage, (holding, lead) in enumerate(zip(holding_costs, lead_times, strict=True)):
        expected = _expect(holding * grid + below, demand(lead), step, whole, slope=holding - penalty)
        best = int(np.argmin(expected) if levels is None else round(levels[stage] / step) - low)
        found.append(float(grid[best]))
        cost = float(expected[best])
        below = np.where(np.arange(len(grid)) < best, expected, cost)
    return ChainLevels(found, cost)


def _expect(values: Floats, demand: Any, step: float, whole: bool, slope: float) -> Floats:
    """E[values(y - D)] for each y of the grid; below the grid the values go on with `slope`."""
    from scipy.signal import fftconvolve

    count = len(values)
    points = step * np.arange(count)
    chance = demand.pmf(points) if whole else np.diff(demand.cdf(step * (np.arange(count + 1) - 0.5)))
    longer = np.concatenate([values[0] + slope * step * np.arange(-count, 0), values])
    return np.asarray(fftconvolve(longer, chance)[count : 2 * count])
