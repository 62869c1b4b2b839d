"""What is coming: purchases, transfers and returns expected, what of them is promised to whom, and their receipt.

Stock is locked in key order before supplies are locked by id. Quantities are int64 thousandths of the item's unit in
frames.
"""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, stage_frame, utc
from orderclerk.database.promises import lose_promises
from orderclerk.database.stock_moves import StockError, lock_levels, post_moves

LOST = {
    "supply_id": "int64",
    "order_id": "int64",
    "line_no": "int64",
    "item_id": "int64",
    "warehouse": "str",
    "quantity_e3": "int64",
}
LANDED = {**LOST, "state": "str"}
_OPEN_PEG = "state IN ('soft', 'hard')"


def open_supplies(conn: Connection, stated: pd.DataFrame, *, at: datetime, actor: str) -> pd.DataFrame:
    """Let the book expect `stated`, each line of a document once; a line stated again gets its new quantity and date.

    Columns: kind (purchase, transfer, return), document_no, line_no, item_id, warehouse, quantity_e3, expected_date.
    Returns the promises that a smaller quantity no longer covers (`LOST`), the latest first to go: they are released
    with an event, and whoever calls finds those lines other stock in the same transaction. Raises StockError for a line
    that was another item's or another warehouse's.
    """
    kinds = "kind text, document_no text, line_no int, item_id bigint, warehouse text, quantity_e3 bigint, expected_date date"
    stage_frame(conn, "expecting", kinds, stated)
    lock_levels(conn, "SELECT DISTINCT item_id, warehouse FROM expecting")
    found = f"FROM supplies s JOIN expecting e USING ({_LINE})"
    conn.execute(sql(f"SELECT {found} ORDER BY s.id FOR UPDATE OF s"))
    other = conn.execute(
        sql(
            f"SELECT document_no || ' line ' || line_no {found} WHERE (s.item_id, s.warehouse) <> (e.item_id, e.warehouse)"
        )
    ).scalar()
    if other:
        raise StockError(f"{other} is expected as another item or elsewhere; close that line and state a new one")
    lost = _drop_pegs(conn, f"SELECT s.id, greatest(e.quantity_e3 / 1000.0 - s.received, 0) AS rest {found}", at, actor)
    conn.execute(
        sql(
            f"""INSERT INTO supplies (kind, document_no, line_no, item_id, warehouse, quantity, expected_date, first_expected_date)
                SELECT kind, document_no, line_no, item_id, warehouse, quantity_e3 / 1000.0, expected_date, expected_date
                FROM expecting ORDER BY {_LINE}
                ON CONFLICT ({_LINE}) DO UPDATE SET quantity = excluded.quantity, expected_date = excluded.expected_date,
                    state = CASE WHEN supplies.received >= excluded.quantity THEN 'closed' ELSE 'open' END"""
        )
    )
    _add_up_incoming(conn, "SELECT item_id, warehouse FROM expecting")
    conn.execute(sql("DROP TABLE expecting"))
    return lost


_LINE = "kind, document_no, line_no"


def items_of(conn: Connection, supply_ids: Collection[int]) -> list[int]:
    """The items that these supplies bring."""
    ids = sorted({int(i) for i in supply_ids})
    return list(conn.execute(sql("SELECT DISTINCT item_id FROM supplies WHERE id = ANY(:ids)"), {"ids": ids}).scalars())


def close_supplies(conn: Connection, supply_ids: Collection[int], *, at: datetime, actor: str) -> pd.DataFrame:
    """Expect nothing more of these; the promises that stood on them (`LOST`) are released as by `open_supplies`."""
    given = {"ids": sorted(int(i) for i in supply_ids)}
    _lock_supplies(conn, given["ids"])
    chosen = f"SELECT id, 0.0 AS rest FROM supplies WHERE id IN ({', '.join(map(str, given['ids'])) or 'NULL'})"
    lost = _drop_pegs(conn, chosen, at, actor)
    conn.execute(sql("UPDATE supplies SET state = 'closed' WHERE id = ANY(:ids)"), given)
    _add_up_incoming(conn, "SELECT item_id, warehouse FROM supplies WHERE id = ANY(:ids)", given)
    return lost


