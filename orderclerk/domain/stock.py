"""Who gets the stock: whole orders in their sequence, each all or nothing, never more than there is."""

from collections import defaultdict
from typing import Any, NamedTuple

import pandas as pd

from orderclerk.domain.lineframe import QUANTITY_SCALE, unscaled

_ONE_E3 = 10**QUANTITY_SCALE


class Allocation(NamedTuple):
    """`taken`: order_id, line_no, item_id, warehouse, quantity_e3. `short`: holds for the orders that got nothing."""

    taken: pd.DataFrame
    short: pd.DataFrame


def allocate_stock(lines: pd.DataFrame, levels: pd.DataFrame) -> Allocation:
    """Allocate free stock to orders in the sequence of `lines`.

    `lines` has order_id, line_no, item_id, item_ref, quantity_e3, goods only, orders in the sequence they are served.
    `levels` has item_id, warehouse, free_e3. An order whose lines cannot all be met takes nothing.
    """
    free = levels.groupby("item_id")["free_e3"].sum()
    wanted = lines.groupby("item_id")["quantity_e3"].sum()
    scarce = wanted[wanted > free.reindex(wanted.index).fillna(0)].index
    missing = _missing(lines, set(scarce), free.to_dict()) if len(scarce) else []
    short = pd.DataFrame(missing, columns=["order_id", "line_no", "rule", "reason", "evidence"])
    served = lines[~lines["order_id"].isin(short["order_id"])]
    return Allocation(_from_warehouses(served, levels), short)


def as_components(lines: pd.DataFrame, kits: pd.DataFrame) -> pd.DataFrame:
    """`lines` with each line for a kit replaced by one a component, under the line's own number.

    `kits` has kit_id, component_id, component_no, quantity_e3 of one kit. A part of a thousandth counts whole.
    """
    if kits.empty:
        return lines
    inside = kits.rename(columns={"kit_id": "item_id", "quantity_e3": "each_e3"})
    both = lines.assign(place=range(len(lines))).merge(inside, on="item_id", how="left")
    is_part = both["component_id"].notna()
    product = both["quantity_e3"] * both["each_e3"].fillna(_ONE_E3).astype("int64")
    return both.assign(
        item_ref=both["item_ref"].mask(is_part, both["component_no"] + " (in " + both["item_ref"] + ")"),
        item_id=both["component_id"].fillna(both["item_id"]).astype("int64"),
        quantity_e3=-(-product // _ONE_E3),
    )[list(lines.columns)]


def _missing(
    lines: pd.DataFrame, scarce: set[int], free: dict[int, int]
) -> list[tuple[int, int, str, str, dict[str, str]]]:
    """Serve the orders that touch scarce items one after the other; what each unserved order lacks."""
    competing = lines[lines["order_id"].isin(lines.loc[lines["item_id"].isin(scarce), "order_id"].unique())]
    found = []
    for order_id, own in competing.groupby("order_id", sort=False):
        rows = [row for row in own.itertuples() if row.item_id in scarce]
        needed: dict[int, int] = defaultdict(int)
        for row in rows:
            needed[int(row.item_id)] += int(row.quantity_e3)
        lacking = {item for item, quantity in needed.items() if quantity > free.get(item, 0)}
        if lacking:
            found += [
                _short_line(int(order_id), row, free.get(int(row.item_id), 0)) for row in rows if row.item_id in lacking
            ]
            continue
        for item, quantity in needed.items():
            free[item] = free.get(item, 0) - quantity
    return found


def _short_line(order_id: int, row: Any, free_e3: int) -> tuple[int, int, str, str, dict[str, str]]:
    wanted = unscaled(row.quantity_e3, QUANTITY_SCALE).normalize()
    free = unscaled(free_e3, QUANTITY_SCALE).normalize()
    reason = f"{wanted:f} of {row.item_ref} wanted, {free:f} free"
    return order_id, int(row.line_no), "STK-001", reason, {"wanted": f"{wanted:f}", "free": f"{free:f}"}


def _from_warehouses(lines: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Lay each item's demand, end to end, over its warehouses' free stock, end to end, the fullest first."""
    supply = levels[levels["free_e3"] > 0].sort_values(
        ["item_id", "free_e3", "warehouse"], ascending=[True, False, True]
    )
    supply = supply.assign(to_s=supply.groupby("item_id")["free_e3"].cumsum())
    demand = lines.assign(to_d=lines.groupby("item_id")["quantity_e3"].cumsum())
    both = demand.merge(supply, on="item_id")
    start = (both["to_d"] - both["quantity_e3"]).clip(lower=both["to_s"] - both["free_e3"])
    end = both["to_d"].clip(upper=both["to_s"])
    both = both.assign(quantity_e3=end - start)
    return both.loc[both["quantity_e3"] > 0, ["order_id", "line_no", "item_id", "warehouse", "quantity_e3"]]
