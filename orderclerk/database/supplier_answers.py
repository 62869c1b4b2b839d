"""Suppliers' answers: kept once, claimed, and what they confirm written beside what was ordered."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.domain.mail_domains import FREE_MAIL_DOMAINS
from orderclerk.domain.purchasing import OrderedLine
from orderclerk.domain.reading import PurchaseAnswerRead


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """An answer to apply; `po_id` 0 where no order has its number. `is_known_sender`: an address of the supplier's."""

    id: int
    envelope_id: int
    po_id: int
    po_no: str
    state: str
    currency: str
    sender: str
    words: str
    stated: Mapping[str, Any] | None
    is_trusted: bool
    is_known_sender: bool
    transit_days: int
    names: tuple[str, ...]
    at: datetime


_IS_THEIRS = """(lower(s.email) = a.sender OR (split_part(s.email, '@', 2) = split_part(a.sender, '@', 2)
    AND split_part(a.sender, '@', 2) <> ALL(CAST(:free AS text[]))))"""


def supplier_mails(conn: Connection, envelope_ids: Collection[int]) -> set[int]:
    """Those of the mails whose sender is a supplier's address, or of a supplier's own domain, and of no customer's."""
    query = sql(
        f"""SELECT a.id FROM (SELECT id, lower(sender_ref) AS sender FROM envelopes
                WHERE id = ANY(:ids) AND media_type LIKE 'message/rfc822%') a
            WHERE EXISTS (SELECT FROM suppliers s WHERE s.email <> '' AND {_IS_THEIRS})
              AND NOT EXISTS (SELECT FROM contacts c WHERE lower(c.email) = a.sender)
              AND NOT EXISTS (SELECT FROM customer_keys k WHERE (k.kind = 'email' AND k.value = a.sender)
                  OR (k.kind = 'domain' AND k.value = split_part(a.sender, '@', 2)))"""
    )
    given = {"ids": list(envelope_ids), "free": sorted(FREE_MAIL_DOMAINS)}
    return set(conn.execute(query, given).scalars())


def keep_supplier_answers(conn: Connection, found: Iterable[tuple[int, PurchaseAnswerRead, datetime]]) -> int:
    """Keep answers (envelope, answer, when written), each envelope's once; how many are new."""
    rows = [
        (envelope, a.po_no, a.sender, a.is_trusted, a.message_ref, a.text.replace("\x00", "␀"),
         Jsonb(dict(a.stated)) if a.stated is not None else None, utc(at))
        for envelope, a, at in found
    ]  # fmt: skip
    if not rows:
        return 0
    columns = [list(column) for column in zip(*rows, strict=True)]
    names = ("envelope", "po", "sender", "trusted", "ref", "words", "stated", "at")
    return conn.execute(
        sql(
            """INSERT INTO supplier_answers (envelope_id, po_no, po_id, sender, is_signed, message_ref, words, stated, at)
               SELECT n.envelope, n.po, p.id, n.sender, n.trusted, n.ref, n.words, n.stated, n.at
               FROM unnest(CAST(:envelope AS bigint[]), CAST(:po AS text[]), CAST(:sender AS text[]), CAST(:trusted AS boolean[]),
                   CAST(:ref AS text[]), CAST(:words AS text[]), CAST(:stated AS jsonb[]), CAST(:at AS timestamptz[]))
                   AS n(envelope, po, sender, trusted, ref, words, stated, at)
               LEFT JOIN purchase_orders p ON p.po_no = n.po ON CONFLICT (envelope_id) DO NOTHING"""
        ),
        dict(zip(names, columns, strict=True)),
    ).rowcount


def claim_supplier_answers(conn: Connection, count: int) -> list[OpenAnswer]:
    """Lock open answers, of each order the first, with what is known of their orders."""
    rows = conn.execute(
        sql(
            f"""WITH first AS (SELECT id FROM supplier_answers x WHERE state = 'open' AND NOT EXISTS (
                        SELECT FROM supplier_answers y WHERE y.state = 'open' AND y.po_no = x.po_no AND (y.at, y.id) < (x.at, x.id))
                    ORDER BY id LIMIT :count FOR UPDATE SKIP LOCKED)
                SELECT a.*, p.state AS po_state, p.currency, s.transit_days, s.name, s.contact_name,
                       coalesce({_IS_THEIRS} OR a.sender !~ '@', false) AS is_known
                FROM first JOIN supplier_answers a USING (id) LEFT JOIN purchase_orders p ON p.id = a.po_id
                LEFT JOIN suppliers s ON s.id = p.supplier_id ORDER BY a.id"""
        ),
        {"count": count, "free": sorted(FREE_MAIL_DOMAINS)},
    )
    return [
        OpenAnswer(r.id, r.envelope_id, r.po_id or 0, r.po_no, r.po_state or "", r.currency or "", r.sender, r.words, r.stated,
                   r.is_signed, r.is_known, r.transit_days or 0, tuple(filter(None, (r.name, r.contact_name))), r.at)
        for r in rows
    ]  # fmt: skip


