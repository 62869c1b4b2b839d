"""The stock ledger: moves from place to place, and the balances kept beside them in the same transaction.

Whoever moves stock locks `stock_levels` in key order first, everything it will touch at once: workers queue and never
deadlock. Quantities are int64 thousandths of the item's unit in frames, numeric in the book.
"""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, stage_frame, utc


class StockError(Exception):
    """What the ledger refuses, in one sentence; nothing was changed."""


_MOVING = {
    "key": "text", "item_id": "bigint", "lot": "text", "quantity_e3": "bigint", "from_kind": "text", "from_code": "text",
    "to_kind": "text", "to_code": "text", "reason": "text", "document_kind": "text", "document_ref": "text",
    "order_id": "bigint", "line_no": "int",
}  # fmt: skip
_EMPTY = {"lot": "", "from_code": "", "to_code": "", "reason": "", "document_kind": "", "document_ref": ""}
_TOUCHED = """SELECT DISTINCT m.item_id, split_part(p.code, '/', 1) AS warehouse FROM moving m
    CROSS JOIN LATERAL (VALUES (from_kind, from_code), (to_kind, to_code)) p(kind, code) WHERE p.kind = 'warehouse'"""
_REFUSED = (
    """SELECT 'the warehouse ' || t.warehouse || ' is not known; add it to warehouses.csv' FROM (""" + _TOUCHED + """) t
       WHERE NOT EXISTS (SELECT FROM warehouses w WHERE w.code = t.warehouse) LIMIT 1""",
    """SELECT i.item_no || ' is kept by lot: name the lot that moves' FROM moving m JOIN items i ON i.id = m.item_id
       WHERE i.is_lot_kept AND m.lot = '' LIMIT 1""",
    """SELECT 'the move ' || key || ' is told in two ways' FROM moving GROUP BY key
       HAVING count(DISTINCT (item_id, lot, quantity_e3, from_kind, from_code, to_kind, to_code)) > 1 LIMIT 1""",
    """SELECT 'the move ' || key || ' is in the book already, and another one' FROM moving m JOIN stock_moves s USING (key)
       JOIN locations f ON f.id = s.from_id JOIN locations t ON t.id = s.to_id
       WHERE (s.item_id, s.lot, s.quantity, f.kind, f.code, t.kind, t.code)
         <> (m.item_id, m.lot, m.quantity_e3 / 1000.0, m.from_kind, m.from_code, m.to_kind, m.to_code) LIMIT 1""",
)  # fmt: skip
_TOO_LITTLE = (
    """SELECT i.item_no || ' in ' || l.code || CASE d.lot WHEN '' THEN '' ELSE ' of lot ' || d.lot END || ': '
              || trim_scale(coalesce(b.on_hand, 0)) || ' on hand, ' || trim_scale(-d.quantity) || ' would leave'
       FROM shifting d JOIN items i ON i.id = d.item_id JOIN locations l ON l.id = d.location_id
       LEFT JOIN bin_levels b ON (b.item_id, b.location_id, b.lot) = (d.item_id, d.location_id, d.lot)
       WHERE coalesce(b.on_hand, 0) + d.quantity < 0 LIMIT 1""",
    """SELECT i.item_no || ' in ' || s.warehouse || ': ' || trim_scale(s.on_hand + d.quantity) || ' would be left, and '
              || trim_scale(s.reserved) || ' are reserved'
       FROM (SELECT item_id, warehouse, sum(quantity) AS quantity FROM shifting GROUP BY 1, 2) d
       JOIN stock_levels s USING (item_id, warehouse) JOIN items i ON i.id = d.item_id
       WHERE s.on_hand + d.quantity < s.reserved LIMIT 1""",
)
# what is new of the moves, and what it does to the bins of warehouses
_SHIFTED = """
CREATE TEMP TABLE shifting ON COMMIT DROP AS
WITH fresh AS (SELECT DISTINCT ON (key) m.item_id, m.lot, m.quantity_e3 / 1000.0 AS quantity, from_kind, from_code, to_kind, to_code
       FROM moving m WHERE NOT EXISTS (SELECT FROM stock_moves s WHERE s.key = m.key)),
     ends AS (SELECT item_id, lot, -quantity AS quantity, from_kind AS kind, from_code AS code FROM fresh
              UNION ALL SELECT item_id, lot, quantity, to_kind, to_code FROM fresh)
SELECT e.item_id, l.id AS location_id, l.warehouse, e.lot, sum(e.quantity) AS quantity
FROM ends e JOIN locations l USING (kind, code) WHERE l.kind = 'warehouse' GROUP BY 1, 2, 3, 4"""
_WRITTEN = (
    """INSERT INTO bin_levels (item_id, location_id, lot) SELECT item_id, location_id, lot FROM shifting d
       WHERE NOT EXISTS (SELECT FROM bin_levels b WHERE (b.item_id, b.location_id, b.lot) = (d.item_id, d.location_id, d.lot))""",
    """UPDATE bin_levels b SET on_hand = b.on_hand + d.quantity FROM shifting d
       WHERE (b.item_id, b.location_id, b.lot) = (d.item_id, d.location_id, d.lot)""",
    """UPDATE stock_levels s SET on_hand = s.on_hand + d.quantity
       FROM (SELECT item_id, warehouse, sum(quantity) AS quantity FROM shifting GROUP BY 1, 2) d
       WHERE (s.item_id, s.warehouse) = (d.item_id, d.warehouse)""",
)