def receive(conn: Connection, receipts: pd.DataFrame, *, at: datetime, actor: str) -> pd.DataFrame:
    """Goods arrive: moves into the warehouse, and promises of that supply become reservations on stock, the oldest first.

    `receipts`: key (the same again receives nothing), supply_id, quantity_e3, and where they apply lot, bin, from_code
    (whose it was). Returns what landed for whom (`LANDED`). More than expected may come; what is complete is closed.
    Raises StockError as `post_moves` does.
    """
    frame = receipts.assign(**{name: "" for name in ("lot", "bin", "from_code") if name not in receipts})
    kinds = "key text, supply_id bigint, quantity_e3 bigint, lot text, bin text, from_code text"
    stage_frame(conn, "arriving_goods", kinds, frame)
    ids = sorted(int(i) for i in frame["supply_id"].unique())
    _lock_supplies(conn, ids)
    dtypes = {"key": "str", "item_id": "int64", "lot": "str", "quantity_e3": "int64", "from_kind": "str", "from_code": "str",
              "to_kind": "str", "to_code": "str", "reason": "str", "document_kind": "str", "document_ref": "str"}  # fmt: skip
    moves = read_frame(conn, _ARRIVED, dtypes=dtypes)
    known = sql("SELECT substr(key, 9) FROM stock_moves WHERE key = ANY(:keys)")
    done = set(conn.execute(known, {"keys": moves["key"].tolist()}).scalars())
    post_moves(conn, moves, at=at, actor=actor)
    conn.execute(sql("DELETE FROM arriving_goods WHERE key = ANY(:done)"), {"done": sorted(done)})
    landed = read_frame(conn, _LANDING, {"at": utc(at)}, dtypes=LANDED | {"id": "int64", "is_whole": "bool"})
    _land(conn, landed, at)
    conn.execute(sql(_RECEIVED))
    _add_up_incoming(conn, "SELECT item_id, warehouse FROM supplies WHERE id = ANY(:ids)", {"ids": ids})
    conn.execute(sql("DROP TABLE arriving_goods"))
    return landed[list(LANDED)]


_ARRIVED = """
SELECT 'receipt:' || key, s.item_id, a.lot, sum(a.quantity_e3)::bigint,
       CASE s.kind WHEN 'purchase' THEN 'supplier' WHEN 'transfer' THEN 'transit' ELSE 'customer' END, a.from_code,
       'warehouse', s.warehouse || '/' || a.bin, s.kind || ' received', 'supply', s.id::text
FROM arriving_goods a JOIN supplies s ON s.id = a.supply_id GROUP BY a.key, s.id, a.lot, a.bin, a.from_code"""
# promises end to end over what arrived of their supply
_LANDING = f"""
WITH came AS (SELECT supply_id, sum(quantity_e3) / 1000.0 AS quantity FROM arriving_goods GROUP BY 1),
     pegs AS (SELECT r.*, sum(r.quantity) OVER (PARTITION BY r.supply_id ORDER BY r.id) AS until
        FROM reservations r JOIN came USING (supply_id) WHERE r.{_OPEN_PEG})
SELECT p.supply_id, p.order_id, p.line_no, p.item_id, p.warehouse, (least(p.quantity, c.quantity - (p.until - p.quantity)) * 1000)::bigint,
       p.state, p.id, p.until <= c.quantity
FROM pegs p JOIN came c USING (supply_id) WHERE c.quantity > p.until - p.quantity ORDER BY p.id"""
_RECEIVED = """
UPDATE supplies s SET received = s.received + c.quantity,
    state = CASE WHEN s.received + c.quantity >= s.quantity THEN 'closed' ELSE s.state END,
    pegged = greatest(s.pegged - c.quantity, 0)
FROM (SELECT supply_id, sum(quantity_e3) / 1000.0 AS quantity FROM arriving_goods GROUP BY 1) c WHERE c.supply_id = s.id"""


def _land(conn: Connection, landed: pd.DataFrame, at: datetime) -> None:
    """Promises give way to reservations on stock: what landed in part goes on waiting for the rest."""
    if landed.empty:
        return
    kinds = "id bigint, quantity_e3 bigint, is_whole boolean"
    stage_frame(conn, "landing", kinds, landed)
    for statement in (
        "UPDATE reservations r SET quantity = r.quantity - g.quantity_e3 / 1000.0 FROM landing g WHERE g.id = r.id AND NOT is_whole",
        "UPDATE reservations r SET state = 'released', closed_at = :at FROM landing g WHERE g.id = r.id AND is_whole",
        """INSERT INTO reservations (order_id, line_no, item_id, warehouse, quantity, state, expires_at, made_at)
           SELECT order_id, line_no, item_id, warehouse, sum(g.quantity_e3) / 1000.0, min(before), CASE min(before) WHEN 'soft' THEN max(expires_at) END, min(made_at)
           FROM landing g JOIN (SELECT *, CASE WHEN expires_at IS NULL THEN 'hard' ELSE 'soft' END AS before FROM reservations) r USING (id)
           GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
           ON CONFLICT (order_id, line_no, item_id, warehouse, supply_id) WHERE state IN ('soft', 'hard', 'picked')
           DO UPDATE SET quantity = reservations.quantity + excluded.quantity,
               state = CASE WHEN excluded.state = 'hard' AND reservations.state = 'soft' THEN 'hard' ELSE reservations.state END,
               expires_at = CASE WHEN excluded.state = 'hard' THEN NULL ELSE reservations.expires_at END""",
        """UPDATE stock_levels s SET reserved = s.reserved + g.quantity FROM (SELECT item_id, warehouse, sum(quantity_e3) / 1000.0 AS quantity
           FROM landing JOIN reservations r USING (id) GROUP BY 1, 2) g WHERE (s.item_id, s.warehouse) = (g.item_id, g.warehouse)""",
        "DROP TABLE landing",
    ):  # fmt: skip
        conn.execute(sql(statement), {"at": utc(at)} if ":at" in statement else {})


