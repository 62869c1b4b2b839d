"""Transfers between our warehouses: drafted, sent into transit, received, lost or brought back. Every step is moves.

On the way goods lie at the location ('transit', the transfer's number), and are expected as a supply of the warehouse
they go to. Quantities are int64 thousandths of the item's unit in frames.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, stage_frame, utc
from orderclerk.database.stock_moves import StockError, lock_levels, post_moves
from orderclerk.database.supplies import close_supplies, open_supplies
from orderclerk.domain.states import is_allowed


def draft_transfers(conn: Connection, moves: pd.DataFrame, key: str, expected: date, at: datetime) -> int:
    """A draft for each pair of warehouses in `moves` (as `plan_transfers` gives them); how many are new.

    `key` names the decision: the same key again drafts nothing more.
    """
    if moves.empty:
        return 0
    kinds = "item_id bigint, from_warehouse text, to_warehouse text, quantity_e3 bigint, why text"
    stage_frame(conn, "planned_moves", kinds, moves)
    made = conn.execute(
        sql(
            """WITH made AS (
                   INSERT INTO transfers (key, from_warehouse, to_warehouse, made_at, expected_date, why)
                   SELECT :key || ':' || from_warehouse || ':' || to_warehouse, from_warehouse, to_warehouse, :at, :expected,
                          string_agg(i.item_no || ': ' || why, E'\n' ORDER BY i.item_no)
                   FROM planned_moves JOIN items i ON i.id = item_id GROUP BY from_warehouse, to_warehouse
                   ORDER BY from_warehouse, to_warehouse
                   ON CONFLICT (key) DO NOTHING RETURNING id, from_warehouse, to_warehouse),
               lined AS (
                   INSERT INTO transfer_lines (transfer_id, line_no, item_id, quantity)
                   SELECT m.id, row_number() OVER (PARTITION BY m.id ORDER BY i.item_no), p.item_id, p.quantity_e3 / 1000.0
                   FROM made m JOIN planned_moves p USING (from_warehouse, to_warehouse) JOIN items i ON i.id = p.item_id)
               SELECT count(*) FROM made"""
        ),
        {"key": key, "at": utc(at), "expected": expected},
    ).scalar_one()
    conn.execute(sql("DROP TABLE planned_moves"))
    return int(made)


def transfer_named(conn: Connection, transfer_no: str) -> Any:
    """The transfer with this number, locked. Raises StockError for none."""
    row = conn.execute(
        sql("SELECT * FROM transfers WHERE transfer_no = upper(:no) FOR UPDATE"), {"no": transfer_no.strip()}
    ).first()
    if row is None:
        raise StockError(f"There is no transfer {transfer_no}; take the number from the artifact transfers")
    return row


def lines_of(conn: Connection, transfer_id: int) -> pd.DataFrame:
    """Its lines: line_no, item_id, item_no, quantity_e3, supply_id, and on_way_e3 that left and is accounted for nowhere."""
    query = """SELECT l.line_no, l.item_id, i.item_no, (l.quantity * 1000)::bigint, l.supply_id,
                      (coalesce((SELECT sum(CASE WHEN t.kind = 'transit' THEN m.quantity ELSE -m.quantity END) FROM stock_moves m
                          JOIN locations f ON f.id = m.from_id JOIN locations t ON t.id = m.to_id JOIN transfers x ON x.id = l.transfer_id
                          WHERE m.item_id = l.item_id AND ((t.kind, t.code) = ('transit', x.transfer_no)
                             OR (f.kind, f.code) = ('transit', x.transfer_no))), 0) * 1000)::bigint
               FROM transfer_lines l JOIN items i ON i.id = l.item_id WHERE l.transfer_id = %(id)s ORDER BY 1"""
    types = {"line_no": "int64", "item_id": "int64", "item_no": "str", "quantity_e3": "int64", "supply_id": "Int64",
             "on_way_e3": "int64"}  # fmt: skip
    return read_frame(conn, query, {"id": transfer_id}, dtypes=types)


def send(conn: Connection, transfer: Any, leaving: Mapping[int, int], *, at: datetime, person: str) -> None:
    """Goods leave: `leaving` has thousandths by line, lines that are absent stay. They are expected at the other warehouse.

    Taken from the bins in their sequence, of lots the one that came first. Raises StockError where it is not there or
    reserved.
    """
    rows = pd.DataFrame(sorted(leaving.items()), columns=["line_no", "quantity_e3"])
    stage_frame(conn, "leaving_lines", "line_no int, quantity_e3 bigint", rows)
    given = {"id": transfer.id}
    lock_levels(
        conn,
        f"""SELECT l.item_id, w.warehouse FROM transfer_lines l JOIN leaving_lines USING (line_no) JOIN transfers t ON t.id = l.transfer_id
            CROSS JOIN LATERAL (VALUES (t.from_warehouse), (t.to_warehouse)) w(warehouse) WHERE t.id = {int(transfer.id)}""",
    )
    moves = read_frame(conn, _LEAVING, given, dtypes=_MOVES | {"line_no": "int64"})
    _refuse_short(moves, rows, transfer)
    post_moves(conn, moves.drop(columns="line_no").assign(
        from_kind="warehouse", to_kind="transit", to_code=transfer.transfer_no, reason="transfer sent", document_kind="transfer",
        document_ref=transfer.transfer_no), at=at, actor=person)  # fmt: skip
    conn.execute(
        sql(
            """UPDATE transfer_lines l SET sent = n.quantity_e3 / 1000.0 FROM leaving_lines n
               WHERE l.transfer_id = :id AND l.line_no = n.line_no"""
        ),
        given,
    )
    expected = read_frame(conn, _EXPECTED, given, dtypes=_STATED)
    open_supplies(conn, expected, at=at, actor=person)
    conn.execute(
        sql(
            """UPDATE transfer_lines l SET supply_id = u.id FROM supplies u, transfers t
               WHERE t.id = :id AND l.transfer_id = t.id AND (u.kind, u.document_no, u.line_no) = ('transfer', t.transfer_no, l.line_no)"""
        ),
        given,
    )
    conn.execute(sql("DROP TABLE leaving_lines"))
    _move(conn, transfer, "sent", at, person, "")


_MOVES = {"key": "str", "item_id": "int64", "lot": "str", "quantity_e3": "int64", "from_code": "str"}
_STATED = {"kind": "str", "document_no": "str", "line_no": "int64", "item_id": "int64", "warehouse": "str",
           "quantity_e3": "int64", "expected_date": "str"}  # fmt: skip
_EXPECTED = """SELECT 'transfer', t.transfer_no, l.line_no, l.item_id, t.to_warehouse, (l.sent * 1000)::bigint, t.expected_date
    FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id WHERE t.id = %(id)s AND l.sent > 0 ORDER BY l.line_no"""
# what leaves laid end to end over the bins' stock end to end
_LEAVING = """
WITH wanted AS (SELECT l.line_no, l.item_id, t.from_warehouse AS warehouse, t.transfer_no, n.quantity_e3 / 1000.0 AS quantity,
            sum(n.quantity_e3 / 1000.0) OVER (PARTITION BY l.item_id ORDER BY l.line_no) AS until
        FROM leaving_lines n JOIN transfer_lines l USING (line_no) JOIN transfers t ON t.id = l.transfer_id WHERE t.id = %(id)s),
     lots AS (SELECT item_id, lot, min(id) AS first FROM stock_moves WHERE item_id IN (SELECT item_id FROM wanted) GROUP BY 1, 2),
     shelf AS (SELECT b.item_id, p.warehouse, b.lot, p.code, b.on_hand, sum(b.on_hand) OVER (PARTITION BY b.item_id, p.warehouse
            ORDER BY f.first, p.bin) AS until FROM bin_levels b JOIN locations p ON p.id = b.location_id JOIN lots f USING (item_id, lot)
        WHERE b.on_hand > 0)
