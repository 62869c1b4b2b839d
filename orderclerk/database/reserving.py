"""Reservations: who gets which stock, or which part of what is coming; taken, changed, given back, used up.

The stock of a whole batch is locked at once, `stock_levels` by (item_id, warehouse), then `supplies` by id. What is over
is kept as a row with its state. Quantities are int64 thousandths of the item's unit in frames.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, stage_frame, utc
from orderclerk.database.moves import move_orders
from orderclerk.database.promises import end_promises
from orderclerk.database.stock_moves import StockError, post_moves
from orderclerk.domain.states import is_allowed

_ACTIVE = "state IN ('soft', 'hard', 'picked')"


def lock_stock(conn: Connection, item_ids: Collection[int]) -> pd.DataFrame:
    """Lock the stock of these items, of a kit that of its components; item_id, warehouse, free_e3."""
    given = {"ids": sorted(int(i) for i in item_ids)}
    which = "item_id = ANY({0}) OR item_id IN (SELECT component_id FROM kits WHERE kit_id = ANY({0}))"
    conn.execute(
        sql(f"SELECT FROM stock_levels WHERE {which.format(':ids')} ORDER BY item_id, warehouse FOR UPDATE"), given
    )
    return read_frame(
        conn,
        f"SELECT item_id, warehouse, ((on_hand - reserved) * 1000)::bigint FROM stock_levels WHERE {which.format('%(ids)s')}",
        given,
        dtypes={"item_id": "int64", "warehouse": "str", "free_e3": "int64"},
    )


def lock_supplies(conn: Connection, item_ids: Collection[int]) -> pd.DataFrame:
    """Lock what is coming of these items (kits: components), their stock locked already.

    supply_id, kind, item_id, warehouse, free_e3 (not received and not promised yet), expected_date (as text).
    """
    given = {"ids": sorted(int(i) for i in item_ids)}
    which = """state = 'open' AND (item_id = ANY({0}) OR item_id IN (SELECT component_id FROM kits WHERE kit_id = ANY({0})))"""
    conn.execute(sql(f"SELECT FROM supplies WHERE {which.format(':ids')} ORDER BY id FOR UPDATE"), given)
    return read_frame(
        conn,
        f"""SELECT id, kind, item_id, warehouse, ((greatest(quantity - received, 0) - pegged) * 1000)::bigint, expected_date
            FROM supplies WHERE {which.format("%(ids)s")} ORDER BY expected_date, id""",
        given,
        dtypes={"supply_id": "int64", "kind": "str", "item_id": "int64", "warehouse": "str", "free_e3": "int64",
                "expected_date": "str"},
    )  # fmt: skip


def kit_components(conn: Connection, item_ids: Collection[int]) -> pd.DataFrame:
    """What is in the kits among these items: kit_id, component_id, component_no, quantity_e3 of one kit."""
    return read_frame(
        conn,
        """SELECT kit_id, component_id, i.item_no, (quantity * 1000)::bigint FROM kits JOIN items i ON i.id = component_id
           WHERE kit_id = ANY(%(ids)s) ORDER BY 1, 2""",
        {"ids": sorted(int(i) for i in item_ids)},
        dtypes={"kit_id": "int64", "component_id": "int64", "component_no": "str", "quantity_e3": "int64"},
    )


def reserve(
    conn: Connection,
    taken: pd.DataFrame,
    *,
    at: datetime,
    actor: str,
    state: str = "hard",
    expires_at: datetime | None = None,
    moves_orders: bool = True,
    causes: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Reserve `taken`: order_id, line_no, item_id, warehouse, quantity_e3, and supply_id where it is of what is coming.

    Its stock and supplies are locked already. What the line has there in this state grows. The orders of hard
    reservations are reserved from now on, with the order's own of `causes` in the event, unless the caller sees to that
    (not `moves_orders`); soft ones change no order, and end at `expires_at`. Raises StockError if the line has a
    reservation there in another state, and IntegrityError for more than is free.
    """
    if taken.empty:
        return
    frame = taken if "supply_id" in taken else taken.assign(supply_id=pd.NA)
    kinds = "order_id bigint, line_no int, item_id bigint, warehouse text, supply_id bigint, quantity_e3 bigint"
    stage_frame(conn, "taking", kinds, frame.astype({"supply_id": "Int64"}))
    wanted, made = conn.execute(sql(_TAKEN), {"state": state, "expires_at": expires_at, "at": utc(at)}).one()
    if made != wanted:
        raise StockError("a line has stock reserved there already, in another state; change that one first")
    conn.execute(sql(_STOCK_TAKEN))
    if frame["supply_id"].notna().any():
        conn.execute(sql(_SUPPLY_TAKEN))
    conn.execute(sql("DROP TABLE taking"))
    if state == "hard" and moves_orders:
        ids = [int(i) for i in taken["order_id"].unique()]
        move_orders(conn, "fulfilment", ids, "reserved", at=at, actor=actor, kind="stock reserved", causes=causes)


