"""The outbox: every effect on the outside is a row, written with the decision that wants it, delivered once.

A row goes pending -> sending -> sent. `sending` is committed before the wire is touched, and the sender keeps the row
locked while it works: a row that says `sending` and can be locked belongs to a sender that died, and whether its
message went out must be found out (by its Message-ID in the sent folder) before it is sent again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc

MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Message:
    """One row to deliver. `was_sending`: an earlier sender died with it in hand."""

    id: int
    kind: str
    idempotency_key: str
    order_id: int | None
    revision: int | None
    recipient: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    was_sending: bool


def enqueue_order_mails(
    conn: Connection,
    kind: str,
    order_ids: Collection[int],
    at: datetime,
    *,
    payload: dict[str, Any] | None = None,
    round_: str = "",
) -> int:
    """One mail of `kind` to the customer of each order, at its current revision; how many are new.

    The idempotency key is kind, order, revision and `round_`: the same decision twice is one mail. The recipient is
    the address the order came from if it did by mail and belongs to the customer, else the customer's first contact.
    """
    return conn.execute(
        sql(
            """INSERT INTO outbox (kind, idempotency_key, order_id, revision, recipient, payload, created_at, next_try_at)
               SELECT :kind, :kind || ':' || o.id || ':' || o.revision || :round, o.id, o.revision,
                      coalesce((SELECT c.email FROM contacts c WHERE c.customer_id = o.customer_id AND c.email <> ''
                                ORDER BY c.email <> lower(o.stated_customer->>'email'), c.id LIMIT 1),
                               o.stated_customer->>'email', ''),
                      CAST(:payload AS jsonb), :at, :at
               FROM orders o WHERE o.id = ANY(:ids) ORDER BY o.id ON CONFLICT (idempotency_key) DO NOTHING"""
        ),
        {"kind": kind, "ids": sorted(order_ids), "at": utc(at), "payload": Jsonb(payload or {}),
         "round": f":{round_}" if round_ else ""},
    ).rowcount  # fmt: skip


def enqueue_team_mail(
    conn: Connection,
    subject: str,
    body: str,
    key: str,
    at: datetime,
    recipient: str = "",
    *,
    kind: str = "team",
    payload: dict[str, Any] | None = None,
) -> bool:
    """A mail to the team (the address in the settings unless `recipient`); False if one with this key exists.

    Its payload is subject and body, unless a `kind` of mail that is rendered from other facts brings its own.
    """
    return bool(
        conn.execute(
            sql(
                """INSERT INTO outbox (kind, idempotency_key, recipient, payload, created_at, next_try_at)
                   VALUES (:kind, :key, :to, :payload, :at, :at) ON CONFLICT (idempotency_key) DO NOTHING"""
            ),
            {
                "kind": kind,
                "key": f"{kind}:{key}",
                "to": recipient,
                "payload": Jsonb(payload or {"subject": subject, "body": body}),
                "at": utc(at),
            },
        ).rowcount
    )


def payload_of(conn: Connection, idempotency_key: str) -> dict[str, Any] | None:
    """What the message with this key is made from; None if there is none."""
    found = conn.execute(sql("SELECT payload FROM outbox WHERE idempotency_key = :key"), {"key": idempotency_key})
    return found.scalar()


def last_of_kind(conn: Connection, kind: str) -> dict[str, Any] | None:
    """What the latest message of `kind` is made from; None if there is none."""
    query = sql("SELECT payload FROM outbox WHERE kind = :kind ORDER BY id DESC LIMIT 1")
    return conn.execute(query, {"kind": kind}).scalar()


def take_due(conn: Connection, as_of: datetime, count: int, *, customers: bool = True) -> list[int]:
    """Mark up to `count` due rows `sending`, oldest first, and return their ids; commit before delivering them.

    Rows whose sender died come first. With `customers` False what is for customers waits.
    """
    return list(
        conn.execute(
            sql(
                """WITH due AS (SELECT id FROM outbox WHERE state IN ('pending', 'sending') AND next_try_at <= :at
                       AND (:customers OR order_id IS NULL) ORDER BY state <> 'sending', id LIMIT :count FOR UPDATE SKIP LOCKED)
                   UPDATE outbox o SET payload = CASE WHEN o.state = 'sending'
                       THEN o.payload || '{"was_sending": true}' ELSE o.payload - 'was_sending' END,
                       state = 'sending', attempts = o.attempts + 1
                   FROM due WHERE o.id = due.id RETURNING o.id"""
            ),
            {"at": utc(as_of), "count": count, "customers": customers},
        ).scalars()
    )


def hold_messages(conn: Connection, ids: Collection[int]) -> list[Message]:
    """Lock rows that `take_due` marked, for as long as this transaction lives; those withdrawn meanwhile are left out."""
    rows = conn.execute(
        sql("SELECT * FROM outbox WHERE id = ANY(:ids) AND state = 'sending' ORDER BY id FOR UPDATE SKIP LOCKED"),
        {"ids": list(ids)},
    )
    return [
        Message(r.id, r.kind, r.idempotency_key, r.order_id, r.revision, r.recipient, r.payload, r.attempts,
                r.created_at, bool(r.payload.get("was_sending")))
        for r in rows
    ]  # fmt: skip


def mark_sent(conn: Connection, message_id: int, message_ref: str, at: datetime) -> None:
    """It went out, under this Message-ID."""
    conn.execute(
        sql("UPDATE outbox SET state = 'sent', sent_at = :at, message_ref = :ref, last_error = '' WHERE id = :id"),
        {"id": message_id, "ref": message_ref, "at": utc(at)},
    )


def mark_not_sent(conn: Connection, message: Message, error: str, at: datetime, *, final: bool) -> bool:
    """It did not go out: try again later (1, 2, 4 ... minutes), or `failed` if that cannot help or was tried enough.

    Returns whether it failed for good.
    """
    failed = final or message.attempts >= MAX_ATTEMPTS
    _put_off(conn, message, "failed" if failed else "pending", error, at)
    return failed


def mark_uncertain(conn: Connection, message: Message, error: str, at: datetime) -> bool:
    """It may have gone out: it stays `sending`, and the next sender looks in the sent folder first.

    Later, for a copy may take its time to get there; after as many attempts as for any other, it is `failed`: True.
    """
    failed = message.attempts >= MAX_ATTEMPTS
    _put_off(conn, message, "failed" if failed else "sending", error, at)
    return failed


def give_back(conn: Connection, messages: Collection[Message], error: str) -> None:
    """The server itself is out of reach: they stay due, and it does not count as an attempt of theirs.

    What may have gone out before stays `sending`, so that the next sender looks first.
    """
    conn.execute(
        sql(
            """UPDATE outbox SET state = CASE WHEN payload ? 'was_sending' THEN 'sending' ELSE 'pending' END,
                   attempts = attempts - 1, last_error = :error WHERE id = ANY(:ids)"""
        ),
        {"ids": [message.id for message in messages], "error": error[:1000]},
    )


def mark_superseded(conn: Connection, message_id: int) -> None:
    """It did not go out, and what it says is no longer so."""
    conn.execute(sql("UPDATE outbox SET state = 'superseded' WHERE id = :id"), {"id": message_id})


def _put_off(conn: Connection, message: Message, state: str, error: str, at: datetime) -> None:
    conn.execute(
        sql("UPDATE outbox SET state = :state, last_error = :error, next_try_at = :next WHERE id = :id"),
        {"id": message.id, "state": state, "error": error[:1000],
         "next": utc(at) + timedelta(minutes=2 ** (message.attempts - 1))},
    )  # fmt: skip


def resend(conn: Connection, ids: Collection[int], recipient: str, at: datetime) -> int:
    """Failed rows become due again, to another `recipient` if one is given; how many."""
    return conn.execute(
        sql(
            """UPDATE outbox SET state = 'pending', attempts = 0, next_try_at = :at,
                   recipient = coalesce(nullif(:to, ''), recipient) WHERE id = ANY(:ids) AND state = 'failed'"""
        ),
        {"ids": list(ids), "to": recipient, "at": utc(at)},
    ).rowcount
