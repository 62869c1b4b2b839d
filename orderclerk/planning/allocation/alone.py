"""Orders that one warehouse serves alone and that compete with nobody: planned all at once, as they would be singly.

An order's best warehouse in the full stock stays its best while others take theirs, as long as enough is left there.
It is left for certain where all that could be taken of an item in a warehouse, by orders planned here and by all others
that want the item, is no more than there is; and so for the warehouse's parcels. Where it is not certain, orders are
planned one by one, and those see no difference: of what they want, enough is left beside what is taken here.
"""

from typing import NamedTuple

import numpy as np

from orderclerk.planning.allocation.choosing import Ints

NONE = -1


class Wants(NamedTuple):
    """One row an order and item: index of the order, ascending from 0, index of the item, quantity."""

    order: Ints
    item: Ints
    quantity: Ints


class Crowd(NamedTuple):
    """Orders as columns: what they want, and what that costs from each warehouse: a row a want, a row an order."""

    wants: Wants
    unit_cost: Ints
    parcel_cost: Ints

    def only(self, order: int) -> "Crowd":
        """This order alone."""
        first, last = np.searchsorted(self.wants.order, (order, order + 1))
        of, item, quantity = (column[first:last] for column in self.wants)
        wants = Wants(of - order, item, quantity)
        return Crowd(wants, self.unit_cost[first:last], self.parcel_cost[order : order + 1])


def best_alone(crowd: Crowd, free: Ints, day: Ints, can_send: Ints) -> Ints:
    """For each order the warehouse that serves it alone at the least cost, then soonest, then first; NONE without one.

    By warehouse are `free` (a row an item), `day` and `can_send`: whether it has a parcel left. Where costs could go
    beyond 64 bits no order is served alone; single plans are exact there, too.
    """
    wants, unit_cost, parcel_cost = crowd
    none = np.full(len(parcel_cost), NONE)
    if not unit_cost.size or float(wants.quantity.sum()) * unit_cost.max() + parcel_cost.max() > 2**62:
        return none
    starts = np.searchsorted(wants.order, np.arange(len(parcel_cost)))
    enough = free[wants.item] >= wants.quantity[:, None]
    serves = np.logical_and.reduceat(enough, starts, axis=0) & can_send
    goods = np.add.reduceat(wants.quantity[:, None] * unit_cost, starts, axis=0)
    cost = np.where(serves, goods + parcel_cost, np.iinfo(np.int64).max)
    tied = serves & (cost == cost.min(axis=1, keepdims=True))
    soonest = np.where(tied, day, np.iinfo(np.int64).max)
    first = (tied & (soonest == soonest.min(axis=1, keepdims=True))).argmax(axis=1)
    return np.where(serves.any(axis=1), first, none)


def uncontested(alone: Ints, crowd: Crowd, instead: Wants, free: Ints, parcels_left: Ints) -> Ints:
    """`alone` with NONE for the orders whose warehouse others could empty.

    `instead`: rows of what an order could take in place of its own items, if it is planned singly.
    """
    alone, wants = alone.copy(), crowd.wants
    while (alone != NONE).any():
        place = alone[wants.order]
        is_single = place == NONE
        could = np.zeros(len(free), dtype=np.int64)
        np.add.at(could, wants.item[is_single], wants.quantity[is_single])
        can_swap = alone[instead.order] == NONE
        np.add.at(could, instead.item[can_swap], instead.quantity[can_swap])
        load = np.zeros_like(free)
        np.add.at(load, (wants.item[~is_single], place[~is_single]), wants.quantity[~is_single])
        sent = np.bincount(alone[alone != NONE], minlength=free.shape[1]) + (alone == NONE).sum()
        is_tight = (load + could[:, None] > free) | (sent > parcels_left)
        touched = ~is_single & is_tight[wants.item, place]
        if not touched.any():
            break
        alone[wants.order[touched]] = NONE
    return alone
