"""Later versions of known orders: repeats noticed, stale ones kept on record, changes applied or put to a person.

Works on the temporary table `arriving` that `orderclerk.database.intake` fills; set-based however many there are.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from orderclerk.database import moves, reserving
from orderclerk.database.engine import utc
from orderclerk.database.lines import copy_lines
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.database.revisions import BEFORE
from orderclerk.domain.checks import HOLD
from orderclerk.domain.versions import Outcome, Version, judge_version

_REPLACED = (
    "kind", "has_own_ref", "customer_id", "stated_customer", "customer_po", "original_ref", "currency", "language",
    "order_date", "requested_date", "recipient", "street", "city", "region", "postal_code", "country",
    "payment_method", "remarks", "stated_total", "problems", "version_at", "envelope_id", "fingerprint",
    "tax", "freight", "discount", "repeats", "thread_ref", "confidence", "evidence",
)  # fmt: skip
_KNOWN = """
    SELECT a.order_key, o.id, o.commercial_state AS state, a.channel, a.kind, a.version_at < o.version_at AS is_older,
           coalesce(a.problems @> '[{"rule": "AMD-001"}]', false) AS is_partial,
           a.version_at > o.version_at AS is_newer, o.envelope_id AS old_envelope, a.envelope_id,
           a.kind <> o.kind AND 'cancellation' NOT IN (a.kind, o.kind) AS is_other_kind, o.kind AS old_kind,
           coalesce(a.version_at < (SELECT max(r.version_at) FROM order_revisions r
                    WHERE r.order_id = o.id AND r.state = 'pending'), false) AS is_overtaken,
           EXISTS (SELECT FROM order_revisions r WHERE r.order_id = o.id AND r.content_hash = a.content_hash
                   AND r.state <> 'pending') AS is_known,
           EXISTS (SELECT FROM order_revisions r WHERE r.order_id = o.id AND r.content_hash = a.content_hash
                   AND r.state = 'pending') AS is_pending,
           (SELECT content_hash FROM order_revisions r WHERE r.order_id = o.id AND r.state = 'applied'
            ORDER BY seq DESC LIMIT 1) = a.content_hash AS is_current,
           EXISTS (SELECT FROM order_lines l WHERE l.order_id = o.id AND l.returned_quantity > 0) AS has_returns
    FROM arriving a JOIN orders o USING (source, order_ref) WHERE a.order_key = ANY(:keys) ORDER BY o.id FOR UPDATE OF o
