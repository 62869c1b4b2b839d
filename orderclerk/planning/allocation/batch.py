"""A batch of orders, each as its plan says, in their sequence: never more than there is, each whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from orderclerk.planning.allocation.alone import NONE, Crowd, Wants, best_alone, uncontested
from orderclerk.planning.allocation.choosing import Ints
from orderclerk.planning.allocation.parts import Need, Place, Plan, Rules, said
from orderclerk.planning.allocation.planning import plan_order
from orderclerk.planning.allocation.shelf import Shelf
from orderclerk.planning.allocation.substitutes import replace_needs, replaced_quantity
from orderclerk.planning.allocation.tariff import Tariff

TAKEN = ["order_id", "line_no", "item_id", "warehouse", "supply_id", "quantity_e3", "ship_date"]
SHORT = ["order_id", "line_no", "rule", "reason", "evidence"]


class Allocation(NamedTuple):
    """`taken`: TAKEN (`supply_id` <NA>: from stock). `short`: SHORT, holds for the orders that got nothing. `reasons`:
    order_id, why, evidence of those that got theirs."""

    taken: pd.DataFrame
    short: pd.DataFrame
    reasons: pd.DataFrame


@dataclass(frozen=True)
class BatchRules:
    """`usual` holds for all orders but those in `by_order`. `rates`: where a country costs otherwise than usual:
    country, warehouse, parcel_cost_e4, unit_cost_e4, kg_cost_e4. `uses_safety`: orders may take safety stock."""

    usual: Rules = field(default_factory=Rules)
    by_order: Mapping[int, Rules] = field(default_factory=dict)
    rates: pd.DataFrame | None = None
    uses_safety: bool = False

    def of(self, order_id: int) -> Rules:
        """What this order's customer accepts."""
        return self.by_order.get(order_id, self.usual)


def allocate(
    lines: pd.DataFrame, stock: pd.DataFrame, supplies: pd.DataFrame, warehouses: pd.DataFrame, rules: BatchRules
) -> Allocation:
    """Allocate stock and supplies to the orders of `lines` in their sequence.

    lines: order_id, line_no, item_id, item_ref, quantity_e3 (goods, kits exploded), where known weight_g and country.
    stock: item_id, warehouse, free_e3, and where kept safety_e3. supplies: supply_id, item_id, warehouse, free_e3,
    ship_date. warehouses, those first that win where plans are equal: warehouse, ship_date, next_ship_date (for when
    today's parcels are used up), parcels_left (<NA>: no limit), parcel_cost_e4, unit_cost_e4, kg_cost_e4.
    """
    lines = _conformed(lines)
    swaps = _instead(lines, rules)
    items = pd.Index(pd.concat([lines["item_id"], swaps["item_id"]]).unique(), dtype="int64")
    shelf = Shelf(items, stock, supplies, warehouses, uses_safety=rules.uses_safety)
    tariff = Tariff(warehouses, rules.rates)
    crowd = _crowd(lines, shelf, tariff)
    best = best_alone(crowd, shelf.free, shelf.day, shelf.parcels > 0)
    best = uncontested(best, crowd, _wants(swaps, items), shelf.free, shelf.parcels)
    shelf.take_alone(crowd.wants, best)
    at_once = best[lines["order"]] != NONE
    written = _Written(lines)
    for order, order_id, country, needs in _needs(lines[~at_once]):
        place = int(best_alone(crowd.only(order), shelf.free, shelf.day, shelf.parcels > 0)[0])
        shelf.take_alone(crowd.only(order).wants, np.array([place]))
        if place != NONE:
            written.alone(order_id, needs, shelf.codes[place], shelf.today[place])
            continue
        plan = _planned(needs, shelf, tariff.places(country), rules.of(order_id))
        shelf.take(plan)
        written.planned(order_id, needs, plan)
    return written.allocation(_at_once(lines[at_once], best, shelf))


class _Written:
    """The rows of an allocation, order by order, in the sequence of `lines` at the end."""

    def __init__(self, lines: pd.DataFrame) -> None:
        self.sequence = pd.Index(lines["order_id"].unique())
        self.taken: list[tuple[Any, ...]] = []
        self.short: list[tuple[Any, ...]] = []
        self.reasons: list[tuple[Any, ...]] = []

    def alone(self, order_id: int, needs: list[Need], code: str, day: date) -> None:
        """The order comes from one warehouse."""
        merged = replace_needs(needs, {})
        self.taken += [(order_id, one.line_no, one.item_id, code, None, one.quantity_e3, day) for one in merged]
        self.reasons.append(_reason(order_id, code, day))

    def planned(self, order_id: int, needs: list[Need], plan: Plan) -> None:
        """The order comes from where its plan says, or is short."""
        self.taken += [(order_id, *taking) for taking in plan.taken]
        if plan.is_possible:
            self.reasons.append((order_id, plan.why, plan.evidence))
        self.short += _short_lines(order_id, needs, plan)

    def allocation(self, at_once: tuple[pd.DataFrame, list[tuple[Any, ...]]]) -> Allocation:
        """All of it as frames, with what was planned `at_once` (taken, reasons)."""
        taken, reasons = at_once
        singly = pd.DataFrame(self.taken, columns=TAKEN)
        both = pd.concat([frame for frame in (taken, singly) if not frame.empty] or [singly], ignore_index=True)
        return Allocation(
            self._sorted(both.astype({"supply_id": "Int64", "quantity_e3": "int64"})),
            pd.DataFrame(self.short, columns=SHORT),
            self._sorted(pd.DataFrame(reasons + self.reasons, columns=["order_id", "why", "evidence"])),
        )

    def _sorted(self, frame: pd.DataFrame) -> pd.DataFrame:
        turns = self.sequence.get_indexer(frame["order_id"])
        return frame.iloc[np.argsort(turns, kind="stable")].reset_index(drop=True)


