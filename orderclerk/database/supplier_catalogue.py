"""Who sells us what, and at which price."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame
from orderclerk.database.purchasing import PurchaseError


def offer_of(conn: Connection, item_no: str, supplier_no: str, quantity: Decimal, day: date) -> Any:
    """The supplier (the preferred one unless named) and price for `quantity` of an item on `day`. Raises PurchaseError."""
    row = conn.execute(
        sql(
            """SELECT i.id AS item_id, s.id AS supplier_id, s.supplier_no, s.currency, p.unit_price
               FROM items i LEFT JOIN supplier_items si ON si.item_id = i.id
               LEFT JOIN suppliers s ON s.id = si.supplier_id AND s.is_active AND (s.supplier_no = :supplier OR :supplier = '')
               LEFT JOIN supplier_prices p ON (p.supplier_id, p.item_id, p.currency) = (s.id, i.id, s.currency)
                   AND p.min_quantity <= :quantity AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to > :day)
               WHERE i.item_no = :item
               ORDER BY s.id IS NULL, NOT si.is_preferred, p.unit_price IS NULL, s.supplier_no, p.min_quantity DESC LIMIT 1"""
        ),
        {"item": item_no, "supplier": supplier_no, "quantity": quantity, "day": day},
    ).first()
    if row is None:
        raise PurchaseError(f"There is no item {item_no}")
    if row.supplier_id is None:
        raise PurchaseError(
            f"Nobody{f' called {supplier_no}' if supplier_no else ''} sells us {item_no}: add it to supplier_items.csv"
        )
    if row.unit_price is None:
        raise PurchaseError(
            f"{row.supplier_no} has no price for {quantity} of {item_no} on {day}: add it to supplier_prices.csv"
        )
    return row


def supplier_offers(conn: Connection, day: date) -> pd.DataFrame:
    """Every item that an active supplier sells us, with its terms and the prices of `day`, a row a price break."""
    query = """SELECT si.item_id, s.id, s.currency, coalesce((si.moq * 1000)::bigint, 0), coalesce((si.order_multiple * 1000)::bigint, 0),
                      coalesce(si.lead_time_days, s.lead_time_days), s.lead_time_sd_days, si.is_preferred,
                      (p.min_quantity * 1000)::bigint, (p.unit_price * 10000)::bigint, coalesce((s.min_order_value * 10000)::bigint, 0)
               FROM supplier_items si JOIN suppliers s ON s.id = si.supplier_id AND s.is_active
               JOIN supplier_prices p ON (p.supplier_id, p.item_id, p.currency) = (s.id, si.item_id, s.currency)
                    AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
               ORDER BY 1, 8 DESC, 2, 9"""
    types = {"item_id": "int64", "supplier_id": "int64", "currency": "str", "moq_e3": "int64", "order_multiple_e3": "int64",
             "lead_time_days": "int64", "lead_time_sd_days": "float64", "is_preferred": "bool", "min_quantity_e3": "int64",
             "unit_price_e4": "int64", "min_order_value_e4": "int64"}  # fmt: skip
    return read_frame(conn, query, {"day": day}, dtypes=types)
