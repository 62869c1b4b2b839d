"""The orders and lines that came on a local day, as the frames their suites read."""

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from orderclerk.database.engine import read_frame

_OF_DAY = """o.kind = 'order' AND o.received_at > %(day)s::date - 2 AND o.received_at < %(day)s::date + 2
             AND (o.received_at AT TIME ZONE %(zone)s)::date = %(day)s"""


def day_orders(conn: Connection, day: date, zone: str) -> pd.DataFrame:
    """row_id (the order's id), line_count, currency."""
    return read_frame(
        conn,
        f"""SELECT o.id, (SELECT count(*) FROM order_lines l WHERE l.order_id = o.id), o.currency FROM orders o WHERE {_OF_DAY}
            ORDER BY o.id""",
        {"day": day, "zone": zone},
        dtypes={"row_id": "int64", "line_count": "int64", "currency": "str"},
    )


def day_lines(conn: Connection, day: date, zone: str) -> pd.DataFrame:
    """row_id (a running number) and the columns of `expectations.orders.line_rules`; no charges."""
    return read_frame(
        conn,
        f"""SELECT row_number() OVER (ORDER BY l.order_id, l.line_no), l.order_id, l.item_ref, l.barcode, l.description, l.unit,
                   (l.quantity * 1000)::bigint, (l.unit_price * 10000)::bigint, l.item_ref <> '' OR l.barcode <> ''
            FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE NOT l.is_charge AND {_OF_DAY}""",
        {"day": day, "zone": zone},
        dtypes={"row_id": "int64", "order_id": "int64", "item_ref": "str", "barcode": "str", "description": "str",
                "unit": "str", "quantity_e3": "Int64", "unit_price_e4": "Int64", "named": "bool"},
    )  # fmt: skip
