"""What was wanted of each item at each warehouse, day by day, and on which days there was nothing to sell."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine

from orderclerk.database.engine import read_frame
from orderclerk.domain.demand import DAY_COLUMNS, daily_demand

# a line's demand is laid on warehouses as its reservations are; one without any was meant for the first warehouse.
# An order's own date counts unless it lies after the day the order came on.
_LINES = """
    WITH house AS (SELECT code FROM warehouses ORDER BY is_active DESC, priority DESC, code LIMIT 1),
    wanted AS (
        SELECT o.id AS order_id, l.line_no, coalesce(k.component_id, l.item_id) AS item_id, o.received_at, o.order_date,
               (l.quantity - l.returned_quantity) * coalesce(k.quantity, 1) AS quantity
        FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN items i ON i.id = l.item_id
        LEFT JOIN kits k ON k.kit_id = l.item_id
        WHERE o.kind = 'order' AND o.commercial_state = 'confirmed' AND NOT l.is_charge AND i.is_goods
          AND l.quantity > l.returned_quantity AND o.received_at >= %(from)s::date - 1),
    kept AS (
        SELECT order_id, line_no, item_id, warehouse, sum(quantity) AS quantity,
               sum(sum(quantity)) OVER (PARTITION BY order_id, line_no, item_id) AS whole
        FROM reservations WHERE state <> 'released' GROUP BY order_id, line_no, item_id, warehouse),
    placed AS (
        SELECT w.order_id, w.item_id, coalesce(k.warehouse, house.code) AS warehouse, w.received_at, w.order_date,
               w.quantity * coalesce(k.quantity / k.whole, 1) AS quantity
        FROM wanted w CROSS JOIN house LEFT JOIN kept k USING (order_id, line_no, item_id))
    SELECT p.item_id, p.warehouse, p.order_id, least(p.order_date, d.day), round(sum(p.quantity) * 1000)::bigint
    FROM placed p JOIN warehouses h ON h.code = p.warehouse
    CROSS JOIN LATERAL (SELECT (p.received_at AT TIME ZONE coalesce(nullif(h.timezone, ''), %(zone)s))::date AS day) d
    WHERE least(p.order_date, d.day) >= %(from)s AND least(p.order_date, d.day) < %(as_of)s
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""
# from each day after which the balance is nought until the next move, which can only bring something
_STOCKOUTS = """
    WITH moves AS (
        SELECT m.item_id, coalesce(t.warehouse, f.warehouse) AS warehouse, m.at,
               CASE WHEN t.warehouse IS NULL THEN -m.quantity ELSE m.quantity END AS quantity
        FROM stock_moves m JOIN locations t ON t.id = m.to_id JOIN locations f ON f.id = m.from_id
        WHERE t.warehouse IS DISTINCT FROM f.warehouse AND (t.warehouse IS NULL OR f.warehouse IS NULL)
        UNION ALL
        SELECT m.item_id, x.warehouse, m.at, x.sign * m.quantity
        FROM stock_moves m JOIN locations t ON t.id = m.to_id JOIN locations f ON f.id = m.from_id
        CROSS JOIN LATERAL (VALUES (t.warehouse, 1), (f.warehouse, -1)) AS x(warehouse, sign)
        WHERE t.warehouse <> f.warehouse),
    days AS (
        SELECT item_id, warehouse, (at AT TIME ZONE coalesce(nullif(h.timezone, ''), %(zone)s))::date AS day, sum(quantity) AS change
        FROM moves JOIN warehouses h ON h.code = moves.warehouse GROUP BY 1, 2, 3),
    ends AS (
        SELECT item_id, warehouse, day, sum(change) OVER same AS left_over,
               coalesce(lead(day) OVER same, %(as_of)s::date) AS next_day
        FROM days WHERE day < %(as_of)s WINDOW same AS (PARTITION BY item_id, warehouse ORDER BY day))
    SELECT item_id, warehouse, g::date FROM ends
    CROSS JOIN LATERAL generate_series(greatest(day + 1, %(from)s::date), next_day - 1, interval '1 day') g
    WHERE left_over <= 0 ORDER BY 1, 2, 3"""
_KEYS = ["item_id", "warehouse", "day"]


def demand_history(engine: Engine, as_of: date, days: int, zone: str = "UTC") -> pd.DataFrame:
    """DAY_COLUMNS of the `days` days before `as_of`, as docs/contracts.md has them, sorted by item, warehouse and day.

    Counts what is confirmed, less what came back. `zone` is the local time of warehouses that have none of their own.
    Raises ValueError for less than a day.
    """
    if days < 1:
        raise ValueError(f"a history of {days} days: at least 1 day")
    span = {"from": (pd.Timestamp(as_of) - pd.Timedelta(days=days)).date(), "as_of": as_of, "zone": zone}
    with engine.connect() as conn:
        sold, out = daily_demand(_lines(conn, span)), _stockouts(conn, span)
    known = sold[["item_id", "warehouse"]].drop_duplicates()
    out = out.merge(known, on=["item_id", "warehouse"])  # of what nobody ever wanted nothing is to be forecast
    both = sold.drop(columns="is_stockout").merge(out.assign(is_stockout=True), on=_KEYS, how="outer")
    filled = both.assign(
        quantity_e3=both["quantity_e3"].fillna(0).astype("int64"),
        is_stockout=both["is_stockout"].eq(True),
        is_bulk=both["is_bulk"].eq(True),
    )
    return filled.sort_values(_KEYS, ignore_index=True)[list(DAY_COLUMNS)]


def _lines(conn: Connection, span: dict[str, object]) -> pd.DataFrame:
    types = {"item_id": "int64", "warehouse": "str", "order_id": "int64", "day": "str", "quantity_e3": "int64"}
    return _dated(read_frame(conn, _LINES, span, dtypes=types))


def _stockouts(conn: Connection, span: dict[str, object]) -> pd.DataFrame:
    return _dated(read_frame(conn, _STOCKOUTS, span, dtypes={"item_id": "int64", "warehouse": "str", "day": "str"}))


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(day=pd.to_datetime(frame["day"], format="ISO8601").astype("datetime64[s]"))
