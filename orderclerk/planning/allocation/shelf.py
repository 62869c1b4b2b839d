"""What is left while orders take theirs one after the other: stock, supplies, and the parcels of today."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from orderclerk.planning.allocation.alone import NONE, Wants
from orderclerk.planning.allocation.choosing import Ints
from orderclerk.planning.allocation.parts import Plan, Source

_NO_LIMIT = 10**9


class Shelf:
    """What there is of `items`, from frames as `orderclerk.planning.allocation.batch.allocate` takes them.

    `free` is stock by item and warehouse; `parcels` what each warehouse may still send today, `day` today's date there.
    """

    def __init__(
        self,
        items: "pd.Index[int]",
        stock: pd.DataFrame,
        supplies: pd.DataFrame,
        warehouses: pd.DataFrame,
        *,
        uses_safety: bool,
    ) -> None:
        self.items, self.codes = items, warehouses["warehouse"].tolist()
        self.row = {item: row for row, item in enumerate(items.tolist())}
        self.column = {code: column for column, code in enumerate(self.codes)}
        self.today, self.next = warehouses["ship_date"].tolist(), warehouses["next_ship_date"].tolist()
        self.day = np.array([day.toordinal() for day in self.today], dtype=np.int64)
        self.parcels = warehouses["parcels_left"].fillna(_NO_LIMIT).to_numpy(dtype=np.int64, copy=True)
        self.free = np.zeros((len(items), len(self.codes)), dtype=np.int64)
        stock = stock[stock["item_id"].isin(items)]
        kept: Any = stock["safety_e3"].fillna(0) if "safety_e3" in stock and not uses_safety else 0
        place = stock["warehouse"].map(self.column)
        if place.isna().any():
            raise KeyError(f"stock in {stock['warehouse'][place.isna()].iloc[0]}, which is none of the warehouses")
        cells = items.get_indexer(stock["item_id"]), place.to_numpy(dtype=np.int64)
        np.add.at(self.free, cells, (stock["free_e3"] - kept).clip(lower=0).to_numpy(dtype=np.int64))
        self.coming: dict[int, dict[int, Source]] = {}
        due = supplies[supplies["item_id"].isin(items) & (supplies["free_e3"] > 0)]
        names = ("item_id", "warehouse", "free_e3", "ship_date", "supply_id")
        due = due.sort_values(["ship_date", "supply_id"])
        for item, code, free, day, supply in zip(*(due[name].tolist() for name in names), strict=True):
            self.coming.setdefault(item, {})[supply] = Source(item, code, free, day, supply, is_now=False)

    def sources(self, items: Collection[int]) -> list[Source]:
        """What an order may take of these items; stock where today's parcels are used up goes on the next day."""
        found = []
        for item in items:
            for place, free in enumerate(self.free[self.row[item]].tolist()):
                if free > 0:
                    is_now = bool(self.parcels[place] > 0)
                    day = (self.today if is_now else self.next)[place]
                    found.append(Source(item, self.codes[place], free, day, None, is_now))
            found += [source for source in self.coming.get(item, {}).values() if source.quantity_e3]
        return found

    def take(self, plan: Plan) -> None:
        """Take what a plan takes, and its parcels of today."""
        for taking in plan.taken:
            if taking.supply_id is None:
                self.free[self.row[taking.item_id], self.column[taking.warehouse]] -= taking.quantity_e3
            else:
                source = self.coming[taking.item_id][taking.supply_id]
                left = source._replace(quantity_e3=source.quantity_e3 - taking.quantity_e3)
                self.coming[taking.item_id][taking.supply_id] = left
        for parcel in plan.parcels:
            place = self.column[parcel.warehouse]
            self.parcels[place] -= parcel.ship_date == self.today[place]

    def take_alone(self, wants: Wants, places: Ints) -> None:
        """Take all of the orders that `places` serves, but those of NONE."""
        place = places[wants.order]
        is_served = place != NONE
        np.subtract.at(self.free, (wants.item[is_served], place[is_served]), wants.quantity[is_served])
        self.parcels -= np.bincount(places[places != NONE], minlength=len(self.codes))
