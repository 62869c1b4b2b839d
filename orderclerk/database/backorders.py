"""Orders that wait for goods: those held for stock, and those accepted whose stock was given up."""

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame

# what accepted orders want of each item, kits exploded, beyond what is or was reserved for it
LACKING = """SELECT w.order_id, w.line_no, w.item_id, i.item_no AS item_ref, (coalesce(nullif(i.pack_size, 0), 1) * 1000)::bigint AS pack_e3,
           ((sum(w.quantity) - coalesce((SELECT sum(r.quantity) FROM reservations r
               WHERE (r.order_id, r.line_no, r.item_id) = (w.order_id, w.line_no, w.item_id) AND r.state <> 'released'), 0)) * 1000)::bigint AS quantity_e3
    FROM (SELECT l.order_id, l.line_no, coalesce(k.component_id, l.item_id) AS item_id,
                 CASE WHEN k.kit_id IS NULL THEN l.quantity ELSE ceil(l.quantity * k.quantity * 1000) / 1000 END AS quantity
          FROM order_lines l JOIN items g ON g.id = l.item_id LEFT JOIN kits k ON k.kit_id = l.item_id
          WHERE l.order_id = ANY({0}) AND g.is_goods AND NOT l.is_charge AND l.quantity > 0) w JOIN items i ON i.id = w.item_id
    GROUP BY 1, 2, 3, 4, 5"""
# the items themselves and the kits that one of them is in
_THESE = "(l.item_id = ANY({0}) OR l.item_id IN (SELECT kit_id FROM kits WHERE component_id = ANY({0})))"


def recheck_waiting(conn: Connection, item_ids: Collection[int]) -> int:
    """Ask for a new check of the orders held for stock (STK-001) on a line of these items; how many.

    In the transaction that brings the goods, after it locked their stock: who checks such an order at this moment waits
    for that lock and sees them, so it is passed over.
    """
    return conn.execute(
        sql(
            f"""UPDATE orders SET needs_check = true WHERE id IN (SELECT id FROM orders o
                WHERE commercial_state = 'received' AND NOT needs_check
                  AND EXISTS (SELECT FROM holds h JOIN order_lines l ON (l.order_id, l.line_no) = (h.order_id, h.line_no)
                    WHERE h.order_id = o.id AND h.state = 'open' AND h.rule = 'STK-001' AND {_THESE.format(":ids")})
                ORDER BY id FOR UPDATE SKIP LOCKED)"""
        ),
        {"ids": sorted(int(i) for i in item_ids)},
    ).rowcount


def lock_unserved(conn: Connection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lock the accepted orders that lack goods, because a supply that was kept for them was lost.

    orders: order_id, is_confirmed, day, priority. lines: order_id, line_no, item_id, item_ref, pack_e3, quantity_e3
    (thousandths that no reservation covers, kits exploded). Orders that somebody else works on are passed over.
    """
    accepted = conn.execute(
        sql(
            """SELECT id FROM orders WHERE kind = 'order' AND commercial_state IN ('offered', 'confirmed')
               AND id IN (SELECT order_id FROM reservations WHERE supply_id IS NOT NULL AND state = 'released')
               ORDER BY id FOR UPDATE SKIP LOCKED"""
        )
    ).scalars().all()  # fmt: skip
    lines = read_frame(
        conn,
        f"SELECT * FROM ({LACKING.format('%(ids)s')}) lacking WHERE quantity_e3 > 0 ORDER BY 1, 2, 3",
        {"ids": list(accepted)},
        dtypes={"order_id": "int64", "line_no": "int64", "item_id": "int64", "item_ref": "str", "pack_e3": "int64",
                "quantity_e3": "int64"},
    )  # fmt: skip
    orders = read_frame(
        conn,
        """SELECT o.id, commercial_state = 'confirmed', coalesce(order_date, (received_at AT TIME ZONE 'UTC')::date), coalesce(c.priority, 0)
           FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE o.id = ANY(%(ids)s) ORDER BY o.id""",
        {"ids": [int(one) for one in lines["order_id"].unique()]},
        dtypes={"order_id": "int64", "is_confirmed": "bool", "day": "str", "priority": "int64"},
    )
    return orders, lines
