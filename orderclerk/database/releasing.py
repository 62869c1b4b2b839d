"""What a person decides: holds released, orders called off, quarantined documents tried again."""

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.database.moves import record_events
from orderclerk.domain.rules import NOT_WAIVABLE, RULES


class ReleaseError(Exception):
    """This cannot be released; the message says why and what to do instead."""


def release(conn: Connection, hold_id: int, person: str, note: str, at: datetime) -> tuple[int, str, int]:
    """Release one hold: (order id, rule, envelope of the pending version or 0). The order is checked again.

    Raises ReleaseError for a hold that is unknown or closed, without a person, or whose rule needs a remedy instead.
    """
    if not person.strip():
        raise ReleaseError("A hold is released by a person: give your name")
    hold = conn.execute(
        sql("SELECT h.*, o.order_no, o.commercial_state FROM holds h JOIN orders o ON o.id = h.order_id WHERE h.id = :id FOR UPDATE"),
        {"id": hold_id},
    ).first()  # fmt: skip
    if hold is None:
        raise ReleaseError(
            f"There is no hold {hold_id}; take the number from the column 'hold' of the table of held orders"
        )
    if hold.state != "open":
        raise ReleaseError(
            f"Hold {hold_id} was {hold.state} by {hold.closed_by} at {hold.closed_at:%Y-%m-%d %H:%M} UTC"
        )
    if hold.rule in NOT_WAIVABLE:
        raise ReleaseError(
            f"{hold.rule} ({RULES[hold.rule].title.lower()}) cannot be waived: {hold.reason}. {RULES[hold.rule].next_step}; "
            "the order is checked again by itself when that is done"
        )
    conn.execute(
        sql("UPDATE holds SET state = 'released', closed_at = :at, closed_by = :who, note = :note WHERE id = :id"),
        {"at": utc(at), "who": person, "note": note, "id": hold_id},
    )
    conn.execute(
        sql("UPDATE orders SET needs_check = (commercial_state = 'received') WHERE id = :id"), {"id": hold.order_id}
    )
    cause = {"rule": hold.rule, "line": hold.line_no, "note": note}
    record_events(
        conn, [(hold.order_id, at, person, "hold released", cause, {"order": hold.order_id, "hold": hold_id})]
    )
    pending = int(hold.evidence.get("envelope", 0)) if hold.rule == "AMD-001" else 0
    return hold.order_id, hold.rule, pending


def waive(conn: Connection, order_id: int, rule: str, who: str, note: str, at: datetime) -> int:
    """Release every open hold of `rule` on the order because `who` says that it is as it should be; how many."""
    released = conn.execute(
        sql(
            """UPDATE holds h SET state = 'released', closed_at = :at, closed_by = :who, note = :note, revision = o.revision
               FROM orders o WHERE o.id = h.order_id AND h.order_id = :id AND h.rule = :rule AND h.state = 'open' RETURNING h.id, h.line_no"""
        ),
        {"at": utc(at), "who": who, "note": note[:500], "id": order_id, "rule": rule},
    ).all()  # fmt: skip
    record_events(
        conn,
        ((order_id, at, who, "hold released", {"rule": rule, "line": row.line_no, "note": note[:500]}, {"order": order_id, "hold": row.id})
         for row in released),
    )  # fmt: skip
    return len(released)


def order_of_hold(conn: Connection, hold_id: int, person: str) -> int:
    """The order a hold is on. Raises ReleaseError for an unknown hold or no person."""
    if not person.strip():
        raise ReleaseError("An order is called off by a person: give your name")
    found = conn.execute(sql("SELECT order_id FROM holds WHERE id = :id"), {"id": hold_id}).scalar()
    if found is None:
        raise ReleaseError(
            f"There is no hold {hold_id}; take the number from the column 'hold' of the table of held orders"
        )
    return int(found)


def order_named(conn: Connection, order_no: str, person: str) -> int:
    """The order with this number, locked. Raises ReleaseError for an unknown one or no person."""
    if not person.strip():
        raise ReleaseError("This is decided by a person: give your name")
    found = conn.execute(
        sql("SELECT id FROM orders WHERE order_no = :no FOR UPDATE"), {"no": order_no.strip().upper()}
    ).scalar()
    if found is None:
        raise ReleaseError(f"There is no order {order_no}; take the number from the column 'order', such as SO100042")
    return int(found)