def post_moves(conn: Connection, moves: pd.DataFrame, *, at: datetime, actor: str) -> int:
    """Post `moves` and change the balances; how many were new, for a key that is in the book already moves nothing.

    Columns: key, item_id, quantity_e3, from_kind, to_kind, and where they apply from_code, to_code, lot, reason,
    document_kind, document_ref, order_id, line_no. A warehouse's code is `WH/BIN`, `WH/` the warehouse as such. Locks
    the stock it touches in key order. Raises StockError for stock that is not there or reserved, an unknown warehouse,
    a missing lot, and a key that means something else.
    """
    if moves.empty:
        return 0
    frame = moves.assign(**{name: value for name, value in _EMPTY.items() if name not in moves})
    frame = frame.reindex(columns=list(_MOVING))
    for end in ("from", "to"):
        whole = (frame[f"{end}_kind"] == "warehouse") & ~frame[f"{end}_code"].str.contains("/", regex=False)
        frame[f"{end}_code"] = frame[f"{end}_code"].where(~whole, frame[f"{end}_code"] + "/")
    frame[["order_id", "line_no"]] = frame[["order_id", "line_no"]].astype("Int64")
    stage_frame(conn, "moving", ", ".join(f"{name} {kind}" for name, kind in _MOVING.items()), frame)
    _refuse(conn, _REFUSED[:1])
    conn.execute(sql(_PLACES))
    lock_levels(conn, _TOUCHED)
    _refuse(conn, _REFUSED[1:])
    conn.execute(sql("DROP TABLE IF EXISTS pg_temp.shifting"))
    conn.execute(sql(_SHIFTED))
    _refuse(conn, _TOO_LITTLE)
    for statement in _WRITTEN:
        conn.execute(sql(statement))
    posted = conn.execute(sql(_POSTED), {"at": utc(at), "actor": actor}).rowcount
    conn.execute(sql("DROP TABLE moving, shifting"))
    return posted


_PLACES = """
INSERT INTO locations (kind, code, warehouse, bin)
SELECT DISTINCT p.kind, p.code, CASE p.kind WHEN 'warehouse' THEN split_part(p.code, '/', 1) END,
       CASE p.kind WHEN 'warehouse' THEN substr(p.code, strpos(p.code, '/') + 1) ELSE '' END
FROM moving CROSS JOIN LATERAL (VALUES (from_kind, from_code), (to_kind, to_code)) p(kind, code)
WHERE NOT EXISTS (SELECT FROM locations l WHERE (l.kind, l.code) = (p.kind, p.code)) ORDER BY 1, 2 ON CONFLICT DO NOTHING"""
_POSTED = """
INSERT INTO stock_moves (key, item_id, lot, quantity, from_id, to_id, reason, document_kind, document_ref, order_id, line_no, at, actor)
SELECT m.key, m.item_id, m.lot, m.quantity_e3 / 1000.0, f.id, t.id, reason, document_kind, document_ref, order_id, line_no, :at, :actor
FROM moving m JOIN locations f ON (f.kind, f.code) = (from_kind, from_code) JOIN locations t ON (t.kind, t.code) = (to_kind, to_code)
ORDER BY m.item_id, m.key ON CONFLICT (key) DO NOTHING"""


