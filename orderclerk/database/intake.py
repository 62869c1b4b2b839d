"""Orders into the book: new ones by COPY, known ones compared and, where they changed, amended.

The business key (source, order_ref) decides what is new; the content hash what changed; the version stamp what is
older than what the book already has. Everything happens in the caller's transaction.
"""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.amendments import amend_orders
from orderclerk.database.engine import copy_frame, utc
from orderclerk.database.lines import copy_lines
from orderclerk.domain.intake import Incoming, evidence_dicts, problem_dicts
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, decimal_texts

HEADER_COLUMNS = (
    "kind", "channel", "source", "order_ref", "has_own_ref", "customer_id", "stated_customer", "customer_po",
    "original_ref", "currency", "language", "order_date", "requested_date", "recipient", "street", "city", "region",
    "postal_code", "country", "payment_method", "remarks", "stated_total", "problems", "version_at", "envelope_id",
    "fingerprint", "tax", "freight", "discount", "repeats", "thread_ref", "confidence", "evidence",
)  # fmt: skip
_STATED = {"number": "customer_number", "email": "customer_email", "name": "customer_name", "key": "customer_key",
           "phone": "customer_phone", "vat_number": "vat_number", "display_name": "display_name", "reply_to": "reply_to",
           "authentication": "authentication"}  # fmt: skip


def store_orders(conn: Connection, incoming: Incoming, binding: frozenset[str], at: datetime) -> Counter[str]:
    """Bring orders into the book; counts by outcome: new, repeat, stale, amended, pending, cancelled.

    `binding` are the channels whose later versions apply without asking anybody. Several versions of one order in `incoming` are taken in the order of their version stamps.
    """
    counts: Counter[str] = Counter()
    headers = _book_headers(incoming.headers)
    lines = _book_lines(incoming.lines)
    headers = headers.sort_values(["version_at", "envelope_id"], na_position="first", kind="stable")
    turn = headers.groupby(["source", "order_ref"], sort=False).cumcount()
    for number in range(int(turn.max()) + 1 if len(turn) else 0):
        counts += _store_distinct(conn, headers[turn == number], lines, binding, at)
    return counts


def apply_pending(conn: Connection, incoming: Incoming, order_id: int, person: str, at: datetime) -> Counter[str]:
    """Let the version of one order that waited for a person take its place; `incoming` is its envelope read anew."""
    key = conn.execute(sql("SELECT source, order_ref FROM orders WHERE id = :id"), {"id": order_id}).one()
    headers = incoming.headers
    headers = headers[(headers["source"] == key.source) & (headers["order_ref"] == key.order_ref)]
    _stage(conn, _book_headers(headers))
    counts = amend_orders(conn, headers.index, _book_lines(incoming.lines), frozenset(), at, agreed_by=person)
    conn.execute(sql("DROP TABLE arriving"))
    return counts


def _store_distinct(
    conn: Connection, headers: pd.DataFrame, lines: pd.DataFrame, binding: frozenset[str], at: datetime
) -> Counter[str]:
    _stage(conn, headers)
    inserted = conn.execute(
        sql(
            f"""WITH new AS (INSERT INTO orders ({", ".join(HEADER_COLUMNS)}, commercial_state, needs_check, received_at)
                    SELECT {", ".join(HEADER_COLUMNS)},
                           CASE kind WHEN 'cancellation' THEN 'cancelled' ELSE 'received' END, true, :at
                    FROM arriving ORDER BY source, order_ref ON CONFLICT (source, order_ref) DO NOTHING
                    RETURNING id, source, order_ref, commercial_state, envelope_id, version_at),
                revision AS (INSERT INTO order_revisions
                      (order_id, seq, content_hash, envelope_id, version_at, state, revision, received_at)
                    SELECT n.id, 1, a.content_hash, n.envelope_id, n.version_at, 'applied', 1, :at
                    FROM new n JOIN arriving a USING (source, order_ref)),
                event AS (INSERT INTO events (order_id, at, actor, kind, axis, from_state, to_state, cause, objects)
                    SELECT id, :at, 'orderclerk', 'received', 'commercial', '', commercial_state,
                           jsonb_build_object('source', source, 'order_ref', order_ref),
                           jsonb_build_object('order', id, 'revision', 1, 'envelope', envelope_id) FROM new)
                SELECT a.order_key, n.id FROM new n JOIN arriving a USING (source, order_ref)"""
        ),
        {"at": utc(at)},
    ).all()
    ids = {int(row.order_key): int(row.id) for row in inserted}
    copy_lines(conn, lines[lines["order"].isin(ids)], ids)
    counts = Counter(new=len(ids))
    known = headers[~headers.index.isin(ids)]
    if not known.empty:
        counts += amend_orders(conn, known.index, lines, binding, at)
    conn.execute(sql("DROP TABLE arriving"))
    return counts


def _stage(conn: Connection, headers: pd.DataFrame) -> None:
    conn.execute(
        sql(
            f"""CREATE TEMP TABLE arriving ON COMMIT DROP AS
                SELECT 0 AS order_key, ''::text AS content_hash, {", ".join(HEADER_COLUMNS)} FROM orders WITH NO DATA"""
        )
    )
    frame = headers.assign(order_key=headers.index)
    copy_frame(conn, "arriving", frame[["order_key", "content_hash", *HEADER_COLUMNS]])
    conn.execute(sql("ANALYZE arriving"))


def _book_headers(headers: pd.DataFrame) -> pd.DataFrame:
    stated = headers[list(_STATED.values())].rename(columns={column: name for name, column in _STATED.items()})
    return headers.assign(
        customer_id=headers["customer_id"].where(headers["customer_id"] > 0, pd.NA).astype("Int64"),
        stated_customer=[
            json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False) for row in stated.to_dict("records")
        ],
        stated_total=decimal_texts(headers["total_e4"], PRICE_SCALE),
        **{name: decimal_texts(headers[f"{name}_e4"], PRICE_SCALE) for name in ("tax", "freight", "discount")},
        problems=_as_json(headers["order_problems"], problem_dicts),
        confidence=headers["order_confidence"],
        evidence=_as_json(headers["order_evidence"], evidence_dicts),
    )


def _book_lines(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.assign(
        item_id=lines["item_id"].where(lines["item_id"] > 0, pd.NA).astype("Int64"),
        quantity=decimal_texts(lines["quantity_e3"], QUANTITY_SCALE),
        unit_price=decimal_texts(lines["unit_price_e4"], PRICE_SCALE),
        line_total=decimal_texts(lines["line_total_e4"], PRICE_SCALE),
        problems=_as_json(lines["problems"], problem_dicts),
        evidence=_as_json(lines["evidence"], evidence_dicts),
    )


def _as_json(column: "pd.Series[Any]", dicts: Callable[[object], list[Any] | None]) -> "pd.Series[Any]":
    any_at_all = column.map(bool)
    if not any_at_all.any():
        return pd.Series(None, index=column.index, dtype="object")
    return column.map(lambda given: json.dumps(found, ensure_ascii=False) if (found := dicts(given)) else None)
