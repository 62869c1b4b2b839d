"""How much to buy at once when demand is steady: economic lots, with backorders, with price breaks, from slow supply.

Rates and costs are per one and the same period (a year, say); quantities in any unit. All take arrays, a row an item.
Source of the formulas: Snyder and Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), chapters 3 and 9.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Lots(NamedTuple):
    """`cost` per period, of ordering and holding; with price breaks also of the goods."""

    quantity: Floats
    cost: Floats


def economic_lots(fixed_cost: npt.ArrayLike, holding_cost: npt.ArrayLike, demand: npt.ArrayLike) -> Lots:
    """The lot that balances the cost of an order against holding a unit for a period (Harris, 1913)."""
    fixed, holding, rate = _floats(fixed_cost, holding_cost, demand)
    return Lots(np.sqrt(2 * fixed * rate / holding), np.sqrt(2 * fixed * rate * holding))


def lots_with_backorders(
    fixed_cost: npt.ArrayLike, holding_cost: npt.ArrayLike, stockout_cost: npt.ArrayLike, demand: npt.ArrayLike
) -> tuple[Lots, Floats]:
    """The economic lot where customers wait, and the share of demand that waits; `stockout_cost` a unit and period."""
    fixed, holding, stockout, rate = _floats(fixed_cost, holding_cost, stockout_cost, demand)
    share = holding / (holding + stockout)
    lots = economic_lots(fixed, holding * (1 - share), rate)
    return lots, share


def lots_of_slow_supply(
    fixed_cost: npt.ArrayLike, holding_cost: npt.ArrayLike, demand: npt.ArrayLike, supply_rate: npt.ArrayLike
) -> Lots:
    """The economic lot that comes in at `supply_rate` (> demand) and not at once: made to order, or called off."""
    fixed, holding, rate, supply = _floats(fixed_cost, holding_cost, demand, supply_rate)
    return economic_lots(fixed, holding * (1 - rate / supply), rate)


def all_units_lots(
    fixed_cost: npt.ArrayLike,
    holding_rate: npt.ArrayLike,
    demand: npt.ArrayLike,
    breaks: npt.ArrayLike,
    prices: npt.ArrayLike,
) -> Lots:
    """The cheapest lot where the price of all units falls at each break.

    `breaks` and `prices` have a row an item and a column a break, ascending from 0; `inf` and `nan` where an item has
    fewer. `holding_rate` is per unit of value and period. `cost` counts the goods.
    """
    fixed, holding, rate = (column[..., None] for column in _floats(fixed_cost, holding_rate, demand))
    starts, price = np.atleast_2d(np.asarray(breaks, float)), np.atleast_2d(np.asarray(prices, float))
    free = economic_lots(fixed, holding * price, rate).quantity
    quantity = np.maximum(free, starts)  # beyond its interval a lot costs more than at the next break: never chosen
    with np.errstate(invalid="ignore", divide="ignore"):
        ordering = np.where(fixed > 0, fixed * rate / quantity, 0.0)
        cost = ordering + holding * price * quantity / 2 + price * rate
    return _cheapest(quantity, np.where(np.isfinite(quantity), cost, np.inf))


def incremental_lots(
    fixed_cost: npt.ArrayLike,
    holding_rate: npt.ArrayLike,
    demand: npt.ArrayLike,
    breaks: npt.ArrayLike,
    prices: npt.ArrayLike,
) -> Lots:
    """The cheapest lot where a break lowers the price of the units beyond it alone; arguments as `all_units_lots`."""
    fixed, holding, rate = (column[..., None] for column in _floats(fixed_cost, holding_rate, demand))
    starts, price = np.atleast_2d(np.asarray(breaks, float)), np.atleast_2d(np.asarray(prices, float))
    steps = np.diff(np.where(np.isfinite(starts), starts, 0.0), axis=1) * price[:, :-1]
    paid = np.concatenate([np.zeros((len(starts), 1)), np.cumsum(steps, axis=1)], axis=1)
    extra = paid - price * starts  # what a lot in this interval costs beyond price times quantity
    quantity = np.maximum(np.sqrt(2 * (fixed + extra) * rate / (holding * price)), starts)
    with np.errstate(invalid="ignore"):
        cost = (fixed + extra) * rate / quantity + price * rate + holding * (extra + price * quantity) / 2
    ends = np.concatenate([starts[:, 1:], np.full((len(starts), 1), np.inf)], axis=1)
    return _cheapest(quantity, np.where(np.isfinite(cost) & (quantity < ends), cost, np.inf))


def _cheapest(quantity: Floats, cost: Floats) -> Lots:
    best = np.argmin(cost, axis=1)[:, None]
    return Lots(np.take_along_axis(quantity, best, 1)[:, 0], np.take_along_axis(cost, best, 1)[:, 0])


def _floats(*columns: npt.ArrayLike) -> list[Floats]:
    return [np.atleast_1d(np.asarray(column, float)) for column in columns]