def lock_levels(conn: Connection, keys: str) -> None:
    """Lock the stock of `keys` (a query for item_id, warehouse) in key order, rows that are missing made first."""
    conn.execute(
        sql(
            f"""INSERT INTO stock_levels (item_id, warehouse) SELECT item_id, warehouse FROM ({keys}) k
                WHERE NOT EXISTS (SELECT FROM stock_levels s WHERE (s.item_id, s.warehouse) = (k.item_id, k.warehouse))
                ORDER BY 1, 2 ON CONFLICT DO NOTHING"""
        )
    )
    conn.execute(
        sql(
            f"""SELECT FROM stock_levels s WHERE (item_id, warehouse) IN (SELECT item_id, warehouse FROM ({keys}) k)
                ORDER BY item_id, warehouse FOR UPDATE"""
        )
    )


_BY_DIFFERENCE = """
WITH stated AS (SELECT item_id, warehouse, lot, on_hand_e3 / 1000.0 AS quantity FROM following),
     shelf AS (SELECT b.item_id, l.warehouse, b.lot, l.code, b.on_hand, sum(b.on_hand) OVER w AS until, sum(b.on_hand) OVER p AS total
        FROM bin_levels b JOIN locations l ON l.id = b.location_id JOIN stated s ON (s.item_id, s.warehouse, s.lot) = (b.item_id, l.warehouse, b.lot)
        WINDOW w AS (PARTITION BY b.item_id, l.warehouse, b.lot ORDER BY l.bin), p AS (PARTITION BY b.item_id, l.warehouse, b.lot)),
     gap AS (SELECT s.item_id, s.warehouse, s.lot, s.quantity - coalesce(max(f.total), 0) AS quantity FROM stated s
        LEFT JOIN shelf f USING (item_id, warehouse, lot) GROUP BY s.item_id, s.warehouse, s.lot, s.quantity)
SELECT 'follow:' || nextval(pg_get_serial_sequence('stock_moves', 'id')), item_id, lot, (amount * 1000)::bigint, from_kind, from_code, to_kind, to_code
FROM (SELECT item_id, lot, quantity AS amount, {kind} AS from_kind, {code} AS from_code, 'warehouse' AS to_kind, warehouse || '/' AS to_code
      FROM gap WHERE quantity > 0
      UNION ALL SELECT g.item_id, g.lot, least(f.on_hand, -g.quantity - (f.until - f.on_hand)), 'warehouse', f.code, {kind}, {code}
      FROM gap g JOIN shelf f USING (item_id, warehouse, lot) WHERE g.quantity < 0 AND -g.quantity > f.until - f.on_hand
        AND f.on_hand > 0) d"""


def follow_levels(
    conn: Connection,
    levels: pd.DataFrame,
    *,
    reason: str,
    document_kind: str,
    document_ref: str,
    at: datetime,
    actor: str,
    place: tuple[str, str] = ("count", ""),
) -> pd.DataFrame:
    """Bring the ledger to `levels` (item_id, warehouse, on_hand_e3, lot where kept), each difference a move from or to `place`.

    What `levels` does not name stays. Returns the moves. Raises StockError, for example where less would be left than
    is reserved.
    """
    frame = levels if "lot" in levels else levels.assign(lot="")
    stage_frame(conn, "following", "item_id bigint, warehouse text, lot text, on_hand_e3 bigint", frame)
    twice = """SELECT i.item_no || ' in ' || warehouse || ' is stated twice' FROM following JOIN items i ON i.id = item_id
               GROUP BY i.item_no, warehouse, lot HAVING count(*) > 1 LIMIT 1"""
    lotless = """SELECT i.item_no || ' is kept by lot: state the stock of each lot' FROM following f JOIN items i ON i.id = f.item_id
                 WHERE i.is_lot_kept AND f.lot = '' LIMIT 1"""
    _refuse(conn, (twice, lotless))
    lock_levels(conn, "SELECT DISTINCT item_id, warehouse FROM following")
    kinds = {"key": "str", "item_id": "int64", "lot": "str", "quantity_e3": "int64", "from_kind": "str", "from_code": "str",
             "to_kind": "str", "to_code": "str"}  # fmt: skip
    query = _BY_DIFFERENCE.format(kind="%(kind)s", code="%(code)s")
    found = read_frame(conn, query, {"kind": place[0], "code": place[1]}, dtypes=kinds)
    conn.execute(sql("DROP TABLE following"))
    moved = found.assign(reason=reason, document_kind=document_kind, document_ref=document_ref)
    post_moves(conn, moved, at=at, actor=actor)
    return moved


def _refuse(conn: Connection, queries: tuple[str, ...]) -> None:
    for query in queries:
        if sentence := conn.execute(sql(query)).scalar():
            raise StockError(str(sentence))