_TAKEN = f"""
WITH wanted AS (SELECT order_id, line_no, item_id, warehouse, supply_id, sum(quantity_e3) / 1000.0 AS quantity FROM taking GROUP BY 1, 2, 3, 4, 5),
     made AS (INSERT INTO reservations (order_id, line_no, item_id, warehouse, supply_id, quantity, state, expires_at, made_at)
        SELECT order_id, line_no, item_id, warehouse, supply_id, quantity, :state, CAST(:expires_at AS timestamptz), :at FROM wanted ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (order_id, line_no, item_id, warehouse, supply_id) WHERE {_ACTIVE}
        DO UPDATE SET quantity = reservations.quantity + excluded.quantity, expires_at = greatest(reservations.expires_at, excluded.expires_at)
        WHERE reservations.state = excluded.state RETURNING 1)
SELECT (SELECT count(*) FROM wanted), (SELECT count(*) FROM made)"""
_STOCK_TAKEN = """
UPDATE stock_levels s SET reserved = s.reserved + t.quantity
FROM (SELECT item_id, warehouse, sum(quantity_e3) / 1000.0 AS quantity FROM taking WHERE supply_id IS NULL GROUP BY 1, 2) t
WHERE (s.item_id, s.warehouse) = (t.item_id, t.warehouse)"""
_SUPPLY_TAKEN = """
UPDATE supplies s SET pegged = s.pegged + t.quantity
FROM (SELECT supply_id, sum(quantity_e3) / 1000.0 AS quantity FROM taking WHERE supply_id IS NOT NULL GROUP BY 1) t
WHERE s.id = t.supply_id"""


def release_orders(conn: Connection, order_ids: Collection[int], *, at: datetime, actor: str, cause: str) -> int:
    """Give back everything these orders have reserved, and take back what they were promised; how many orders had any."""
    ids = sorted(int(i) for i in order_ids)
    _move_rows(conn, "order_id = ANY(:ids)", ids, "released", at)
    end_promises(conn, ids, "withdrawn", at)
    reserved = conn.execute(
        sql("SELECT id FROM orders WHERE id = ANY(:ids) AND fulfilment_state = 'reserved'"), {"ids": ids}
    ).scalars().all()  # fmt: skip
    return move_orders(
        conn, "fulfilment", reserved, "released", at=at, actor=actor, kind="stock released", cause={"why": cause}
    )


def change_state(
    conn: Connection, reservation_ids: Collection[int], to_state: str, *, at: datetime, actor: str, cause: str = ""
) -> int:
    """Move active reservations to `to_state` (hard, picked, released), with an event for each order; how many moved.

    Those already there stay. Raises StockError for a change that reservations cannot make, or that `consume` makes.
    """
    ids = sorted(int(i) for i in reservation_ids)
    if to_state == "consumed":
        raise StockError("a reservation is consumed by `consume`, which moves the goods")
    _lock_rows(conn, "id = ANY(:ids)", ids)
    found = sql("SELECT DISTINCT state, supply_id IS NOT NULL FROM reservations WHERE id = ANY(:ids) AND state <> :to")
    for before, is_coming in conn.execute(found, {"ids": ids, "to": to_state}).tuples():
        if not is_allowed("reservation", before, to_state) or (is_coming and to_state == "picked"):
            raise StockError(
                f"a reservation that is {before}{' and still to come' * is_coming} cannot become {to_state}"
            )
    moved = _move_rows(conn, "id = ANY(:ids) AND state <> :to", ids, to_state, at)
    if to_state == "released":
        end_promises(conn, moved["order_id"], "withdrawn", at)
    _record(conn, moved, f"reservation {to_state}", at, actor, cause)
    return len(moved)


def expire_soft(conn: Connection, as_of: datetime, actor: str = "orderclerk") -> pd.DataFrame:
    """Release every soft reservation whose time is over; order_id, line_no, item_id, warehouse, quantity_e3 of them."""
    due = sql("SELECT id FROM reservations WHERE state = 'soft' AND expires_at <= :at ORDER BY id")
    ids = list(conn.execute(due, {"at": utc(as_of)}).scalars())
    _lock_rows(conn, "id = ANY(:ids)", ids)
    moved = _move_rows(conn, "id = ANY(:ids) AND state = 'soft' AND expires_at <= :at", ids, "released", as_of)
    end_promises(conn, moved["order_id"], "withdrawn", as_of)
    _record(conn, moved, "reservation expired", as_of, actor, "")
    return moved.drop(columns=["reservation_id", "supply_id"])


def consume(conn: Connection, reservation_ids: Collection[int], *, at: datetime, actor: str) -> int:
    """Picked goods leave for the customer: each reservation is used up by moves of its own; how many were.

    Taken from the bins in their sequence, of lots the one that came first. Those consumed already stay. Raises
    StockError if another is not picked.
    """
    ids = sorted(int(i) for i in reservation_ids)
    _lock_rows(conn, "id = ANY(:ids)", ids)
    other = conn.execute(
        sql("SELECT state FROM reservations WHERE id = ANY(:ids) AND state NOT IN ('picked', 'consumed') LIMIT 1"), {"ids": ids}
    ).scalar()  # fmt: skip
    if other:
        raise StockError(f"only what is picked can leave the house, and a reservation is {other}")
    leaving = read_frame(
        conn,
        _LEAVING,
        {"ids": ids},
        dtypes={"key": "str", "item_id": "int64", "lot": "str", "quantity_e3": "int64", "from_code": "str",
                "to_code": "str", "document_ref": "str", "order_id": "int64", "line_no": "int64"},
    )  # fmt: skip
    moved = _move_rows(conn, "id = ANY(:ids) AND state = 'picked'", ids, "consumed", at)
    end_promises(conn, moved["order_id"], "kept", at)
    leaving = leaving.assign(from_kind="warehouse", to_kind="customer", reason="shipped", document_kind="reservation")
    post_moves(conn, leaving, at=at, actor=actor)
    _record(conn, moved, "reservation consumed", at, actor, "")
    return len(moved)


