"""What a line means, said by a person or by the customer: kept on the line, learned for the next order, and unlearned."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.database.item_habits import learn_wording
from orderclerk.database.moves import record_events
from orderclerk.domain.confidence import besides_item
from orderclerk.domain.item_words import normal_wording
from orderclerk.domain.matching import normal_ref
from orderclerk.domain.near_numbers import is_number, is_slip

NOT_UNDERSTOOD = ("ITM-001", "ITM-002", "ITM-004", "ITM-005", "LIN-003", "LIN-008")


class ConfirmError(Exception):
    """This cannot be confirmed or forgotten; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Line `line_no` of an order means the item. `learned_from` says who taught us: "hold 17", "answer 4".

    `remember`: the customer's words, or their number, mean this item from now on.
    """

    order_id: int
    line_no: int
    item_no: str
    person: str
    learned_from: str
    remember: bool = True


def confirm_items(conn: Connection, confirmed: Iterable[Confirmation], at: datetime) -> None:
    """Let the lines mean these items, learn the customers' words, and have all orders that may gain by it checked again.

    Raises ConfirmError for an order that is no longer open, an unknown line or item.
    """
    taught: set[int] = set()
    for one in confirmed:
        line = _line(conn, one)
        wording = normal_wording(
            f"{line.item_ref} {line.description}" if not is_number(str(line.item_ref)) else line.description
        )
        _mean(conn, one, line, wording, at)
        if one.remember and line.customer_id is not None:
            _learn(conn, one, line, wording, at)
            taught.add(int(line.customer_id))
    _check_again(conn, taught)


def confirm_hold(conn: Connection, hold_id: int, item_no: str, person: str, remember: bool, at: datetime) -> str:
    """`confirm_items` for the line of a hold; one sentence that says what was done."""
    if not person.strip():
        raise ConfirmError("An item is confirmed by a person: give your name")
    hold = conn.execute(
        sql("SELECT order_id, line_no, rule, state FROM holds WHERE id = :id FOR UPDATE"), {"id": hold_id}
    ).first()
    if hold is None or hold.state != "open" or not hold.line_no or hold.rule not in NOT_UNDERSTOOD:
        raise ConfirmError(
            f"Hold {hold_id} is no open hold of a line whose item is in question; take its number from the table of held orders"
        )
    confirm_items(conn, [Confirmation(hold.order_id, hold.line_no, item_no, person, f"hold {hold_id}", remember)], at)
    return f"line {hold.line_no} of hold {hold_id} means {item_no}, says {person}" + (
        "; remembered" if remember else ""
    )


def forget_wording(conn: Connection, customer_no: str, wording: str, person: str, at: datetime) -> list[str]:
    """Unlearn what a customer's words or number mean; the numbers of the orders that were accepted by it, to be looked at.

    Orders still open are checked again. Raises ConfirmError where nothing was learned of these words.
    """
    if not person.strip():
        raise ConfirmError("A wording is forgotten by a person: give your name")
    given = {"customer": customer_no, "wording": normal_wording(wording), "ref": normal_ref(wording), "at": utc(at)}
    customer = conn.execute(sql("SELECT id FROM customers WHERE customer_no = :customer"), given).scalar()
    forgotten = conn.execute(
        sql(
            """WITH words AS (DELETE FROM item_aliases WHERE customer_id = :id AND wording = :wording RETURNING 1),
                    numbers AS (DELETE FROM item_keys WHERE customer_id = :id AND upper(value) = :ref RETURNING 1)
               SELECT (SELECT count(*) FROM words) + (SELECT count(*) FROM numbers)"""
        ),
        given | {"id": customer},
    ).scalar_one()
    if not forgotten:
        raise ConfirmError(f"Customer {customer_no!r} taught us nothing by the words {wording!r}")
    affected = conn.execute(
        sql(
            """UPDATE order_lines l SET match = coalesce(match, '{"how": "number", "confidence": 1}') || '{"forgotten": true}'
               FROM orders o WHERE o.id = l.order_id AND o.customer_id = :id
                 AND (match->>'wording' = :wording AND match->>'how' IN ('alias', 'history', 'person') OR upper(l.item_ref) = :ref)
               RETURNING o.id, o.order_no, o.commercial_state"""
        ),
        given | {"id": customer},
    ).all()  # fmt: skip
    cause = {"wording": wording, "customer": customer_no}
    record_events(conn, [(row.id, at, person, "wording forgotten", cause, {"order": row.id}) for row in affected])
    _unmatch(conn, [row.id for row in affected if row.commercial_state == "received"])
    return sorted({row.order_no for row in affected if row.commercial_state in ("offered", "confirmed")})


def _line(conn: Connection, one: Confirmation) -> Row[tuple[object, ...]]:
    line = conn.execute(
        sql(
            """SELECT o.order_no, o.commercial_state, o.customer_id, l.item_ref, l.description, l.evidence,
                      (SELECT id FROM items WHERE upper(item_no) = :item) AS item_id,
                      EXISTS (SELECT FROM items WHERE upper(item_no) = upper(l.item_ref)) AS is_ours
               FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.line_no = :line WHERE o.id = :order FOR UPDATE OF o"""
        ),
        {"order": one.order_id, "line": one.line_no, "item": normal_ref(one.item_no)},
    ).first()
    if line is None:
        raise ConfirmError(f"Order {one.order_id} has no line {one.line_no}: it was changed meanwhile")
    if line.commercial_state != "received":
        raise ConfirmError(f"{line.order_no} is {line.commercial_state}: nothing waits for a person there")
    if line.item_id is None:
        raise ConfirmError(f"There is no item {one.item_no!r}; give our item number")
    return line


def _mean(conn: Connection, one: Confirmation, line: Row[tuple[object, ...]], wording: str, at: datetime) -> None:
    sure = besides_item(line.evidence)
    match = {"how": "person", "score": 1.0, "confidence": 1.0, "reading": sure, "by": one.person, "wording": wording,
             "alternatives": []}  # fmt: skip
    conn.execute(
        sql(
            "UPDATE order_lines SET (item_id, match, confidence) = (:item, :match, :sure) WHERE (order_id, line_no) = (:order, :line)"
        ),
        {"item": line.item_id, "match": Jsonb(match), "sure": sure, "order": one.order_id, "line": one.line_no},
    )
    conn.execute(sql("UPDATE orders SET needs_check = true WHERE id = :id"), {"id": one.order_id})
    cause = {"line": one.line_no, "item": one.item_no, "learned_from": one.learned_from}
    record_events(conn, [(one.order_id, at, one.person, "item confirmed", cause, {"order": one.order_id})])


def _learn(conn: Connection, one: Confirmation, line: Row[tuple[object, ...]], wording: str, at: datetime) -> None:
    """The customer's number for the item, unless it is ours, right or mistyped; else their words."""
    if not is_number(str(line.item_ref)):
        if wording:
            learn_wording(
                conn,
                int(line.customer_id),
                wording,
                int(line.item_id),
                learned_from=one.learned_from,
                person=one.person,
                at=at,
            )
        return
    if is_slip(normal_ref(str(line.item_ref)), normal_ref(one.item_no)) or line.is_ours:
        return
    given = {"customer": line.customer_id, "value": normal_ref(str(line.item_ref)), "item": line.item_id}
    conn.execute(sql("DELETE FROM item_keys WHERE customer_id = :customer AND upper(value) = :value"), given)
    conn.execute(sql("INSERT INTO item_keys (customer_id, value, item_id) VALUES (:customer, :value, :item)"), given)


def _check_again(conn: Connection, customers: Collection[int]) -> None:
    conn.execute(
        sql(
            """UPDATE orders o SET needs_check = true WHERE customer_id = ANY(:customers) AND commercial_state = 'received'
               AND NOT needs_check AND EXISTS
                 (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open' AND h.rule = ANY(:rules))"""
        ),
        {"customers": list(customers), "rules": list(NOT_UNDERSTOOD)},
    )


def _unmatch(conn: Connection, orders: Collection[int]) -> None:
    """Lines that a forgotten wording gave their item lose it, and their orders are checked again."""
    given = {"ids": list(orders)}
    conn.execute(
        sql("UPDATE order_lines SET item_id = NULL WHERE order_id = ANY(:ids) AND match @> '{\"forgotten\": true}'"),
        given,
    )
    conn.execute(sql("UPDATE orders SET needs_check = true WHERE id = ANY(:ids)"), given)
