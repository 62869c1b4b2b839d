"""Deliveries that come later than promised: whose promises hang on a supply, and who has to be told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc

TOLD = "delay told"


def waiting_orders(conn: Connection) -> list[int]:
    """Lock the accepted orders whose promises stand on what is still to come; those somebody works on are passed over."""
    return list(
        conn.execute(
            sql(
                """SELECT id FROM orders o WHERE commercial_state IN ('offered', 'confirmed') AND EXISTS (SELECT FROM reservations r
                       JOIN promises p ON (p.order_id, p.line_no, p.state) = (r.order_id, r.line_no, 'current')
                       WHERE r.order_id = o.id AND r.supply_id IS NOT NULL AND r.state IN ('soft', 'hard'))
                   ORDER BY id FOR UPDATE SKIP LOCKED"""
            )
        ).scalars()
    )


def untold_delays(conn: Connection) -> list[dict[str, Any]]:
    """Lock the accepted orders some of whose lines come later than their customers were told; one row a line.

    was: the day that was told; now: the day there is, None while nobody knows. is_cause: the line itself
    waits for goods, and not only for others; has_stock: something of the order lies here; may_split; substitute, substitute_name: what could be had at once instead, "" for nothing. Orders with an open
    question are passed over until it is closed.
    """
    ids = conn.execute(sql(_LATE_ORDERS), {"told": TOLD}).scalars().all()
    rows = conn.execute(sql(_LATE_LINES), {"ids": list(ids), "told": TOLD}).mappings()
    return [dict(row) for row in rows]


# of each line the first promise that slipped since its customer was last told, where it is later now
_SLIPPED = """SELECT DISTINCT ON (p.order_id, p.line_no) p.order_id, p.line_no, p.promised_date AS was, now.promised_date AS now
    FROM promises p LEFT JOIN promises now ON (now.order_id, now.line_no, now.state) = (p.order_id, p.line_no, 'current')
    WHERE p.state = 'slipped' AND (now.id IS NULL OR now.promised_date > p.promised_date)
      AND p.ended_at > coalesce((SELECT max(e.at) FROM events e WHERE e.order_id = p.order_id AND e.kind = :told), '-infinity')
    ORDER BY p.order_id, p.line_no, p.id"""
_LATE_ORDERS = f"""SELECT id FROM orders o WHERE commercial_state IN ('offered', 'confirmed') AND kind = 'order'
    AND id IN (SELECT order_id FROM ({_SLIPPED}) s)
    AND NOT EXISTS (SELECT FROM questions q WHERE q.order_id = o.id AND q.state = 'open') ORDER BY id FOR UPDATE SKIP LOCKED"""
_LATE_LINES = f"""
    SELECT o.id AS order_id, o.revision, o.envelope_id AS document_id, o.commercial_state AS state, s.line_no, s.was, s.now,
           1 + coalesce((SELECT max(q.round) FROM questions q WHERE q.order_id = o.id), 0) AS round,
           coalesce(nullif(i.name, ''), i.item_no) AS item, coalesce(nullif(i.name_zh, ''), nullif(i.name, ''), i.item_no) AS item_zh,
           s.now IS NULL OR EXISTS (SELECT FROM reservations r WHERE (r.order_id, r.line_no) = (o.id, s.line_no)
               AND r.supply_id IS NOT NULL AND r.state IN ('soft', 'hard')) AS is_cause,
           EXISTS (SELECT FROM reservations r WHERE r.order_id = o.id AND r.supply_id IS NULL AND r.state = 'hard') AS has_stock,
           coalesce(c.ship_rule, '') = 'split' AS may_split, coalesce(b.item_no, '') AS substitute, coalesce(b.name, '') AS substitute_name,
           coalesce(nullif(c.language, ''), o.language, '') LIKE 'zh%' AS is_chinese
    FROM ({_SLIPPED}) s JOIN orders o ON o.id = s.order_id JOIN order_lines l ON (l.order_id, l.line_no) = (s.order_id, s.line_no)
    JOIN items i ON i.id = l.item_id LEFT JOIN customers c ON c.id = o.customer_id
    LEFT JOIN LATERAL (SELECT n.item_no, n.name FROM substitutes u JOIN items n ON n.id = u.substitute_id WHERE u.item_id = l.item_id AND u.ratio = 1
        AND (SELECT sum(v.on_hand - v.reserved) FROM stock_levels v WHERE v.item_id = u.substitute_id) >= l.quantity ORDER BY u.rank, n.id LIMIT 1) b ON true
    WHERE o.id = ANY(:ids) ORDER BY o.id, s.line_no"""


def note_told(conn: Connection, order_ids: Collection[int], as_of: datetime, actor: str) -> None:
    """Their customers have been told of every delay until now."""
    conn.execute(
        sql(
            """INSERT INTO events (order_id, at, actor, kind, axis, objects)
               SELECT id, :at, :actor, :told, '', jsonb_build_object('order', id, 'revision', revision)
               FROM orders WHERE id = ANY(:ids) ORDER BY id"""
        ),
        {"ids": sorted(order_ids), "at": utc(as_of), "actor": actor, "told": TOLD},
    )


def keep_choice(conn: Connection, question_id: int, value: str) -> None:
    """What the customer chose, beside the question that put it."""
    conn.execute(
        sql("UPDATE questions SET about = about || jsonb_build_object('chosen', CAST(:value AS text)) WHERE id = :id"),
        {"id": question_id, "value": value},
    )


def choices_of(conn: Connection, envelope_ids: Collection[int]) -> dict[int, tuple[str, int]]:
    """Order id -> what these mails chose of a delay's choices, and the round it was asked in."""
    rows = conn.execute(
        sql(
            """SELECT order_id, about->>'chosen' AS chosen, round FROM questions
               WHERE envelope_id = ANY(:ids) AND field = 'wait' AND state = 'answered' AND about ? 'chosen' ORDER BY id"""
        ),
        {"ids": list(envelope_ids)},
    )
    return {row.order_id: (row.chosen, row.round) for row in rows}
