"""One order as a person asks for it: by our number, or by theirs."""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from orderclerk.domain.rules import RULES
from orderclerk.domain.states import Standing, display_label


def order_status(engine: Engine, ref: str) -> dict[str, Any] | None:
    """The order with this number or reference of the sender's: header, label, lines, holds, messages, history.

    None if there is none; of several with the same reference the latest.
    """
    with engine.connect() as conn:
        head = (
            conn.execute(
                sql(
                    """SELECT o.*, coalesce(c.name, o.stated_customer->>'name', o.stated_customer->>'email', '') AS customer,
                              c.customer_no FROM orders o LEFT JOIN customers c ON c.id = o.customer_id
                       WHERE o.order_no = upper(:ref) OR o.order_ref = :ref OR (o.customer_po = :ref AND :ref <> '')
                       ORDER BY o.order_no = upper(:ref) DESC, o.id DESC LIMIT 1"""
                ),
                {"ref": ref.strip()},
            )
            .mappings()
            .first()
        )
        return _whole(conn, dict(head)) if head else None


def _whole(conn: Connection, head: dict[str, Any]) -> dict[str, Any]:
    holds = _rows(
        conn,
        """SELECT id, line_no, rule, reason, evidence, owner, opened_at, due_at, state, closed_at, closed_by, note FROM holds
           WHERE order_id = :id ORDER BY id""",
        head["id"],
    )
    for hold in holds:
        hold["next_step"] = RULES[hold["rule"]].next_step
    open_rules = tuple(hold["rule"] for hold in holds if hold["state"] == "open")
    return {
        "order_no": head["order_no"],
        "label": display_label(Standing(head["kind"], head["commercial_state"], open_rules)),
        "order": {name: value for name, value in head.items() if value not in (None, "", {})},
        "lines": _rows(
            conn,
            """SELECT l.line_no, l.item_ref, i.item_no, coalesce(nullif(i.name, ''), l.description) AS description, l.quantity,
                      l.unit, l.unit_price, l.quantity * l.unit_price AS amount, l.is_charge, l.returned_quantity,
                      (SELECT jsonb_object_agg(warehouse, quantity) FROM reservations r
                       WHERE (r.order_id, r.line_no) = (l.order_id, l.line_no) AND state IN ('soft', 'hard', 'picked')) AS reserved
               FROM order_lines l LEFT JOIN items i ON i.id = l.item_id WHERE l.order_id = :id ORDER BY l.line_no""",
            head["id"],
        ),
        "holds": holds,
        "messages": _rows(
            conn,
            """SELECT id, kind, revision, state, created_at, sent_at, message_ref, last_error FROM outbox
               WHERE order_id = :id ORDER BY id""",
            head["id"],
        ),
        "history": _rows(
            conn,
            "SELECT at, actor, kind, axis, from_state, to_state, cause, objects FROM events WHERE order_id = :id ORDER BY id",
            head["id"],
        ),
    }


def _rows(conn: Connection, query: str, order_id: int) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.execute(sql(query), {"id": order_id}).mappings()]
