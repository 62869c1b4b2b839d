"""What people look at: held orders with reasons, the quarantine, undeliverable messages, what a day came to."""

from collections import Counter
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc


def held_orders(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Open holds, those due first: hold, order, rule, reason, owner, due. References only, no addresses."""
    rows = conn.execute(
        sql(
            """SELECT h.id AS hold, o.order_no AS "order", nullif(h.line_no, 0) AS line, h.rule, h.reason, h.owner,
                      to_char(h.due_at, 'YYYY-MM-DD HH24:MI') AS "due (UTC)", o.channel,
                      CASE WHEN o.has_own_ref THEN o.order_ref ELSE '' END AS "their reference"
               FROM holds h JOIN orders o ON o.id = h.order_id WHERE h.state = 'open' ORDER BY h.due_at, h.id LIMIT :limit"""
        ),
        {"limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def open_hold_count(conn: Connection) -> int:
    """How many holds are open."""
    return int(conn.execute(sql("SELECT count(*) FROM holds WHERE state = 'open'")).scalar_one())


def count_by(conn: Connection, what: str) -> Counter[str]:
    """How many of `what` there are, by kind: the names of `_COUNTS`."""
    return Counter({str(name): int(count) for name, count in conn.execute(sql(_COUNTS[what]))})


_COUNTS = {
    "orders_by_channel": "SELECT channel, count(*) FROM orders GROUP BY 1 ORDER BY 1",
    "orders_by_state": "SELECT commercial_state, count(*) FROM orders GROUP BY 1 ORDER BY 1",
    "confirmed_by_channel": "SELECT channel, count(*) FROM orders WHERE commercial_state = 'confirmed' GROUP BY 1 ORDER BY 1",
    "held_by_rule": "SELECT rule, count(DISTINCT order_id) FROM holds WHERE state = 'open' GROUP BY 1 ORDER BY 2 DESC, 1",
    "held_by_channel": """SELECT o.channel, count(DISTINCT o.id) FROM orders o JOIN holds h ON h.order_id = o.id
                          WHERE h.state = 'open' GROUP BY 1 ORDER BY 1""",
    "quarantined_by_rule": "SELECT rule, count(*) FROM quarantine WHERE state = 'open' GROUP BY 1 ORDER BY 1",
    "envelopes_by_state": "SELECT state, count(*) FROM envelopes GROUP BY 1 ORDER BY 1",
    "envelopes_by_channel": "SELECT channel, count(*) FROM envelopes GROUP BY 1 ORDER BY 1",
    "open_letters_by_kind": "SELECT kind, count(*) FROM letters WHERE state = 'open' GROUP BY 1 ORDER BY 2 DESC, 1",
    "questions_by_state": "SELECT state, count(*) FROM questions GROUP BY 1 ORDER BY 1",
    "messages_by_kind": "SELECT kind, count(*) FROM outbox WHERE state = 'sent' GROUP BY 1 ORDER BY 1",
    "purchases_by_state": "SELECT state, count(*) FROM purchase_orders GROUP BY 1 ORDER BY 1",
    "receipts_by_state": "SELECT state, count(*) FROM goods_receipts GROUP BY 1 ORDER BY 1",
    "messages_by_state": "SELECT state, count(*) FROM outbox GROUP BY 1 ORDER BY 1",
}


def keep_run(conn: Connection, flow: str, run_ref: str, counts: dict[str, int], as_of: datetime) -> None:
    """Put a run and what it did on record."""
    conn.execute(
        sql("INSERT INTO runs (flow, run_ref, as_of, ok, counts) VALUES (:flow, :ref, :at, true, :counts)"),
        {"flow": flow, "ref": run_ref, "at": utc(as_of), "counts": Jsonb(counts)},
    )
