"""What reordering starts from, a row for each item and warehouse; set-based."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.backorders import LACKING
from orderclerk.database.engine import read_frame

# what customers wait for and nobody has kept for them: orders held for stock, and accepted ones that lost a supply
_WAITING = """
    SELECT o.id FROM orders o WHERE o.kind = 'order' AND o.commercial_state = 'received'
      AND EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open' AND h.rule = 'STK-001')
    UNION SELECT o.id FROM orders o WHERE o.kind = 'order' AND o.commercial_state IN ('offered', 'confirmed')
      AND o.id IN (SELECT order_id FROM reservations WHERE supply_id IS NOT NULL AND state = 'released')"""
_STOCK = f"""
WITH expected AS (
    SELECT item_id, warehouse, daily_mean, daily_sd, demand_class, last_demand FROM forecasts
    WHERE made_on = (SELECT max(made_on) FROM forecasts WHERE made_on <= %(day)s)),
house AS (SELECT code FROM warehouses ORDER BY is_active DESC, priority DESC, code LIMIT 1),
waited AS (
    SELECT w.item_id, house.code AS warehouse, sum(w.quantity_e3)::bigint AS quantity_e3
    FROM ({LACKING.format(f"ARRAY({_WAITING})")}) w CROSS JOIN house WHERE w.quantity_e3 > 0 GROUP BY 1, 2),
places AS (
    SELECT item_id, warehouse FROM stock_levels UNION SELECT item_id, warehouse FROM expected
    UNION SELECT item_id, warehouse FROM waited),
supplier AS (
    SELECT DISTINCT ON (si.item_id) si.item_id, s.id AS supplier_id, s.currency,
           coalesce(si.lead_time_days, s.lead_time_days) AS lead_days, s.lead_time_sd_days AS lead_sd_days, si.moq, si.order_multiple
    FROM supplier_items si JOIN suppliers s ON s.id = si.supplier_id AND s.is_active
    ORDER BY si.item_id, si.is_preferred DESC, 4, s.id),
price AS (
    SELECT DISTINCT ON (p.supplier_id, p.item_id, p.currency) p.supplier_id, p.item_id, p.currency, p.unit_price
    FROM supplier_prices p WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
    ORDER BY p.supplier_id, p.item_id, p.currency, p.min_quantity),
pegged AS (SELECT item_id, warehouse, sum(pegged) AS quantity FROM supplies WHERE state = 'open' GROUP BY 1, 2),
drafted AS (
    SELECT l.item_id, l.warehouse, sum(l.quantity) AS quantity FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id
    WHERE p.state IN ('draft', 'waiting') GROUP BY 1, 2),
moving AS (
    SELECT l.item_id, t.from_warehouse, t.to_warehouse, l.quantity FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id
    WHERE t.state = 'draft'),
leaving AS (SELECT item_id, from_warehouse AS warehouse, sum(quantity) AS quantity FROM moving GROUP BY 1, 2),
arriving AS (SELECT item_id, to_warehouse AS warehouse, sum(quantity) AS quantity FROM moving GROUP BY 1, 2)
SELECT i.id, i.item_no, p.warehouse, s.supplier_id, coalesce(s.currency, ''),
       (coalesce(v.on_hand, 0) * 1000)::bigint, ((coalesce(v.reserved, 0) + coalesce(g.quantity, 0)) * 1000)::bigint,
       ((coalesce(v.incoming, 0) + coalesce(d.quantity, 0) + coalesce(a.quantity, 0)) * 1000)::bigint,
       (coalesce(m.quantity, 0) * 1000)::bigint, coalesce(b.quantity_e3, 0), coalesce(s.lead_days, 0), coalesce(s.lead_sd_days, 0),
       (coalesce(s.moq, 0) * 1000)::bigint, (coalesce(s.order_multiple, 1) * 1000)::bigint, round(c.unit_price * 10000)::bigint,
       i.shelf_life_days, r.service_level, (coalesce(r.safety_stock, 0) * 1000)::bigint, (r.min_level * 1000)::bigint,
       (r.max_level * 1000)::bigint, coalesce(e.daily_mean, 0), coalesce(e.daily_sd, 0), coalesce(e.demand_class, 'none'), e.last_demand
FROM places p
JOIN items i ON i.id = p.item_id AND i.is_goods AND i.is_active
JOIN warehouses w ON w.code = p.warehouse AND w.is_active
LEFT JOIN expected e ON (e.item_id, e.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN stock_levels v ON (v.item_id, v.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN waited b ON (b.item_id, b.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN supplier s ON s.item_id = i.id
LEFT JOIN price c ON (c.supplier_id, c.item_id, c.currency) = (s.supplier_id, i.id, s.currency)
LEFT JOIN pegged m ON (m.item_id, m.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN drafted d ON (d.item_id, d.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN leaving g ON (g.item_id, g.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN arriving a ON (a.item_id, a.warehouse) = (p.item_id, p.warehouse)
LEFT JOIN stock_rules r ON (r.item_id, r.warehouse) = (p.item_id, p.warehouse)
WHERE NOT EXISTS (SELECT FROM kits k WHERE k.kit_id = i.id)
ORDER BY i.id, p.warehouse"""

_TYPES = {
    "item_id": "int64", "item_no": "str", "warehouse": "str", "supplier_id": "Int64", "currency": "str", "on_hand_e3": "int64",
    "reserved_e3": "int64", "incoming_e3": "int64", "pegged_e3": "int64", "backordered_e3": "int64", "lead_days": "float64",
    "lead_sd_days": "float64", "moq_e3": "int64", "multiple_e3": "int64", "unit_price_e4": "Int64", "shelf_life_days": "float64",
    "service_level": "float64", "safety_stock_e3": "int64", "min_level_e3": "float64", "max_level_e3": "float64",
    "daily_mean": "float64", "daily_sd": "float64", "demand_class": "str", "last_demand": "str",
}  # fmt: skip


def stock_to_plan(conn: Connection, day: date) -> pd.DataFrame:
    """A row for each item and warehouse with stock, a forecast or waiting customers: position, supplier's terms, rules,
    and the last forecast made on `day` or before; what that night did not forecast is wanted no more.

    What is drafted and not sent yet (purchases, transfers) counts as coming, and as gone from where it leaves. Whom
    nothing is kept for waits at the first warehouse. Kits are left out: their components are bought. The supplier is
    the preferred one, else the fastest, with its prices of `day`; <NA> where none is.
    """
    found = read_frame(conn, _STOCK, {"day": day}, dtypes=_TYPES)
    last = pd.to_datetime(found["last_demand"].replace("", None), format="ISO8601").astype("datetime64[s]")
    return found.assign(last_demand=last)


def lock_planning(conn: Connection) -> None:
    """One planner at a time, until the transaction ends: two would buy the same shortage."""
    conn.execute(sql("SELECT pg_advisory_xact_lock(hashtext('orderclerk.replenish'))"))
