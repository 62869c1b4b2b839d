"""What a mail about an order needs to know, read for many orders at once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql


def order_facts(conn: Connection, order_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Each order's header with its customer and contact, and under `lines` its lines with our items, by order id."""
    ids = {"ids": list(order_ids)}
    heads = conn.execute(
        sql(
            """SELECT o.id, o.order_no, o.revision, o.order_ref, o.has_own_ref, o.customer_po, o.currency, o.order_date, o.requested_date,
                      o.recipient, o.street, o.city, o.region, o.postal_code, o.country, o.payment_method, o.remarks,
                      o.answer_by, o.commercial_state, coalesce(c.name, o.stated_customer->>'name', '') AS customer_name,
                      coalesce(nullif(c.language, ''), nullif(o.language, ''), 'en') AS language,
                      coalesce(c.payment_terms_days, 0) AS payment_terms_days,
                      coalesce((SELECT k.name FROM contacts k WHERE k.customer_id = c.id
                                ORDER BY k.email <> lower(o.stated_customer->>'email'), k.id LIMIT 1), '') AS contact_name,
                      coalesce(v.filename, '') AS filename, (o.received_at AT TIME ZONE 'UTC')::date AS received_date
               FROM orders o LEFT JOIN customers c ON c.id = o.customer_id JOIN envelopes v ON v.id = o.envelope_id
               WHERE o.id = ANY(:ids)"""
        ),
        ids,
    ).mappings()
    facts = {row["id"]: {**row, "lines": []} for row in heads}
    lines = conn.execute(
        sql(
            """SELECT l.order_id, l.line_no, coalesce(i.item_no, l.item_ref) AS item_no, l.item_ref,
                      coalesce(nullif(i.name, ''), l.description) AS name, coalesce(nullif(i.name_zh, ''), nullif(i.name, ''), l.description) AS name_zh,
                      l.quantity, coalesce(nullif(l.unit, ''), i.unit, 'EA') AS unit, l.unit_price, l.is_charge
               FROM order_lines l LEFT JOIN items i ON i.id = l.item_id
               WHERE l.order_id = ANY(:ids) ORDER BY l.order_id, l.line_no"""
        ),
        ids,
    ).mappings()
    for line in lines:
        facts[line["order_id"]]["lines"].append(dict(line))
    return facts
