"""What one warehouse has too much of and another lacks: moved where that saves more than it costs, exactly.

A donor gives only what is free (nothing promised) and beyond its own level and lot, so no promise breaks and it buys
nothing sooner. Moving a unit saves buying one now, that is the cost of holding it as long as it would lie idle.
A trip costs once however much it carries, so the choice is a mixed-integer programme, solved to its optimum (HiGHS).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orderclerk.domain.replenishing import BuyingRules
from orderclerk.planning.replenishing.ordering import E3, E4, YEAR_DAYS
from orderclerk.planning.replenishing.safety import LEAST
from orderclerk.planning.replenishing.sentences import amount

COLUMNS = ["item_id", "from_warehouse", "to_warehouse", "quantity_e3", "saving_e4", "why"]


def plan_transfers(
    frame: pd.DataFrame, plan: pd.DataFrame, lanes: pd.DataFrame, rules: BuyingRules | None = None
) -> pd.DataFrame:
    """The transfers that save the most in all, none where that is nothing.

    `frame` and `plan` are what `reorder` takes and gives. `lanes` has from_warehouse, to_warehouse, fixed_cost (a trip)
    and cost_per_unit, in the currency of the prices. Returned: COLUMNS; saving_e4 is before the cost of the trip.
    """
    pairs = _pairs(frame, plan, lanes, rules or BuyingRules())
    if pairs.empty:
        return pd.DataFrame(columns=COLUMNS)
    moved = pairs.assign(packs=_best(pairs, lanes))
    moved = moved[moved["packs"] > 0]
    moved = moved.assign(
        quantity_e3=(moved["packs"] * moved["multiple_e3"]).astype("int64"),
        saving_e4=np.round(moved["packs"] * moved["gain"] * E4).astype("int64"),
    )
    return moved.assign(why=[_why(row) for row in moved.itertuples()])[COLUMNS].reset_index(drop=True)


def with_transfers(frame: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """`frame` as it stands once `moves` are planned: promised at the donor, coming at the other."""
    keys = ["item_id", "warehouse"]
    out = moves.groupby(["item_id", "from_warehouse"])["quantity_e3"].sum().rename_axis(keys)
    into = moves.groupby(["item_id", "to_warehouse"])["quantity_e3"].sum().rename_axis(keys)
    rows = pd.MultiIndex.from_frame(frame[keys])
    return frame.assign(
        reserved_e3=frame["reserved_e3"] + out.reindex(rows, fill_value=0).to_numpy("int64"),
        incoming_e3=frame["incoming_e3"] + into.reindex(rows, fill_value=0).to_numpy("int64"),
    )


def _pairs(frame: pd.DataFrame, plan: pd.DataFrame, lanes: pd.DataFrame, rules: BuyingRules) -> pd.DataFrame:
    """Each item, donor and taker: whole packs that could go, and what a pack gains before the trip is paid."""
    known = frame.reset_index(drop=True)
    multiple = known["multiple_e3"] if "multiple_e3" in known else pd.Series(E3, index=known.index)
    full = plan["level_e3"] + plan["lot_e3"]
    free = np.minimum(known["on_hand_e3"] - known["reserved_e3"], plan["position_e3"] - full)
    rows = plan[["item_id", "warehouse", "position_e3"]].assign(
        multiple_e3=multiple.astype("int64"),
        daily=known["daily_mean"].astype("float64"),
        price=pd.to_numeric(known["unit_price_e4"]).astype("float64") / E4,
        give=np.maximum(free, 0) // multiple,
        take=np.where(plan["quantity_e3"] > 0, -(-(full - plan["position_e3"]) // multiple), 0),
    )
    givers = rows[rows["give"] > 0].rename(columns={"warehouse": "from_warehouse"})
    takers = rows[rows["take"] > 0].rename(columns={"warehouse": "to_warehouse"})
    pairs = givers.drop(columns="take").merge(takers[["item_id", "to_warehouse", "take"]], on="item_id")
    pairs = pairs.merge(lanes.reset_index(names="lane"), on=["from_warehouse", "to_warehouse"])
    pack = pairs["multiple_e3"] / E3
    idle_days = np.where(pairs["daily"] > LEAST, pairs["give"] * pack / pairs["daily"].clip(lower=LEAST) / 2, np.inf)
    saved = pairs["price"].fillna(0) * np.minimum(rules.holding_rate * idle_days / YEAR_DAYS, 1.0)
    pairs = pairs.assign(gain=pack * (saved - pairs["cost_per_unit"]), idle_days=idle_days)
    return pairs[pairs["gain"] > 0].reset_index(drop=True)


def _best(pairs: pd.DataFrame, lanes: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Packs to move for each pair: the most gained less the trips' fixed costs, within what is given and wanted."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, vstack

    count, trips = len(pairs), len(lanes)
    lane = pairs["lane"].to_numpy()
    most = np.minimum(pairs["give"], pairs["take"]).to_numpy("float64")
    each = np.arange(count)

    def totals(by: list[str], limit: str) -> tuple[Any, npt.NDArray[np.float64]]:
        group = pairs.groupby(by, sort=False).ngroup().to_numpy()
        sums = coo_array((np.ones(count), (group, each)), shape=(group.max() + 1, count + trips))
        return sums, pairs.groupby(by, sort=False)[limit].first().to_numpy("float64")

    only_on_trips = coo_array(
        (np.concatenate([np.ones(count), -most]), (np.concatenate([each, each]), np.concatenate([each, count + lane]))),
        shape=(count, count + trips),
    )
    given, most_given = totals(["item_id", "from_warehouse"], "give")
    taken, most_taken = totals(["item_id", "to_warehouse"], "take")
    limits = np.concatenate([most_given, most_taken, np.zeros(count)])
    found = milp(
        np.concatenate([-pairs["gain"], lanes["fixed_cost"].to_numpy("float64")]),
        constraints=LinearConstraint(vstack([given, taken, only_on_trips]).tocsc(), ub=limits),
        bounds=Bounds(0, np.concatenate([most, np.ones(trips)])),
        integrality=np.ones(count + trips),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        raise RuntimeError(f"the transfers could not be solved: {found.message}")
    return np.asarray(np.round(found.x[:count]), "int64")


def _why(row: Any) -> str:
    lies = "is not sold there" if np.isinf(row.idle_days) else f"would lie there for {row.idle_days:.0f} days more"
    return (
        f"{row.from_warehouse} has {amount(row.give * row.multiple_e3)} more than it needs, which {lies}; "
        f"{row.to_warehouse} would have to buy {amount(row.take * row.multiple_e3)}"
    )
