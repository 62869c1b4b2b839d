"""Line-by-line answers, counter-offers, cancellations and their undoing: money, stock and mails follow."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from orderclerk.database import order_facts
from orderclerk.database.amendments import cancel_orders
from orderclerk.database.audit import audit_book
from orderclerk.documents.mails import mail_kind
from orderclerk.domain.policy import Policy
from tasks.answers import expire, remind
from tasks.decisions import undo_last
from tasks.order_mails import order_mail_facts
from tests.database.test_answers import hear, mails, say
from tests.deskwork import ASKING, NOON, bring, check, furnish, held, order, rows, states, value

HOUR = timedelta(hours=1)
AT_ONCE = Policy(accept_reductions=True)


@pytest.fixture
def house(engine: Engine) -> Engine:
    """An offer of two lines to C1."""
    furnish(engine)
    bring(engine, order("1", ("IT-1", "50", "2.50"), ("IT-2", "40", "2.50")))
    check(engine)
    return engine


def confirmed(engine: Engine) -> Engine:
    say(engine, "Yes")
    hear(engine)
    return engine


def lines(engine: Engine) -> list[tuple[str, Decimal]]:
    return [
        tuple(r)
        for r in rows(
            engine, "SELECT i.item_no, l.quantity FROM order_lines l JOIN items i ON i.id = l.item_id ORDER BY line_no"
        )
    ]


def reserved(engine: Engine) -> Decimal:
    return value(engine, "SELECT sum(reserved) FROM stock_levels")


def last_mail(engine: Engine) -> str:
    with engine.connect() as conn:
        facts = order_mail_facts(
            order_facts.order_facts(conn, [1])[1], b"secret", value(engine, "SELECT revision FROM orders")
        )
    return str(mail_kind(mails(engine)[-1][0], facts))


def test_a_change_in_words_is_offered_line_by_line_and_confirmed(house: Engine) -> None:
    say(house, "yes but only 20 of IT-1")
    assert hear(house) == {"change": 1}
    assert (states(house), lines(house), reserved(house)) == ({"1": "offered"}, [("IT-1", 20), ("IT-2", 40)], 60)
    assert last_mail(house) == "counter-offer"
    assert audit_book(house) == []
    say(house, "Yes", revision=2)
    hear(house)
    assert states(house) == {"1": "confirmed"}
    assert last_mail(house) == "change-confirmed"
    assert audit_book(house) == []


def test_the_mail_says_what_was_and_what_is(house: Engine) -> None:
    say(house, "only 20 of IT-1, and cancel line 2, add 5 of IT-3")
    hear(house)
    with house.connect() as conn:
        facts = order_mail_facts(order_facts.order_facts(conn, [1])[1], b"secret", 2)
    assert [(line.item_no, line.outcome, line.was_quantity, line.quantity) for line in facts.lines] == [
        ("IT-1", "changed", 50, 20), ("IT-2", "rejected", 40, 40), ("IT-3", "added", None, 5),
    ]  # fmt: skip
    assert (facts.was_total, facts.total) == (Decimal("225.00"), Decimal("62.50"))


def test_what_only_takes_away_is_confirmed_at_once_where_policy_says_so(house: Engine) -> None:
    say(house, "cancel line 2")
    hear(house, AT_ONCE)
    assert (states(house), lines(house), reserved(house)) == ({"1": "confirmed"}, [("IT-1", 50)], 50)
    say(house, "and only 30 of IT-1", revision=2)
    hear(house, AT_ONCE)
    assert (states(house), reserved(house)) == ({"1": "confirmed"}, 30)
    assert audit_book(house) == []


def test_a_line_of_a_confirmed_order_is_cancelled(house: Engine) -> None:
    say(confirmed(house), "Please cancel line 2")
    hear(house, AT_ONCE)
    assert (states(house), reserved(house), last_mail(house)) == ({"1": "confirmed"}, 50, "partial-cancellation")
    assert audit_book(house) == []


def test_a_smaller_quantity_that_costs_more_is_offered_first(house: Engine) -> None:
    with house.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO prices (price_list, currency, item_id, unit_price, min_quantity, valid_from) VALUES ('std','GBP',1,2.50,30,'2020-01-01')"
        )
        conn.exec_driver_sql("UPDATE prices SET unit_price = 3 WHERE item_id = 1 AND min_quantity < 30")
    say(house, "only 20 of IT-1")
    hear(house, AT_ONCE)
    assert states(house) == {"1": "offered"}
    assert value(house, "SELECT unit_price FROM order_lines WHERE line_no = 1") == 3
    assert audit_book(house) == []


def test_an_agreement_stands_where_a_change_of_it_is_not_confirmed_in_time(house: Engine) -> None:
    say(confirmed(house), "please change line 1 to 60")
    hear(house)
    assert (states(house), reserved(house)) == ({"1": "offered"}, 100)
    assert expire(house, NOON + 90 * HOUR, ASKING) == 1
    assert (states(house), lines(house)[0], reserved(house)) == ({"1": "confirmed"}, ("IT-1", 50), 90)
    assert last_mail(house) == "restored"
    assert audit_book(house) == []


def test_a_cancellation_is_undone_if_the_stock_is_still_there(house: Engine) -> None:
    confirmed(house)
    for sold_out in (False, True):
        with house.begin() as conn:
            cancel_orders(conn, [1], at=NOON + HOUR, actor="Ann", why="asked on the phone")
        assert reserved(house) == 0
        if sold_out:
            bring(house, order("2", ("IT-1", "60", "2.50"), who="C2"), at=NOON + HOUR)
            check(house, NOON + HOUR)
        with house.begin() as conn:
            undo_last(conn, 1, "Ann", ASKING, NOON + 2 * HOUR)
        assert audit_book(house) == []
        assert states(house)["1"] == ("received" if sold_out else "confirmed")
        assert last_mail(house) == ("taken-up" if sold_out else "restored")
    assert held(house) == {"1": {"STK-001"}}


def test_a_change_is_undone_and_the_customer_told(house: Engine) -> None:
    confirmed(house)
    say(house, "cancel line 2")
    hear(house, AT_ONCE)
    with house.begin() as conn:
        undo_last(conn, 1, "Ann", ASKING, NOON + 2 * HOUR)
    assert (states(house), lines(house), reserved(house)) == ({"1": "confirmed"}, [("IT-1", 50), ("IT-2", 40)], 90)
    assert last_mail(house) == "restored"
    assert audit_book(house) == []


def test_a_cancellation_of_what_is_confirmed_is_for_a_person_unless_policy_says_otherwise(house: Engine) -> None:
    say(confirmed(house), "please cancel the order")
    hear(house)
    assert held(house) == {"1": {"ANS-001"}}
    say(house, "we need to cancel the order", times=1)
    hear(house, AT_ONCE)
    assert (states(house), reserved(house)) == ({"1": "cancelled"}, 0)
    assert audit_book(house) == []


def test_which_line_a_wish_is_about_is_asked_once(house: Engine) -> None:
    say(house, "yes but only 20")
    assert hear(house) == {"ask": 1}
    assert (states(house), held(house)) == ({"1": "offered"}, {})
    assert mails(house)[-1][0] == "question"
    say(house, "the second", times=1)
    assert hear(house) == {"change": 1}
    assert lines(house) == [("IT-1", 50), ("IT-2", 20)]
    assert rows(house, "SELECT state, words FROM questions") == [("answered", "the second")]
    assert audit_book(house) == []


def test_a_wish_that_stays_unclear_goes_to_a_person(house: Engine) -> None:
    say(house, "yes but only 20")
    hear(house)
    say(house, "as I said", times=1)
    hear(house)
    assert (states(house), held(house)) == ({"1": "offered"}, {"1": {"ANS-001"}})
    assert audit_book(house) == []


def test_every_order_of_a_day_is_reminded_and_expired_in_working_time(house: Engine) -> None:
    assert remind(house, NOON + 24 * HOUR) == 1
    assert value(house, "SELECT remind_at FROM orders") == NOON + 24 * HOUR
