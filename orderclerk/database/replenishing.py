"""What reordering starts from, and the transfers it drafts; set-based."""

from datetime import date, datetime

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_frame, read_frame, utc

_STOCK = """
WITH places AS (
    SELECT item_id, warehouse FROM stock_levels UNION SELECT item_id, warehouse FROM forecasts),
supplier AS (
    SELECT DISTINCT ON (si.item_id) si.item_id, s.id AS supplier_id, s.currency, coalesce(si.lead_time_days, s.lead_time_days) AS lead_days,
           s.lead_time_sd_days AS lead_sd_days, si.moq, si.order_multiple
    FROM supplier_items si JOIN suppliers s ON s.id = si.supplier_id AND s.is_active
    ORDER BY si.item_id, si.is_preferred DESC, 4, s.id),
price AS (
    SELECT DISTINCT ON (p.supplier_id, p.item_id, p.currency) p.supplier_id, p.item_id, p.currency, p.unit_price
    FROM supplier_prices p WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
    ORDER BY p.supplier_id, p.item_id, p.currency, p.min_quantity),
promised AS (
    SELECT item_id, warehouse, sum(pegged) AS pegged FROM supplies WHERE state = 'open' GROUP BY 1, 2),
drafted AS (
    SELECT l.item_id, l.warehouse, sum(l.quantity) AS quantity FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id
    WHERE p.state IN ('draft', 'waiting') GROUP BY 1, 2),
leaving AS (
    SELECT l.item_id, t.from_warehouse AS warehouse, sum(l.quantity) AS quantity FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id
    WHERE t.state = 'draft' GROUP BY 1, 2),
arriving AS (
    SELECT l.item_id, t.to_warehouse AS warehouse, sum(l.quantity) AS quantity FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id
    WHERE t.state = 'draft' AND l.supply_id IS NULL GROUP BY 1, 2)
SELECT i.id, i.item_no, p.warehouse, s.supplier_id, s.currency,
       (coalesce(v.on_hand, 0) * 1000)::bigint, ((coalesce(v.reserved, 0) + coalesce(g.quantity, 0)) * 1000)::bigint,
       ((coalesce(v.incoming, 0) + coalesce(d.quantity, 0) + coalesce(a.quantity, 0)) * 1000)::bigint,
       (coalesce(m.pegged, 0) * 1000)::bigint, coalesce(s.lead_days, 0), coalesce(s.lead_sd_days, 0),
       (coalesce(s.moq, 0) * 1000)::bigint, (coalesce(s.order_multiple, 1) * 1000)::bigint, (c.unit_price * 10000)::bigint,
       i.shelf_life_days, r.service_level, (coalesce(r.safety_stock, 0) * 1000)::bigint, (r.min_level * 1000)::bigint, (r.max_level * 1000)::bigint
FROM places p
JOIN items i ON i.id = p.item_id AND i.is_goods AND i.is_active
JOIN warehouses w ON w.code = p.warehouse AND w.is_active
LEFT JOIN stock_levels v USING (item_id, warehouse)
LEFT JOIN supplier s USING (item_id)
LEFT JOIN price c ON c.supplier_id = s.supplier_id AND c.item_id = i.id AND c.currency = s.currency
LEFT JOIN promised m USING (item_id, warehouse)
LEFT JOIN drafted d USING (item_id, warehouse)
LEFT JOIN leaving g USING (item_id, warehouse)
LEFT JOIN arriving a USING (item_id, warehouse)
LEFT JOIN stock_rules r USING (item_id, warehouse)
WHERE NOT EXISTS (SELECT 1 FROM kits k WHERE k.kit_id = i.id)
ORDER BY i.id, p.warehouse"""

_TYPES = {
    "item_id": "int64", "item_no": "str", "warehouse": "str", "supplier_id": "Int64", "currency": "str", "on_hand_e3": "int64",
    "reserved_e3": "int64", "incoming_e3": "int64", "pegged_e3": "int64", "lead_days": "float64", "lead_sd_days": "float64",
    "moq_e3": "int64", "multiple_e3": "int64", "unit_price_e4": "Int64", "shelf_life_days": "float64", "service_level": "float64",
    "safety_stock_e3": "int64", "min_level_e3": "float64", "max_level_e3": "float64",
}  # fmt: skip


def stock_to_plan(conn: Connection, day: date) -> pd.DataFrame:
    """A row for each item and warehouse that has stock or a forecast: position, supplier's terms on `day`, rules.

    What is drafted and not sent yet (purchases, transfers) counts as coming, and as gone from where it leaves. Kits
    are left out: their components are bought. The supplier is the preferred one, else the fastest; <NA> where none is.
    """
    return read_frame(conn, _STOCK, {"day": day}, dtypes=_TYPES)


def supplier_breaks(conn: Connection, day: date) -> pd.DataFrame:
    """supplier_id, item_id, min_quantity_e3, unit_price_e4 valid on `day`, in the supplier's own currency."""
    query = """SELECT p.supplier_id, p.item_id, (p.min_quantity * 1000)::bigint, (p.unit_price * 10000)::bigint
               FROM supplier_prices p JOIN suppliers s ON s.id = p.supplier_id AND s.currency = p.currency
               WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s) ORDER BY 1, 2, 3"""
    names = ("supplier_id", "item_id", "min_quantity_e3", "unit_price_e4")
    return read_frame(conn, query, {"day": day}, dtypes=dict.fromkeys(names, "int64"))


def lock_planning(conn: Connection) -> None:
    """One planner at a time, until the transaction ends: two would buy the same shortage."""
    conn.execute(sql("SELECT pg_advisory_xact_lock(hashtext('orderclerk.replenish'))"))


def draft_transfers(conn: Connection, moves: pd.DataFrame, key: str, expected: date, at: datetime) -> int:
    """A draft for each pair of warehouses in `moves` (as `plan_transfers` gives them); how many are new.

    `key` names the decision: the same key again drafts nothing more.
    """
    if moves.empty:
        return 0
    rows = moves[["item_id", "from_warehouse", "to_warehouse", "quantity_e3", "why"]]
    conn.execute(
        sql(
            """CREATE TEMPORARY TABLE planned_moves (item_id bigint, from_warehouse text, to_warehouse text, quantity_e3 bigint,
               why text) ON COMMIT DROP"""
        )
    )
    copy_frame(conn, "planned_moves", rows)
    made = conn.execute(
        sql(
            """WITH made AS (
                   INSERT INTO transfers (key, from_warehouse, to_warehouse, made_at, expected_date, why)
                   SELECT :key || ':' || from_warehouse || ':' || to_warehouse, from_warehouse, to_warehouse, :at, :expected,
                          string_agg(why, '; ' ORDER BY item_id)
                   FROM planned_moves GROUP BY from_warehouse, to_warehouse
                   ON CONFLICT (key) DO NOTHING RETURNING id, from_warehouse, to_warehouse),
               lined AS (
                   INSERT INTO transfer_lines (transfer_id, line_no, item_id, quantity)
                   SELECT m.id, row_number() OVER (PARTITION BY m.id ORDER BY p.item_id), p.item_id, p.quantity_e3 / 1000.0
                   FROM made m JOIN planned_moves p USING (from_warehouse, to_warehouse))
               SELECT count(*) FROM made"""
        ),
        {"key": key, "at": utc(at), "expected": expected},
    ).scalar_one()
    conn.execute(sql("DROP TABLE planned_moves"))
    return int(made)
