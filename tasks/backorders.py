"""Accepted orders that lost the supply that was kept for them are planned anew."""

from collections import Counter
from datetime import datetime

import pandas as pd

from orderclerk.database import backorders, reserving
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.moves import record_events
from orderclerk.domain.policy import Policy
from orderclerk.planning.allocation.sharing import share_shortage
from tasks.allocating import allocate_orders, reasons_of, without_safety
from tasks.promising import promise_orders

ACTOR = "orderclerk"


def refill_orders(engine: Engine, policy: Policy, as_of: datetime) -> Counter[str]:
    """Find accepted orders that lost a supply other goods; counts: refilled, short (they still lack some).

    What there is they share by the house's policy, line by line: some is better than none, and nothing is taken from
    anybody. For the rest they wait for what is coming. Safe to repeat.
    """
    with engine.begin() as conn:
        orders, lines = backorders.lock_unserved(conn)
        refilled, short = _refill(conn, orders, lines, policy, as_of) if len(orders) else (0, 0)
    return Counter(refilled=refilled, short=short)


def _refill(
    conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame, policy: Policy, as_of: datetime
) -> tuple[int, int]:
    """Reserve for orders what they lack, of stock, then of what is coming; how many got any, how many still lack."""
    items = lines["item_id"].unique().tolist()
    stock, coming = reserving.lock_stock(conn, items), reserving.lock_supplies(conn, items)
    demands = lines.merge(orders, on="order_id").assign(held_e3=0)
    shared = share_shortage(policy.stock.shortage, demands, without_safety(conn, stock, policy.stock))
    granted, rest = (
        shared.assign(quantity_e3=part)[part > 0][_LINE]
        for part in (shared["granted_e3"], shared["quantity_e3"] - shared["granted_e3"])
    )
    now = allocate_orders(conn, orders, granted, stock, coming.iloc[:0], policy, as_of)
    later = allocate_orders(conn, orders, rest, stock.iloc[:0], coming, policy, as_of)
    taken = pd.concat([frame for frame in (now.taken, later.taken) if not frame.empty] or [now.taken])
    reserving.reserve(conn, taken, at=as_of, actor=ACTOR, causes=reasons_of(later) | reasons_of(now))
    why = shared.groupby("order_id")["why"].first()
    refilled = [int(one) for one in taken["order_id"].unique()]
    promise_orders(conn, set(refilled) - set(later.short["order_id"]), policy, as_of)
    record_events(
        conn,
        ((one, as_of, ACTOR, "stock refilled", {"why": why[one]}, {"order": one}) for one in refilled),
    )
    return len(refilled), int(later.short["order_id"].nunique())


_LINE = ["order_id", "line_no", "item_id", "item_ref", "quantity_e3"]
