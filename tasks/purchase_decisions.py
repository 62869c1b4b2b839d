"""What people decide about purchase orders in forms: approve, accept what the supplier says, cancel, receive, buy."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

import pandas as pd
from prefect import task

from orderclerk.database import purchase_supplies, purchasing, receipts, supplier_answers, supplier_catalogue
from orderclerk.database.engine import Connection
from orderclerk.database.purchasing import PurchaseError
from orderclerk.database.receipts import NewReceipt
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import ReceiptRead
from tasks.desk import current_desk
from tasks.purchasing import approve_orders, draft_orders
from tasks.receiving import post_open

_NEEDS_WORDS = ("PUR-003", "PUR-008")
"""Holds of answers of which the desk took nothing: what they say must be entered."""


@task(task_run_name="decide-{po_no}")
def decide_one(po_no: str, person: str, decision: str, arrives: date | None, note: str, as_of: datetime) -> str:
    """A person's decision about an order; one sentence that says what happened. Raises PurchaseError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        return decide_purchase(conn, po_no, person, decision, arrives, note, as_of, desk.policy)


def decide_purchase(
    conn: Connection,
    po_no: str,
    person: str,
    decision: str,
    arrives: date | None,
    note: str,
    as_of: datetime,
    policy: Policy,
) -> str:
    """Do what `decision` says: approve, accept the supplier's word, send back what was not ordered, cancel the order.

    Raises PurchaseError without a person, or for what cannot be done.
    """
    who = person.strip()
    if not who:
        raise PurchaseError("An order is decided by a person: give your name")
    order = purchasing.purchase_named(conn, po_no)
    if decision == "approve":
        return _approve(conn, order, who, note, as_of, policy)
    if decision == "cancel the order":
        return _cancel(conn, order, who, note, as_of)
    if decision == "send back what was not ordered":
        return _send_back(conn, order, who, note, as_of)
    return _accept(conn, order, who, arrives, note, as_of, policy)


def _approve(conn: Connection, order: Any, who: str, note: str, as_of: datetime, policy: Policy) -> str:
    if order.state != "waiting":
        raise PurchaseError(f"{order.po_no} is {order.state}: only what waits for a person can be approved")
    approve_orders(conn, [order.id], who, as_of, policy.worktime.timezone, note)
    return f"{order.po_no} approved by {who}: {order.total:.2f} {order.currency} go to the supplier"


def _cancel(conn: Connection, order: Any, who: str, note: str, as_of: datetime) -> str:
    """Nothing more comes; a supplier who has the order is told."""
    was_sent = order.sent_at is not None
    purchasing.move_purchases(
        conn, [order.id], "cancelled", at=as_of, actor=who, kind="cancelled", cause={"note": note}
    )
    purchasing.withdraw_purchase_mails(conn, [order.id])
    purchase_supplies.bring_no_more(conn, [order.id], as_of, who)
    purchasing.close_purchase_holds(
        conn, [order.id], as_of, state="resolved", by=who, note=note or "the order is cancelled"
    )
    if was_sent:
        purchasing.enqueue_purchase_mails(conn, "purchase-cancel", [order.id], as_of, payload={"why": note})
    return f"{order.po_no} cancelled by {who}{'; the supplier is told' if was_sent else ''}"


def _send_back(conn: Connection, order: Any, who: str, note: str, as_of: datetime) -> str:
    held = receipts.held_receipts(conn, order.id)
    if not held:
        raise PurchaseError(f"Of {order.po_no} nothing waits that was not ordered")
    receipts.refuse_receipts(conn, [row.id for row in held], who, note)
    purchasing.close_purchase_holds(conn, [order.id], as_of, state="accepted", by=who, note=note, rules=("PUR-006",))
    return f"{len(held)} receipts of {order.po_no} go back, says {who}"


