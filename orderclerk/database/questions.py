"""Questions to customers: what a hold leaves open, asked by mail, answered, taken back or left unanswered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_rows, utc
from orderclerk.database.known_senders import is_known
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.domain.asking import ROUNDS

_COLUMNS = ("order_id", "revision", "document_id", "round", "number", "line_no", "rule", "field", "choices", "about",
            "asked_at", "asked_by", "remind_at", "answer_by")  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold to ask about, beside the order and the line it is on. `addresses` are the customer's, for ADR-001."""

    order_id: int
    revision: int
    document_id: int
    round: int
    line_no: int
    rule: str
    evidence: dict[str, Any]
    item: str
    quantity: Any
    unit: str
    unit_price: Any
    currency: str
    addresses: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question to be put, or as it was put."""

    order_id: int
    revision: int
    document_id: int
    round: int
    number: int
    line_no: int
    rule: str
    field: str
    choices: list[dict[str, Any]] = default(default_factory=list)
    about: dict[str, Any] = default(default_factory=dict)
    id: int = 0


def claim_to_ask(conn: Connection, rules: Collection[str], after: int, count: int, order_id: int = 0) -> list[OpenHold]:
    """Lock up to `count` orders after `after` that are held only by `rules` and may be asked about; their open holds.

    Not asked: who is not known to act for the customer, a document twice asked about, a revision asked about in vain.
    With `order_id` that order alone, whatever else holds it.
    """
    only = "o.id = :order_id" if order_id else f"""o.id > :after
        AND NOT EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open' AND h.rule <> ALL(:rules))
        AND (SELECT coalesce(max(q.round), 0) FROM questions q WHERE q.order_id = o.id AND q.document_id = o.envelope_id AND q.field <> 'wait') < {ROUNDS}
        AND NOT EXISTS (SELECT FROM questions q WHERE q.order_id = o.id AND q.revision = o.revision
            AND q.document_id = o.envelope_id AND q.envelope_id IS NULL)"""  # fmt: skip
    given = {"rules": list(rules), "after": after, "count": count, "order_id": order_id}
    ids = conn.execute(
        sql(
            f"""SELECT o.id FROM orders o WHERE {only} AND o.commercial_state = 'received' AND NOT o.needs_check AND o.kind = 'order'
                AND o.customer_id IS NOT NULL AND EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open')
                AND NOT EXISTS (SELECT FROM questions q WHERE q.order_id = o.id AND q.state = 'open')
                AND (o.channel <> 'mail' OR {is_known("o", "lower(o.stated_customer->>'email')")})
                ORDER BY o.id LIMIT :count FOR UPDATE SKIP LOCKED"""
        ),
        given,
    ).scalars().all()  # fmt: skip
    rows = conn.execute(
        sql(
            """SELECT o.id AS order_id, o.revision, o.envelope_id AS document_id,
                      1 + coalesce((SELECT max(q.round) FROM questions q WHERE q.order_id = o.id AND q.document_id = o.envelope_id), 0) AS round,
                      h.line_no, h.rule, h.evidence, coalesce(nullif(i.item_no, ''), nullif(l.item_ref, ''), l.description, '') AS item,
                      l.quantity, coalesce(l.unit, '') AS unit, l.unit_price, o.currency,
                      CASE WHEN h.rule = 'ADR-001' THEN coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM addresses a
                          WHERE a.customer_id = o.customer_id AND a.kind = 'delivery'), '[]') ELSE '[]' END AS addresses
               FROM orders o JOIN holds h ON h.order_id = o.id AND h.state = 'open'
               LEFT JOIN order_lines l ON (l.order_id, l.line_no) = (h.order_id, h.line_no) LEFT JOIN items i ON i.id = l.item_id
               WHERE o.id = ANY(:ids) AND h.rule = ANY(:rules) ORDER BY o.id, h.line_no = 0, h.line_no, h.rule"""
        ),
        given | {"ids": list(ids)},
    )
    return [OpenHold(**row._mapping) for row in rows]


def ask(
    conn: Connection, questions: Sequence[AskedQuestion], at: datetime, deadlines: tuple[datetime, datetime], by: str
) -> int:
    """Keep the questions and put one mail an order into the outbox; how many mails."""
    remind_at, answer_by = deadlines
    copy_rows(
        conn, "questions", _COLUMNS,
        ((q.order_id, q.revision, q.document_id, q.round, q.number, q.line_no, q.rule, q.field, Jsonb(q.choices), Jsonb(q.about),
          utc(at), by, remind_at, answer_by) for q in questions),
    )  # fmt: skip
    asked = 0
    for round_ in sorted({q.round for q in questions}):
        ids = sorted({q.order_id for q in questions if q.round == round_})
        conn.execute(
            sql(
                """INSERT INTO events (order_id, at, actor, kind, axis, cause, objects)
                   SELECT q.order_id, :at, :by, 'asked', '', jsonb_build_object('rules', jsonb_agg(DISTINCT q.rule), 'round', q.round),
                          jsonb_build_object('order', q.order_id, 'revision', q.revision, 'question', jsonb_agg(q.id ORDER BY q.id))
                   FROM questions q WHERE q.order_id = ANY(:ids) AND q.state = 'open' GROUP BY q.order_id, q.round, q.revision"""
            ),
            {"at": utc(at), "by": by, "ids": ids},
        )
        asked += enqueue_order_mails(conn, "question", ids, at, payload={"round": round_}, round_=f"round{round_}")
    return asked


def open_questions(conn: Connection, order_ids: Collection[int]) -> dict[int, list[AskedQuestion]]:
    """The open questions of orders, in the order of their numbers."""
    rows = conn.execute(
        sql(
            f"""SELECT id, {", ".join(_COLUMNS[:10])} FROM questions
                WHERE order_id = ANY(:ids) AND state = 'open' ORDER BY order_id, number"""
        ),
        {"ids": sorted(order_ids)},
    )
    found: dict[int, list[AskedQuestion]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(AskedQuestion(**row._mapping))
    return found


def close_questions(conn: Connection, closed: Iterable[tuple[int, str, int | None, str]], at: datetime) -> None:
    """Close questions: (id, `answered` or `withdrawn`, the answer's envelope, the words that answered)."""
    rows = list(closed)
    conn.execute(
        sql(
            """UPDATE questions q SET state = n.state, closed_at = :at, envelope_id = n.envelope_id, words = n.words
               FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:envelopes AS bigint[]), CAST(:words AS text[]))
                    AS n(id, state, envelope_id, words) WHERE q.id = n.id AND q.state = 'open'"""
        ),
        {"ids": [r[0] for r in rows], "states": [r[1] for r in rows], "envelopes": [r[2] for r in rows],
         "words": [r[3][:2000] for r in rows], "at": utc(at)},
    )  # fmt: skip


def withdraw_settled(conn: Connection, at: datetime) -> int:
    """Take back questions that nobody needs answered any more: the hold is closed, or the order went on; how many.

    A question mail that has not gone out goes with its questions.
    """
    withdrawn = conn.execute(
        sql(
            """UPDATE questions q SET state = 'withdrawn', closed_at = :at FROM orders o WHERE q.state = 'open' AND o.id = q.order_id
               AND (o.revision <> q.revision
                    OR (q.field NOT IN ('change', 'wait') AND (o.commercial_state <> 'received' OR NOT EXISTS (SELECT FROM holds h
                        WHERE (h.order_id, h.line_no, h.rule, h.state) = (q.order_id, q.line_no, q.rule, 'open'))))
                    OR (q.field IN ('change', 'wait') AND o.commercial_state NOT IN ('offered', 'confirmed')))
               RETURNING q.order_id"""
        ),
        {"at": utc(at)},
    ).scalars().all()  # fmt: skip
    conn.execute(
        sql(
            """UPDATE outbox m SET state = 'superseded' WHERE order_id = ANY(:ids) AND kind IN ('question', 'question-reminder')
               AND state = 'pending' AND NOT EXISTS (SELECT FROM questions q WHERE q.order_id = m.order_id AND q.state = 'open')"""
        ),
        {"ids": sorted(set(withdrawn))},
    )
    return len(withdrawn)


def expire_questions(conn: Connection, at: datetime) -> int:
    """Give up on questions whose time is over: the hold stays, and a person has it; how many orders."""
    given_up = conn.execute(
        sql(
            """UPDATE questions q SET state = 'withdrawn', closed_at = :at WHERE state = 'open' AND answer_by <= :at
               AND NOT EXISTS (SELECT FROM answers a WHERE a.order_id = q.order_id AND a.state = 'open') RETURNING order_id"""
        ),
        {"at": utc(at)},
    ).scalars().all()  # fmt: skip
    ids = sorted(set(given_up))
    conn.execute(
        sql(
            """INSERT INTO events (order_id, at, actor, kind, axis, objects)
               SELECT id, :at, 'orderclerk', 'question not answered', '', jsonb_build_object('order', id, 'revision', revision)
               FROM orders WHERE id = ANY(:ids) ORDER BY id"""
        ),
        {"ids": ids, "at": utc(at)},
    )
    return len(ids)


def remind_questions(conn: Connection, at: datetime) -> int:
    """Remind once of questions whose answer is due; how many mails."""
    due = conn.execute(
        sql(
            """UPDATE questions q SET reminded_at = :at WHERE state = 'open' AND reminded_at IS NULL AND remind_at <= :at
               AND answer_by > :at AND NOT EXISTS (SELECT FROM answers a WHERE a.order_id = q.order_id AND a.state = 'open')
               RETURNING order_id, round"""
        ),
        {"at": utc(at)},
    ).all()  # fmt: skip
    return sum(
        enqueue_order_mails(
            conn, "question-reminder", [row.order_id for row in due if row.round == round_], at,
            payload={"round": round_}, round_=f"round{round_}",
        )
        for round_ in {row.round for row in due}
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldSet:
    """What an answer sets on one line: only what is not None. `rules` are the problems it ends."""

    order_id: int
    line_no: int
    quantity: Any = None
    unit: str | None = None
    item: str | None = None
    reprice: bool = False
    rules: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = default(default_factory=dict)


def set_line_fields(conn: Connection, fields: Sequence[FieldSet]) -> None:
    """Complete lines with what the customer said; the words stand beside them as evidence, and are sure."""
    rows = [
        (f.order_id, f.line_no, f.quantity, f.unit, f.item, f.reprice, list(f.rules), Jsonb([dict(f.evidence)]))
        for f in fields
    ]
    conn.execute(
        sql(
            """UPDATE order_lines l SET quantity = coalesce(n.quantity, l.quantity), unit = coalesce(nullif(n.unit, ''), l.unit),
                   item_id = CASE WHEN n.item IS NULL THEN l.item_id ELSE i.id END,
                   item_ref = CASE WHEN n.item IS NOT NULL AND (l.item_ref = '' OR i.id IS NULL) THEN n.item ELSE l.item_ref END,
                   match = CASE WHEN i.id IS NOT NULL THEN '{"how": "person", "score": 1, "confidence": 1, "reading": 1, "alternatives": []}'
                           WHEN n.item IS NOT NULL THEN NULL ELSE l.match END,
                   unit_price = CASE WHEN n.reprice THEN NULL ELSE l.unit_price END,
                   line_total = CASE WHEN n.quantity IS NOT NULL OR n.reprice THEN NULL ELSE l.line_total END,
                   stated = CASE WHEN n.quantity IS NULL THEN l.stated END, confidence = 1, evidence = coalesce(l.evidence, '[]') || n.evidence,
                   problems = (SELECT jsonb_agg(p) FROM jsonb_array_elements(l.problems) p WHERE p->>'rule' <> ALL(n.rules))
               FROM (SELECT (r->>0)::bigint AS order_id, (r->>1)::int AS line_no, (r->>2)::numeric AS quantity, r->>3 AS unit,
                            r->>4 AS item, (r->>5)::boolean AS reprice, ARRAY(SELECT jsonb_array_elements_text(r->6)) AS rules, r->7 AS evidence
                     FROM jsonb_array_elements(CAST(:rows AS jsonb)) r) n
               LEFT JOIN items i ON i.item_no = n.item WHERE (l.order_id, l.line_no) = (n.order_id, n.line_no)"""
        ),
        {"rows": Jsonb([[a, b, None if c is None else str(c), d, e, f, g, h.obj] for a, b, c, d, e, f, g, h in rows])},
    )


def set_header_fields(conn: Connection, order_id: int, rule: str, values: Mapping[str, Any]) -> None:
    """Complete an order's header with what the customer said, and drop the problem it ends."""
    fields = ", ".join(f"{name} = :{name}" for name in values)
    conn.execute(
        sql(
            f"""UPDATE orders SET {fields}, problems = (SELECT jsonb_agg(p) FROM jsonb_array_elements(problems) p WHERE p->>'rule' <> :rule)
                WHERE id = :id"""
        ),
        {**values, "rule": rule, "id": order_id},
    )


def due_for_check(conn: Connection, order_ids: Collection[int]) -> None:
    """These orders are to be checked again."""
    conn.execute(
        sql("UPDATE orders SET needs_check = true WHERE id = ANY(:ids) AND commercial_state = 'received'"),
        {"ids": sorted(order_ids)},
    )


def documents_of(conn: Connection, order_ids: Sequence[int]) -> list[int]:
    """The envelope that holds each order's current document, in the order given."""
    rows = conn.execute(sql("SELECT id, envelope_id FROM orders WHERE id = ANY(:ids)"), {"ids": list(order_ids)}).all()
    found = {int(row.id): int(row.envelope_id) for row in rows}
    return [found[order_id] for order_id in order_ids]


def state_of(conn: Connection, order_id: int) -> str:
    """The commercial state of an order."""
    return str(conn.execute(sql("SELECT commercial_state FROM orders WHERE id = :id"), {"id": order_id}).scalar_one())


def still_open(conn: Connection, order_ids: Collection[int]) -> list[int]:
    """Those of the orders that are still being checked or held."""
    return list(
        conn.execute(
            sql("SELECT id FROM orders WHERE id = ANY(:ids) AND commercial_state = 'received' ORDER BY id"),
            {"ids": sorted(order_ids)},
        ).scalars()
    )
