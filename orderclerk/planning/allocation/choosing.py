"""The exact minimum: fewest warehouses, then cost, then the day the last of it can leave.

Sets of warehouses are tried in increasing size, all of one size at once. Of the smallest size that suffices every set
uses all its warehouses, so the parcels' cost is fixed by the set, and since nothing couples the items any more, each
item is cheapest filled from its cheapest warehouse on. The earliest last day is found by halving the days: what can
leave by a day is all that counts for it.
"""

from functools import lru_cache
from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np

Ints = np.ndarray[Any, np.dtype[Any]]
MOST_PLACES = 16  # of more only the fullest are looked at
MOST_SETS = 200_000  # 12 places have no more than 924 of one size, 16 have 12,870


class Stock(NamedTuple):
    """Sources as columns: index of the item, index of the place, day as ordinal, amount > 0; in the sequence of use."""

    item: Ints
    place: Ints
    day: Ints
    amount: Ints

    def until(self, day: int) -> "Stock":
        """What can leave by `day`."""
        there = self.day <= day
        return Stock(*(column[there] for column in self))


class Choice(NamedTuple):
    """The minimum: places used, cost, last day, and what each source gives."""

    places: tuple[int, ...]
    cost: int
    day: int
    taken: Ints


def choose(wanted: Ints, stock: Stock, unit_cost: Ints, parcel_cost: Ints) -> Choice:
    """Lexicographic minimum of (places, cost, day) for `wanted` (by item, all positive), which `stock` has in all.

    `unit_cost` is by place and item, `parcel_cost` by place. Equal plans: the places that come first win.
    """
    held = amounts(wanted, stock, len(parcel_cost))
    useful = _useful(wanted, held)
    rows = np.flatnonzero(np.bincount(useful, minlength=len(parcel_cost))[stock.place])
    near = Stock(stock.item[rows], np.searchsorted(useful, stock.place[rows]), stock.day[rows], stock.amount[rows])
    kind = _exact_kind(wanted, unit_cost, parcel_cost)
    costs = _Costs(wanted.astype(kind), unit_cost[useful].astype(kind), parcel_cost[useful].astype(kind))
    held = held[useful].astype(kind)
    members = _smallest(costs.wanted, held)
    each = costs.of(members, held)
    ties, day = _earliest(members[each == each.min()], each.min(), near, costs)
    taken = np.zeros(len(stock.item), dtype=np.int64)
    taken[rows] = _taken(wanted, near, (ties[0][near.place] == 1) & (near.day <= day), costs.unit)
    return Choice(tuple(int(place) for place in useful[np.flatnonzero(ties[0])]), int(each.min()), day, taken)


def amounts(wanted: Ints, stock: Stock, count: int) -> Ints:
    """What each of `count` places can give of each item, no more than wanted."""
    held = np.zeros(count * len(wanted), dtype=wanted.dtype)
    np.add.at(held, stock.place * len(wanted) + stock.item, stock.amount)
    return np.minimum(held.reshape(count, len(wanted)), wanted)


@lru_cache(maxsize=256)
def sets(count: int, size: int, kind: Any) -> Ints:
    """All sets of `size` among `count` places, one a row of zeros and ones, those of the first places first."""
    chosen = np.array(list(combinations(range(count), size)), dtype=np.int64).reshape(-1, size)
    table = np.zeros((len(chosen), count), dtype=kind)
    np.put_along_axis(table, chosen, 1, axis=1)
    table.setflags(write=False)
    return table


def _useful(wanted: Ints, held: Ints) -> Ints:
    """The places that have any of it; of more than MOST_PLACES the fullest, and as many more as it takes."""
    useful = np.flatnonzero(held.any(axis=1))
    if len(useful) <= MOST_PLACES:
        return useful
    fullest = useful[np.argsort(-(held[useful] / wanted).sum(axis=1), kind="stable")]
    enough = (np.cumsum(held[fullest], axis=0) >= wanted).all(axis=1).argmax() + 1
    return np.sort(fullest[: max(MOST_PLACES, int(enough))])