def _accept(
    conn: Connection, order: Any, who: str, arrives: date | None, note: str, as_of: datetime, policy: Policy
) -> str:
    """What the supplier says counts from now on: the quantities, the day entered here or the one they stated."""
    if order.state not in ("sent", "confirmed", "received"):
        raise PurchaseError(f"{order.po_no} is {order.state}: there is nothing of the supplier's to accept")
    closed = purchasing.close_purchase_holds(conn, [order.id], as_of, state="accepted", by=who, note=note)
    if not closed and arrives is None:
        raise PurchaseError(f"{order.po_no} is not held; enter a day if it will arrive another day")
    rules = {rule for _, _, rule in closed}
    if rules & set(_NEEDS_WORDS) and not note.strip():
        raise PurchaseError("Say in the note what the supplier's answer means: nothing of it was understood")
    changes: list[tuple[int, int, Decimal | None, date | None]] = []
    for line in supplier_answers.confirmed_lines(conn, order.id):
        said = line.confirmed_quantity if rules & {"PUR-002", "PUR-009"} else None
        less = said if said is not None and said < line.agreed_quantity else None
        changes.append((order.id, line.line_no, less, arrives))
    purchase_supplies.change_supplies(conn, changes, as_of, who)
    if order.state == "sent" and rules - {"PUR-004", "PUR-005", "PUR-006", "OUT-001"}:
        supplier_answers.mark_answered(conn, [order.id], as_of)
        purchasing.move_purchases(
            conn, [order.id], "confirmed", at=as_of, actor=who, kind="accepted", cause={"note": note}
        )
    if "PUR-006" in rules:
        _take_more(conn, order, who, as_of, policy)
    whole = receipts.received_whole(conn, [order.id])
    purchasing.move_purchases(conn, whole, "received", at=as_of, actor=who, kind="received in full")
    return f"{order.po_no}: {', '.join(sorted(rules)) or 'the new day'} accepted by {who}"


def _take_more(conn: Connection, order: Any, who: str, as_of: datetime, policy: Policy) -> None:
    receipts.accept_receipts(conn, [row.id for row in receipts.held_receipts(conn, order.id)], who)
    while post_open(conn, as_of, policy) is not None:
        continue


@task(task_run_name="receive-{po_no}")
def receive_one(
    po_no: str, item: str, quantity: str, person: str, lot: str, delivery: str, run: str, as_of: datetime
) -> str:
    """Goods that a person counted at the door; one sentence. Raises PurchaseError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        return receive_counted(conn, po_no, item, quantity, person, lot, delivery, run, as_of, desk.policy)


def receive_counted(
    conn: Connection, po_no: str, item: str, quantity: str, person: str, lot: str, delivery: str, run: str,
    as_of: datetime, policy: Policy,
) -> str:  # fmt: skip
    """Keep and post one receipt; the same form's run again posts nothing. Raises PurchaseError."""
    if not person.strip():
        raise PurchaseError("Goods are received by a person: give your name")
    count = _figure(quantity, "quantity")
    order = purchasing.purchase_named(conn, po_no)
    one = ReceiptRead(order.po_no, item.strip(), count, lot.strip(), "", delivery.strip())
    key = f"form:{run or sha256(repr((one, person, as_of)).encode()).hexdigest()[:24]}"
    receipts.keep_receipts(conn, [NewReceipt(key, 0, one, as_of, person.strip())])
    receipt_id = receipts.receipt_with_key(conn, key)
    post_open(conn, as_of, policy, receipt_id)
    state, posted, reason = receipts.receipt_state(conn, receipt_id)
    told = f"{posted.normalize():f} of {count.normalize():f} {item} for {order.po_no} are in stock"
    return told if state == "posted" else f"{told}; the rest waits for a person: {reason}"


@task(task_run_name="buy-{item}")
def buy_one(
    item: str,
    quantity: str,
    warehouse: str,
    supplier: str,
    wanted: date | None,
    why: str,
    person: str,
    run: str,
    as_of: datetime,
) -> str:
    """A purchase order for one item, wanted by a person; one sentence. Raises PurchaseError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        count = _figure(quantity, "quantity")
        found = supplier_catalogue.offer_of(conn, item.strip(), supplier.strip(), count, as_of.date())
        row = (found.item_id, warehouse.strip(), found.supplier_id, count, found.unit_price, wanted,
               why or f"wanted by {person}", found.currency)  # fmt: skip
        needed = pd.DataFrame([row], columns=[*purchasing.NEEDED, "currency"])
        ids = draft_orders(conn, needed, f"form:{run}", as_of, desk.buying, desk.policy.worktime.timezone)
        if not ids:
            return "this form has bought already"
        made = purchasing.purchase_of(conn, ids[0])
    return f"{made.po_no} to {found.supplier_no}: {made.total:.2f} {made.currency}, {made.state}"


def _figure(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise PurchaseError(f"The {name} {text!r} is no number; write for example 120 or 2.5") from None
    if not value.is_finite() or value <= 0 or value != round(value, 3):
        raise PurchaseError(f"The {name} must be above zero, with at most three decimals")
    return value
