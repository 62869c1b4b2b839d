"""What language models answered about mails: asked once, kept for ever."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc


def keep_answer(conn: Connection, envelope_id: int, model: str, answer: dict[str, Any], at: datetime) -> bool:
    """Keep the answer about a mail; False if there is one already, which stays."""
    query = """INSERT INTO model_answers (envelope_id, model, answer, asked_at) VALUES (:id, :model, :answer, :at)
               ON CONFLICT (envelope_id) DO NOTHING"""
    given = {"id": envelope_id, "model": model, "answer": Jsonb(answer), "at": utc(at)}
    return bool(conn.execute(sql(query), given).rowcount)


def answers_of(conn: Connection, envelope_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The answers about those of `envelope_ids` that a model was asked about."""
    query = sql("SELECT envelope_id, answer FROM model_answers WHERE envelope_id = ANY(:ids)")
    return {row.envelope_id: dict(row.answer) for row in conn.execute(query, {"ids": list(envelope_ids)})}


def unasked_mails(conn: Connection, after: int, limit: int) -> list[int]:
    """Stored mails about which nobody asked a model yet, from id `after` on, in the sequence they came."""
    query = """SELECT e.id FROM envelopes e WHERE e.state = 'stored' AND e.media_type = 'message/rfc822' AND e.id > :after
               AND NOT EXISTS (SELECT FROM model_answers m WHERE m.envelope_id = e.id) ORDER BY e.id LIMIT :limit"""
    return list(conn.execute(sql(query), {"after": after, "limit": limit}).scalars())
