"""What there is too much of, and what to do about it."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from orderclerk.planning.replenishing.ordering import E3
from orderclerk.planning.replenishing.safety import LEAST
from orderclerk.planning.replenishing.sentences import amount, day

COLUMNS = ["item_id", "warehouse", "kind", "surplus_e3", "value_e4", "cover_days", "advice"]


def find_surplus(
    frame: pd.DataFrame,
    plan: pd.DataFrame,
    as_of: date,
    over_days: float = 90.0,
    dead_days: float = 180.0,
    moves: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Stock beyond level, lot and `over_days` of demand (overstock), or unsold for `dead_days` (dead), dearest first.

    `frame` and `plan` are what `reorder` takes and gives; `frame` may have last_demand (a day or NaT) and
    shelf_life_days. `moves` are planned transfers, taken off. Returned: COLUMNS; value at purchase price, <NA> unknown.
    """
    known = frame.reset_index(drop=True)
    daily = known["daily_mean"].to_numpy("float64")
    free = (known["on_hand_e3"] - known["reserved_e3"]).to_numpy("int64") - _moved(known, moves)
    last = pd.to_datetime(known["last_demand"]) if "last_demand" in known else pd.Series(pd.NaT, index=known.index)
    unsold = (daily <= LEAST) | ((pd.Timestamp(as_of) - last).dt.days > dead_days).to_numpy()
    position = plan["position_e3"].to_numpy("int64") - _moved(known, moves)
    beyond = position - (plan["level_e3"] + plan["lot_e3"]).to_numpy("int64")
    over = ~unsold & (beyond > daily * over_days * E3)
    dead = unsold & (free > 0)
    rows = known[["item_id", "warehouse", "incoming_e3"]].assign(
        kind=np.where(dead, "dead", "overstock"),
        surplus_e3=np.where(dead, free, beyond),
        price_e4=pd.to_numeric(known["unit_price_e4"]).astype("Float64"),
        cover_days=np.where(daily > LEAST, np.maximum(position, 0) / E3 / np.maximum(daily, LEAST), np.inf),
        last=last,
        expires_e3=_unsold_at_expiry(known, daily, free),
    )[dead | over]
    rows = rows.assign(value_e4=(rows["surplus_e3"] * rows["price_e4"] / E3).round().astype("Int64"))
    rows = rows.assign(advice=[_advice(row) for row in rows.itertuples()])
    order = rows["value_e4"].fillna(0).argsort(kind="stable")[::-1]
    return rows.iloc[order][COLUMNS].reset_index(drop=True)


def _moved(known: pd.DataFrame, moves: pd.DataFrame | None) -> Any:
    if moves is None or moves.empty:
        return np.zeros(len(known), "int64")
    out = moves.groupby(["item_id", "from_warehouse"])["quantity_e3"].sum()
    return out.reindex(pd.MultiIndex.from_frame(known[["item_id", "warehouse"]]), fill_value=0).to_numpy("int64")


def _unsold_at_expiry(known: pd.DataFrame, daily: Any, free: Any) -> Any:
    """What is on the shelf beyond what a whole shelf life sells: a part of it expires for certain."""
    if "shelf_life_days" not in known:
        return np.zeros(len(known), "int64")
    life = pd.to_numeric(known["shelf_life_days"]).astype("float64").to_numpy()
    unsold = np.where(np.isnan(life), 0, np.maximum(free - daily * np.nan_to_num(life) * E3, 0))
    return unsold.astype("int64")


def _advice(row: Any) -> str:
    steps = []
    if row.incoming_e3 > 0:
        stop = min(row.incoming_e3, row.surplus_e3)
        steps.append(f"cancel or put off {amount(stop)} of the {amount(row.incoming_e3)} that is coming")
    if row.expires_e3 > 0:
        steps.append(f"{amount(row.expires_e3)} will expire before it is sold: sell it off now")
    if row.kind == "dead":
        since = "never sold here" if pd.isna(row.last) else f"not sold since {day(row.last)} {row.last.year}"
        steps.append(f"{since}: return it to the supplier, sell it off or write it off")
    elif row.surplus_e3 > row.incoming_e3:
        steps.append(f"lasts {row.cover_days:.0f} days: buy none, return a part or lower its price")
    return "; ".join(steps)