def _smallest(wanted: Ints, held: Ints) -> Ints:
    """The sets of the smallest size that suffices; no item needs fewer than its fullest places together."""
    fullest = np.cumsum(-np.sort(-held, axis=0), axis=0) >= wanted
    for size in range(int(fullest.argmax(axis=0).max()) + 1, len(held) + 1):
        if comb(len(held), size) > MOST_SETS:
            break
        members = sets(len(held), size, held.dtype)
        found = members[_feasible(members, wanted, held)]
        if len(found):
            return found
    kept = np.ones((1, len(held)), dtype=held.dtype)  # far beyond twelve places: no place in it can be spared
    for place in np.argsort((held / wanted).sum(axis=1), kind="stable"):
        kept[0, place] = 0
        kept[0, place] = int(not _feasible(kept, wanted, held)[0])
    return kept


def _feasible(members: Ints, wanted: Ints, held: Ints) -> Ints:
    return np.asarray((members @ held >= wanted).all(axis=1))


def _exact_kind(wanted: Ints, unit_cost: Ints, parcel_cost: Ints) -> Any:
    """The fastest number in which every sum is exact: float64 (it has the fast products), int64, Python's own int."""
    cost = sum(int(amount) * int(cost) for amount, cost in zip(wanted, unit_cost.max(axis=0), strict=True))
    most = max(cost + sum(map(int, parcel_cost)), len(parcel_cost) * int(wanted.max()))
    return np.float64 if most < 2**53 else np.int64 if most < 2**63 else object


class _Costs(NamedTuple):
    """Costs and demands in one kind of number, in which all that is summed here is exact."""

    wanted: Ints
    unit: Ints
    parcel: Ints

    def of(self, members: Ints, held: Ints) -> Ints:
        """The least cost of each set: its parcels, and each item from its cheapest place on."""
        cost = members @ self.parcel
        if (self.unit == self.unit[0]).all():
            return np.asarray(cost + (self.wanted * self.unit[0]).sum())
        every, by_place = np.arange(len(self.wanted)), members.T.copy()
        left = np.repeat(self.wanted[:, None], len(members), axis=1)
        for cheapest in np.argsort(self.unit, axis=0, kind="stable"):
            take = np.minimum(left, by_place[cheapest] * held[cheapest, every][:, None])
            cost = cost + self.unit[cheapest, every] @ take
            left -= take
        return np.asarray(cost)


def _earliest(ties: Ints, best: int, stock: Stock, costs: _Costs) -> tuple[Ints, int]:
    """The first day by which one of `ties` still costs no more than `best`, and those that do."""
    days = np.unique(stock.day)
    low, high = 0, len(days) - 1
    while low < high:
        middle = (low + high) // 2
        held = amounts(costs.wanted, stock.until(int(days[middle])), ties.shape[1])
        kept = ties[_feasible(ties, costs.wanted, held)]
        if len(kept):
            kept = kept[costs.of(kept, held) == best]
        if len(kept):
            ties, high = kept, middle
        else:
            low = middle + 1
    return ties, int(days[low])


def _taken(wanted: Ints, stock: Stock, usable: Ints, unit_cost: Ints) -> Ints:
    """What each source gives: for each item the cheapest place first, within a place the earliest first."""
    taken = np.zeros(len(stock.item), dtype=np.int64)
    rows = np.flatnonzero(usable)
    item, place = stock.item[rows], stock.place[rows]
    order = np.lexsort((rows, stock.day[rows], place, unit_cost[place, item].astype(np.int64), item))
    rows, item = rows[order], item[order]
    amount = np.minimum(stock.amount[rows], wanted[item])
    before = np.cumsum(amount) - amount
    taken[rows] = np.clip(wanted[item] - (before - before[np.searchsorted(item, item)]), 0, amount)
    return taken
