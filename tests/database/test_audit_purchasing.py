"""The auditor finds every kind of damage to purchase orders, and nothing in a clean book."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text as sql

from orderclerk.database.audit_purchasing import PURCHASING_CHECKS
from tasks.chasing import chase_suppliers
from tests.database.buying import BUYING, NOON, POLICY, answer, arrive, buy, decide, furnish, send

# kind of damage: what somebody wrote into the book by hand
DAMAGE = {
    "AUD-PURCHASE-TOTAL": "UPDATE purchase_orders SET total = total + 1 WHERE id = 1",
    "AUD-PURCHASE-STATE": "UPDATE purchase_orders SET state = 'confirmed' WHERE id = 2",
    "AUD-PURCHASE-EVENTS": "INSERT INTO purchase_events (po_id, at, actor, kind, from_state, to_state) VALUES (2, now(), 'x', 'x', 'draft', 'sent')",
    "AUD-PURCHASE-APPROVED": "UPDATE purchase_orders SET approved_by = 'policy' WHERE id = 3",
    "AUD-PURCHASE-SENT": "DELETE FROM outbox WHERE kind = 'purchase' AND payload->>'po_id' = '2'",
    "AUD-PURCHASE-ON-ITS-WAY": "DELETE FROM outbox WHERE kind = 'purchase' AND payload->>'po_id' = '5'",
    "AUD-PURCHASE-TWICE": """INSERT INTO outbox (kind, idempotency_key, payload, state, created_at, next_try_at, sent_at)
        SELECT kind, 'again', payload, state, created_at, next_try_at, sent_at FROM outbox WHERE kind = 'purchase' AND payload->>'po_id' = '2'""",
    "AUD-PURCHASE-SUPPLY": "UPDATE purchase_lines SET supply_id = NULL WHERE po_id = 2",
    "AUD-PURCHASE-EXPECTED": "UPDATE supplies SET quantity = quantity + 1 WHERE document_no = 'PO100002'",
    "AUD-PURCHASE-AGREED": "UPDATE purchase_lines SET agreed_quantity = 7 WHERE po_id = 2",
    "AUD-PURCHASE-RECEIVED": "UPDATE supplies SET received = 99 WHERE document_no = 'PO100001'",
    "AUD-PURCHASE-RECEIPTS": "UPDATE goods_receipts SET posted = 1, state = 'held' WHERE po_id = 1",
    "AUD-PURCHASE-CONFIRMED": "UPDATE supplier_answers SET state = 'noted' WHERE po_id = 1",
    "AUD-PURCHASE-HELD": "DELETE FROM purchase_holds WHERE po_id = 4",
    "AUD-PURCHASE-LINES": "UPDATE purchase_lines SET line_no = 5 WHERE po_id = 2",
}


def found(engine) -> dict[str, list[tuple[str, str]]]:
    with engine.connect() as conn:
        answers = {name: [tuple(row) for row in conn.execute(sql(query))] for name, query in PURCHASING_CHECKS}
    return {name: rows for name, rows in answers.items() if rows}


@pytest.fixture
def book(engine):
    """Orders in every state: 1 partly received, 2 sent, 3 approved by a person, 4 held, 5 on its way, 6 waiting, 7 cancelled, 8 received."""
    furnish(engine)
    numbers = [
        buy(engine, (1, "W1", 1, "10", price), key=f"run {n}")[0] for n, price in enumerate(("1", "1", "200", "1"), 1)
    ]
    decide(engine, numbers[2], "approve")
    send(engine)
    answer(engine, numbers[0], "Confirmed, delivery 12 March.")
    answer(engine, numbers[3], "Only 8 available")
    arrive(engine, (numbers[0], "IT-1", "4"))
    buy(engine, (2, "W1", 1, "3", "1"), key="run 5")
    buy(engine, (2, "W1", 1, "3", "1000"), key="run 6")
    (gone,) = buy(engine, (2, "W2", 1, "3", "1"), key="run 7")
    decide(engine, gone, "cancel the order")
    (whole,) = buy(engine, (3, "W1", 1, "3", "1"), key="run 8")
    with engine.begin() as conn:
        conn.execute(sql("UPDATE outbox SET state = 'superseded' WHERE payload->>'po_id' = '5'"))
    send(engine)
    with engine.begin() as conn:
        conn.execute(
            sql("UPDATE outbox SET state = 'pending', sent_at = NULL, message_ref = '' WHERE payload->>'po_id' = '5'")
        )
    arrive(engine, (whole, "IT-3", "4"), delivery="D2")
    decide(engine, whole, "accept what the supplier says")
    chase_suppliers(engine, NOON + timedelta(days=30), POLICY, BUYING)
    decide(engine, numbers[1], "accept what the supplier says", arrives=date(2026, 5, 1))
    return engine


def test_a_book_in_which_everything_happened_is_clean(book):
    assert found(book) == {}


def test_every_check_has_its_kind_of_damage():
    assert set(DAMAGE) == {name for name, _ in PURCHASING_CHECKS}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(book, name):
    with book.begin() as conn:
        assert conn.execute(sql(DAMAGE[name])).rowcount
    assert name in found(book)
