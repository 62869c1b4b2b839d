"""Orders that are due for a check: claimed, read as frames, and written back with what was decided."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, stage_frame
from orderclerk.domain.rules import ONLY_BY_HAND

_ORDERS = {
    "order_id": "int64", "kind": "str", "channel": "str", "source": "str", "order_ref": "str", "has_own_ref": "bool",
    "customer_id": "int64", "customer_number": "str", "customer_email": "str", "customer_name": "str",
    "customer_key": "str", "customer_po": "str", "original_ref": "str", "currency": "str", "day": "str",
    "has_address": "bool", "problems": "str", "revision": "int64", "fingerprint": "str", "state": "str", "is_blocked": "bool",
    "is_agreed": "bool",
    "requested_date": "str", "recipient": "str", "street": "str", "city": "str", "region": "str", "postal_code": "str",
    "country": "str", "payment_method": "str", "total_e4": "Int64", "tax_e4": "Int64", "freight_e4": "Int64",
    "discount_e4": "Int64", "vat_number": "str", "customer_phone": "str", "received_day": "str",
    "repeats": "str", "repeats_confidence": "float64", "thread_ref": "str", "is_home_address": "bool",
}  # fmt: skip
_LINES = {
    "order_id": "int64", "line_no": "int64", "item_id": "int64", "item_ref": "str", "barcode": "str",
    "description": "str", "unit": "str", "quantity_e3": "Int64", "unit_price_e4": "Int64", "is_charge": "bool",
    "problems": "str", "reading": "float64", "match": "str", "evidence": "str", "language": "str",
    "line_total_e4": "Int64",
}  # fmt: skip


@dataclass(frozen=True)
class Claimed:
    """Orders locked by this transaction and their lines; `waived` has order_id, line_no, rule.

    The column `is_blocked` of orders: a hold is open that only a person closes; `is_agreed`: the customer has agreed to
    this revision already.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    waived: pd.DataFrame


def claim_unchecked(conn: Connection, count: int, only: Collection[int] | None = None) -> Claimed:
    """Lock up to `count` orders that are due for a check, in the sequence they came; others' orders are passed over.

    `only`: of these alone.
    """
    which = "AND id = ANY(:only)" if only is not None else ""
    ids = conn.execute(
        sql(f"SELECT id FROM orders WHERE needs_check {which} ORDER BY id LIMIT :count FOR UPDATE SKIP LOCKED"),
        {"count": count, "only": sorted(only or ())},
    ).scalars().all()  # fmt: skip
    return read_orders(conn, ids)


