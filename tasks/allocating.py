"""Where a batch of orders comes from: what the book knows, brought to `orderclerk.planning.allocation` as frames."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from orderclerk.database import allocating
from orderclerk.database.engine import Connection
from orderclerk.database.promises import read_dispatches
from orderclerk.domain.policy import Policy
from orderclerk.domain.stock_policy import StockPolicy
from orderclerk.planning.allocation.batch import Allocation, BatchRules, allocate
from orderclerk.planning.allocation.departures import supplies_with_ship_dates, with_ship_dates
from orderclerk.planning.allocation.parts import Rules
from orderclerk.planning.allocation.sharing import in_sequence
from tasks.promising import usual_dispatch


def allocate_orders(
    conn: Connection,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    stock: pd.DataFrame,
    supplies: pd.DataFrame,
    policy: Policy,
    as_of: datetime,
) -> Allocation:
    """Plan where `orders` (order_id, is_confirmed, day) come from, in the sequence of the house's policy.

    `lines` are their goods, kits exploded: order_id, line_no, item_id, item_ref, quantity_e3. `stock` and `supplies` as
    the book locked them (item_id, warehouse, free_e3; supply_id, expected_date); nothing is written.
    """
    terms = allocating.delivery_terms(conn, orders["order_id"].tolist())
    queue = in_sequence(policy.stock.shortage, orders[["order_id", "is_confirmed", "day"]].merge(terms, on="order_id"))
    turn = pd.Series(range(len(queue)), index=queue["order_id"])
    items = lines["item_id"].unique().tolist()
    lines = lines.assign(
        turn=lines["order_id"].map(turn),
        weight_g=lines["item_id"].map(allocating.item_weights(conn, items)).fillna(0),
        country=lines["order_id"].map(terms.set_index("order_id")["country"]),
    ).sort_values("turn", kind="stable")
    warehouses = allocating.sending_warehouses(conn, policy.worktime.timezone, as_of)
    dispatches = read_dispatches(conn, usual_dispatch(policy))
    sending = with_ship_dates(warehouses, dispatches, as_of).assign(unit_cost_e4=0, kg_cost_e4=0)
    stock = stock[stock["warehouse"].isin(list(dispatches))]
    today = as_of.astimezone(ZoneInfo(policy.worktime.timezone)).date()
    return allocate(
        lines,
        without_safety(conn, stock, policy.stock),
        supplies_with_ship_dates(supplies, dispatches, as_of),
        sending,
        BatchRules(
            by_order=_rules(terms, policy.stock, today),
            rates=_rates(policy.stock),
        ),
    )


def without_safety(conn: Connection, stock: pd.DataFrame, policy: StockPolicy) -> pd.DataFrame:
    """What orders may take of `stock`: without its safety stock, unless the house lets them have that."""
    if policy.uses_safety:
        return stock
    kept = stock.merge(allocating.safety_stock(conn, stock["item_id"].unique().tolist()), how="left")["safety_e3"]
    free = stock["free_e3"] - kept.fillna(0).astype("int64").to_numpy()
    return stock.assign(free_e3=free.clip(lower=0))


def reasons_of(allocation: Allocation) -> dict[int, dict[str, Any]]:
    """Why each order is served as it is, for its event."""
    columns = (allocation.reasons[name] for name in ("order_id", "why", "evidence"))
    return {int(order): {"why": why, **evidence} for order, why, evidence in zip(*columns, strict=True)}


def _rules(terms: pd.DataFrame, stock: StockPolicy, today: date) -> Mapping[int, Rules]:
    """What each order's customer accepts: an order waits no longer than the house says and its customer wants it."""
    longest = today + timedelta(days=stock.wait_days)
    found = {}
    for row in terms.itertuples():
        wanted = date.fromisoformat(row.requested_date) if row.requested_date else longest
        latest = max(today, min(longest, wanted)) if stock.wait_days else None
        found[int(row.order_id)] = Rules("split" if row.is_split else "complete", latest)
    return found


def _rates(stock: StockPolicy) -> pd.DataFrame | None:
    rows = [(country, code, *rate) for country, by_code in stock.rates.items() for code, rate in by_code.items()]
    columns = ["country", "warehouse", "parcel_cost_e4", "unit_cost_e4", "kg_cost_e4"]
    return pd.DataFrame(rows, columns=columns) if rows else None
