"""When to buy what is known to be needed: lots over coming periods, and items ordered together.

Sources: Wagner and Whitin, Dynamic version of the economic lot size model (1958); Silver, A simple method of
determining order quantities in joint replenishments (1976); Snyder and Shen, Fundamentals of Supply Chain Theory.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Schedule(NamedTuple):
    """`quantities` to buy, one a period; `cost` of orders, holding and, where priced, goods."""

    quantities: list[float]
    cost: float


class JointOrder(NamedTuple):
    """Order every `interval` periods; item i joins every `every[i]`-th time with `quantities[i]`."""

    interval: float
    every: list[int]
    quantities: list[float]
    cost: float


def plan_lots(
    needs: Sequence[float], fixed_cost: float, holding_cost: float, prices: Sequence[float] | None = None
) -> Schedule:
    """The cheapest purchases that cover each period's need in time, exactly (dynamic programming, backwards).

    `holding_cost` a unit carried into the next period; `prices` a unit in each period, if they change.
    """
    periods, price = len(needs), list(prices or [0.0] * len(needs))
    best, until = [0.0] * (periods + 1), [periods] * (periods + 1)
    for first in reversed(range(periods)):
        best[first] = np.inf
        carried, bought = 0.0, 0.0
        for last in range(first, periods):
            bought += needs[last]
            carried += holding_cost * (last - first) * needs[last]
            cost = (fixed_cost if bought else 0.0) + price[first] * bought + carried + best[last + 1]
            if cost < best[first]:
                best[first], until[first] = cost, last + 1
    quantities, period = [0.0] * periods, 0
    while period < periods:
        quantities[period] = float(sum(needs[period : until[period]]))
        period = until[period]
    return Schedule(quantities, float(best[0]))


def plan_joint_order(
    order_cost: float, line_costs: Sequence[float], holding_costs: Sequence[float], demands: Sequence[float]
) -> JointOrder:
    """How often to order from a supplier and which items each time, by Silver's heuristic.

    An order costs `order_cost` and each line its own `line_costs`; within a few per cent of the optimum as a rule.
    """
    lines, value = np.asarray(line_costs, float), np.asarray(holding_costs, float) * np.asarray(demands, float)
    ratio = lines / value
    base = int(np.argmin(ratio))
    every = np.maximum(np.round(np.sqrt(ratio * value[base] / (order_cost + lines[base]))), 1)
    every[base] = 1
    interval = float(np.sqrt(2 * (order_cost + (lines / every).sum()) / (value * every).sum()))
    cost = (order_cost + (lines / every).sum()) / interval + interval / 2 * (value * every).sum()
    quantities = interval * every * np.asarray(demands, float)
    return JointOrder(interval, [int(k) for k in every], [float(q) for q in quantities], float(cost))
