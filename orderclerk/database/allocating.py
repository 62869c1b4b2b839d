"""What a plan of where orders come from needs to know: warehouses, safety stock, weights, what customers accept."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from orderclerk.database.engine import read_frame, utc


def sending_warehouses(conn: Connection, timezone: str, as_of: datetime) -> pd.DataFrame:
    """The warehouses that send, the highest priority first: warehouse, parcel_cost_e4, parcels_left of today (<NA>: no limit).

    An order's stock reserved in a warehouse on its local day of `as_of` counts as a parcel; `timezone` is the desk's.
    """
    return read_frame(
        conn,
        """SELECT w.code, (w.parcel_cost * 10000)::bigint, w.parcels_a_day - (SELECT count(DISTINCT r.order_id) FROM reservations r
             WHERE r.warehouse = w.code AND r.supply_id IS NULL AND r.state IN ('hard', 'picked', 'consumed')
               AND r.made_at >= date_trunc('day', CAST(%(at)s AS timestamptz) AT TIME ZONE zone) AT TIME ZONE zone)
           FROM (SELECT *, coalesce(nullif(timezone, ''), %(zone)s) AS zone FROM warehouses WHERE is_active) w
           ORDER BY w.priority DESC, w.code""",
        {"at": utc(as_of), "zone": timezone},
        dtypes={"warehouse": "str", "parcel_cost_e4": "int64", "parcels_left": "Int64"},
    )  # fmt: skip


def safety_stock(conn: Connection, item_ids: Collection[int]) -> pd.DataFrame:
    """Safety stock of these items: item_id, warehouse, safety_e3."""
    return read_frame(
        conn,
        """SELECT item_id, warehouse, (safety_stock * 1000)::bigint FROM stock_rules
           WHERE item_id = ANY(%(ids)s) AND safety_stock > 0""",
        {"ids": sorted(int(i) for i in item_ids)},
        dtypes={"item_id": "int64", "warehouse": "str", "safety_e3": "int64"},
    )


def item_weights(conn: Connection, item_ids: Collection[int]) -> "pd.Series[int]":
    """Grams by item_id; 0 where it is not known."""
    found = read_frame(
        conn,
        "SELECT id, coalesce(weight_g, 0) FROM items WHERE id = ANY(%(ids)s)",
        {"ids": sorted(int(i) for i in item_ids)},
        dtypes={"item_id": "int64", "weight_g": "int64"},
    )
    return found.set_index("item_id")["weight_g"]


def delivery_terms(conn: Connection, order_ids: Collection[int]) -> pd.DataFrame:
    """What customers accept: order_id, is_split (part now, the rest later), priority, country (of the delivery), requested_date."""
    return read_frame(
        conn,
        """SELECT o.id, coalesce(c.ship_rule, '') = 'split', coalesce(c.priority, 0), o.country, o.requested_date
           FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id = ANY(%(ids)s) ORDER BY o.id""",
        {"ids": sorted(int(i) for i in order_ids)},
        dtypes={
            "order_id": "int64",
            "is_split": "bool",
            "priority": "int64",
            "country": "str",
            "requested_date": "str",
        },
    )