"""


def amend_orders(
    conn: Connection,
    known: pd.Index,
    lines: pd.DataFrame,
    binding: frozenset[str],
    at: datetime,
    *,
    agreed_by: str = "",
) -> Counter[str]:
    """Judge and apply the staged versions of the orders in `known` (their `order_key`s); counts by outcome.

    `agreed_by` is the person who decided that pending versions apply.
    """
    rows = conn.execute(sql(_KNOWN), {"keys": [int(key) for key in known]}).all()
    judged = [(row, _judge(row, binding, agreed=bool(agreed_by))) for row in rows]
    of = {outcome: [row for row, judgement in judged if judgement is outcome] for outcome in Outcome}
    _record(conn, of[Outcome.STALE], "stale", at)
    _cancel(conn, of[Outcome.CANCELLED], at)
    _put_to_a_person(conn, of[Outcome.PENDING], at)
    _replace(conn, of[Outcome.AMENDED], lines, at, actor=agreed_by or "orderclerk")
    return Counter({str(outcome): len(found) for outcome, found in of.items() if found})


def _judge(row: Row[tuple[object, ...]], binding: Collection[str], *, agreed: bool) -> Outcome:
    if row.is_pending:
        return Outcome.AMENDED if agreed else Outcome.REPEAT
    if row.is_other_kind:  # a credit note under the order's own number is no version of the order
        return Outcome.REPEAT if row.is_known else Outcome.PENDING
    outcome = _as_version(row, binding)
    return Outcome.STALE if outcome is Outcome.PENDING and row.is_overtaken else outcome


def _as_version(row: Row[tuple[object, ...]], binding: Collection[str]) -> Outcome:
    return judge_version(
        Version(
            is_known=row.is_known,
            is_current=row.is_current,
            is_older=bool(row.is_older),
            is_newer=bool(row.is_newer),
            is_cancellation=row.kind == "cancellation",
            is_partial=row.is_partial,
            is_binding=row.channel in binding,
            has_returns=row.has_returns,
            state=row.state,
        )
    )


def _record(conn: Connection, rows: list[Row[tuple[object, ...]]], state: str, at: datetime) -> None:
    """Put the versions on record. Content that was applied before and is so again gets its stamp into its hash."""
    conn.execute(
        sql(
            """INSERT INTO order_revisions (order_id, seq, content_hash, envelope_id, version_at, state, revision, received_at)
               SELECT o.id, (SELECT max(seq) + 1 FROM order_revisions r WHERE r.order_id = o.id),
                      a.content_hash || CASE WHEN EXISTS (SELECT FROM order_revisions r WHERE r.order_id = o.id
                          AND r.content_hash = a.content_hash AND r.state = 'applied') THEN '@' || a.version_at ELSE '' END,
                      a.envelope_id, a.version_at, :state, CASE WHEN :state = 'applied' THEN o.revision END, :at
               FROM arriving a JOIN orders o USING (source, order_ref) WHERE a.order_key = ANY(:keys)
               ON CONFLICT (order_id, content_hash) DO UPDATE SET state = excluded.state, revision = excluded.revision,
                   seq = excluded.seq WHERE order_revisions.state = 'pending'"""
        ),
        {"keys": [row.order_key for row in rows], "state": state, "at": utc(at)},
    )


def _cancel(conn: Connection, rows: list[Row[tuple[object, ...]]], at: datetime) -> None:
    ids = [row.id for row in rows]
    cancel_orders(conn, ids, at=at, actor="customer", why="cancelled at the source")
    conn.execute(
        sql(
            """UPDATE orders o SET version_at = a.version_at FROM arriving a
               WHERE (o.source, o.order_ref) = (a.source, a.order_ref) AND o.id = ANY(:ids)"""
        ),
        {"ids": ids},
    )
    _record(conn, rows, "applied", at)


def cancel_orders(conn: Connection, ids: Collection[int], *, at: datetime, actor: str, why: str) -> int:
    """Call orders off: stock back, unsent messages withdrawn, holds closed, the customer told if they had heard of us."""
    heard = conn.execute(
        sql("SELECT DISTINCT order_id FROM outbox WHERE order_id = ANY(:ids) AND state IN ('sent', 'sending')"),
        {"ids": list(ids)},
    ).scalars().all()  # fmt: skip
    reserving.release_orders(conn, ids, at=at, actor=actor, cause=why)
    moves.give_back_returned(conn, ids)
    moves.withdraw_messages(conn, ids)
    moves.resolve_holds(conn, ids, at, why)
    moved = moves.move_orders(
        conn, "commercial", ids, "cancelled", at=at, actor=actor, kind="cancelled", cause={"why": why}
    )
    conn.execute(sql("UPDATE orders SET needs_check = false WHERE id = ANY(:ids)"), {"ids": list(ids)})
    enqueue_order_mails(conn, "cancellation", heard, at)
    return moved


def _put_to_a_person(conn: Connection, rows: list[Row[tuple[object, ...]]], at: datetime) -> None:
    _supersede_pending(conn, [row for row in rows if "envelope" in _why(row)[1]])
    _record(conn, rows, "pending", at)
    holds = [(row.id, 0, "AMD-001", *_why(row)) for row in rows]
    moves.open_holds(conn, pd.DataFrame(holds, columns=HOLD), at)
    moves.add_to_holds(conn, [(order, rule, reason, evidence) for order, _, rule, reason, evidence in holds])


def _supersede_pending(conn: Connection, rows: list[Row[tuple[object, ...]]]) -> None:
    """What already waited for a person is overtaken by these versions; the hold goes on naming it as earlier."""
    conn.execute(
        sql("UPDATE order_revisions SET state = 'stale' WHERE order_id = ANY(:ids) AND state = 'pending'"),
        {"ids": [row.id for row in rows]},
    )


def _why(row: Row[tuple[object, ...]]) -> tuple[str, dict[str, Any]]:
    """The reason and the evidence; `envelope` is the version that takes the order's place when a person releases it."""
    if row.is_other_kind:
        return f"a document of kind {row.kind} came under the number of this {row.old_kind}", {
            "change": row.envelope_id
        }
    if row.is_partial:
        return "a change that names only some lines came: put the two together by hand", {"change": row.envelope_id}
    return f"a changed version came when the order was {row.state}", {"envelope": row.envelope_id}


def _replace(
    conn: Connection, rows: list[Row[tuple[object, ...]]], lines: pd.DataFrame, at: datetime, *, actor: str
) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    reserving.release_orders(conn, ids, at=at, actor=actor, cause="the order changed")
    moves.withdraw_messages(conn, ids)
    moves.resolve_holds(conn, ids, at, "the order changed")
    _record_change(conn, ids, at, actor)
    moves.untie_returns(conn, ids, at, actor)
    agreed = [row.id for row in rows if row.state != "received"]
    moves.move_orders(conn, "commercial", agreed, "received", at=at, actor=actor, kind="taken up again")
    conn.execute(sql("DELETE FROM order_lines WHERE order_id = ANY(:ids)"), {"ids": ids})
    conn.execute(
        sql(
            f"""UPDATE orders o SET ({", ".join(_REPLACED)}) = ({", ".join("a." + name for name in _REPLACED)}),
                    revision = o.revision + 1, needs_check = true, is_home_address = false
                FROM arriving a WHERE (o.source, o.order_ref) = (a.source, a.order_ref) AND o.id = ANY(:ids)"""
        ),
        {"ids": ids},
    )
    _record(conn, rows, "applied", at)
    keys = {row.order_key: row.id for row in rows}
    copy_lines(conn, lines[lines["order"].isin(keys)], keys)


def _record_change(conn: Connection, ids: list[int], at: datetime, actor: str) -> None:
    """An event with the order as it was: what replaces it stands in the book."""
    conn.execute(
        sql(
            f"""INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
                SELECT o.id, :at, :actor, 'amended', '', {BEFORE},
                       jsonb_build_object('order', o.id, 'envelope', a.envelope_id, 'revision', o.revision + 1)
                FROM orders o JOIN arriving a USING (source, order_ref) WHERE o.id = ANY(:ids) ORDER BY o.id"""
        ),
        {"ids": ids, "at": utc(at), "actor": actor},
    )
