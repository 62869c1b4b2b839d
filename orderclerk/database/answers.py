"""Customers' answers to offers, and offers that nobody answered."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.database.known_senders import is_known
from orderclerk.domain.answers import OfferedLine
from orderclerk.domain.reading import ReplyRead
from orderclerk.domain.references import parse_reference


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer to decide on, beside what the order is now. `is_known_sender`: the address is the customer's."""

    id: int
    envelope_id: int
    order_id: int
    order_no: str
    agreed_revision: int | None
    answered_revision: int
    revision: int
    state: str
    words: str
    sender: str
    is_known_sender: bool
    names: tuple[str, ...] = ()  # of the customer and its contacts: how they may sign


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


def orders_in_conversation(conn: Connection, mails: Iterable[tuple[int, str, str, datetime]]) -> dict[int, str]:
    """Envelope -> order and revision (SO100042-2) that a mail without our reference answers; the mails are given as
    (envelope id, sender, first Message-ID of their conversation, when it was written).

    Only where the conversation is about one live order of the sender's customer, and we had written about it before.
    """
    columns = list(zip(*mails, strict=True)) or [(), (), (), ()]
    rows = conn.execute(
        sql(
            f"""WITH n AS (SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:senders AS text[]), CAST(:threads AS text[]), CAST(:times AS timestamptz[]))
                    AS n(envelope_id, sender, thread_ref, at)),
                talk AS (SELECT n.envelope_id, min(o.id) AS order_id FROM n JOIN orders o ON o.id IN (
                        SELECT id FROM orders WHERE thread_ref = n.thread_ref
                        UNION SELECT l.order_id FROM letters l WHERE l.thread_ref = n.thread_ref)
                    WHERE n.thread_ref <> '' AND o.commercial_state IN ('received', 'offered', 'confirmed')
                      AND (lower(o.stated_customer->>'email') = n.sender OR {is_known("o", "n.sender")})
                    GROUP BY 1 HAVING count(*) = 1)
                SELECT n.envelope_id, o.order_no || '-' || said.revision AS reference
                FROM talk JOIN n USING (envelope_id) JOIN orders o ON o.id = talk.order_id
                CROSS JOIN LATERAL (SELECT m.revision FROM outbox m WHERE m.order_id = o.id AND m.state = 'sent' AND m.sent_at <= n.at
                                    ORDER BY m.sent_at DESC, m.id DESC LIMIT 1) said"""
        ),
        dict(zip(("ids", "senders", "threads", "times"), map(list, columns), strict=True)),
    )
    return {row.envelope_id: row.reference for row in rows}


def claim_answers(conn: Connection, count: int) -> list[OpenAnswer]:
    """Lock up to `count` open answers and their orders, in the sequence they came; of each order the first."""
    rows = conn.execute(
        sql(
            f"""SELECT a.id, a.envelope_id, a.order_id, o.order_no, o.agreed_revision, a.revision AS answered_revision, o.revision,
                      o.commercial_state AS state, a.words, a.sender,
                      lower(o.stated_customer->>'email') = a.sender OR {is_known("o", "a.sender")} AS is_known_sender,
                      ARRAY(SELECT name FROM customers c WHERE c.id = o.customer_id UNION SELECT name FROM contacts c WHERE c.customer_id = o.customer_id
                            UNION SELECT o.stated_customer->>'name' WHERE o.stated_customer->>'name' <> '') AS names
               FROM answers a JOIN orders o ON o.id = a.order_id WHERE a.state = 'open'
                 AND NOT EXISTS (SELECT FROM answers b WHERE b.order_id = a.order_id AND b.state = 'open' AND b.id < a.id)
               ORDER BY a.id LIMIT :count FOR UPDATE SKIP LOCKED"""
        ),
        {"count": count},
    )
    return [OpenAnswer(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line as it stands in the book, with what its customer may call it and what prices it."""

    order_id: int
    line: OfferedLine
    item_id: int
    unit_price: Decimal | None
    price_list: str
    currency: str
    day: str


def book_lines(conn: Connection, order_ids: Collection[int]) -> dict[int, list[BookLine]]:
    """The lines of orders, in their order."""
    rows = conn.execute(
        sql(
            """SELECT l.order_id, l.line_no, l.quantity, coalesce(nullif(l.unit, ''), i.unit, '') AS unit, l.item_ref, l.barcode, i.item_no,
                      i.name, i.name_zh, l.description, l.is_charge, l.unit_price, coalesce(l.item_id, 0) AS item_id, o.currency,
                      coalesce(c.price_list, '') AS price_list, coalesce(o.order_date, (o.received_at AT TIME ZONE 'UTC')::date)::text AS day,
                      ARRAY(SELECT value FROM item_keys k WHERE k.item_id = i.id AND k.customer_id = o.customer_id) AS own_refs
               FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN customers c ON c.id = o.customer_id
               LEFT JOIN items i ON i.id = l.item_id WHERE l.order_id = ANY(:ids) ORDER BY l.order_id, l.line_no"""
        ),
        {"ids": sorted(order_ids)},
    )
    found: dict[int, list[BookLine]] = {}
    for r in rows:
        refs = tuple(filter(None, (r.item_no, r.item_ref, r.barcode, *r.own_refs)))
        names = tuple(filter(None, (r.name, r.name_zh, r.description)))
        line = OfferedLine(r.line_no, r.quantity, r.unit, refs, names, r.is_charge)
        one = BookLine(r.order_id, line, r.item_id, r.unit_price, r.price_list, r.currency, r.day)
        found.setdefault(r.order_id, []).append(one)
    return found


def close_answers(conn: Connection, verdicts: Collection[tuple[int, str, str, Mapping[str, Any]]]) -> None:
    """Write what became of answers: (answer id, state, verdict, what was understood)."""
    listed = list(verdicts)
    conn.execute(
        sql(
            """UPDATE answers a SET state = n.state, verdict = n.verdict, understood = n.understood
               FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:verdicts AS text[]), CAST(:understood AS jsonb[]))
                    AS n(id, state, verdict, understood) WHERE a.id = n.id"""
        ),
        {"ids": [v[0] for v in listed], "states": [v[1] for v in listed], "verdicts": [v[2] for v in listed],
         "understood": [Jsonb(dict(v[3])) for v in listed]},
    )  # fmt: skip


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