def read_orders(conn: Connection, ids: Collection[int]) -> Claimed:
    """These orders with their lines as a check sees them, in the sequence they came; nothing is locked."""
    given = {"ids": list(ids), "by_hand": list(ONLY_BY_HAND)}
    orders = read_frame(
        conn,
        """SELECT id, kind, channel, source, order_ref, has_own_ref, coalesce(customer_id, 0),
                  coalesce(stated_customer->>'number', ''), coalesce(stated_customer->>'email', ''),
                  coalesce(stated_customer->>'name', ''), coalesce(stated_customer->>'key', ''), customer_po, original_ref,
                  currency, coalesce(order_date, (received_at AT TIME ZONE 'UTC')::date),
                  street <> '' OR city <> '' OR postal_code <> '', problems, revision, fingerprint, commercial_state,
                  EXISTS (SELECT FROM holds h WHERE h.order_id = orders.id AND h.state = 'open' AND h.rule = ANY(%(by_hand)s)),
                  coalesce(agreed_revision = revision, false),
                  requested_date, recipient, street, city, region, postal_code, country, payment_method,
                  (stated_total * 10000)::bigint, (tax * 10000)::bigint, (freight * 10000)::bigint, (discount * 10000)::bigint,
                  coalesce(stated_customer->>'vat_number', ''), coalesce(stated_customer->>'phone', ''),
                  (received_at AT TIME ZONE 'UTC')::date, repeats,
                  CASE WHEN repeats = '' THEN 1 ELSE coalesce((SELECT min((field->>'confidence')::float)
                    FROM jsonb_array_elements(evidence) AS field WHERE field->>'field' = 'repeats'), 1) END, thread_ref, is_home_address
           FROM orders WHERE id = ANY(%(ids)s) ORDER BY id""",
        given,
        dtypes=_ORDERS,
    )
    lines = read_frame(
        conn,
        """SELECT order_id, line_no, coalesce(item_id, 0), item_ref, barcode, description, unit,
                  (quantity * 1000)::bigint, (unit_price * 10000)::bigint, is_charge, problems,
                  coalesce((match->>'reading')::float, confidence), match, CASE WHEN confidence < 1 THEN evidence END,
                  CASE WHEN confidence < 1 OR item_id IS NULL THEN (SELECT language FROM orders o WHERE o.id = order_id) END,
                  (line_total * 10000)::bigint
           FROM order_lines WHERE order_id = ANY(%(ids)s) ORDER BY order_id, line_no""",
        given,
        dtypes=_LINES,
    )
    lines["match"] = lines["match"].map(lambda match: json.loads(match) if match else None).astype("object")
    waived = read_frame(
        conn,
        """SELECT h.order_id, h.line_no, h.rule FROM holds h JOIN orders o ON o.id = h.order_id
           WHERE h.order_id = ANY(%(ids)s) AND h.state = 'released' AND h.revision = o.revision""",
        given,
        dtypes={"order_id": "int64", "line_no": "int64", "rule": "str"},
    )
    return Claimed(orders, lines, waived)