def _drop_pegs(conn: Connection, rests: str, at: datetime, actor: str) -> pd.DataFrame:
    """Release what is promised of supplies beyond their rest (a query for id and rest), the latest promises first."""
    lost = read_frame(
        conn,
        f"""SELECT * FROM (SELECT p.supply_id, p.order_id, p.line_no, p.item_id, p.warehouse,
                   (least(p.quantity, p.until - x.rest) * 1000)::bigint AS lost, p.id, p.until - p.quantity >= x.rest AS is_whole
            FROM (SELECT *, sum(quantity) OVER (PARTITION BY supply_id ORDER BY id) AS until FROM reservations
                  WHERE {_OPEN_PEG} AND supply_id IS NOT NULL) p
            JOIN ({rests}) x ON x.id = p.supply_id WHERE p.until > x.rest) d ORDER BY id""",
        dtypes=LOST | {"id": "int64", "is_whole": "bool"},
    )
    if lost.empty:
        return lost[list(LOST)]
    stage_frame(conn, "losing", "id bigint, supply_id bigint, quantity_e3 bigint, is_whole boolean", lost)
    for statement in (
        """INSERT INTO reservations (order_id, line_no, item_id, warehouse, supply_id, quantity, state, expires_at, made_at, closed_at)
           SELECT order_id, line_no, item_id, warehouse, r.supply_id, g.quantity_e3 / 1000.0, 'released', expires_at, made_at, :at
           FROM losing g JOIN reservations r USING (id) WHERE NOT is_whole""",
        "UPDATE reservations r SET quantity = r.quantity - g.quantity_e3 / 1000.0 FROM losing g WHERE g.id = r.id AND NOT is_whole",
        "UPDATE reservations r SET state = 'released', closed_at = :at FROM losing g WHERE g.id = r.id AND is_whole",
        """UPDATE supplies s SET pegged = s.pegged - g.quantity FROM (SELECT supply_id, sum(quantity_e3) / 1000.0 AS quantity
           FROM losing GROUP BY 1) g WHERE g.supply_id = s.id""",
        """INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
           SELECT r.order_id, :at, :actor, 'supply lost', '', jsonb_build_object('supplies', jsonb_agg(DISTINCT s.document_no)),
                  jsonb_build_object('order', r.order_id, 'supply', jsonb_agg(DISTINCT s.id))
           FROM losing g JOIN reservations r USING (id) JOIN supplies s ON s.id = g.supply_id GROUP BY 1 ORDER BY 1""",
        "DROP TABLE losing",
    ):
        given = {name: one for name, one in {"at": utc(at), "actor": actor}.items() if f":{name}" in statement}
        conn.execute(sql(statement), given)
    lose_promises(conn, set(zip(lost["order_id"], lost["line_no"], strict=True)), at)
    return lost[list(LOST)]


def _lock_supplies(conn: Connection, ids: list[int]) -> None:
    given = {"ids": ids}
    conn.execute(
        sql(
            """SELECT FROM stock_levels WHERE (item_id, warehouse) IN (SELECT item_id, warehouse FROM supplies WHERE id = ANY(:ids))
               ORDER BY item_id, warehouse FOR UPDATE"""
        ),
        given,
    )
    conn.execute(sql("SELECT FROM supplies WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"), given)


def _add_up_incoming(conn: Connection, keys: str, given: dict[str, list[int]] | None = None) -> None:
    conn.execute(
        sql(
            f"""UPDATE stock_levels t SET incoming = coalesce((SELECT sum(greatest(s.quantity - s.received, 0)) FROM supplies s
                    WHERE (s.item_id, s.warehouse) = (t.item_id, t.warehouse) AND s.state = 'open'), 0)
                WHERE (item_id, warehouse) IN ({keys})"""
        ),
        given or {},
    )
