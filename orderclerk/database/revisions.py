"""Revisions that come of words instead of documents: an order's lines changed, with an event that can be undone.

Whoever begins a revision has the order locked. The stock comes back, what was to be sent is withdrawn, the event keeps
the lines as they were, and the order is checked anew: that makes it an offer, a confirmation or a hold.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database import moves, reserving
from orderclerk.database.engine import copy_rows, utc

HEADER = ("requested_date", "stated_total", "recipient", "street", "city", "region", "postal_code", "country", "is_home_address",
          "currency", "payment_method", "remarks", "problems")  # fmt: skip
"""The fields of an order that a revision keeps for its undoing."""
BEFORE = f"""jsonb_build_object('from_revision', o.revision, 'state', o.commercial_state,
    'agreed', coalesce(o.agreed_revision = o.revision, false),
    'header', jsonb_build_object({", ".join(f"'{name}', o.{name}" for name in HEADER)}),
    'lines_before', (SELECT jsonb_agg(jsonb_build_array(item_ref, quantity, unit_price) ORDER BY line_no)
        FROM order_lines l WHERE l.order_id = o.id),
    'lines', (SELECT jsonb_agg(to_jsonb(l) ORDER BY line_no) FROM order_lines l WHERE l.order_id = o.id))"""
"""What an event says of order `o` as it was: all that undoing needs."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A new revision of an order: the mail or document that brought it, a key of its own, and what the event says."""

    order_id: int
    envelope_id: int
    key: str
    cause: Mapping[str, Any]
    objects: Mapping[str, Any] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line of a revision: line `was_no` of the one before (0: a new line of `item`) under the number `line_no`.

    `unit_price` is for a line whose quantity changed; None has the list's price put in.
    """

    order_id: int
    was_no: int
    line_no: int
    quantity: Any
    is_changed: bool = False
    unit_price: Any = None
    item: str = ""
    unit: str = ""


def begin_revisions(
    conn: Connection, revisions: Sequence[Revision], at: datetime, actor: str, *, kind: str = "amended"
) -> None:
    """Open a new revision of each order, to be checked; its lines are still those of the one before."""
    ids = [revision.order_id for revision in revisions]
    reserving.release_orders(conn, ids, at=at, actor=actor, cause="the order changed")
    moves.withdraw_messages(conn, ids)
    given = {
        "ids": ids, "envelopes": [r.envelope_id for r in revisions], "keys": [r.key for r in revisions],
        "causes": [Jsonb(dict(r.cause)) for r in revisions], "objects": [Jsonb(dict(r.objects)) for r in revisions], "at": utc(at), "actor": actor, "kind": kind,
    }  # fmt: skip
    conn.execute(
        sql(
            f"""INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
                SELECT o.id, :at, :actor, :kind, '', {BEFORE} || n.cause,
                       jsonb_build_object('order', o.id, 'envelope', n.envelope_id, 'revision', o.revision + 1) || n.objects
                FROM unnest(CAST(:ids AS bigint[]), CAST(:envelopes AS bigint[]), CAST(:causes AS jsonb[]), CAST(:objects AS jsonb[]))
                     AS n(id, envelope_id, cause, objects)
                JOIN orders o USING (id) ORDER BY o.id"""
        ),
        given,
    )
    moves.untie_returns(conn, ids, at, actor)
    moves.move_orders(conn, "commercial", ids, "received", at=at, actor=actor, kind="taken up again")
    conn.execute(
        sql(
            """WITH raised AS (UPDATE orders o SET revision = revision + 1, needs_check = true, stated_total = NULL, fingerprint = ''
                   WHERE id = ANY(:ids) RETURNING id, revision)
               INSERT INTO order_revisions (order_id, seq, content_hash, envelope_id, version_at, state, revision, received_at)
               SELECT r.id, (SELECT max(seq) + 1 FROM order_revisions v WHERE v.order_id = r.id), n.key, n.envelope_id, NULL,
                      'applied', r.revision, :at
               FROM raised r JOIN unnest(CAST(:ids AS bigint[]), CAST(:envelopes AS bigint[]), CAST(:keys AS text[]))
                    AS n(id, envelope_id, key) USING (id)"""
        ),
        given,
    )


def write_lines(conn: Connection, order_ids: Collection[int], lines: Sequence[NewLine]) -> None:
    """Give each of these orders exactly the lines named; what a person has waived for an unchanged line stays waived."""
    ids = {"ids": sorted(order_ids)}
    conn.execute(sql("CREATE TEMP TABLE revised (order_id bigint, was_no int, line_no int, quantity numeric, is_changed boolean, "
                     "unit_price numeric, item text, unit text) ON COMMIT DROP"))  # fmt: skip
    copy_rows(
        conn,
        "revised",
        ("order_id", "was_no", "line_no", "quantity", "is_changed", "unit_price", "item", "unit"),
        ((n.order_id, n.was_no, n.line_no, n.quantity, n.is_changed, n.unit_price, n.item, n.unit) for n in lines),
    )
    conn.execute(
        sql("CREATE TEMP TABLE earlier ON COMMIT DROP AS SELECT * FROM order_lines WHERE order_id = ANY(:ids)"), ids
    )
    conn.execute(sql("DELETE FROM order_lines WHERE order_id = ANY(:ids)"), ids)
    conn.execute(
        sql(
            """INSERT INTO order_lines SELECT l.* FROM revised n JOIN earlier e ON (e.order_id, e.line_no) = (n.order_id, n.was_no),
                   jsonb_populate_record(e, jsonb_build_object('line_no', n.line_no, 'returned_quantity', 0)
                       || CASE WHEN n.is_changed THEN jsonb_build_object('quantity', n.quantity, 'unit_price', n.unit_price,
                               'line_total', NULL, 'stated', NULL, 'problems', NULL) ELSE '{}' END) l"""
        )
    )
    conn.execute(
        sql(
            """INSERT INTO order_lines (order_id, line_no, line_ref, item_ref, quantity, unit)
               SELECT order_id, line_no, line_no::text, item, quantity, unit FROM revised WHERE was_no = 0"""
        )
    )
    conn.execute(
        sql(
            """UPDATE holds h SET revision = o.revision, line_no = coalesce(n.line_no, 0) FROM orders o, holds k
               LEFT JOIN revised n ON (n.order_id, n.was_no) = (k.order_id, k.line_no)
               WHERE h.id = k.id AND o.id = k.order_id AND o.id = ANY(:ids) AND k.state = 'released'
                 AND k.revision = o.revision - 1 AND (k.line_no = 0 OR NOT n.is_changed)"""
        ),
        ids,
    )
    for table in ("revised", "earlier"):
        conn.execute(sql(f"DROP TABLE {table}"))


def set_dates(conn: Connection, dates: Mapping[int, Any]) -> None:
    """The requested delivery day of orders."""
    conn.execute(
        sql(
            """UPDATE orders o SET requested_date = n.day FROM unnest(CAST(:ids AS bigint[]), CAST(:days AS date[])) AS n(id, day)
               WHERE o.id = n.id"""
        ),
        {"ids": list(dates), "days": list(dates.values())},
    )


def agree(conn: Connection, order_ids: Collection[int]) -> None:
    """Both sides agree to these orders as they stand now: a check that finds nothing confirms them."""
    conn.execute(sql("UPDATE orders SET agreed_revision = revision WHERE id = ANY(:ids)"), {"ids": sorted(order_ids)})


def undoable(conn: Connection, order_ids: Collection[int], *, to_agreed: bool) -> dict[int, int]:
    """Order id -> the event whose undoing takes it back: the last change or cancellation that was not undone, or with
    `to_agreed` the one that left the revision both sides had agreed to."""
    which = (
        "(e.cause->>'from_revision')::int = o.agreed_revision" if to_agreed
        else "NOT EXISTS (SELECT FROM events u WHERE u.order_id = e.order_id AND u.objects->'undoes' = to_jsonb(e.id))"
    )  # fmt: skip
    rows = conn.execute(
        sql(
            f"""SELECT DISTINCT ON (e.order_id) e.order_id, e.id FROM events e JOIN orders o ON o.id = e.order_id
                WHERE o.id = ANY(:ids) AND {which}
                  AND ((e.kind IN ('amended', 'restored') AND e.cause ? 'lines' AND (e.kind = 'amended' OR :to_agreed))
                       OR (e.kind = 'cancelled' AND o.commercial_state = 'cancelled' AND NOT :to_agreed))
                ORDER BY e.order_id, e.id DESC"""
        ),
        {"ids": sorted(order_ids), "to_agreed": to_agreed},
    )
    return {int(row.order_id): int(row.id) for row in rows}


def restore(conn: Connection, events: Mapping[int, int], at: datetime, actor: str, why: str) -> list[int]:
    """Undo an event of each order, as a new revision with the lines before it; the orders that were agreed to then.

    Whether the stock is still there, the check that follows finds out.
    """
    found = conn.execute(
        sql("SELECT e.order_id, e.id, e.kind, e.from_state, e.cause, o.envelope_id FROM events e JOIN orders o ON o.id = e.order_id WHERE e.id = ANY(:ids)"),
        {"ids": sorted(events.values())},
    ).all()  # fmt: skip
    begin_revisions(
        conn,
        [
            Revision(row.order_id, row.envelope_id, f"undo:{row.id}:{at.isoformat()}", {"why": why}, {"undoes": row.id})
            for row in found
        ],
        at,
        actor,
        kind="restored",
    )
    lined = [row.order_id for row in found if row.kind != "cancelled"]
    conn.execute(sql("DELETE FROM order_lines WHERE order_id = ANY(:ids)"), {"ids": lined})
    conn.execute(
        sql(
            """INSERT INTO order_lines SELECT l.* FROM events e,
                   jsonb_populate_recordset(NULL::order_lines, (SELECT jsonb_agg(line || '{"returned_quantity": 0,
                       "origin_order_id": null, "origin_line_no": null}') FROM jsonb_array_elements(e.cause->'lines') line)) l
               WHERE e.id = ANY(:events) AND e.kind <> 'cancelled'"""
        ),
        {"events": list(events.values())},
    )
    _restore_headers(conn, list(events.values()))
    agreed = [
        row.order_id
        for row in found
        if (row.from_state == "confirmed" if row.kind == "cancelled" else row.cause["agreed"])
    ]
    agree(conn, agreed)
    return agreed


def _restore_headers(conn: Connection, events: Collection[int]) -> None:
    fields = ", ".join(HEADER)
    values = ", ".join(
        "coalesce(h.is_home_address, false)" if name == "is_home_address" else f"h.{name}" for name in HEADER
    )
    conn.execute(
        sql(
            f"""UPDATE orders o SET ({fields}) = ({values}) FROM events e, jsonb_populate_record(NULL::orders, e.cause->'header') h
                WHERE e.id = ANY(:events) AND e.kind <> 'cancelled' AND o.id = e.order_id"""
        ),
        {"events": list(events)},
    )