def keep_matches(conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Write what matching found since the order came in: orders (order_id, customer_id, fingerprint, currency), lines
    (order_id, line_no, item_id, quantity, unit, unit_price, stated, confidence, match), only the rows that changed."""
    if not orders.empty:
        stage_frame(conn, "matched", "order_id bigint, customer_id bigint, fingerprint text, currency text", orders)
        conn.execute(
            sql(
                """UPDATE orders o SET customer_id = nullif(m.customer_id, 0), fingerprint = m.fingerprint, currency = m.currency
                   FROM matched m WHERE o.id = m.order_id"""
            )
        )
        conn.execute(sql("DROP TABLE matched"))
    if not lines.empty:
        kinds = (
            "order_id bigint, line_no int, item_id bigint, quantity numeric, unit text, unit_price numeric, "
            "stated jsonb, confidence float, match jsonb"
        )
        stage_frame(
            conn, "priced", kinds, lines.assign(**{name: _as_json(lines[name]) for name in ("match", "stated")})
        )
        conn.execute(
            sql(
                """UPDATE order_lines l SET (item_id, quantity, unit, unit_price, stated, confidence, match) =
                     (nullif(p.item_id, 0), p.quantity, p.unit, p.unit_price, coalesce(p.stated, l.stated), p.confidence, p.match)
                   FROM priced p WHERE (l.order_id, l.line_no) = (p.order_id, p.line_no)"""
            )
        )
        conn.execute(sql("DROP TABLE priced"))


def open_purchases(conn: Connection, returned: Collection[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames for `orderclerk.domain.returns.match_returns`: the returned goods, and the lines they may come from.

    The candidates are locked in key order.
    """
    given = {"ids": [int(i) for i in returned]}
    lines = read_frame(
        conn,
        """SELECT l.order_id, l.line_no, o.customer_id, l.item_id, (l.unit_price * 10000)::bigint, (l.quantity * 1000)::bigint,
                  coalesce(o.order_date, o.received_at::date), o.original_ref
           FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.order_id = ANY(%(ids)s)
             AND o.customer_id IS NOT NULL AND l.item_id IS NOT NULL AND l.quantity > 0 AND l.unit_price IS NOT NULL
             AND l.origin_order_id IS NULL AND NOT l.is_charge ORDER BY 1, 2""",
        given,
        dtypes={"order_id": "int64", "line_no": "int64", "customer_id": "int64", "item_id": "int64",
                "unit_price_e4": "int64", "quantity_e3": "int64", "day": "str", "original_ref": "str"},
    )  # fmt: skip
    query = """FROM order_lines b JOIN orders o ON o.id = b.order_id AND o.kind = 'order'
                 AND o.commercial_state IN ('offered', 'confirmed')
               WHERE NOT b.is_charge AND b.quantity > b.returned_quantity AND (o.customer_id, b.item_id) IN
                 (SELECT r.customer_id, l.item_id FROM order_lines l JOIN orders r ON r.id = l.order_id WHERE r.id = ANY({ids}))"""
    conn.execute(sql(f"SELECT {query.format(ids=':ids')} ORDER BY b.order_id, b.line_no FOR UPDATE OF b"), given)
    bought = read_frame(
        conn,
        f"""SELECT b.order_id, b.line_no, o.customer_id, b.item_id, (b.unit_price * 10000)::bigint,
                   ((b.quantity - b.returned_quantity) * 1000)::bigint, coalesce(o.order_date, o.received_at::date), o.order_ref
            {query.format(ids="%(ids)s")} AND b.unit_price IS NOT NULL""",
        given,
        dtypes={"origin_order_id": "int64", "origin_line_no": "int64", "customer_id": "int64", "item_id": "int64",
                "unit_price_e4": "int64", "open_e3": "int64", "day": "str", "order_ref": "str"},
    )  # fmt: skip
    return lines, bought


def keep_returns(conn: Connection, matched: pd.DataFrame) -> None:
    """Tie returned lines to their originals: order_id, line_no, origin_order_id, origin_line_no, quantity_e3."""
    if matched.empty:
        return
    kinds = "order_id bigint, line_no int, origin_order_id bigint, origin_line_no int, quantity_e3 bigint"
    stage_frame(conn, "coming_back", kinds, matched)
    conn.execute(
        sql(
            """UPDATE order_lines l SET origin_order_id = r.origin_order_id, origin_line_no = r.origin_line_no
               FROM coming_back r WHERE (l.order_id, l.line_no) = (r.order_id, r.line_no)"""
        )
    )
    conn.execute(
        sql(
            """UPDATE order_lines l SET returned_quantity = l.returned_quantity + r.quantity
               FROM (SELECT origin_order_id, origin_line_no, sum(quantity_e3) / 1000.0 AS quantity FROM coming_back GROUP BY 1, 2) r
               WHERE (l.order_id, l.line_no) = (r.origin_order_id, r.origin_line_no)"""
        )
    )
    conn.execute(sql("DROP TABLE coming_back"))


def checked(conn: Connection, order_ids: Collection[int]) -> None:
    """These orders are checked; whatever changes about them later asks for a new check."""
    conn.execute(
        sql("UPDATE orders SET needs_check = false WHERE id = ANY(:ids) AND needs_check"),
        {"ids": [int(i) for i in order_ids]},
    )


def recheck_returns(conn: Connection, customer_ids: Collection[int]) -> int:
    """Ask for a new check of the returns of these customers that wait for their original; how many."""
    return conn.execute(
        sql(
            """UPDATE orders o SET needs_check = true WHERE kind = 'return' AND commercial_state = 'received'
               AND NOT needs_check AND customer_id = ANY(:ids)
               AND EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open' AND h.rule = 'RET-001')"""
        ),
        {"ids": [int(i) for i in customer_ids]},
    ).rowcount


def recheck_held(conn: Connection, rules: Collection[str]) -> int:
    """Ask for a new check of all orders that one of these rules holds up: what it missed may have come; how many."""
    return conn.execute(
        sql(
            """UPDATE orders o SET needs_check = true WHERE commercial_state = 'received' AND NOT needs_check
               AND EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open' AND h.rule = ANY(:rules))"""
        ),
        {"rules": list(rules)},
    ).rowcount


def _as_json(column: "pd.Series[Any]") -> "pd.Series[Any]":
    return column.map(lambda value: json.dumps(value, ensure_ascii=False) if value else None)
