"""What people stated about quarantined documents, and which documents are meant; the envelopes stay as they came."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.domain.repairs import Repair, RepairError, repair_of

# as people see a sender: a mail's domain, a drop folder, a shop
SENDER = "CASE WHEN e.sender_ref LIKE '%@%' THEN '@' || split_part(e.sender_ref, '@', 2) ELSE e.sender_ref END"


@dataclass(frozen=True, slots=True)
class Cause:
    """Which open quarantine is meant: everything that fits all that is given; nothing given means all."""

    number: int = 0
    rule: str = ""
    sender: str = ""
    channel: str = ""


def quarantined_envelopes(conn: Connection, cause: Cause) -> list[int]:
    """The documents with open quarantine that fit `cause`, locked. Raises RepairError for a number that is not open."""
    query = sql(
        f"""SELECT DISTINCT e.id FROM quarantine q JOIN envelopes e ON e.id = q.envelope_id WHERE q.state = 'open'
            AND (:number = 0 OR q.id = :number) AND (:rule = '' OR q.rule = :rule) AND (:channel = '' OR e.channel = :channel)
            AND (:sender = '' OR lower(e.sender_ref) = lower(:sender) OR lower({SENDER}) = lower(:sender)) ORDER BY 1"""
    )
    ids = list(conn.execute(query, asdict(cause)).scalars())
    if cause.number and not ids:
        raise RepairError(
            f"Quarantine {cause.number} is not open; take the number from the column 'number' of the table quarantine"
        )
    conn.execute(sql("SELECT FROM envelopes WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"), {"ids": ids})
    return ids


def read_again(conn: Connection, envelope_ids: Collection[int], person: str, at: datetime) -> int:
    """Put these documents back to be interpreted anew; their open quarantine counts as replayed. How many documents."""
    given = {"ids": list(envelope_ids), "why": f"read again for {person} at {utc(at):%Y-%m-%d %H:%M}"}
    conn.execute(
        sql("UPDATE quarantine SET state = 'replayed' WHERE envelope_id = ANY(:ids) AND state = 'open'"), given
    )
    return conn.execute(
        sql("UPDATE envelopes SET state = 'stored', reason = :why WHERE id = ANY(:ids)"), given
    ).rowcount


def discard(conn: Connection, envelope_ids: Collection[int]) -> None:
    """The open quarantine of these documents is nobody's concern any more."""
    conn.execute(
        sql("UPDATE quarantine SET state = 'discarded' WHERE envelope_id = ANY(:ids) AND state = 'open'"),
        {"ids": list(envelope_ids)},
    )


def keep_repair(conn: Connection, envelope_ids: Collection[int], repair: Repair, reason: str, at: datetime) -> None:
    """Put a person's statement about these documents on record."""
    statement = {name: value for name, value in asdict(repair).items() if value}
    conn.execute(
        sql(
            """INSERT INTO repairs (envelope_id, statement, person, reason, at)
               SELECT unnest(CAST(:ids AS bigint[])), :statement, :person, :reason, :at"""
        ),
        {"ids": list(envelope_ids), "statement": Jsonb(statement), "person": repair.person, "reason": reason, "at": utc(at)},
    )  # fmt: skip


def repairs_of(conn: Connection, envelope_ids: Collection[int]) -> dict[int, Repair]:
    """What was stated about those of `envelope_ids` about which anything was."""
    rows = conn.execute(
        sql(
            """SELECT envelope_id, jsonb_agg(statement ORDER BY id) AS statements FROM repairs
               WHERE envelope_id = ANY(:ids) GROUP BY 1"""
        ),
        {"ids": list(envelope_ids)},
    )
    return {row.envelope_id: repair_of(row.statements) for row in rows}


def quarantine_table(conn: Connection, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Open quarantine, the oldest first, and how much there is: references only, no words of the documents."""
    rows = conn.execute(
        sql(
            f"""SELECT q.id AS number, e.channel, {SENDER} AS sender, coalesce(nullif(e.filename, ''), e.media_type) AS document,
                       q.ref AS place, q.rule, to_char(q.opened_at, 'YYYY-MM-DD HH24:MI') AS "since (UTC)", count(*) OVER () AS total
                FROM quarantine q JOIN envelopes e ON e.id = q.envelope_id WHERE q.state = 'open' ORDER BY q.id LIMIT :limit"""
        ),
        {"limit": limit},
    ).mappings()
    found = [dict(row) for row in rows]
    total = found[0]["total"] if found else 0
    return [{name: value for name, value in row.items() if name != "total"} for row in found], total
