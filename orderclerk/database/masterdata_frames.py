"""Master data as frames for its suites: one a table, `row_id` numbering the rows and `key` saying which one it is."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from orderclerk.database.engine import read_frame

_TODAY = "p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)"

# table: (its columns beside row_id and key, the query)
_FRAMES: dict[str, tuple[dict[str, str], str]] = {
    "customers": (
        {"name": "str", "language": "str", "payment_methods": "str", "has_prices": "bool", "has_mail": "bool"},
        f"""SELECT customer_no, name, language, array_to_string(payment_methods, '|'),
                   EXISTS (SELECT FROM prices p WHERE (p.price_list, p.currency) = (c.price_list, c.currency) AND {_TODAY}),
                   EXISTS (SELECT FROM contacts t WHERE t.customer_id = c.id AND t.email <> '') FROM customers c""",
    ),
    "customer keys": (
        {"kind": "str", "value": "str", "customers": "int64"},
        """SELECT c.customer_no || ' ' || k.kind, k.kind, k.value, count(*) OVER (PARTITION BY k.kind, k.value)
           FROM customer_keys k JOIN customers c ON c.id = k.customer_id""",
    ),
    "contacts": (
        {"email": "str", "phone": "str", "country": "str"},
        """SELECT c.customer_no, t.email, t.phone, coalesce((SELECT country FROM addresses a WHERE a.customer_id = c.id
                  AND country <> '' ORDER BY id LIMIT 1), '') FROM contacts t JOIN customers c ON c.id = t.customer_id""",
    ),
    "addresses": (
        {"street": "str", "city": "str", "postal_code": "str", "country": "str"},
        """SELECT c.customer_no || ' ' || a.kind, a.street, a.city, a.postal_code, a.country
           FROM addresses a JOIN customers c ON c.id = a.customer_id""",
    ),
    "items": (
        {"name": "str", "unit": "str", "barcode": "str", "weight_g": "Int64", "is_goods": "bool", "has_price": "bool",
         "has_stock": "bool", "is_active": "bool", "spoils": "bool", "is_lot_kept": "bool"},
        f"""SELECT item_no, name, unit, barcode, weight_g, is_goods,
                   EXISTS (SELECT FROM prices p WHERE p.item_id = i.id AND {_TODAY}),
                   EXISTS (SELECT FROM stock_levels s WHERE s.item_id = i.id) OR EXISTS (SELECT FROM kits k WHERE k.kit_id = i.id),
                   is_active, shelf_life_days IS NOT NULL, is_lot_kept FROM items i""",
    ),
    "item keys": (
        {"items": "int64", "is_our_other": "bool"},
        """SELECT coalesce(c.customer_no, 'anyone') || ' ' || k.value,
                  count(*) OVER (PARTITION BY k.customer_id, lower(k.value)),
                  EXISTS (SELECT FROM items o WHERE lower(o.item_no) = lower(k.value) AND o.id <> k.item_id)
           FROM item_keys k LEFT JOIN customers c ON c.id = k.customer_id""",
    ),
    "prices": (
        {"currency": "str", "unit_price": "float64", "tier_before": "float64", "usual": "float64"},
        """SELECT p.price_list || ' ' || p.currency || ' ' || i.item_no || ' from ' || trim_scale(p.min_quantity), p.currency,
                  p.unit_price, lag(p.unit_price) OVER (PARTITION BY p.price_list, p.currency, p.item_id, p.valid_from
                                                        ORDER BY p.min_quantity), m.usual
           FROM prices p JOIN items i ON i.id = p.item_id
           JOIN (SELECT item_id, currency, percentile_cont(0.5) WITHIN GROUP (ORDER BY unit_price)::float AS usual
                 FROM prices WHERE unit_price > 0 GROUP BY 1, 2
                 UNION ALL SELECT item_id, currency, 0 FROM prices GROUP BY 1, 2 HAVING max(unit_price) = 0) m
             USING (item_id, currency)""",
    ),
    "stock levels": (
        {"on_hand": "float64", "unit": "str", "is_sold": "bool"},
        """SELECT s.warehouse || ' ' || i.item_no, s.on_hand, i.unit, i.is_goods AND i.is_active
           FROM stock_levels s JOIN items i ON i.id = s.item_id""",
    ),
    "warehouses": (
        {"city": "str", "country": "str", "timezone": "str"},
        "SELECT code, city, country, timezone FROM warehouses WHERE is_active",
    ),
    "kits": (
        {"has_stock": "bool", "is_sold": "bool", "component_is_sold": "bool"},
        """SELECT i.item_no || ' of ' || c.item_no, EXISTS (SELECT FROM stock_levels s WHERE s.item_id = i.id AND on_hand > 0),
                  i.is_goods AND i.is_active, c.is_goods AND c.is_active
           FROM kits k JOIN items i ON i.id = k.kit_id JOIN items c ON c.id = k.component_id""",
    ),
    "substitutes": (
        {"is_sold": "bool", "has_its_unit": "bool"},
        """SELECT i.item_no || ' by ' || b.item_no, b.is_goods AND b.is_active, b.unit = i.unit
           FROM substitutes s JOIN items i ON i.id = s.item_id JOIN items b ON b.id = s.substitute_id""",
    ),
    "stock rules": (
        {"safety_stock": "float64", "max_level": "float64"},
        """SELECT s.warehouse || ' ' || i.item_no, safety_stock, max_level FROM stock_rules s JOIN items i ON i.id = s.item_id""",
    ),
    "suppliers": (
        {"email": "str", "lead_time_days": "int64", "transit_days": "int64"},
        "SELECT supplier_no, email, lead_time_days, transit_days FROM suppliers WHERE is_active",
    ),
    "supplier items": (
        {"has_price": "bool", "moq": "float64", "order_multiple": "float64"},
        f"""SELECT s.supplier_no || ' ' || i.item_no, EXISTS (SELECT FROM supplier_prices p
                   WHERE (p.supplier_id, p.item_id, p.currency) = (s.id, i.id, s.currency) AND {_TODAY}), si.moq, si.order_multiple
            FROM supplier_items si JOIN suppliers s ON s.id = si.supplier_id AND s.is_active
            JOIN items i ON i.id = si.item_id AND i.is_active""",
    ),
}  # fmt: skip


def master_data(conn: Connection, day: date) -> dict[str, pd.DataFrame]:
    """Every master data table as a frame, as of `day`."""
    return {name: _frame(conn, query, columns, day) for name, (columns, query) in _FRAMES.items()}


def _frame(conn: Connection, query: str, columns: dict[str, str], day: date) -> pd.DataFrame:
    frame = read_frame(conn, query, {"day": day}, dtypes={"key": "str", **columns})
    return frame.sort_values("key", kind="stable", ignore_index=True).assign(row_id=range(len(frame)))
