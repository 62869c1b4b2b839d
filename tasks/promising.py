"""What customers are promised: dates by what is kept for their orders, the warehouses' days and the couriers'."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd

from orderclerk.database.engine import Connection
from orderclerk.database.promises import make_promises, read_dispatches
from orderclerk.domain.dispatch import Dispatch
from orderclerk.domain.policy import Policy


def promise_orders(conn: Connection, order_ids: Collection[int], policy: Policy, as_of: datetime) -> pd.DataFrame:
    """Promise these orders by what is reserved for them, their customers being told; those that became later."""
    if not len(order_ids):
        return pd.DataFrame(columns=["order_id", "line_no", "was", "now"])
    return make_promises(
        conn, order_ids, read_dispatches(conn, usual_dispatch(policy), everywhere=True), as_of, later="replaced"
    )


def usual_dispatch(policy: Policy) -> Dispatch:
    """How a warehouse works about which nothing else is on file."""
    return Dispatch(policy.worktime, transit_days=policy.stock.transit_days)