def _at_once(lines: pd.DataFrame, best: Ints, shelf: Shelf) -> tuple[pd.DataFrame, list[tuple[Any, ...]]]:
    """What orders take that come from one warehouse and compete with nobody, and why."""
    place = best[lines["order"]]
    codes, days = np.array(shelf.codes, dtype=object), np.array(shelf.today, dtype=object)
    taken = lines.assign(warehouse=codes[place], supply_id=pd.NA, ship_date=days[place])[TAKEN]
    if taken.duplicated(["order_id", "line_no", "item_id"]).any():  # a kit's component that stands beside it
        keys = [name for name in TAKEN if name != "quantity_e3"]
        taken = taken.groupby(keys, as_index=False, sort=False, dropna=False)["quantity_e3"].sum()[TAKEN]
    orders = taken.drop_duplicates("order_id")
    columns = (orders[name].tolist() for name in ("order_id", "warehouse", "ship_date"))
    return taken, [_reason(*row) for row in zip(*columns, strict=True)]


def _reason(order_id: int, code: str, day: date) -> tuple[Any, ...]:
    return order_id, f"all from {code}", {"parcels": [{"warehouse": code, "date": day.isoformat()}]}


def _conformed(lines: pd.DataFrame) -> pd.DataFrame:
    """`lines` in their types, each order's together, with its place in the sequence as `order`."""
    extra: dict[str, Any] = {name: value for name, value in (("weight_g", 0), ("country", "")) if name not in lines}
    wanted = lines[lines["quantity_e3"] > 0].assign(**extra)
    whole = dict.fromkeys(("order_id", "line_no", "item_id", "quantity_e3", "weight_g"), "int64")
    wanted = wanted.assign(order=pd.factorize(wanted["order_id"])[0]).astype(whole)
    return wanted.sort_values("order", kind="stable", ignore_index=True)


def _needs(lines: pd.DataFrame) -> list[tuple[int, int, str, list[Need]]]:
    """Place in the sequence, order_id, country and needs of each order."""
    found: list[tuple[int, int, str, list[Need]]] = []
    columns = ("order", "order_id", "country", *Need._fields)
    for order, order_id, country, *need in zip(*(lines[name].tolist() for name in columns), strict=True):
        if not found or found[-1][0] != order:
            found.append((order, order_id, country, []))
        found[-1][3].append(Need(*need))
    return found


def _planned(needs: list[Need], shelf: Shelf, places: list[Place], rules: Rules) -> Plan:
    items = dict.fromkeys(need.item_id for need in needs)
    for item in list(items):
        items |= dict.fromkeys(one.item_id for one in rules.substitutes.get(item, ()))
    return plan_order(needs, shelf.sources(items), places, rules)


def _short_lines(order_id: int, needs: list[Need], plan: Plan) -> list[tuple[Any, ...]]:
    """A hold for each line whose item is lacking."""
    rows = []
    lacking = {lack.item_id: lack for lack in plan.lacking}
    for need in needs:
        if lack := lacking.get(need.item_id):
            wanted, free = said(need.quantity_e3), said(lack.free_e3)
            evidence = {"wanted": wanted, "free": free}
            coming = ""
            if lack.coming_e3:
                evidence["coming"] = said(lack.coming_e3)
                coming = f", {evidence['coming']} coming in time"
            reason = f"{wanted} of {need.item_ref} wanted, {free} free{coming}"
            rows.append((order_id, need.line_no, "STK-001", reason, evidence))
    return rows


def _crowd(lines: pd.DataFrame, shelf: Shelf, tariff: Tariff) -> Crowd:
    sums = lines.groupby(["order", "item_id"], as_index=False, sort=False).agg(
        {"quantity_e3": "sum", "weight_g": "last", "country": "first"}
    )
    countries = sums.drop_duplicates("order")["country"]
    costs = np.array([tariff.costs(country) for country in countries], dtype=np.int64).reshape(
        len(countries), len(shelf.codes), 3
    )
    wants, own = _wants(sums, shelf.items), costs[sums["order"]]
    unit = own[:, :, 1] * 1000 + own[:, :, 2] * sums["weight_g"].to_numpy()[:, None]
    return Crowd(wants, unit, costs[:, :, 0] * 10**6)


def _wants(frame: pd.DataFrame, items: "pd.Index[int]") -> Wants:
    columns = (frame["order"], items.get_indexer(frame["item_id"]), frame["quantity_e3"])
    return Wants(*(np.asarray(column, dtype=np.int64) for column in columns))


def _instead(lines: pd.DataFrame, rules: BatchRules) -> pd.DataFrame:
    """What each order could take instead of its items: order, item_id, quantity_e3."""
    may = lines if rules.usual.substitutes else lines[lines["order_id"].isin(rules.by_order)]
    columns = (may[name].tolist() for name in ("order_id", "order", "item_id", "quantity_e3"))
    rows = [
        (order, one.item_id, replaced_quantity(quantity, one.ratio))
        for order_id, order, item, quantity in zip(*columns, strict=True)
        for one in rules.of(order_id).substitutes.get(item, ())
    ]
    return pd.DataFrame(rows, columns=["order", "item_id", "quantity_e3"]).astype("int64")
