"""Promises in the book: made from what is reserved, slipping with a supply, withdrawn when the goods are given back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import reserving
from orderclerk.database.audit import audit_book
from orderclerk.database.order_facts import order_facts
from orderclerk.database.promises import make_promises, read_dispatches
from orderclerk.domain.dispatch import Dispatch
from orderclerk.domain.policy import Policy
from orderclerk.domain.stock_policy import StockPolicy
from orderclerk.domain.worktime import WorkTime
from tasks.answers import apply_verdict
from tasks.order_mails import order_mail_facts
from tests.deskwork import NOON, bring, check, furnish, order, rows, value

USUAL = Dispatch(WorkTime("UTC", frozenset(range(5))), transit_days=2)
CURRENT = """SELECT line_no, quantity::int, ship_date::text, promised_date::text FROM promises WHERE state = 'current'
             ORDER BY order_id, line_no"""


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    bring(engine, order("1", ("IT-1", "5", "2.50"), ("IT-2", "3", "2.50")))
    check(engine, policy=Policy(worktime=USUAL.work, stock=StockPolicy(transit_days=2)))
    return engine


def promise(house: Engine, days_later: int = 0) -> list[tuple[object, ...]]:
    with house.begin() as conn:
        ids = conn.execute(sql("SELECT id FROM orders")).scalars().all()
        later = make_promises(conn, ids, read_dispatches(conn, USUAL), NOON + timedelta(days=days_later))
        return [tuple(row) for row in later.itertuples(index=False)]


def test_what_is_accepted_is_promised_by_where_its_goods_lie(house: Engine) -> None:
    assert rows(house, CURRENT) == [(1, 5, "2026-11-23", "2026-11-25"), (2, 3, "2026-11-23", "2026-11-25")]
    pieces = value(house, "SELECT why->'pieces' FROM promises WHERE line_no = 1")
    assert pieces == [
        {"warehouse": "W1", "quantity": "5", "ship_date": "2026-11-23", "arrive_date": "2026-11-25"}
    ]  # fmt: skip


def test_the_same_promise_again_changes_nothing_and_a_later_one_has_slipped(house: Engine) -> None:
    assert promise(house) == []
    assert value(house, "SELECT count(*) FROM promises") == 2
    assert sorted(line for _, line, *_ in promise(house, days_later=1)) == [1, 2]
    assert rows(house, "SELECT DISTINCT state FROM promises WHERE ended_at IS NOT NULL") == [("slipped",)]
    assert rows(house, CURRENT)[0] == (1, 5, "2026-11-24", "2026-11-26")


def test_a_warehouse_has_its_own_cut_off_handling_and_courier(house: Engine) -> None:
    with house.begin() as conn:
        conn.execute(sql("UPDATE warehouses SET cut_off = '11:00', handling_days = 1, timezone = 'Europe/London'"))
        conn.execute(sql("INSERT INTO transit VALUES ('W1', 'GB', 1), ('W1', '', 9)"))
    promise(house)
    assert rows(house, CURRENT)[0] == (1, 5, "2026-11-25", "2026-11-26")


def test_a_supply_carries_a_promise_and_moves_it_with_its_date(house: Engine) -> None:
    with house.begin() as conn:
        conn.execute(
            sql(
                """INSERT INTO supplies (kind, document_no, line_no, item_id, warehouse, quantity, pegged, expected_date, first_expected_date)
                   SELECT 'purchase', 'PO1', 1, item_id, warehouse, 9, 3, '2026-12-01', '2026-12-01' FROM reservations WHERE line_no = 2"""
            )
        )
        conn.execute(
            sql(
                "UPDATE stock_levels SET reserved = reserved - 3 WHERE (item_id, warehouse) IN (SELECT item_id, warehouse FROM supplies)"
            )
        )
        conn.execute(sql("UPDATE reservations SET supply_id = (SELECT id FROM supplies) WHERE line_no = 2"))
    promise(house)
    assert {tuple(row)[2:] for row in rows(house, CURRENT)} == {("2026-12-02", "2026-12-04")}, "it leaves as a whole"
    with house.begin() as conn:
        conn.execute(sql("UPDATE supplies SET expected_date = '2026-12-08'"))
        conn.execute(sql("UPDATE customers SET ship_rule = 'split'"))
    found = {line: (was, now) for _, line, was, now in promise(house)}
    assert found == {2: ("2026-12-04", "2026-12-11")}
    assert rows(house, CURRENT)[0][3] == "2026-11-25", "what may be split leaves when it can"


def test_promises_end_with_the_reservation(house: Engine) -> None:
    with house.begin() as conn:
        ids = conn.execute(sql("SELECT id FROM orders")).scalars().all()
        reserving.release_orders(conn, ids, at=NOON, actor="Ann", cause="test")
    assert rows(house, CURRENT) == []
    assert rows(house, "SELECT DISTINCT state, ended_at FROM promises") == [("withdrawn", NOON)]


def test_an_offers_promise_holds_until_it_must_be_answered_and_then_for_good(house: Engine) -> None:
    until = "SELECT DISTINCT valid_until = answer_by FROM promises p JOIN orders o ON o.id = order_id WHERE p.state = 'current'"
    assert rows(house, until) == [(True,)]
    with house.begin() as conn:
        apply_verdict(conn, [1], "confirmed", "confirmation", Policy(worktime=USUAL.work), NOON, actor="customer")
    assert rows(house, "SELECT line_no, valid_until FROM promises WHERE state = 'current' ORDER BY 1") == [
        (1, None),
        (2, None),
    ]
    assert audit_book(house) == []


def test_goods_that_left_have_kept_their_promise(house: Engine) -> None:
    with house.begin() as conn:
        ids = conn.execute(sql("SELECT id FROM reservations WHERE line_no = 2")).scalars().all()
        reserving.change_state(conn, ids, "picked", at=NOON, actor="Ann")
        reserving.consume(conn, ids, at=NOON, actor="Ann")
    assert rows(house, "SELECT line_no, state FROM promises ORDER BY 1") == [(1, "current"), (2, "kept")]


def test_the_mail_says_the_orders_day_and_each_lines_where_they_differ(house: Engine) -> None:
    def facts() -> tuple[object, list[object]]:
        with house.connect() as conn:
            order = order_mail_facts(order_facts(conn, [1])[1], b"secret", 1)
        return order.promised_date, [line.promised_date for line in order.lines]

    assert facts() == (date(2026, 11, 25), [None, None])
    with house.begin() as conn:
        conn.execute(sql("UPDATE promises SET promised_date = '2026-12-02' WHERE line_no = 2"))
    assert facts() == (date(2026, 12, 2), [date(2026, 11, 25), date(2026, 12, 2)])
    with house.begin() as conn:
        conn.execute(sql("UPDATE promises SET state = 'slipped', ended_at = now() WHERE line_no = 2"))
    assert facts() == (None, [date(2026, 11, 25), None]), "of a line nothing is known: then of all of it neither"
