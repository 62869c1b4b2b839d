"""Customers' answers to offers, and offers that nobody answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.domain.reading import ReplyRead
from orderclerk.domain.references import parse_reference


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer to decide on, beside what the order is now. `is_known_sender`: the address is the customer's."""

    id: int
    order_id: int
    order_no: str
    answered_revision: int
    revision: int
    state: str
    words: str
    sender: str
    is_known_sender: bool


def keep_answers(conn: Connection, replies: Iterable[tuple[int, ReplyRead | None]]) -> int:
    """Store answers with their order; how many are new. Their signature was checked when they were read."""
    rows = [(envelope_id, parse_reference(r.reference), r) for envelope_id, r in replies if r is not None]
    found = [(e, ref, r) for e, ref, r in rows if ref is not None]
    if not found:
        return 0
    return conn.execute(
        sql(
            """INSERT INTO answers (envelope_id, order_id, revision, sender, message_ref, words)
               SELECT n.envelope_id, o.id, n.revision, n.sender, n.message_ref, n.words
               FROM unnest(CAST(:envelopes AS bigint[]), CAST(:nos AS text[]), CAST(:revisions AS int[]), CAST(:senders AS text[]),
                           CAST(:refs AS text[]), CAST(:words AS text[]))
                    AS n(envelope_id, order_no, revision, sender, message_ref, words)
               JOIN orders o USING (order_no) ON CONFLICT (envelope_id) DO NOTHING"""
        ),
        {
            "envelopes": [e for e, _, _ in found],
            "nos": [ref.order_no for _, ref, _ in found],
            "revisions": [ref.revision for _, ref, _ in found],
            "senders": [r.sender.lower() for _, _, r in found],
            "refs": [r.message_ref for _, _, r in found],
            "words": [r.text.replace("\x00", "") for _, _, r in found],
        },
    ).rowcount


def claim_answers(conn: Connection, count: int) -> list[OpenAnswer]:
    """Lock up to `count` open answers and their orders, in the sequence they came."""
    rows = conn.execute(
        sql(
            """SELECT a.id, a.order_id, o.order_no, a.revision AS answered_revision, o.revision, o.commercial_state AS state, a.words,
                      a.sender, EXISTS (SELECT FROM contacts c WHERE c.customer_id = o.customer_id AND c.email = a.sender)
                        OR lower(o.stated_customer->>'email') = a.sender
                        OR EXISTS (SELECT FROM customer_keys k WHERE k.customer_id = o.customer_id
                           AND (k.kind, k.value) IN (('email', a.sender), ('domain', split_part(a.sender, '@', 2)))) AS is_known_sender
               FROM answers a JOIN orders o ON o.id = a.order_id WHERE a.state = 'open'
               ORDER BY a.id LIMIT :count FOR UPDATE SKIP LOCKED"""
        ),
        {"count": count},
    )
    return [OpenAnswer(**row._mapping) for row in rows]


def close_answers(conn: Connection, verdicts: Collection[tuple[int, str, str]]) -> None:
    """Write what became of answers: (answer id, state, verdict)."""
    listed = list(verdicts)
    conn.execute(
        sql(
            """UPDATE answers a SET state = n.state, verdict = n.verdict
               FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:verdicts AS text[])) AS n(id, state, verdict)
               WHERE a.id = n.id"""
        ),
        {"ids": [v[0] for v in listed], "states": [v[1] for v in listed], "verdicts": [v[2] for v in listed]},
    )


def claim_unanswered(conn: Connection, as_of: datetime, count: int) -> list[int]:
    """Lock up to `count` offers whose time is over and that have no unread answer."""
    return _claim_offers(conn, "o.answer_by <= :at", as_of, count)


def claim_to_remind(conn: Connection, as_of: datetime, count: int) -> list[int]:
    """Lock up to `count` offers that have waited for a reminder's time and not been reminded."""
    return _claim_offers(conn, "o.reminded_at IS NULL AND o.answer_by > :at AND o.remind_at <= :at", as_of, count)


def mark_reminded(conn: Connection, order_ids: Collection[int], at: datetime) -> None:
    """These were reminded now."""
    conn.execute(
        sql("UPDATE orders SET reminded_at = :at WHERE id = ANY(:ids)"), {"at": utc(at), "ids": list(order_ids)}
    )


def _claim_offers(conn: Connection, which: str, as_of: datetime, count: int) -> list[int]:
    return list(
        conn.execute(
            sql(
                f"""SELECT o.id FROM orders o WHERE o.commercial_state = 'offered' AND {which}
                    AND NOT EXISTS (SELECT FROM answers a WHERE a.order_id = o.id AND a.state = 'open')
                    AND NOT EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open')
                    ORDER BY o.id LIMIT :count FOR UPDATE OF o SKIP LOCKED"""
            ),
            {"at": utc(as_of), "count": count},
        ).scalars()
    )