# picked quantities end to end over the bins' stock end to end
_LEAVING = """
WITH wanted AS (SELECT r.*, sum(quantity) OVER (PARTITION BY item_id, warehouse ORDER BY id) AS until FROM reservations r
        WHERE id = ANY(%(ids)s) AND state = 'picked'),
     lots AS (SELECT item_id, lot, min(id) AS first FROM stock_moves WHERE item_id IN (SELECT item_id FROM wanted) GROUP BY 1, 2),
     shelf AS (SELECT b.item_id, l.warehouse, b.lot, l.code, b.on_hand, sum(b.on_hand) OVER (PARTITION BY b.item_id, l.warehouse
            ORDER BY f.first, l.bin) AS until FROM bin_levels b JOIN locations l ON l.id = b.location_id JOIN lots f USING (item_id, lot)
        WHERE b.on_hand > 0)
SELECT 'consume:' || w.id || ':' || s.code || ':' || s.lot, w.item_id, s.lot,
       ((least(w.until, s.until) - greatest(w.until - w.quantity, s.until - s.on_hand)) * 1000)::bigint, s.code,
       coalesce(c.customer_no, ''), w.id::text, w.order_id, w.line_no
FROM wanted w JOIN shelf s USING (item_id, warehouse) JOIN orders o ON o.id = w.order_id LEFT JOIN customers c ON c.id = o.customer_id
WHERE least(w.until, s.until) > greatest(w.until - w.quantity, s.until - s.on_hand)"""


def _lock_rows(conn: Connection, which: str, ids: list[int]) -> None:
    """Lock the stock and the supplies that these reservations stand on."""
    for table, key, theirs in (
        ("stock_levels", "item_id, warehouse", "item_id, warehouse"),
        ("supplies", "id", "supply_id"),
    ):
        conn.execute(
            sql(
                f"""SELECT FROM {table} WHERE ({key}) IN (SELECT {theirs} FROM reservations WHERE {which} AND {_ACTIVE})
                    ORDER BY {key} FOR UPDATE"""
            ),
            {"ids": ids},
        )


def _move_rows(conn: Connection, which: str, ids: list[int], to_state: str, at: datetime) -> pd.DataFrame:
    """Move active reservations, and the sums beside them where they end; what moved."""
    if which.startswith("order_id"):
        _lock_rows(conn, which, ids)
    ends = to_state in ("released", "consumed")
    expiry = "" if to_state == "released" else ", expires_at = NULL"
    given: dict[str, Any] = {"ids": ids, "to": to_state, "at": utc(at), "closed_at": utc(at) if ends else None}
    rows = conn.execute(
        sql(
            f"""UPDATE reservations SET state = :to, closed_at = :closed_at{expiry} WHERE {which} AND {_ACTIVE}
                RETURNING id, order_id, line_no, item_id, warehouse, supply_id, (quantity * 1000)::bigint"""
        ),
        given,
    ).all()  # fmt: skip
    columns = ["reservation_id", "order_id", "line_no", "item_id", "warehouse", "supply_id", "quantity_e3"]
    moved = pd.DataFrame([tuple(row) for row in rows], columns=columns).astype({"supply_id": "Int64"})
    if ends and rows:
        stage_frame(conn, "ending", "item_id bigint, warehouse text, supply_id bigint, quantity_e3 bigint", moved)
        conn.execute(sql(_STOCK_TAKEN.replace("reserved +", "reserved -").replace("taking", "ending")))
        if moved["supply_id"].notna().any():
            conn.execute(sql(_SUPPLY_TAKEN.replace("pegged +", "pegged -").replace("taking", "ending")))
        conn.execute(sql("DROP TABLE ending"))
    return moved


def _record(conn: Connection, moved: pd.DataFrame, kind: str, at: datetime, actor: str, cause: str) -> None:
    """One event an order, of the reservations of it that moved."""
    conn.execute(
        sql(
            """INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
               SELECT order_id, :at, :actor, :kind, '', jsonb_build_object('why', CAST(:cause AS text)),
                      jsonb_build_object('order', order_id, 'reservation', jsonb_agg(id ORDER BY id))
               FROM reservations WHERE id = ANY(:ids) GROUP BY order_id ORDER BY order_id"""
        ),
        {"ids": [int(i) for i in moved["reservation_id"]], "at": utc(at), "actor": actor, "kind": kind, "cause": cause},
    )
