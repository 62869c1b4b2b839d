"""A supply that slips: promises on it renewed in the same run, customers asked once, and what they choose is done."""

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import reserving, supplies
from orderclerk.database.audit import audit_book
from orderclerk.database.order_facts import order_facts
from orderclerk.documents.mails import MailKind, mail_kind
from orderclerk.domain.policy import Policy
from orderclerk.domain.stock_policy import StockPolicy
from tasks.backorders import refill_orders
from tasks.delays import remake_promises, tell_delays
from tasks.order_mails import order_mail_facts
from tests.database.test_answers import hear, mails, say
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, states, value
from tests.stockwork import stock_up

HOUR = timedelta(hours=1)
POLICY = Policy(answers={"shop": "confirm"}, stock=StockPolicy(wait_days=30))
CURRENT = "SELECT line_no, promised_date::text FROM promises WHERE state = 'current' ORDER BY line_no"
ASKED = "SELECT state, rule, about->>'read', about->>'limit', about->>'chosen' FROM questions ORDER BY id"


def supply(engine: Engine, quantity: int, day: str) -> None:
    line = {"kind": "return", "document_no": "RT1", "line_no": 1, "item_id": 2, "warehouse": "W1",
            "quantity_e3": quantity * 1000, "expected_date": day}  # fmt: skip
    with engine.begin() as conn:
        reserving.lock_stock(conn, [2])
        supplies.open_supplies(conn, pd.DataFrame([line]), at=NOON + HOUR, actor="Ann")


@pytest.fixture
def house(engine: Engine) -> Engine:
    """A confirmed order of IT-1, which is here, and IT-2, which comes on 1 December."""
    furnish(engine, on_hand=0)
    with engine.begin() as conn:
        stock_up(conn, "SELECT id, 'W1', '', 100000 FROM items WHERE id <> 2")
        conn.execute(sql("INSERT INTO substitutes (item_id, substitute_id) VALUES (2, 3)"))
    supply(engine, 9, "2026-12-01")
    bring(engine, order("1", ("IT-1", "5", "2.50"), ("IT-2", "3", "2.50")), channel="shop", policy=POLICY)
    check(engine, policy=POLICY)
    assert states(engine) == {"1": "confirmed"}
    return engine


def run(engine: Engine, hours: int = 2) -> tuple[int, int]:
    """What check-stock does; promises that slipped, customers asked."""
    at = NOON + hours * HOUR
    refill_orders(engine, POLICY, at)
    slipped = remake_promises(engine, POLICY, at)["slipped"]
    return slipped, tell_delays(engine, POLICY, at)["delays_asked"]


def test_nothing_slips_while_the_supply_keeps_its_day(house: Engine) -> None:
    assert rows(house, CURRENT) == [(1, "2026-12-05"), (2, "2026-12-05")]
    assert run(house) == (0, 0)
    assert run(house, hours=72) == (0, 0), "days pass, and the supply is still expected on its day"


def test_a_later_supply_moves_its_promises_and_the_customer_is_asked_once(house: Engine) -> None:
    supply(house, 9, "2026-12-08")
    assert run(house) == (2, 1)
    assert rows(house, CURRENT) == [(1, "2026-12-12"), (2, "2026-12-12")]
    assert rows(house, ASKED) == [("open", "STK-002", "2026-12-05", "2026-12-12", None)]
    assert run(house, hours=3) == (0, 0)
    with house.connect() as conn:
        facts = order_mail_facts(order_facts(conn, [1])[1], b"secret", 1, round_=1)
    assert mail_kind("question", facts) is MailKind.DELAY
    assert facts.questions[0].choices == ("wait", "split", "IT-3 thing 3", "cancel")
    assert audit_book(house) == []


def test_an_overdue_supply_slips_by_itself(house: Engine) -> None:
    assert run(house, hours=24 * 9) == (2, 1)


def test_a_supply_that_is_lost_leaves_no_promise_and_the_mail_names_no_day(house: Engine) -> None:
    supply(house, 0, "2026-12-01")
    assert rows(house, CURRENT) == [(1, "2026-12-05")]
    run(house)
    assert rows(house, ASKED) == [("open", "STK-002", "2026-12-05", None, None)]
    assert {finding.rule for finding in audit_book(house)} == {"AUD-RESERVED-WHOLE"}, "the audit says what it lacks"


def test_who_is_served_from_elsewhere_in_time_is_not_troubled(house: Engine) -> None:
    supply(house, 0, "2026-12-01")
    with house.begin() as conn:
        stock_up(conn, "SELECT 2::bigint, 'W1', '', 50000::bigint")
    assert run(house)[1] == 0
    assert [line for line, _ in rows(house, CURRENT)] == [1, 2]


@pytest.mark.parametrize("words", ["a", "wait", "OK", "we can wait", "等"])
def test_who_waits_keeps_the_order(house: Engine, words: str) -> None:
    supply(house, 9, "2026-12-08")
    run(house)
    say(house, words)
    hear(house, POLICY)
    assert (states(house), held(house)) == ({"1": "confirmed"}, {})
    assert rows(house, ASKED)[0][4] == "wait"
    assert rows(house, CURRENT)[1] == (2, "2026-12-12")


@pytest.mark.parametrize("words", ["b)", "split", "please split the order", "先发现货"])
def test_who_splits_gets_now_what_is_there(house: Engine, words: str) -> None:
    supply(house, 9, "2026-12-08")
    run(house)
    say(house, words)
    hear(house, POLICY)
    assert (states(house), held(house)) == ({"1": "confirmed"}, {})
    (first, day), second = rows(house, CURRENT)
    assert (first, second) == (1, (2, "2026-12-12"))
    assert date.fromisoformat(day) < date(2026, 12, 1)
    assert [kind for kind, _ in mails(house)] == ["confirmation", "question", "split"]
    assert run(house, hours=4) == (0, 0), "a split order stays split"
    assert audit_book(house) == []


def test_who_takes_the_other_item_is_offered_it(house: Engine) -> None:
    supply(house, 9, "2026-12-08")
    run(house)
    say(house, "c")
    hear(house, POLICY)
    assert held(house) == {}
    assert rows(house, "SELECT item_id, quantity::int FROM order_lines ORDER BY line_no") == [(1, 5), (3, 3)]
    assert value(house, "SELECT pegged FROM supplies") == 0
    assert audit_book(house) == []


@pytest.mark.parametrize("words", ["d", "cancel", "please cancel the order"])
def test_who_does_not_wait_may_cancel(house: Engine, words: str) -> None:
    supply(house, 9, "2026-12-08")
    run(house)
    say(house, words)
    hear(house, POLICY)
    assert states(house) == {"1": "cancelled"}
    assert rows(house, CURRENT) == []
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 0
    assert audit_book(house) == []


def test_an_answer_that_chooses_nothing_is_read_by_a_person(house: Engine) -> None:
    supply(house, 9, "2026-12-08")
    run(house)
    say(house, "That is very bad news for our customer in Leeds")
    hear(house, POLICY)
    assert held(house) == {"1": {"ANS-001"}}


def test_an_offer_that_slips_reminds_its_customer_with_the_new_day(house: Engine) -> None:
    bring(house, order("2", ("IT-2", "2", "2.50"), who="C2"), policy=POLICY)
    check(house, policy=POLICY)
    supply(house, 9, "2026-12-08")
    assert run(house) == (3, 1)
    assert value(house, "SELECT count(*) FROM outbox WHERE kind = 'reminder' AND order_id = 2") == 1
    assert audit_book(house) == []
