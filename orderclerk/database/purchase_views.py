"""Purchase orders as people and documents need them: facts for mails, lists for the terminal and the operators' table."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

_LINES = """(SELECT jsonb_agg(jsonb_build_object('line_no', l.line_no, 'item_no', i.item_no, 'name', i.name, 'name_zh', i.name_zh,
        'unit', i.unit, 'barcode', i.barcode, 'supplier_ref', coalesce(si.supplier_ref, ''), 'quantity', l.quantity::text,
        'unit_price', l.unit_price::text, 'wanted_date', l.wanted_date, 'received', coalesce(u.received, 0)::text,
        'expected_date', u.expected_date, 'agreed_quantity', l.agreed_quantity::text) ORDER BY l.line_no)
    FROM purchase_lines l JOIN items i ON i.id = l.item_id LEFT JOIN supplies u ON u.id = l.supply_id
    LEFT JOIN supplier_items si ON (si.supplier_id, si.item_id) = (p.supplier_id, l.item_id) WHERE l.po_id = p.id)"""


def purchase_facts(conn: Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Everything a mail about these orders says, by id: header, supplier, warehouse, lines, our earlier mails."""
    rows = conn.execute(
        sql(
            f"""SELECT p.id, p.po_no, p.currency, p.state, p.made_at, p.approved_at, p.chased, s.supplier_no, s.name AS supplier_name,
                   s.contact_name, s.language, s.our_customer_no, s.gln, s.wants_ubl, s.payment_terms_days, s.email,
                   jsonb_build_object('street', s.street, 'city', s.city, 'region', s.region, 'postal_code', s.postal_code,
                                      'country', s.country) AS supplier_address,
                   w.code AS warehouse, w.name AS warehouse_name,
                   jsonb_build_object('street', w.street, 'city', w.city, 'region', w.region, 'postal_code', w.postal_code,
                                      'country', w.country) AS deliver_to, {_LINES} AS lines,
                   ARRAY(SELECT message_ref FROM outbox o WHERE o.kind LIKE 'purchase%' AND (o.payload->>'po_id')::bigint = p.id
                         AND o.message_ref <> '' ORDER BY o.id) AS message_refs
               FROM purchase_orders p JOIN suppliers s ON s.id = p.supplier_id JOIN warehouses w ON w.code = p.warehouse
               WHERE p.id = ANY(:ids)"""
        ),
        {"ids": sorted(ids)},
    )
    return {row.id: dict(row._mapping) for row in rows}


def list_purchases(conn: Connection, *, is_open: bool, supplier: str = "", limit: int = 500) -> list[dict[str, Any]]:
    """Purchase orders, the newest first: number, supplier, state, total, how much has come, what holds them."""
    rows = conn.execute(
        sql(
            """SELECT p.po_no, s.supplier_no AS supplier, s.name, p.warehouse, p.state, p.total, p.currency, l.lines,
                      l.received::text || ' of ' || l.agreed::text AS received, l.expected AS expected_date,
                      coalesce(h.rules, '') AS held, p.approved_by, p.made_at, p.sent_at, p.answered_at
               FROM purchase_orders p JOIN suppliers s ON s.id = p.supplier_id
               JOIN LATERAL (SELECT count(*) AS lines, trim_scale(sum(agreed_quantity)) AS agreed, max(u.expected_date) AS expected,
                       trim_scale(coalesce(sum(u.received), 0)) AS received
                   FROM purchase_lines l LEFT JOIN supplies u ON u.id = l.supply_id WHERE l.po_id = p.id) l ON true
               LEFT JOIN LATERAL (SELECT string_agg(DISTINCT rule, ', ' ORDER BY rule) AS rules FROM purchase_holds h
                   WHERE h.po_id = p.id AND h.state = 'open') h ON true
               WHERE (NOT :open OR p.state NOT IN ('received', 'cancelled')) AND (:supplier = '' OR s.supplier_no = :supplier)
               ORDER BY p.id DESC LIMIT :limit"""
        ),
        {"open": is_open, "supplier": supplier, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def purchase_status(conn: Connection, po_no: str) -> dict[str, Any] | None:
    """One order with its lines, holds, answers, receipts, messages and history; None if there is none."""
    head = (
        conn.execute(
            sql(
                """SELECT p.*, s.supplier_no, s.name AS supplier FROM purchase_orders p JOIN suppliers s ON s.id = p.supplier_id
                   WHERE p.po_no = upper(:no)"""
            ),
            {"no": po_no.strip()},
        )
        .mappings()
        .first()
    )
    if head is None:
        return None
    return {"head": dict(head)} | {
        name: [dict(row) for row in conn.execute(sql(query), {"id": head["id"]}).mappings()]
        for name, query in _PARTS.items()
    }


_PARTS = {
    "lines": """SELECT l.line_no, i.item_no, i.name, l.quantity, i.unit, l.unit_price, round(l.quantity * l.unit_price, 2) AS amount,
                       l.wanted_date, l.confirmed_quantity, l.confirmed_price, l.confirmed_date, l.agreed_quantity, u.received,
                       u.expected_date, l.why
                FROM purchase_lines l JOIN items i ON i.id = l.item_id LEFT JOIN supplies u ON u.id = l.supply_id
                WHERE l.po_id = :id ORDER BY l.line_no""",
    "holds": """SELECT id, line_no, rule, reason, owner, opened_at, due_at, state, closed_by, note FROM purchase_holds
                WHERE po_id = :id ORDER BY id""",
    "answers": "SELECT id, at, state, words, understood FROM supplier_answers WHERE po_id = :id ORDER BY id",
    "receipts": """SELECT id, at, item_ref, quantity, posted, lot, delivery_ref, actor, state, reason FROM goods_receipts
                   WHERE po_id = :id ORDER BY id""",
    "messages": """SELECT id, kind, state, created_at, sent_at, message_ref, last_error FROM outbox
                   WHERE kind LIKE 'purchase%' AND (payload->>'po_id')::bigint = :id ORDER BY id""",
    "history": "SELECT at, actor, kind, from_state, to_state, cause FROM purchase_events WHERE po_id = :id ORDER BY id",
}


def open_purchase_holds(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """Open holds of purchase orders and held receipts, those due first: what the operators' table shows."""
    rows = conn.execute(
        sql(
            """SELECT * FROM (
                   SELECT p.po_no AS "order", s.name AS supplier, h.line_no AS line, h.rule, h.reason, h.owner,
                          to_char(h.due_at, 'YYYY-MM-DD HH24:MI') AS "due (UTC)", NULL::bigint AS receipt
                   FROM purchase_holds h JOIN purchase_orders p ON p.id = h.po_id JOIN suppliers s ON s.id = p.supplier_id
                   WHERE h.state = 'open'
                   UNION ALL SELECT r.po_no, '', coalesce(r.line_no, 0), r.rule, r.reason, 'stock',
                          to_char(r.at, 'YYYY-MM-DD HH24:MI'), r.id FROM goods_receipts r WHERE r.state = 'held' AND r.rule = 'PUR-007') x
               ORDER BY "due (UTC)", 1 LIMIT :limit"""
        ),
        {"limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def purchases_by_state(conn: Connection) -> dict[str, int]:
    """How many purchase orders are in each state."""
    rows = conn.execute(sql("SELECT state, count(*) AS n FROM purchase_orders GROUP BY 1 ORDER BY 1"))
    return {row.state: row.n for row in rows}
