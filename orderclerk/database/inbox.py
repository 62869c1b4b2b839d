"""Envelopes in the book: kept exactly once, batched, claimed, and what became of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_rows, utc
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import Unreadable

_COLUMNS = ("channel", "delivery_ref", "sha256", "media_type", "sender_ref", "filename", "sent_at", "content")


@dataclass(frozen=True, slots=True)
class StoredEnvelope:
    """An envelope with its place in the book."""

    id: int
    envelope: Envelope
    received_at: datetime


def keep_once(conn: Connection, envelopes: Sequence[Envelope], received_at: datetime) -> int:
    """Store what is new by channel and content, record every delivery; how many envelopes were new."""
    conn.execute(
        sql(
            "CREATE TEMP TABLE arriving (channel text, delivery_ref text, sha256 text, media_type text, "
            "sender_ref text, filename text, sent_at timestamptz, content bytea, seq int) ON COMMIT DROP"
        )
    )
    rows = ((e.channel, e.delivery_ref, e.sha256, e.media_type, e.sender_ref, e.filename, e.sent_at, e.content, n)
            for n, e in enumerate(envelopes))  # fmt: skip
    copy_rows(conn, "arriving", (*_COLUMNS, "seq"), rows)
    new = conn.execute(
        sql(
            f"""INSERT INTO envelopes ({", ".join(_COLUMNS)}, received_at)
                SELECT {", ".join(_COLUMNS)}, :at FROM arriving a WHERE seq = (SELECT min(seq) FROM arriving b
                    WHERE (b.channel, b.sha256) = (a.channel, a.sha256)) ORDER BY channel, sha256
                ON CONFLICT (channel, sha256) DO NOTHING"""
        ),
        {"at": utc(received_at)},
    ).rowcount
    conn.execute(
        sql(
            """INSERT INTO deliveries (channel, delivery_ref, envelope_id, received_at)
               SELECT DISTINCT a.channel, a.delivery_ref, e.id, CAST(:at AS timestamptz)
               FROM arriving a JOIN envelopes e USING (channel, sha256) ON CONFLICT DO NOTHING"""
        ),
        {"at": utc(received_at)},
    )
    conn.execute(sql("DROP TABLE arriving"))
    return new


def channel_cursor(conn: Connection, channel: str) -> dict[str, Any]:
    """Where the last pull of `channel` stopped; {} before the first."""
    row = conn.execute(sql("SELECT cursor FROM channel_cursors WHERE channel = :channel"), {"channel": channel}).first()
    return dict(row[0]) if row else {}


def keep_cursor(conn: Connection, channel: str, cursor: dict[str, Any], at: datetime) -> None:
    """Remember where to go on, in the transaction that stored what came before it."""
    conn.execute(
        sql(
            """INSERT INTO channel_cursors (channel, cursor, pulled_at) VALUES (:channel, :cursor, :at)
               ON CONFLICT (channel) DO UPDATE SET cursor = excluded.cursor, pulled_at = excluded.pulled_at"""
        ),
        {"channel": channel, "cursor": Jsonb(cursor), "at": utc(at)},
    )


def open_batch(conn: Connection, channel: str, at: datetime) -> int | None:
    """A batch of all envelopes of `channel` that have none yet, also those a killed run left; None if there are none."""
    waiting = conn.execute(
        sql("SELECT id FROM envelopes WHERE channel = :channel AND batch_id IS NULL FOR UPDATE SKIP LOCKED"),
        {"channel": channel},
    ).scalars().all()  # fmt: skip
    if not waiting:
        return None
    batch_id: int = conn.execute(
        sql("INSERT INTO batches (channel, opened_at) VALUES (:channel, :at) RETURNING id"),
        {"channel": channel, "at": utc(at)},
    ).scalar_one()
    conn.execute(
        sql("UPDATE envelopes SET batch_id = :batch WHERE id = ANY(:ids)"), {"batch": batch_id, "ids": list(waiting)}
    )
    return batch_id


def claim_stored(conn: Connection, count: int, max_bytes: int, batch_id: int | None = None) -> list[StoredEnvelope]:
    """Lock up to `count` unread envelopes for this transaction, oldest first, at most about `max_bytes` in all.

    Those that another worker holds are passed over. The lock ends with the transaction, also when it is killed.
    """
    rows = conn.execute(
        sql(
            f"""WITH free AS (SELECT id, length(content) AS size FROM envelopes WHERE state = 'stored'
                    {"AND batch_id = :batch" if batch_id is not None else ""}
                    ORDER BY id LIMIT :count FOR UPDATE SKIP LOCKED),
                chosen AS (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM free)
                SELECT e.id, e.channel, e.delivery_ref, e.content, e.media_type, e.sender_ref, e.filename, e.sent_at,
                       e.received_at FROM envelopes e JOIN chosen USING (id) WHERE before < :bytes ORDER BY id"""
        ),
        {"count": count, "bytes": max_bytes, "batch": batch_id},
    )
    return [_stored(row) for row in rows]


def one_envelope(conn: Connection, envelope_id: int) -> StoredEnvelope:
    """The envelope with this id, whatever its state."""
    return _stored(conn.execute(sql("SELECT * FROM envelopes WHERE id = :id"), {"id": envelope_id}).one())


def envelopes_by_id(conn: Connection, envelope_ids: Collection[int]) -> list[StoredEnvelope]:
    """The envelopes with these ids, whatever their state, oldest first."""
    query = sql("SELECT * FROM envelopes WHERE id = ANY(:ids) ORDER BY id")
    return [_stored(row) for row in conn.execute(query, {"ids": list(envelope_ids)})]


def _stored(row: Any) -> StoredEnvelope:
    content = bytes(row.content)
    envelope = Envelope(
        row.channel, row.delivery_ref, content, row.media_type, row.sender_ref, row.filename, row.sent_at
    )
    return StoredEnvelope(row.id, envelope, row.received_at)


def mark_read(conn: Connection, outcomes: Iterable[tuple[int, str, str]]) -> None:
    """Set envelopes to their new state: (envelope id, state, reason in one sentence)."""
    listed = list(outcomes)
    conn.execute(
        sql(
            """UPDATE envelopes e SET state = n.state, reason = n.reason
               FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:reasons AS text[])) AS n(id, state, reason)
               WHERE e.id = n.id"""
        ),
        {"ids": [o[0] for o in listed], "states": [o[1] for o in listed], "reasons": [o[2] for o in listed]},
    )


def quarantine(conn: Connection, found: Iterable[tuple[int, Unreadable]], at: datetime) -> int:
    """Keep what has no place in any order, for a person; how many rows are new. The same row twice is one."""
    rows = [(envelope_id, u.ref, u.rule, u.reason, _storable(u.raw)) for envelope_id, u in found]
    if not rows:
        return 0
    columns = list(zip(*rows, strict=True))
    return conn.execute(
        sql(
            """INSERT INTO quarantine (envelope_id, ref, rule, reason, raw, opened_at)
               SELECT n.*, CAST(:at AS timestamptz) FROM unnest(CAST(:ids AS bigint[]), CAST(:refs AS text[]),
                   CAST(:rules AS text[]), CAST(:reasons AS text[]), CAST(:raws AS text[])) AS n
               ON CONFLICT DO NOTHING"""
        ),
        {"ids": list(columns[0]), "refs": list(columns[1]), "rules": list(columns[2]),
         "reasons": list(columns[3]), "raws": list(columns[4]), "at": utc(at)},
    ).rowcount  # fmt: skip


def _storable(raw: str) -> str:
    return raw.replace("\x00", "␀")[:20_000]