SELECT 'transfer:' || w.transfer_no || ':' || w.line_no || ':' || s.code || ':' || s.lot, w.item_id, s.lot,
       ((least(w.until, s.until) - greatest(w.until - w.quantity, s.until - s.on_hand)) * 1000)::bigint, s.code, w.line_no
FROM wanted w JOIN shelf s USING (item_id, warehouse)
WHERE least(w.until, s.until) > greatest(w.until - w.quantity, s.until - s.on_hand)"""


def _refuse_short(moves: pd.DataFrame, wanted: pd.DataFrame, transfer: Any) -> None:
    found = moves.groupby("line_no")["quantity_e3"].sum()
    for line, quantity in wanted.itertuples(index=False):
        if found.get(line, 0) < quantity:
            raise StockError(
                f"{transfer.transfer_no} line {line}: {quantity / 1000:g} are to leave {transfer.from_warehouse}, "
                f"{found.get(line, 0) / 1000:g} are there; say what really left in the field for lines that differ"
            )


def on_the_way(conn: Connection, transfer_no: str) -> pd.DataFrame:
    """What of a transfer is in transit: item_id, lot, quantity_e3."""
    query = """SELECT m.item_id, m.lot, (sum(CASE WHEN t.kind = 'transit' AND t.code = %(no)s THEN m.quantity ELSE -m.quantity END) * 1000)::bigint
               FROM stock_moves m JOIN locations f ON f.id = m.from_id JOIN locations t ON t.id = m.to_id
               WHERE (t.kind, t.code) = ('transit', %(no)s) OR (f.kind, f.code) = ('transit', %(no)s)
               GROUP BY 1, 2 HAVING sum(CASE WHEN t.kind = 'transit' AND t.code = %(no)s THEN m.quantity ELSE -m.quantity END) > 0
               ORDER BY 1, min(m.id)"""
    return read_frame(
        conn, query, {"no": transfer_no}, dtypes={"item_id": "int64", "lot": "str", "quantity_e3": "int64"}
    )


def has_received(conn: Connection, transfer_id: int, form: str) -> bool:
    """Whether receipts of a transfer whose keys begin with `form` are in the book."""
    query = sql(
        """SELECT EXISTS (SELECT FROM stock_moves WHERE document_kind = 'supply' AND starts_with(key, :form) AND document_ref IN
               (SELECT supply_id::text FROM transfer_lines WHERE transfer_id = :id))"""
    )
    return bool(conn.execute(query, {"form": f"receipt:{form}", "id": transfer_id}).scalar_one())


def end_transit(
    conn: Connection, transfer: Any, to: tuple[str, str], reason: str, *, at: datetime, person: str
) -> pd.DataFrame:
    """What is still on the way goes to `to` (kind and code) and is expected no more; the promises that lose it."""
    rest = on_the_way(conn, transfer.transfer_no)
    lines = lines_of(conn, transfer.id)
    lost = close_supplies(conn, [int(one) for one in lines["supply_id"].dropna()], at=at, actor=person)
    moves = rest.assign(
        key=[f"transfer:{transfer.transfer_no}:{reason}:{item}:{lot}" for item, lot in rest[["item_id", "lot"]].itertuples(index=False)],
        from_kind="transit", from_code=transfer.transfer_no, to_kind=to[0], to_code=to[1], reason=f"transfer {reason}",
        document_kind="transfer", document_ref=transfer.transfer_no,
    )  # fmt: skip
    post_moves(conn, moves, at=at, actor=person)
    return lost


def close_transfer(conn: Connection, transfer: Any, state: str, at: datetime, person: str, note: str) -> None:
    """`received` or `cancelled`. Raises StockError for a transfer that cannot become that."""
    _move(conn, transfer, state, at, person, note)


def _move(conn: Connection, transfer: Any, state: str, at: datetime, person: str, note: str) -> None:
    if not is_allowed("transfer", transfer.state, state):
        raise StockError(f"{transfer.transfer_no} is {transfer.state}: it cannot become {state}")
    who = "sent_by = :who, sent_at = :at" if state == "sent" else "closed_by = :who, closed_at = :at"
    conn.execute(
        sql(f"UPDATE transfers SET state = :state, {who}, note = CASE WHEN :note = '' THEN note ELSE :note END WHERE id = :id"),
        {"state": state, "who": person, "at": utc(at), "note": note, "id": transfer.id},
    )  # fmt: skip


def list_transfers(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Open transfers, the oldest first: number, from, to, state, when it is expected, what it carries and why."""
    rows = conn.execute(
        sql(
            """SELECT t.transfer_no AS transfer, t.from_warehouse AS "from", t.to_warehouse AS "to", t.state, t.expected_date AS expected,
                      (SELECT string_agg(i.item_no || ' x ' || trim_scale(CASE t.state WHEN 'draft' THEN l.quantity ELSE l.sent END)
                          || CASE WHEN u.received > 0 THEN ' (' || trim_scale(u.received) || ' arrived)' ELSE '' END, ', ' ORDER BY l.line_no)
                       FROM transfer_lines l JOIN items i ON i.id = l.item_id LEFT JOIN supplies u ON u.id = l.supply_id
                       WHERE l.transfer_id = t.id) AS goods, t.why
               FROM transfers t WHERE t.state IN ('draft', 'sent') ORDER BY t.id LIMIT :limit"""
        ),
        {"limit": limit},
    )
    return [{name: str(value) for name, value in row._mapping.items()} for row in rows]