def ordered_lines(conn: Connection, ids: Collection[int]) -> dict[int, list[OrderedLine]]:
    """The lines of these orders, the orders locked."""
    conn.execute(sql("SELECT FROM purchase_orders WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"), {"ids": sorted(ids)})
    rows = conn.execute(
        sql(
            """SELECT l.po_id, l.line_no, l.quantity, l.unit_price, l.wanted_date, i.unit, i.item_no, i.barcode, i.name, i.name_zh,
                      coalesce(si.supplier_ref, '') AS supplier_ref
               FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id JOIN items i ON i.id = l.item_id
               LEFT JOIN supplier_items si ON (si.supplier_id, si.item_id) = (p.supplier_id, l.item_id)
               WHERE l.po_id = ANY(:ids) ORDER BY l.po_id, l.line_no"""
        ),
        {"ids": sorted(ids)},
    )
    found: dict[int, list[OrderedLine]] = {}
    for r in rows:
        refs = tuple(filter(None, (r.item_no, r.supplier_ref, r.barcode)))
        line = OrderedLine(
            r.line_no, r.quantity, r.unit_price, r.unit, refs, tuple(filter(None, (r.name, r.name_zh))), r.wanted_date
        )
        found.setdefault(r.po_id, []).append(line)
    return found


def write_confirmed(conn: Connection, lines: Iterable[tuple[int, int, Decimal, Decimal, date | None]]) -> int:
    """What suppliers confirm of lines (po id, line, quantity, price, day); a day that is not said leaves the one there was."""
    rows = list(lines)
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], [], []]
    return conn.execute(
        sql(
            """UPDATE purchase_lines l SET confirmed_quantity = n.quantity, confirmed_price = n.price,
                   confirmed_date = coalesce(n.day, l.confirmed_date)
               FROM unnest(CAST(:po AS bigint[]), CAST(:line AS int[]), CAST(:quantity AS numeric[]), CAST(:price AS numeric[]),
                   CAST(:day AS date[])) AS n(po, line, quantity, price, day)
               WHERE (l.po_id, l.line_no) = (n.po, n.line)"""
        ),
        dict(zip(("po", "line", "quantity", "price", "day"), columns, strict=True)),
    ).rowcount


def mark_answered(conn: Connection, ids: Collection[int], at: datetime) -> int:
    """These orders have an answer: nobody chases them for one."""
    return conn.execute(
        sql("UPDATE purchase_orders SET answered_at = :at, answer_by = NULL WHERE id = ANY(:ids)"),
        {"at": utc(at), "ids": sorted(ids)},
    ).rowcount


def close_supplier_answers(conn: Connection, done: Iterable[tuple[int, str, Mapping[str, Any]]]) -> None:
    """Answers are dealt with (id, applied, held or noted, what was understood); held ones stay open letters."""
    rows = list(done)
    conn.execute(
        sql(
            """WITH n AS (SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:said AS jsonb[])) AS n(id, state, said)),
               closed AS (UPDATE supplier_answers a SET state = n.state, understood = n.said FROM n WHERE a.id = n.id
                   RETURNING a.envelope_id, a.state)
               UPDATE letters l SET state = 'open', handled_at = NULL FROM closed c
               WHERE l.envelope_id = c.envelope_id AND c.state = 'held' AND l.filed_by = ''"""
        ),
        {"ids": [r[0] for r in rows], "states": [r[1] for r in rows], "said": [Jsonb(dict(r[2])) for r in rows]},
    )


def confirmed_lines(conn: Connection, po_id: int) -> list[Any]:
    """What the supplier said of each line of an order, beside what was agreed."""
    return list(
        conn.execute(
            sql(
                """SELECT line_no, quantity, agreed_quantity, confirmed_quantity, confirmed_price, confirmed_date FROM purchase_lines
                   WHERE po_id = :id ORDER BY line_no"""
            ),
            {"id": po_id},
        )
    )
