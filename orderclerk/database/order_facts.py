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
                      l.quantity, coalesce(nullif(l.unit, ''), i.unit, 'EA') AS unit, l.unit_price, l.is_charge, l.stated,
                      p.promised_date
               FROM order_lines l LEFT JOIN items i ON i.id = l.item_id
               LEFT JOIN promises p ON (p.order_id, p.line_no, p.state) = (l.order_id, l.line_no, 'current')
               WHERE l.order_id = ANY(:ids) ORDER BY l.order_id, l.line_no"""
        ),
        ids,
    ).mappings()
    for line in lines:
        facts[line["order_id"]]["lines"].append(dict(line))
    for order in facts.values():
        order |= {"change": "", "was_confirmed": False, "was": [], "questions": [], "theirs": [], "ours": []}
    for name, query in (("was", _WAS), ("questions", _QUESTIONS), ("theirs", _THEIRS), ("ours", _OURS)):
        for row in conn.execute(sql(query), ids).mappings():
            facts[row["order_id"]][name].append(dict(row))
    for row in conn.execute(sql(_CHANGES), ids).mappings():
        facts[row["order_id"]] |= {"change": row["change"], "was_confirmed": row["was_confirmed"]}
    return facts


_CHANGED = """events e JOIN orders o ON o.id = e.order_id WHERE e.order_id = ANY(:ids) AND e.kind IN ('amended', 'restored')
    AND e.objects->'revision' = to_jsonb(o.revision)"""
# what made the current revision: words of the customer's (their outcome line by line stands in the event), or an undoing
_CHANGES = f"""SELECT e.order_id, e.cause->>'state' = 'confirmed' AS was_confirmed,
    CASE WHEN e.kind = 'restored' THEN 'restored' WHEN e.cause ? 'result' THEN 'asked' ELSE '' END AS change FROM {_CHANGED}"""
_WAS = f"""
    WITH c AS (SELECT e.order_id, e.cause FROM {_CHANGED} AND e.cause ? 'result')
    SELECT c.order_id, (r->>'was_no')::int AS was_no, (r->>'line_no')::int AS line_no, r->>'outcome' AS outcome,
           coalesce(i.item_no, l->>'item_ref') AS item_no, l->>'item_ref' AS item_ref,
           coalesce(nullif(i.name, ''), l->>'description') AS name,
           coalesce(nullif(i.name_zh, ''), nullif(i.name, ''), l->>'description') AS name_zh,
           (l->>'quantity')::numeric AS quantity, coalesce(nullif(l->>'unit', ''), i.unit, 'EA') AS unit,
           (l->>'unit_price')::numeric AS unit_price, coalesce((l->>'is_charge')::boolean, false) AS is_charge,
           nullif(l->'stated', 'null') AS stated
    FROM c CROSS JOIN LATERAL jsonb_array_elements(c.cause->'result') WITH ORDINALITY AS x(r, place)
    LEFT JOIN LATERAL (SELECT l FROM jsonb_array_elements(c.cause->'lines') l WHERE l->'line_no' = r->'was_no') y ON true
    LEFT JOIN items i ON i.id = (l->>'item_id')::bigint ORDER BY c.order_id, x.place"""
_QUESTIONS = """SELECT order_id, revision, round, number, line_no, rule, field, choices, about, state FROM questions
    WHERE order_id = ANY(:ids) ORDER BY order_id, id"""
_THEIRS = """SELECT order_id, at, message_ref, subject FROM letters WHERE order_id = ANY(:ids) AND message_ref <> '' ORDER BY at, envelope_id"""
_OURS = """SELECT order_id, sent_at AS at, message_ref FROM outbox WHERE order_id = ANY(:ids) AND state = 'sent' ORDER BY sent_at, id"""
