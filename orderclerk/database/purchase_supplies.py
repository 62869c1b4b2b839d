"""What purchase orders bring: the supplies that stock answers and promises stand on, kept equal to the orders' lines."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame
from orderclerk.database.supplies import open_supplies

_STATED = {"kind": "str", "document_no": "str", "line_no": "int64", "item_id": "int64", "warehouse": "str",
           "quantity_e3": "int64", "expected_date": "str"}  # fmt: skip


def open_purchase_supplies(conn: Connection, ids: Collection[int], day: date, at: datetime) -> int:
    """A supply for each line of these orders, expected when wanted and no sooner than the lead time lets it; how many."""
    wanted = sorted(ids)
    stated = read_frame(conn, _FIRST, {"ids": wanted, "day": day}, dtypes=_STATED)
    if stated.empty:
        return 0
    places = "SELECT DISTINCT item_id, warehouse FROM purchase_lines WHERE po_id = ANY(:ids) ORDER BY 1, 2"
    conn.execute(sql(f"INSERT INTO stock_levels (item_id, warehouse) {places} ON CONFLICT DO NOTHING"), {"ids": wanted})
    open_supplies(conn, stated, at=at, actor="orderclerk")
    return conn.execute(
        sql(
            """UPDATE purchase_lines l SET supply_id = u.id FROM supplies u, purchase_orders p
               WHERE p.id = l.po_id AND l.po_id = ANY(:ids) AND (u.kind, u.document_no, u.line_no) = ('purchase', p.po_no, l.line_no)"""
        ),
        {"ids": wanted},
    ).rowcount


_FIRST = """
SELECT 'purchase', p.po_no, l.line_no, l.item_id, l.warehouse, (l.agreed_quantity * 1000)::bigint,
       greatest(coalesce(l.wanted_date, %(day)s::date), %(day)s::date + coalesce(si.lead_time_days, s.lead_time_days))
FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id JOIN suppliers s ON s.id = p.supplier_id
LEFT JOIN supplier_items si ON (si.supplier_id, si.item_id) = (p.supplier_id, l.item_id)
WHERE l.po_id = ANY(%(ids)s) AND l.supply_id IS NULL ORDER BY 2, 3"""


def change_supplies(
    conn: Connection,
    changes: Iterable[tuple[int, int, Decimal | None, date | None]],
    at: datetime,
    actor: str,
) -> pd.DataFrame:
    """Lines (po id, line, quantity, day) will bring another quantity or come another day; None leaves it as it is.

    Never less than has arrived. Returns the promises that are no longer covered: they are released, and check-stock
    makes them anew.
    """
    rows = list(changes)
    given = {"po": [row[0] for row in rows], "line": [row[1] for row in rows], "quantity": [row[2] for row in rows],
             "day": [row[3] for row in rows]}  # fmt: skip
    conn.execute(sql(_AGREED), given)
    stated = read_frame(conn, _AGAIN, given, dtypes=_STATED)
    return open_supplies(conn, stated, at=at, actor=actor) if len(stated) else pd.DataFrame()


_AGREED = """
UPDATE purchase_lines l SET agreed_quantity = greatest(n.quantity, coalesce(u.received, 0))
FROM unnest(CAST(:po AS bigint[]), CAST(:line AS int[]), CAST(:quantity AS numeric[])) AS n(po, line, quantity)
JOIN purchase_lines t ON (t.po_id, t.line_no) = (n.po, n.line) LEFT JOIN supplies u ON u.id = t.supply_id
WHERE (l.po_id, l.line_no) = (n.po, n.line) AND n.quantity IS NOT NULL"""
_AGAIN = """
SELECT u.kind, u.document_no, u.line_no, u.item_id, u.warehouse, (l.agreed_quantity * 1000)::bigint, coalesce(n.day, u.expected_date)
FROM unnest(%(po)s::bigint[], %(line)s::int[], %(day)s::date[]) AS n(po, line, day)
JOIN purchase_lines l ON (l.po_id, l.line_no) = (n.po, n.line) JOIN supplies u ON u.id = l.supply_id
WHERE l.agreed_quantity <> u.quantity OR coalesce(n.day, u.expected_date) <> u.expected_date ORDER BY 2, 3"""


def bring_no_more(conn: Connection, ids: Collection[int], at: datetime, actor: str) -> pd.DataFrame:
    """Nothing more comes of these orders: every line is agreed at what has arrived; the promises that lose their supply."""
    rows = conn.execute(
        sql(
            """SELECT l.po_id, l.line_no, coalesce(u.received, 0) AS received FROM purchase_lines l LEFT JOIN supplies u ON u.id = l.supply_id
               WHERE l.po_id = ANY(:ids) ORDER BY 1, 2"""
        ),
        {"ids": sorted(ids)},
    ).all()
    return change_supplies(conn, [(row.po_id, row.line_no, row.received, None) for row in rows], at, actor)


def being_bought(conn: Connection) -> pd.DataFrame:
    """item_id, warehouse, quantity_e3 of orders that wait for a person: no supply yet, and not to be bought twice."""
    query = """SELECT l.item_id, l.warehouse, (sum(l.quantity) * 1000)::bigint FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id
               WHERE p.state IN ('draft', 'waiting') GROUP BY 1, 2 ORDER BY 1, 2"""
    return read_frame(conn, query, dtypes={"item_id": "int64", "warehouse": "str", "quantity_e3": "int64"})
