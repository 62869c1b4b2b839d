"""Mails as correspondence: filed by kind, conversation, order and customer, and what people say of the filing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.domain.reading import LetterKind, LetterRead


class LetterError(Exception):
    """This cannot be done with a letter; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter with the envelope it came in; `is_handled`: nobody needs to act on it any more."""

    envelope_id: int
    letter: LetterRead
    at: datetime
    is_handled: bool


def keep_letters(conn: Connection, filed: Iterable[FiledLetter]) -> int:
    """File letters with their order and customer; how many. A person's word on the kind stands.

    The order is the one whose number is named, else the sender's or their customer's own reference, else the one of the
    conversation. Nothing is tied to one of several.
    """
    rows = [
        (f.envelope_id, str(x.kind), x.sender, x.subject, x.language, x.message_ref, x.thread_ref, x.order_no, x.their_ref,
         x.confidence, utc(f.at), "handled" if f.is_handled else "open")
        for f in filed for x in (f.letter,)
    ]  # fmt: skip
    if not rows:
        return 0
    columns = list(zip(*rows, strict=True))
    given = {name: [_storable(value) for value in column] for name, column in zip(_FILED, columns, strict=True)}
    return conn.execute(sql(_KEEP), given).rowcount


_FILED = {
    "envelope_id": "bigint", "kind": "text", "sender": "text", "subject": "text", "language": "text",
    "message_ref": "text", "thread_ref": "text", "order_no": "text", "their_ref": "text", "confidence": "float",
    "at": "timestamptz", "state": "text",
}  # fmt: skip
_KEEP = f"""
WITH n AS (SELECT * FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _FILED.items())})
        AS n({", ".join(_FILED)})),
known AS (SELECT lower(email) AS value, customer_id FROM contacts WHERE email <> ''
    UNION SELECT value, customer_id FROM customer_keys WHERE kind = 'email'),
whose AS (SELECT envelope_id, min(customer_id) AS customer_id FROM n JOIN known ON value = sender
    GROUP BY 1 HAVING count(DISTINCT customer_id) = 1),
company AS (SELECT envelope_id, min(customer_id) AS customer_id FROM n JOIN customer_keys k
        ON k.kind = 'domain' AND k.value = split_part(sender, '@', 2)
    GROUP BY 1 HAVING count(DISTINCT customer_id) = 1),
m AS (SELECT n.*, coalesce(w.customer_id, c.customer_id) AS customer_id
    FROM n LEFT JOIN whose w USING (envelope_id) LEFT JOIN company c USING (envelope_id)),
talk AS (SELECT m.envelope_id, min(l.order_id) AS order_id FROM m JOIN letters l USING (thread_ref)
    WHERE m.thread_ref <> '' AND l.order_id IS NOT NULL GROUP BY 1 HAVING count(DISTINCT l.order_id) = 1),
own AS (SELECT m.envelope_id, min(o.id) AS order_id FROM m JOIN orders o
        ON o.source = 'mail:' || m.sender AND o.order_ref IN (m.their_ref, m.message_ref)
    GROUP BY 1 HAVING count(*) = 1),
theirs AS (SELECT m.envelope_id, min(o.id) AS order_id FROM m JOIN orders o
        ON o.customer_id = m.customer_id AND m.their_ref IN (o.order_ref, o.customer_po)
    WHERE m.their_ref <> '' GROUP BY 1 HAVING count(*) = 1)
INSERT INTO letters ({", ".join(_FILED)}, customer_id, order_id, handled_at)
SELECT {", ".join(f"m.{name}" for name in _FILED)}, m.customer_id,
    coalesce(ours.id, own.order_id, theirs.order_id, talk.order_id), CASE WHEN m.state = 'handled' THEN m.at END
FROM m LEFT JOIN own USING (envelope_id) LEFT JOIN theirs USING (envelope_id) LEFT JOIN talk USING (envelope_id)
    LEFT JOIN orders ours ON ours.order_no = m.order_no
ON CONFLICT (envelope_id) DO UPDATE SET (language, thread_ref, order_no, their_ref, customer_id, order_id) =
    (excluded.language, excluded.thread_ref, excluded.order_no, excluded.their_ref, excluded.customer_id, excluded.order_id),
    kind = CASE letters.filed_by WHEN '' THEN excluded.kind ELSE letters.kind END,
    confidence = CASE letters.filed_by WHEN '' THEN excluded.confidence ELSE letters.confidence END,
    state = CASE letters.filed_by WHEN '' THEN excluded.state ELSE letters.state END,
    handled_at = CASE letters.filed_by WHEN '' THEN excluded.handled_at ELSE letters.handled_at END"""


def said_kinds(conn: Connection, envelope_ids: Collection[int]) -> dict[int, LetterKind]:
    """What a person said of those of `envelope_ids` that somebody filed."""
    query = sql("SELECT envelope_id, kind FROM letters WHERE envelope_id = ANY(:ids) AND filed_by <> ''")
    return {row.envelope_id: LetterKind(row.kind) for row in conn.execute(query, {"ids": list(envelope_ids)})}


def file_letter(conn: Connection, envelope_id: int, kind: str, person: str, note: str, at: datetime) -> str:
    """A person's word: the letter is of `kind` ("" leaves it) and dealt with; one sentence that says what follows.

    An order or answer that was taken for something else is read again as what it is. Raises LetterError.
    """
    if not person.strip():
        raise LetterError("A letter is filed by a person: give your name")
    query = sql(
        "SELECT l.kind, e.state FROM letters l JOIN envelopes e ON e.id = l.envelope_id WHERE e.id = :id FOR UPDATE"
    )
    before = conn.execute(query, {"id": envelope_id}).first()
    if before is None:
        raise LetterError(f"There is no letter {envelope_id}; take the number from the column 'letter' of open-letters")
    kind = kind or before.kind
    is_read_again = kind in (LetterKind.ORDER, LetterKind.REPLY) and before.state in ("filed", "quarantined")
    conn.execute(
        sql("""UPDATE letters SET kind = :kind, confidence = 1, filed_by = :who, note = :note, state = 'handled',
                   handled_at = :at WHERE envelope_id = :id"""),
        {"kind": kind, "who": person, "note": note, "at": utc(at), "id": envelope_id},
    )  # fmt: skip
    if not is_read_again:
        return f"letter {envelope_id} ({before.kind}) filed as {kind} by {person}"
    read_again = {"id": envelope_id, "why": f"{kind}, says {person}"}
    conn.execute(sql("UPDATE quarantine SET state = 'replayed' WHERE envelope_id = :id AND state = 'open'"), read_again)
    conn.execute(sql("UPDATE envelopes SET state = 'stored', reason = :why WHERE id = :id"), read_again)
    return f"letter {envelope_id} ({before.kind}) is {kind}, says {person}: it is read again"


def open_letters(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Letters that wait for somebody, the oldest first: references only, no addresses and no words."""
    rows = conn.execute(
        sql(
            """SELECT l.envelope_id AS letter, l.kind, round(l.confidence::numeric, 2)::text AS sure, l.language,
                      coalesce(o.order_no, l.order_no) AS "order", l.their_ref AS "their reference",
                      coalesce(c.customer_no, '') AS customer, to_char(l.at, 'YYYY-MM-DD HH24:MI') AS "came (UTC)"
               FROM letters l LEFT JOIN orders o ON o.id = l.order_id LEFT JOIN customers c ON c.id = l.customer_id
               WHERE l.state = 'open' ORDER BY l.at, l.envelope_id LIMIT :limit"""
        ),
        {"limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def _storable(value: Any) -> Any:
    return value.replace("\x00", "␀") if isinstance(value, str) else value
