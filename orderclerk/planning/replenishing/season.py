"""How much to have for one season, after which what is left is worth less: the newsvendor's quantity.

Source: Snyder and Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), sections 4.3 and 4.4.
"""

from typing import Any, NamedTuple

import numpy as np


class Season(NamedTuple):
    """`cost` expected of too much and too little; `profit` expected, where prices were given."""

    level: float
    cost: float
    profit: float | None = None


def season_level(demand: Any, over_cost: float, under_cost: float) -> Season:
    """The level of least expected cost for `demand`, a frozen scipy distribution, continuous or discrete.

    `over_cost` a unit left over, `under_cost` a unit missing; with a lead time, `demand` is that of all its periods.
    """
    level = float(demand.ppf(under_cost / (over_cost + under_cost)))
    return Season(level, _expected(demand, level, over_cost, under_cost))


def season_level_at_prices(
    demand: Any, price: float, purchase_price: float, salvage: float, over_cost: float = 0, under_cost: float = 0
) -> Season:
    """The same, where a unit sold brings `price` and a unit left over brings `salvage`."""
    over, under = purchase_price - salvage + over_cost, price - purchase_price + under_cost
    found = season_level(demand, over, under)
    return found._replace(profit=(price - purchase_price) * float(demand.mean()) - found.cost)


def demand_as_counted(chances: dict[float, float]) -> Any:
    """The discrete distribution that has each quantity with the chance given for it (or counted of it)."""
    from scipy.stats import rv_discrete

    quantities = np.array(sorted(chances))
    weights = np.array([chances[quantity] for quantity in quantities])
    return rv_discrete(values=(quantities, weights / weights.sum()))()


def _expected(demand: Any, level: float, over_cost: float, under_cost: float) -> float:
    """h E[(S - D)+] + p E[(D - S)+], the first by the distribution function, the second from the mean."""
    from scipy.integrate import quad

    if hasattr(demand, "pmf") and hasattr(demand.dist, "pmf"):
        first = int(np.floor(demand.ppf(1e-16)))
        left = float(sum(demand.cdf(np.arange(min(first, level), level))))
    else:
        left = float(quad(demand.cdf, float(demand.ppf(1e-15)), level, epsabs=1e-12, epsrel=1e-12, limit=500)[0])
    missing = float(demand.mean()) - level + left
    return over_cost * left + under_cost * missing
