"""What only the customer can say is asked once, in one mail; the answer completes the order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from orderclerk.database import releasing
from orderclerk.database.audit import audit_book
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Address, CustomerRef, LineRead, OrderRead, Problem
from tasks.answers import expire, remind
from tasks.questions import ask_about, ask_customers
from tests.database.test_answers import hear, mails, say
from tests.deskwork import ASKING, NOON, bring, check, furnish, held, order, rows, states, value

HOUR = timedelta(hours=1)
UNREAD = Problem("LIN-001", "quantity", "a few", "'a few' is no number")
NO_DAY = Problem("ORD-002", "requested_date", "31.02.", "no such day")


def incomplete(ref: str = "1", who: str = "C1", **more: object) -> OrderRead:
    """Line 2 without a quantity, and no date that could be read."""
    lines = (
        LineRead("1", "IT-1", Decimal(5), Decimal("2.50")),
        LineRead("2", "IT-2", None, Decimal("2.50"), problems=(UNREAD,)),
    )
    return OrderRead(
        "files:p", ref, customer=CustomerRef(number=who), currency="GBP", lines=lines, problems=(NO_DAY,), **more
    )  # type: ignore[arg-type]


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    bring(engine, incomplete())
    check(engine)
    ask_customers(engine, ASKING, NOON)
    return engine


def asked(engine: Engine) -> list[tuple[int, str, str]]:
    return [tuple(r) for r in rows(engine, "SELECT number, rule, state FROM questions ORDER BY id")]


def test_one_mail_asks_everything_that_is_open(house: Engine) -> None:
    assert asked(house) == [(1, "LIN-001", "open"), (2, "ORD-002", "open")]
    assert mails(house) == [("question", "pending")]
    assert audit_book(house) == []


def test_nothing_is_asked_twice_for_one_revision(house: Engine) -> None:
    ask_customers(house, ASKING, NOON + HOUR)
    assert len(mails(house)) == 1


def test_the_answer_completes_the_order(house: Engine) -> None:
    say(house, "1) 20 2) 5 December")
    assert hear(house) == {"answered": 1}
    assert (states(house), held(house)) == ({"1": "offered"}, {})
    assert value(house, "SELECT quantity FROM order_lines WHERE line_no = 2") == 20
    assert value(house, "SELECT requested_date FROM orders") == date(2026, 12, 5)
    assert value(house, "SELECT evidence->-1->>'text' FROM order_lines WHERE line_no = 2") == "20"
    assert value(house, "SELECT revision FROM orders") == 2
    assert asked(house) == [(1, "LIN-001", "answered"), (2, "ORD-002", "answered")]
    assert audit_book(house) == []


def test_what_is_not_understood_is_asked_once_more_and_then_read_by_a_person(house: Engine) -> None:
    say(house, "1) 20 2) soon")
    hear(house)
    assert held(house) == {"1": {"ORD-002"}}
    ask_customers(house, ASKING, NOON + 2 * HOUR)
    assert [kind for kind, _ in mails(house)] == ["question", "question"]
    say(house, "whenever you can", revision=2)
    hear(house)
    ask_customers(house, ASKING, NOON + 3 * HOUR)
    assert held(house) == {"1": {"ORD-002", "ANS-001"}}
    assert len(mails(house)) == 2
    assert audit_book(house) == []


def test_a_line_that_is_not_wanted_leaves_the_order(house: Engine) -> None:
    say(house, "1) cancel 2) Friday")
    hear(house)
    assert states(house) == {"1": "offered"}
    assert rows(house, "SELECT line_no, item_ref FROM order_lines") == [(1, "IT-1")]
    assert audit_book(house) == []


def test_the_answer_of_a_stranger_completes_nothing(house: Engine) -> None:
    say(house, "1) 20 2) Friday", who="c2@x.example")
    hear(house)
    assert "ANS-003" in held(house)["1"]
    assert value(house, "SELECT quantity FROM order_lines WHERE line_no = 2") is None


def test_what_a_person_settles_is_not_asked_any_more(house: Engine) -> None:
    with house.begin() as conn:
        for hold_id, rule in rows(house, "SELECT id, rule FROM holds WHERE state = 'open'"):
            if rule == "ORD-002":
                releasing.release(conn, hold_id, "Ann", "any day", NOON)
    check(house)
    ask_customers(house, ASKING, NOON + HOUR)
    assert asked(house) == [(1, "LIN-001", "open"), (2, "ORD-002", "withdrawn")]


def test_a_new_document_makes_the_questions_void(house: Engine) -> None:
    bring(house, order("1", ("IT-1", "8", "2.50")), at=NOON + HOUR)
    check(house, NOON + HOUR)
    ask_customers(house, ASKING, NOON + HOUR)
    assert {state for _, _, state in asked(house)} == {"withdrawn"}
    assert mails(house) == [("question", "superseded"), ("offer", "pending")]


def test_questions_are_reminded_once_and_then_given_up(house: Engine) -> None:
    assert (remind(house, NOON + 24 * HOUR), remind(house, NOON + 25 * HOUR)) == (1, 0)
    expire(house, NOON + 72 * HOUR, ASKING)
    ask_customers(house, ASKING, NOON + 73 * HOUR)
    assert {state for _, _, state in asked(house)} == {"withdrawn"}
    assert [kind for kind, _ in mails(house)] == ["question", "question-reminder"]
    assert held(house) == {"1": {"LIN-001", "ORD-002"}}


def test_the_order_may_be_called_off_instead(house: Engine) -> None:
    say(house, "please cancel the order")
    hear(house)
    assert states(house) == {"1": "cancelled"}
    assert audit_book(house) == []


@pytest.mark.parametrize("policy", [Policy(ask_customers=False), ASKING])
def test_nothing_is_asked_where_a_person_must_look_or_policy_leaves_it_to_people(
    engine: Engine, policy: Policy
) -> None:
    furnish(engine)
    bring(engine, incomplete(who="C1" if not policy.ask_customers else "nobody"))
    bring(engine, replace(incomplete("2"), problems=(NO_DAY, Problem("ORD-003", "total", "1", "other total"))))
    check(engine)
    ask_customers(engine, policy, NOON)
    assert mails(engine) == []


def test_nobody_is_asked_who_is_not_known_to_act_for_the_customer(engine: Engine) -> None:
    furnish(engine)
    given = replace(
        incomplete(), source="mail:x@evil.example", customer=CustomerRef(number="C1", email="x@evil.example")
    )
    bring(engine, given, channel="mail")
    check(engine)
    ask_customers(engine, ASKING, NOON)
    assert mails(engine) == []


def test_a_person_may_ask_whatever_else_holds_the_order(engine: Engine) -> None:
    furnish(engine)
    bring(engine, replace(incomplete(), problems=(NO_DAY, Problem("ORD-003", "total", "1", "other total"))))
    check(engine)
    with engine.begin() as conn:
        assert ask_about(conn, 1, ASKING, "Ann", NOON) == 2
    assert mails(engine) == [("question", "pending")]


def test_the_same_line_twice_is_wanted_twice_or_once(engine: Engine) -> None:
    furnish(engine)
    for ref, words, lines in (("1", "both", 2), ("2", "only once", 1)):
        bring(engine, order(ref, ("IT-1", ref, "2.50"), ("IT-1", ref, "2.50")))
        check(engine)
        ask_customers(engine, ASKING, NOON)
        assert held(engine)[ref] == {"LIN-005"}
        say(engine, words, ref=ref)
        hear(engine)
        assert states(engine)[ref] == "offered"
        assert (
            value(
                engine,
                "SELECT count(*) FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE order_ref = :ref",
                ref=ref,
            )
            == lines
        )
    assert audit_book(engine) == []


def test_prices_are_asked_about_where_policy_says_so(engine: Engine) -> None:
    furnish(engine)
    bring(engine, order("1", ("IT-1", "5", "2.30")))
    check(engine)
    ask_customers(engine, ASKING, NOON)
    assert mails(engine) == []
    ask_customers(engine, Policy(ask_prices=True), NOON)
    say(engine, "Yes, that is fine")
    hear(engine)
    assert states(engine) == {"1": "offered"}
    assert value(engine, "SELECT unit_price FROM order_lines") == Decimal("2.50")
    assert audit_book(engine) == []


def test_an_address_is_asked_for(engine: Engine) -> None:
    furnish(engine)
    with engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO addresses (customer_id, street, city, postal_code, country) VALUES (1, '2 Low Road', 'York', 'YO1 7HH', 'GB')"
        )
    bring(engine, order("1", ("IT-1", "5", "2.50")), order("2", ("IT-2", "6", "2.50")))
    check(engine)
    ask_customers(engine, ASKING, NOON)
    say(engine, "b", ref="1")
    say(engine, "7 Mill Lane\nLeeds LS1 4XX\nUnited Kingdom", ref="2")
    hear(engine)
    assert rows(engine, "SELECT street, city, commercial_state FROM orders ORDER BY id") == [
        ("2 Low Road", "York", "offered"), ("7 Mill Lane", "Leeds", "offered")
    ]  # fmt: skip


TERMS = {
    "QTY-001": ("UPDATE items SET min_order_quantity = 10", "10", "SELECT quantity FROM order_lines", Decimal(10)),
    "QTY-002": ("UPDATE items SET order_multiple = 4", "make it 8", "SELECT quantity FROM order_lines", Decimal(8)),
    "QTY-004": ("", "200 pcs", "SELECT quantity FROM order_lines", Decimal(200)),
    "DAT-001": ("", "5 December", "SELECT requested_date FROM orders", date(2026, 12, 5)),
    "ADR-002": ("", "Acme, 1 High Street, Leeds LS1 4AP, United Kingdom", "SELECT city FROM orders", "Leeds"),
}


@pytest.mark.parametrize("rule", TERMS)
def test_terms_that_only_the_customer_can_meet_are_asked_about(engine: Engine, rule: str) -> None:
    statement, words, query, expected = TERMS[rule]
    furnish(engine, on_hand=500)
    if statement:
        with engine.begin() as conn:
            conn.exec_driver_sql(statement)
    given = order("1", ("IT-1", "5", "2.50"))
    if rule == "QTY-004":
        given = replace(given, lines=(replace(given.lines[0], unit="PF", unit_price=None),))
    if rule == "DAT-001":
        given = replace(given, requested_date=date(2026, 11, 20))
    if rule == "ADR-002":
        given = replace(given, delivery=Address("Acme", "1 High Street", "", "", "LS1 4AP", "GB"))
    bring(engine, given)
    check(engine)
    assert held(engine) == {"1": {rule}}
    ask_customers(engine, ASKING, NOON)
    assert mails(engine) == [("question", "pending")]
    say(engine, words)
    hear(engine)
    assert (states(engine), held(engine)) == ({"1": "offered"}, {})
    assert value(engine, query) == expected
    assert audit_book(engine) == []
