"""The audit: a clean book gives no findings, and whatever is wrong in its rows is named with its rule."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from orderclerk.database import releasing
from orderclerk.database.audit import audit_book, audit_rules
from orderclerk.database.audit_purchasing import PURCHASING_CHECKS
from orderclerk.domain.reading import Kind
from tasks.answers import apply_answers
from tasks.questions import ask_customers
from tests.database.test_answers import say
from tests.database.test_questions import incomplete
from tests.deskwork import ASKING, NOON, bring, check, furnish, order, rows
from tests.proofs import corruptions

HOUR = timedelta(hours=1)

# rule -> what somebody does to the book by hand, past every constraint
CORRUPTIONS = [
    ("AUD-ENVELOPE-CONTENT", "UPDATE envelopes SET content = 'forged' WHERE id = 1"),
    ("AUD-ENVELOPE-DELIVERY", "DELETE FROM deliveries WHERE envelope_id = 1"),
    ("AUD-ENVELOPE-QUARANTINE", "UPDATE envelopes SET state = 'quarantined' WHERE id = 1"),
    ("AUD-EVENT-CHAIN", "UPDATE events SET from_state = 'expired' WHERE order_id = 1 AND to_state = 'offered'"),
    ("AUD-EVENT-CHAIN", "DELETE FROM events WHERE order_id = 2 AND to_state = 'offered'"),
    ("AUD-EVENT-ALLOWED", "UPDATE events SET from_state = 'declined' WHERE order_id = 2 AND to_state = 'confirmed'"),
    ("AUD-EVENT-ALLOWED", "INSERT INTO events (order_id, at, actor, kind, axis, from_state, to_state) "
                          "VALUES (1, now(), 'x', 'x', 'commercial', 'offered', 'refunded')"),
    ("AUD-STATE-COMMERCIAL", "UPDATE orders SET commercial_state = 'confirmed', answer_by = NULL WHERE id = 1"),
    ("AUD-STATE-COMMERCIAL", "DELETE FROM events WHERE order_id = 3"),
    ("AUD-STATE-FULFILMENT", "UPDATE orders SET fulfilment_state = 'released' WHERE id = 1"),
    ("AUD-ACCEPTED-STOCK", "UPDATE orders SET fulfilment_state = 'open' WHERE id = 2"),
    ("AUD-ACCEPTED-LINES", "UPDATE order_lines SET unit_price = NULL WHERE order_id = 1"),
    ("AUD-ACCEPTED-LINES", "UPDATE order_lines SET item_id = NULL WHERE order_id = 2"),
    ("AUD-ACCEPTED-LINES", "UPDATE order_lines SET quantity = 0 WHERE order_id = 2"),
    ("AUD-ACCEPTED-EMPTY", "DELETE FROM order_lines WHERE order_id = 1"),
    ("AUD-ACCEPTED-HELD", "UPDATE holds SET order_id = 1 WHERE order_id = 3"),
    ("AUD-FORGOTTEN", "DELETE FROM holds WHERE order_id = 3"),
    ("AUD-FORGOTTEN", "UPDATE holds SET state = 'resolved', closed_at = now() WHERE order_id = 3"),
    ("AUD-OFFER-SENT", "DELETE FROM outbox WHERE order_id = 1"),
    ("AUD-OFFER-SENT", "UPDATE outbox SET state = 'superseded' WHERE order_id = 1"),
    ("AUD-OFFER-SENT", "INSERT INTO outbox (kind, idempotency_key, order_id, revision, created_at, next_try_at) "
                       "VALUES ('offer', 'once more', 1, 1, now(), now())"),
    ("AUD-CONFIRMATION-SENT", "DELETE FROM outbox WHERE kind = 'confirmation'"),
    ("AUD-CONFIRMATION-SENT", "UPDATE outbox SET revision = 7 WHERE kind = 'confirmation'"),
    ("AUD-MESSAGE-TWICE", "UPDATE outbox SET state = 'sent', sent_at = now(), message_ref = '<same@x>'"),
    ("AUD-REVISION", "UPDATE orders SET revision = 3 WHERE id = 1"),
    ("AUD-REVISION", "DELETE FROM order_revisions WHERE order_id = 2"),
    ("AUD-RETURNED-SUM", "UPDATE order_lines SET returned_quantity = 1 WHERE order_id = 1"),
    ("AUD-RETURNED-SUM", "UPDATE order_lines SET returned_quantity = 0 WHERE returned_quantity > 0"),
    ("AUD-RETURN-ORIGIN", "UPDATE order_lines SET item_id = 4 WHERE origin_order_id IS NOT NULL"),
    ("AUD-RETURN-ORIGIN", "UPDATE orders SET customer_id = 2 WHERE kind = 'return'"),
    ("AUD-HOLD-EVENT", "DELETE FROM events WHERE kind = 'held'"),
    ("AUD-HOLD-PERSON", "UPDATE holds SET closed_by = 'Eve' WHERE state = 'released'"),
    ("AUD-HOLD-PERSON", "UPDATE holds SET state = 'released', closed_at = now(), closed_by = 'Eve' WHERE order_id = 3"),
    ("AUD-ANSWER", "UPDATE answers SET order_id = 1"),
    ("AUD-QUESTION-MAIL", "DELETE FROM outbox WHERE kind = 'question'"),
    ("AUD-QUESTION-MAIL", "UPDATE questions SET round = 2"),
    ("AUD-QUESTION-OPEN", "UPDATE questions SET revision = 9"),
    ("AUD-QUESTION-ROUNDS", "INSERT INTO questions (order_id, revision, document_id, round, number, line_no, rule, field, state, asked_at, asked_by, "
                            "remind_at, answer_by, closed_at) SELECT order_id, revision, document_id, n, 9, 0, rule, field, 'withdrawn', asked_at, "
                            "asked_by, remind_at, answer_by, asked_at FROM questions, generate_series(2, 3) n WHERE field <> 'change'"),
    ("AUD-QUESTION-ANSWER", "UPDATE questions SET state = 'answered', closed_at = asked_at, envelope_id = 1"),
    ("AUD-REVISION-ONE-BY-ONE", "UPDATE order_revisions SET revision = 7 WHERE order_id = 1"),
    ("AUD-REVISION-EVENT", "DELETE FROM events WHERE kind = 'amended'"),
    ("AUD-REVISION-EVENT", "UPDATE order_revisions SET revision = 2 WHERE order_id = 1"),
    ("AUD-AGREED", "UPDATE orders SET agreed_revision = NULL"),
    ("AUD-UNDONE-TWICE", "INSERT INTO events (order_id, at, actor, kind, axis, objects) SELECT 1, now(), 'Eve', 'restored', '', "
                         "'{\"undoes\": 3}' FROM generate_series(1, 2)"),
    ("AUD-LINE-NUMBERS", "UPDATE order_lines SET line_no = 9 WHERE order_id = 3"),
]  # fmt: skip


@pytest.fixture
def book(engine: Engine) -> Engine:
    """1 offered, 2 confirmed by its customer, 3 held, 4 a return of 2, 5 offered after a person released a hold, 6 asked
    about, 7 changed in words."""
    furnish(engine)
    orders = [order("1", ("IT-1", "5", "2.50")), order("2", ("IT-2", "4", "2.50")), order("3", ("IT-3", "9", "9.99"))]
    for number, made in enumerate(orders):
        bring(engine, made, at=NOON + number * timedelta(minutes=1))
    check(engine)
    say(engine, "Yes", ref="2")
    apply_answers(engine, NOON + HOUR)
    bring(engine, order("C2", ("IT-2", "1", "2.50"), kind=Kind.RETURN), at=NOON + HOUR)
    bring(engine, order("5", ("IT-5", "2", "2.40")), at=NOON + HOUR)
    check(engine, NOON + HOUR)
    with engine.begin() as conn:
        releasing.release(conn, rows(engine, "SELECT max(id) FROM holds")[0][0], "Ann", "agreed", NOON + HOUR)
    check(engine, NOON + HOUR)
    bring(engine, incomplete("6"), order("7", ("IT-4", "3", "2.50"), ("IT-5", "3", "2.50")), at=NOON + HOUR)
    check(engine, NOON + HOUR)
    ask_customers(engine, ASKING, NOON + HOUR)
    say(engine, "only 2 of IT-4", ref="7")
    apply_answers(engine, NOON + HOUR)
    assert [row[0] for row in rows(engine, "SELECT commercial_state FROM orders ORDER BY id")] == [
        "offered", "confirmed", "received", "confirmed", "offered", "received", "offered"
    ]  # fmt: skip
    return engine


def test_a_book_of_every_kind_of_order_is_clean(book: Engine) -> None:
    assert audit_book(book) == []


def test_every_rule_has_a_corruption() -> None:
    elsewhere = {one.rule for one in corruptions.KINDS} | {rule for rule, _ in PURCHASING_CHECKS}
    assert {rule for rule, _ in CORRUPTIONS} | elsewhere == set(audit_rules())


def test_every_corruption_is_named_with_its_rule(book: Engine) -> None:
    found = corruptions.found_after_each(book, [(corruption,) for _, corruption in CORRUPTIONS])
    missed = [(*one, rules) for one, rules in zip(CORRUPTIONS, found, strict=True) if one[0] not in rules]
    assert missed == []
    assert audit_book(book) == []


def test_every_seeded_corruption_of_stock_is_named_with_its_rule(engine: Engine) -> None:
    corruptions.stock_book(engine)
    assert audit_book(engine) == []
    found = corruptions.found_after_each(engine, [one.statements for one in corruptions.KINDS])
    assert [
        (one.kind, rules) for one, rules in zip(corruptions.KINDS, found, strict=True) if one.rule not in rules
    ] == []
    assert audit_book(engine) == []
