"""Earlier orders that later ones repeat: found, and their lines taken over."""

from collections.abc import Collection

import pandas as pd
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from orderclerk.database.engine import copy_rows, read_frame

_LINE = (
    "order_id", "line_no", "item_ref", "description", "item_id", "quantity", "unit", "unit_price", "confidence", "match",
)  # fmt: skip


def earlier_orders(conn: Connection, wanted: pd.DataFrame) -> pd.DataFrame:
    """order_id, original_id, day, is_confirmed: what each of `wanted` (order_id, customer_id, repeats) may repeat.

    Returns and orders called off are no orders; nothing of the same moment or later counts.
    """
    return read_frame(
        conn,
        """SELECT w.order_id, e.id, (coalesce(e.version_at, e.received_at) AT TIME ZONE 'UTC')::date, e.commercial_state = 'confirmed'
           FROM unnest(%(orders)s::bigint[], %(customers)s::bigint[], %(refs)s::text[]) AS w(order_id, customer_id, ref)
           JOIN orders o ON o.id = w.order_id
           JOIN orders e ON e.customer_id = w.customer_id AND e.id <> o.id AND e.kind = 'order'
             AND e.commercial_state IN ('received', 'offered', 'confirmed')
             AND coalesce(e.version_at, e.received_at) < coalesce(o.version_at, o.received_at)
             AND (w.ref = 'last' OR upper(w.ref) IN (upper(e.order_ref), upper(e.customer_po), e.order_no))
           ORDER BY 1, 2""",
        {"orders": wanted["order_id"].tolist(), "customers": wanted["customer_id"].tolist(), "refs": wanted["repeats"].tolist()},
        dtypes={"order_id": "int64", "original_id": "int64", "day": "str", "is_confirmed": "bool"},
    )  # fmt: skip


def lines_of(conn: Connection, originals: Collection[int]) -> pd.DataFrame:
    """original_id, original_no, original_line, item_ref, description, item_id, quantity_e3, unit of the goods in these orders."""
    return read_frame(
        conn,
        """SELECT o.id, o.order_no, l.line_no, i.item_no, l.description, l.item_id, (l.quantity * 1000)::bigint, l.unit
           FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN items i ON i.id = l.item_id
           WHERE o.id = ANY(%(ids)s) AND NOT l.is_charge AND l.quantity > 0 ORDER BY o.id, l.line_no""",
        {"ids": [int(i) for i in originals]},
        dtypes={"original_id": "int64", "original_no": "str", "original_line": "int64", "item_ref": "str", "description": "str", "item_id": "int64",
                "quantity_e3": "Int64", "unit": "str"},
    )  # fmt: skip


def add_lines(conn: Connection, lines: pd.DataFrame) -> None:
    """Write lines taken over: order_id, line_no, item_ref, description, item_id, quantity and unit_price (text), unit,
    confidence, match (a dict)."""
    rows = ([Jsonb(v) if isinstance(v, dict) else v for v in row] for row in lines[list(_LINE)].itertuples(index=False))
    copy_rows(conn, "order_lines", _LINE, rows)
