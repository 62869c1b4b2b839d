"""What can happen to many orders at once: states move, holds close, messages are withdrawn.

All set-based, all inside the caller's transaction, every change with its event.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_rows, utc
from orderclerk.domain.rules import ONLY_BY_HAND, RULES
from orderclerk.domain.states import is_allowed

_COLUMN = {"commercial": "commercial_state", "fulfilment": "fulfilment_state"}
_EVENT_COLUMNS = ("order_id", "at", "actor", "kind", "axis", "from_state", "to_state", "cause", "objects")


class ForbiddenMove(Exception):
    """A state change that the table of transitions does not have: a fault of the program, nothing was changed."""


def move_orders(
    conn: Connection,
    axis: str,
    order_ids: Collection[int],
    to_state: str,
    *,
    at: datetime,
    actor: str,
    kind: str,
    cause: Mapping[str, Any] | None = None,
    causes: Mapping[int, Mapping[str, Any]] | None = None,
    answer_by: datetime | None = None,
    remind_at: datetime | None = None,
) -> int:
    """Move all orders along `axis` and record the events; how many moved. Those already there stay, without event.

    `cause` is every event's, unless `causes` has the order's own. `answer_by` and `remind_at` are set for the state `offered` and cleared for every other commercial state; what is
    confirmed is agreed to. Raises ForbiddenMove.
    """
    ids, column = sorted(order_ids), _COLUMN[axis]
    require_allowed(conn, axis, ids, to_state)
    also = ", answer_by = :answer_by, remind_at = :remind_at, reminded_at = NULL" if axis == "commercial" else ""
    also += ", agreed_revision = o.revision" if to_state == "confirmed" else ""
    return conn.execute(
        sql(
            f"""WITH before AS (SELECT id, {column} AS state, revision, envelope_id FROM orders
                    WHERE id = ANY(:ids) AND {column} <> :to ORDER BY id FOR UPDATE),
                moved AS (UPDATE orders o SET {column} = :to{also} FROM before b WHERE o.id = b.id)
                INSERT INTO events (order_id, at, actor, kind, axis, from_state, to_state, cause, objects)
                SELECT id, :at, :actor, :kind, :axis, state, :to, coalesce(CAST(:causes AS jsonb) -> id::text, CAST(:cause AS jsonb)),
                       jsonb_build_object('order', id, 'revision', revision, 'envelope', envelope_id) FROM before"""
        ),
        {"ids": ids, "to": to_state, "at": utc(at), "actor": actor, "kind": kind, "axis": axis,
         "cause": Jsonb(dict(cause or {})), "causes": Jsonb({str(i): dict(own) for i, own in (causes or {}).items()}), "answer_by": answer_by, "remind_at": remind_at},
    ).rowcount  # fmt: skip


def require_allowed(conn: Connection, axis: str, order_ids: Collection[int], to_state: str) -> None:
    """Raises ForbiddenMove if one of these orders may not move along `axis` to `to_state`; those already there may stay."""
    column = _COLUMN[axis]
    found = conn.execute(
        sql(f"SELECT DISTINCT {column} FROM orders WHERE id = ANY(:ids) AND {column} <> :to"),
        {"ids": list(order_ids), "to": to_state},
    ).scalars().all()  # fmt: skip
    for before in found:
        if not is_allowed(axis, before, to_state):
            raise ForbiddenMove(f"{axis}: {before} -> {to_state} is not in the table of transitions")


def record_events(
    conn: Connection, rows: Iterable[tuple[int, datetime, str, str, Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """Events that change no state: (order id, at, actor, kind, cause, objects)."""
    copy_rows(
        conn,
        "events",
        _EVENT_COLUMNS,
        ((order_id, utc(at), actor, kind, "", "", "", Jsonb(dict(cause)), Jsonb(dict(objects)))
         for order_id, at, actor, kind, cause, objects in rows),
    )  # fmt: skip


def give_back_returned(conn: Connection, return_ids: Collection[int]) -> None:
    """Untie these returns from their originals, whose goods may be returned again; orders that are none are passed over."""
    given = {"ids": sorted(return_ids)}
    conn.execute(
        sql(
            """UPDATE order_lines b SET returned_quantity = b.returned_quantity - r.quantity
               FROM (SELECT origin_order_id, origin_line_no, sum(quantity) AS quantity FROM order_lines
                     WHERE order_id = ANY(:ids) AND origin_order_id IS NOT NULL GROUP BY 1, 2) r
               WHERE (b.order_id, b.line_no) = (r.origin_order_id, r.origin_line_no)"""
        ),
        given,
    )
    conn.execute(
        sql(
            """UPDATE order_lines SET origin_order_id = NULL, origin_line_no = NULL
               WHERE order_id = ANY(:ids) AND origin_order_id IS NOT NULL"""
        ),
        given,
    )


def untie_returns(conn: Connection, ids: Collection[int], at: datetime, actor: str) -> None:
    """Give back what these orders, if they are returns, took of their originals, and have the returns of these checked anew."""
    tied = conn.execute(
        sql("SELECT DISTINCT order_id FROM order_lines WHERE origin_order_id = ANY(:ids) AND order_id <> ALL(:ids)"),
        {"ids": list(ids)},
    ).scalars().all()  # fmt: skip
    give_back_returned(conn, [*ids, *tied])
    cause = {"why": "its original changed"}
    move_orders(conn, "commercial", tied, "received", at=at, actor=actor, kind="taken up again", cause=cause)
    conn.execute(sql("UPDATE orders SET needs_check = true WHERE id = ANY(:tied)"), {"tied": list(tied)})


def withdraw_messages(conn: Connection, order_ids: Collection[int]) -> int:
    """Take back what was to be sent about these orders and has not been; how many messages."""
    return conn.execute(
        sql("UPDATE outbox SET state = 'superseded' WHERE order_id = ANY(:ids) AND state = 'pending'"),
        {"ids": sorted(order_ids)},
    ).rowcount


def open_holds(conn: Connection, holds: pd.DataFrame, at: datetime, *, checked: Collection[int] = ()) -> int:
    """Open holds that are not open yet, with owner and due time from the rules; how many are new.

    `holds` has order_id, line_no, rule, reason, evidence (a dict); owner and due_hours where they are not the rule's own.
    For orders in `checked` the list is complete: open
    holds of theirs that a check can see and did not find again are resolved.
    """
    conn.execute(
        sql(
            "CREATE TEMP TABLE opening (order_id bigint, line_no int, rule text, reason text, evidence jsonb, "
            "owner text, due interval) ON COMMIT DROP"
        )
    )
    rows = holds.drop_duplicates(["order_id", "line_no", "rule"]).to_dict("records")
    copy_rows(
        conn, "opening", ("order_id", "line_no", "rule", "reason", "evidence", "owner", "due"), map(_hold_row, rows)
    )
    conn.execute(
        sql(
            """UPDATE holds h SET state = 'resolved', closed_at = :at, closed_by = 'orderclerk', note = 'no longer so'
               WHERE h.order_id = ANY(:ids) AND h.state = 'open' AND h.rule <> ALL(:by_hand) AND NOT EXISTS (SELECT FROM opening o
                   WHERE (o.order_id, o.line_no, o.rule) = (h.order_id, h.line_no, h.rule))"""
        ),
        {"ids": [int(i) for i in checked], "at": utc(at), "by_hand": list(ONLY_BY_HAND)},
    )
    opened = conn.execute(
        sql(
            """WITH opened AS (
                 INSERT INTO holds (order_id, line_no, revision, rule, reason, evidence, owner, opened_at, due_at)
                 SELECT h.order_id, line_no, o.revision, rule, reason, h.evidence, owner,
                        CAST(:at AS timestamptz), CAST(:at AS timestamptz) + due
                 FROM opening h JOIN orders o ON o.id = h.order_id ORDER BY h.order_id, line_no, rule
                 ON CONFLICT DO NOTHING RETURNING id, order_id, rule)
               INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
               SELECT order_id, :at, 'orderclerk', 'held', '', jsonb_build_object('rules', jsonb_agg(DISTINCT rule)),
                      jsonb_build_object('order', order_id, 'hold', jsonb_agg(id ORDER BY id)) FROM opened GROUP BY order_id"""
        ),
        {"at": utc(at)},
    ).rowcount
    conn.execute(sql("DROP TABLE opening"))
    return opened


def add_to_holds(conn: Connection, found: Iterable[tuple[int, str, str, Mapping[str, Any]]]) -> None:
    """Let open holds on whole orders know what came since: (order id, rule, reason, evidence). Earlier evidence is kept."""
    for order_id, rule, reason, evidence in found:
        conn.execute(
            sql(
                """UPDATE holds SET reason = :reason,
                          evidence = evidence || CAST(:new AS jsonb) || jsonb_build_object('earlier', evidence)
                   WHERE order_id = :id AND line_no = 0 AND rule = :rule AND state = 'open' AND NOT evidence @> CAST(:new AS jsonb)"""
            ),
            {"id": order_id, "rule": rule, "reason": reason, "new": Jsonb(dict(evidence))},
        )


def note_warnings(conn: Connection, warnings: pd.DataFrame, at: datetime) -> None:
    """Note on their orders what is objected to but holds nothing; the same words about a revision stand there once."""
    if warnings.empty:
        return
    conn.execute(sql("CREATE TEMP TABLE noting (order_id bigint, cause jsonb) ON COMMIT DROP"))
    causes = (
        (w["order_id"], Jsonb({"rule": w["rule"], "line": w["line_no"], "reason": w["reason"], **w["evidence"]}))
        for w in warnings.to_dict("records")
    )
    copy_rows(conn, "noting", ("order_id", "cause"), causes)
    conn.execute(
        sql(
            """INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
               SELECT o.id, :at, 'orderclerk', 'warning', '', n.cause, jsonb_build_object('order', o.id, 'revision', o.revision)
               FROM noting n JOIN orders o ON o.id = n.order_id WHERE NOT EXISTS (SELECT FROM events e
                   WHERE e.order_id = o.id AND e.kind = 'warning' AND e.cause = n.cause
                     AND (e.objects->>'revision')::int = o.revision)"""
        ),
        {"at": utc(at)},
    )
    conn.execute(sql("DROP TABLE noting"))


def _hold_row(hold: dict[Any, Any]) -> tuple[Any, ...]:
    rule = RULES[str(hold["rule"])]
    owner = hold["owner"] if isinstance(hold.get("owner"), str) else rule.owner
    hours = hold["due_hours"] if pd.notna(hold.get("due_hours")) else rule.due_hours
    return (
        hold["order_id"],
        hold["line_no"],
        rule.id,
        hold["reason"],
        Jsonb(hold["evidence"]),
        owner,
        f"{int(hours)} hours",
    )


def resolve_holds(
    conn: Connection, order_ids: Collection[int], at: datetime, note: str, *, rules: Collection[str] | None = None
) -> int:
    """Close open holds that are no longer true (of `rules` only, if given); how many."""
    which = "AND rule = ANY(:rules)" if rules is not None else ""
    return conn.execute(
        sql(
            f"""UPDATE holds SET state = 'resolved', closed_at = :at, closed_by = 'orderclerk', note = :note
                WHERE order_id = ANY(:ids) AND state = 'open' {which}"""
        ),
        {"ids": sorted(order_ids), "at": utc(at), "note": note, "rules": list(rules or ())},
    ).rowcount
