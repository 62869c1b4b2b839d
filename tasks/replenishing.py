"""Buying for the coming days: forecast, what one warehouse can give another, what is bought, what is too much."""

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import NamedTuple

import pandas as pd

from orderclerk.database.demand import demand_history
from orderclerk.database.engine import Engine
from orderclerk.database.forecasts import forget_forecasts, keep_forecasts
from orderclerk.database.replenishing import lock_planning, stock_to_plan
from orderclerk.database.supplier_catalogue import supplier_offers
from orderclerk.database.transfers import draft_transfers
from orderclerk.domain.purchasing import PurchasePolicy
from orderclerk.domain.replenishing import ReplenishPolicy
from orderclerk.planning.forecasting import forecast_all
from orderclerk.planning.replenishing.ordering import reorder
from orderclerk.planning.replenishing.surplus import find_surplus
from orderclerk.planning.replenishing.transfers import plan_transfers, with_transfers
from tasks.purchasing import draft_orders, local_day

KEPT_DAYS = 90
_BREAKS = ["supplier_id", "item_id", "min_quantity_e3", "unit_price_e4"]


class Night(NamedTuple):
    """What one run decided: `bought` and `doubts` as `reorder` gives them, with item_no; ids of new purchase orders."""

    bought: pd.DataFrame
    doubts: pd.DataFrame
    moves: pd.DataFrame
    surplus: pd.DataFrame
    orders: list[int]
    transfers: int


def make_forecasts(engine: Engine, day: date, history_days: int, zone: str) -> int:
    """Forecast every item and warehouse from the days before `day`, and keep it; how many. Safe to repeat."""
    made = forecast_all(demand_history(engine, day, history_days, zone), day)
    with engine.begin() as conn:
        if len(made):
            keep_forecasts(conn, made)
        forget_forecasts(conn, day - timedelta(days=KEPT_DAYS))
    return len(made)


def replenish_stock(
    engine: Engine, as_of: datetime, zone: str, rules: ReplenishPolicy, policy: PurchasePolicy | None = None
) -> Night:
    """Draft the transfers and purchase orders that the latest forecasts ask for, all or none.

    Run again, it finds them coming and buys nothing; the decision's key (the day) holds where two runs meet.
    """
    day = local_day(as_of, zone)
    with engine.begin() as conn:
        lock_planning(conn)
        known = stock_to_plan(conn, day)
        breaks = supplier_offers(conn, day)[_BREAKS]
        plan = reorder(known, day, rules.buying, breaks)
        moves = plan_transfers(known, plan, _lanes(known, rules.transfer_cost), rules.buying)
        left = with_transfers(known, moves)
        after = reorder(left, day, rules.buying, breaks) if len(moves) else plan
        named = after.assign(item_no=known["item_no"].to_numpy(), doubt=_doubts(after))
        bought = named[(named["quantity_e3"] > 0) & named["unit_price_e4"].notna() & named["supplier_id"].notna()]
        key = f"replenish:{day.isoformat()}"
        transfers = draft_transfers(conn, moves, key, day + timedelta(days=rules.transfer_days), as_of)
        orders = draft_orders(conn, bought, key, as_of, policy, zone) if len(bought) else []
        surplus = find_surplus(known, plan, day, rules.over_days, rules.dead_days, moves)
    numbers = known.drop_duplicates("item_id").set_index("item_id")["item_no"]
    moves, surplus = (frame.assign(item_no=frame["item_id"].map(numbers)) for frame in (moves, surplus))
    return Night(bought, named[named["doubt"] != ""], moves, surplus, orders, transfers)


def _lanes(known: pd.DataFrame, cost: float) -> pd.DataFrame:
    pairs = list(permutations(sorted(known["warehouse"].unique()), 2))
    lanes = pd.DataFrame(pairs, columns=["from_warehouse", "to_warehouse"])
    return lanes.assign(fixed_cost=cost, cost_per_unit=0.0)


def _doubts(plan: pd.DataFrame) -> pd.Series:
    """The plan's own doubts, and what cannot be ordered for want of a supplier or a price."""
    doubt, wanted = plan["doubt"].astype("object"), plan["quantity_e3"] > 0
    doubt = doubt.mask(wanted & plan["unit_price_e4"].isna(), "no price is agreed with the supplier")
    return doubt.mask(wanted & plan["supplier_id"].isna(), "nobody supplies it: no row in supplier_items.csv")
