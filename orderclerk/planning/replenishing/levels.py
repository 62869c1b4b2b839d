"""At which level to order, and how much, where a unit short has a price: (r, Q) and (s, S) policies of least cost.

`reorder` works from service levels; these answer the question behind them, what service is worth its stock.
Source: Snyder and Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), sections 4.4 and chapter 5.
"""

from typing import Any, NamedTuple

import numpy as np

from orderclerk.planning.replenishing.losses import Floats, normal_loss


class Levels(NamedTuple):
    """Order when the position falls to `reorder_at`; up to `order_up_to` for (s, S), `quantity` for (r, Q)."""

    reorder_at: float
    quantity: float
    cost: float

    @property
    def order_up_to(self) -> float:
        return self.reorder_at + self.quantity


class LeadDemand(NamedTuple):
    """Costs a unit and period, and normal demand: a period's mean and sd, `lead` periods until goods come."""

    holding: float
    stockout: float
    fixed: float
    mean: float
    sd: float
    lead: float


def normal_levels_cost(case: LeadDemand, reorder_at: float, quantity: float) -> float:
    """Exact expected cost a period of an (r, Q) policy under continuous review."""
    mean, sd = case.mean * case.lead, case.sd * case.lead**0.5
    top = reorder_at + quantity
    short = float(normal_loss(reorder_at, mean, sd).second - normal_loss(top, mean, sd).second)
    held = (top - mean) ** 2 / 2 - (reorder_at - mean) ** 2 / 2
    spent = case.fixed * case.mean + case.holding * held + (case.holding + case.stockout) * short
    return spent / quantity


def normal_levels(case: LeadDemand) -> Levels:
    """The (r, Q) of least exact cost: at the best r for a Q, a unit costs as much at r as at r + Q."""
    from scipy.optimize import minimize_scalar

    steady = (2 * case.fixed * case.mean * (case.holding + case.stockout) / (case.holding * case.stockout)) ** 0.5
    found = minimize_scalar(
        lambda quantity: normal_levels_cost(case, reorder_for(case, quantity), quantity),
        bounds=(steady / 10, 10 * steady + 10 * case.sd),
        method="bounded",
        options={"xatol": 1e-10 * steady},
    )
    quantity = float(found.x)
    return Levels(reorder_for(case, quantity), quantity, float(found.fun))


def reorder_for(case: LeadDemand, quantity: float) -> float:
    """The best level to order `quantity` at."""
    from scipy.optimize import brentq

    mean, sd = case.mean * case.lead, case.sd * case.lead**0.5

    def unit_cost(level: float) -> float:
        short = float(normal_loss(level, mean, sd).first)
        return case.holding * (level - mean) + (case.holding + case.stockout) * short

    best = float(mean + sd * _standard_quantile(case.stockout / (case.stockout + case.holding)))
    return float(brentq(lambda r: unit_cost(r) - unit_cost(r + quantity), best - quantity, best, xtol=1e-12))


def whole_unit_levels(holding: float, stockout: float, fixed: float, mean: float, lead: float) -> Levels:
    """The (r, Q) of least exact cost for Poisson demand: units join while they cost less than the average.

    Source: Federgruen and Zheng, An efficient algorithm for computing an optimal (r, Q) policy (1992).
    """
    from scipy.stats import poisson

    unit_cost = _unit_cost(poisson(mean * lead), holding, stockout, int(mean * lead * 3 + 200))
    costs = {level: unit_cost[level] for level in range(len(unit_cost))}
    order = sorted(costs, key=lambda level: (costs[level], level))
    total, best = fixed * mean, (np.inf, 0)
    for count, level in enumerate(order, 1):
        total += costs[level]
        if total / count >= best[0]:
            break
        best = (total / count, count)
    lowest = min(order[: best[1]])
    return Levels(lowest - 1, best[1], best[0])


def base_levels(holding: float, stockout: float, fixed: float, demand: Any) -> Levels:
    """The (s, S) of least exact cost under periodic review, `demand` a frozen discrete distribution.

    Source: Zheng and Federgruen, Finding optimal (s, S) policies (1991).
    """
    top = int(demand.ppf(1 - 1e-12)) * 4 + 200
    at_or_above_zero = _unit_cost(demand, holding, stockout, top)
    visits = _visits(demand, top)

    def unit_cost(level: int) -> float:
        return float(at_or_above_zero[level] if level >= 0 else at_or_above_zero[0] - stockout * level)

    def cost(low: int, high: int) -> float:
        span = visits[: high - low]
        levels = high - np.arange(len(span))
        each = at_or_above_zero[np.maximum(levels, 0)] - stockout * np.minimum(levels, 0)
        return float((fixed + span @ each) / span.sum())

    high = int(np.argmin(at_or_above_zero))
    low = high - 1
    while unit_cost(low) < cost(low, high):
        low -= 1
    best, trial = cost(low, high), high + 1
    while unit_cost(trial) <= best:
        if cost(low, trial) < best:
            high = trial
            while cost(low, high) <= unit_cost(low + 1):
                low += 1
            best = cost(low, high)
        trial += 1
    return Levels(low, high - low, best)


def approximate_base_levels(
    holding: float, stockout: float, fixed: float, mean: float, sd: float
) -> tuple[float, float]:
    """(s, S) by the power approximation for normal demand (Ehrhardt and Mosier, 1984), without a search."""
    lot = 1.3 * mean**0.494 * (fixed / holding) ** 0.506 * (1 + sd**2 / mean**2) ** 0.116
    z = (lot * holding / (stockout * sd)) ** 0.5
    low = 0.973 * mean + sd * (0.183 / z + 1.063 - 2.192 * z)
    return low, low + lot


def _standard_quantile(probability: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(probability))


def _unit_cost(demand: Any, holding: float, stockout: float, top: int) -> Floats:
    """Expected cost a period with position 0, 1 ... top: held units plus missing ones."""
    held = np.concatenate([[0.0], np.cumsum(demand.cdf(np.arange(top)))])
    missing = float(demand.mean()) - np.arange(top + 1) + held
    return np.asarray(holding * held + stockout * missing)


def _visits(demand: Any, top: int) -> Floats:
    """How often a position that many units below the top is seen between two orders: the renewal function's steps."""
    chance = demand.pmf(np.arange(top + 1))
    visits = np.zeros(top + 1)
    visits[0] = 1 / (1 - chance[0])
    for units in range(1, top + 1):
        visits[units] = chance[units:0:-1] @ visits[:units] / (1 - chance[0])
    return visits
