"""How much to buy from a supplier who delivers more or less than ordered, or at times not at all.

Source: Snyder and Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), chapter 9; costs per period.
"""

from math import exp, sqrt
from typing import Any, NamedTuple

from orderclerk.planning.replenishing.season import season_level


class Choice(NamedTuple):
    quantity: float
    cost: float


def lot_with_added_yield(
    fixed_cost: float, holding_cost: float, demand: float, yield_mean: float, yield_sd: float
) -> Choice:
    """The lot where what comes is the ordered quantity plus a deviation of known mean and spread."""
    received = sqrt(2 * fixed_cost * demand / holding_cost + yield_sd**2)
    cost = (fixed_cost * demand + holding_cost / 2 * (received**2 + yield_sd**2)) / received
    return Choice(received - yield_mean, cost)


def lot_with_yield_share(
    fixed_cost: float, holding_cost: float, demand: float, yield_mean: float, yield_sd: float
) -> Choice:
    """The lot where what comes is a share of the ordered quantity, of known mean and spread."""
    square = yield_mean**2 + yield_sd**2
    quantity = sqrt(2 * fixed_cost * demand / (holding_cost * square))
    return Choice(quantity, (fixed_cost * demand + holding_cost / 2 * square * quantity**2) / (yield_mean * quantity))


def level_with_added_yield(holding_cost: float, stockout_cost: float, demand: float, deviation: Any) -> Choice:
    """What to order for a known demand where what comes deviates by `deviation` (a frozen scipy distribution)."""
    found = season_level(deviation, stockout_cost, holding_cost)  # the mirror: what comes too little is missing
    return Choice(demand - found.level, found.cost)


def lot_with_disruptions(
    fixed_cost: float,
    holding_cost: float,
    stockout_cost: float,
    demand: float,
    disruption_rate: float,
    recovery_rate: float,
) -> Choice:
    """The lot from a supplier who fails and recovers at the given rates, where sales are lost meanwhile.

    Source: Berk and Arreola-Risa, Note on future supply uncertainty in EOQ models (1994).
    """
    from scipy.optimize import minimize_scalar

    def cost(quantity: float) -> float:
        both = disruption_rate + recovery_rate
        failed = disruption_rate / both * (1 - exp(-both * quantity / demand))
        lost = failed * demand / recovery_rate
        spent = fixed_cost + holding_cost * quantity**2 / (2 * demand) + stockout_cost * lost
        return float(spent / (quantity / demand + failed / recovery_rate))

    steady = sqrt(2 * fixed_cost * demand / holding_cost)
    ceiling = steady + 20 * demand / recovery_rate
    found = minimize_scalar(cost, bounds=(1e-6 * steady, ceiling), method="bounded", options={"xatol": 1e-9 * steady})
    return Choice(float(found.x), float(found.fun))


def level_with_disruptions(
    holding_cost: float, stockout_cost: float, demand: float, disruption_probability: float, recovery_probability: float
) -> Choice:
    """The order-up-to level for a known demand a period, where supply fails and returns with these probabilities."""
    down = disruption_probability / (disruption_probability + recovery_probability)
    wanted = stockout_cost / (stockout_cost + holding_cost)
    periods = 0
    while 1 - down * (1 - recovery_probability) ** periods < wanted:
        periods += 1
    level, cost, missed = (periods + 1) * demand, 0.0, 0
    chance = 1 - down
    while missed < 10 or chance > 1e-15:
        gap = level - (missed + 1) * demand
        cost += chance * (holding_cost * gap if gap > 0 else -stockout_cost * gap)
        missed += 1
        chance = down * recovery_probability * (1 - recovery_probability) ** (missed - 1)
    return Choice(level, cost)
