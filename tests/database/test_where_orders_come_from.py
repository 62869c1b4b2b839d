"""Where the desk takes orders from: few parcels, by the customer's rules, what is coming, and the why in the book."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import reserving, supplies
from orderclerk.database.audit import audit_book
from orderclerk.database.backorders import recheck_waiting
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Address
from orderclerk.domain.stock_policy import Rate, StockPolicy
from tasks.backorders import refill_orders
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, states, value
from tests.stockwork import stock_up

TAKEN = "SELECT order_id, item_id, warehouse, supply_id, quantity FROM reservations WHERE state = 'hard' ORDER BY 1, 2, 3, 4 NULLS FIRST"
PATIENT = Policy(stock=StockPolicy(wait_days=14))
WHY = "SELECT cause->>'why' FROM events WHERE kind = 'stock reserved' ORDER BY order_id"


def stock(engine: Engine, levels: dict[tuple[int, str], int]) -> None:
    """Customers and items, and so much of each item in each warehouse."""
    furnish(engine, on_hand=0)
    with engine.begin() as conn:
        for (item, code), quantity in levels.items():
            stock_up(conn, f"SELECT {item}::bigint, '{code}', '', {quantity}000::bigint")


def expect(engine: Engine, quantity: int, day: str, item: int = 1, document: str = "PO1") -> None:
    line = {"kind": "return", "document_no": document, "line_no": 1, "item_id": item, "warehouse": "A",
            "quantity_e3": quantity * 1000, "expected_date": day}  # fmt: skip
    with engine.begin() as conn:
        reserving.lock_stock(conn, [item])
        supplies.open_supplies(conn, pd.DataFrame([line]), at=NOON, actor="Ann")


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as conn:
        for statement in statements:
            conn.execute(sql(statement))


def test_one_warehouse_that_has_all_sends_it_and_the_event_says_so(engine: Engine) -> None:
    stock(engine, {(1, "A"): 50, (2, "B"): 50, (1, "C"): 4, (2, "C"): 4})
    bring(engine, order("1", ("IT-1", "4", "2.50"), ("IT-2", "4", "2.50")))
    check(engine)
    assert rows(engine, TAKEN) == [(1, 1, "C", None, 4), (1, 2, "C", None, 4)]
    assert value(engine, WHY) == "all from C"
    assert audit_book(engine) == []


def test_an_order_from_two_warehouses_says_why_one_would_not_do(engine: Engine) -> None:
    stock(engine, {(1, "A"): 3, (1, "B"): 4})
    bring(engine, order("1", ("IT-1", "7", "2.50")))
    check(engine)
    assert value(engine, WHY) == "A + B: no single warehouse has 7 of IT-1"
    assert (
        value(engine, "SELECT cause->'smaller'->0->'lacking'->>'IT-1' FROM events WHERE kind = 'stock reserved'") == "3"
    )


def test_parcel_costs_rates_and_priorities_of_warehouses_decide(engine: Engine) -> None:
    stock(engine, {(1, code): 50 for code in "ABC"})
    run(engine, "UPDATE warehouses SET parcel_cost = 5", "UPDATE warehouses SET priority = 1 WHERE code = 'B'")
    bring(engine, order("1", ("IT-1", "7", "2.50")))
    check(engine)
    cheap = StockPolicy(rates={"GB": {"C": Rate(40_000)}})
    to = Address(street="1 High Street", city="Leeds", postal_code="LS1 4XX", country="GB")
    bring(engine, order("2", ("IT-1", "6", "2.50"), delivery=to))
    check(engine, policy=Policy(stock=cheap))
    assert [row[2] for row in rows(engine, TAKEN)] == ["B", "C"]


def test_an_inactive_warehouse_and_safety_stock_send_nothing(engine: Engine) -> None:
    stock(engine, {(1, "A"): 5, (1, "B"): 50})
    run(engine, "UPDATE warehouses SET is_active = false WHERE code = 'B'",
        "INSERT INTO stock_rules (item_id, warehouse, safety_stock) VALUES (1, 'A', 2)")  # fmt: skip
    bring(engine, order("1", ("IT-1", "4", "2.50")))
    check(engine)
    assert value(engine, "SELECT reason FROM holds") == "4 of IT-1 wanted, 3 free"
    run(engine, "UPDATE orders SET needs_check = true")
    check(engine, policy=Policy(stock=StockPolicy(uses_safety=True)))
    assert rows(engine, TAKEN) == [(1, 1, "A", None, 4)]


def test_the_parcels_of_a_day_are_counted(engine: Engine) -> None:
    stock(engine, {(1, "A"): 50, (1, "B"): 50})
    run(engine, "UPDATE warehouses SET parcels_a_day = 1 WHERE code = 'A'")
    for ref in ("1", "2"):
        bring(engine, order(ref, ("IT-1", ref, "2.50")))
        check(engine)
    assert [row[2] for row in rows(engine, TAKEN)] == ["A", "B"]


def test_an_order_waits_for_what_is_coming_as_long_as_the_house_says_and_the_customer_wants(engine: Engine) -> None:
    stock(engine, {(1, "A"): 3})
    expect(engine, 9, "2026-11-30")
    bring(
        engine,
        order("far", ("IT-1", "20", "2.50")),
        order("soon", ("IT-1", "5", "2.50"), requested_date=date(2026, 11, 25)),
    )
    bring(engine, order("wait", ("IT-1", "6", "2.50")))
    check(engine, policy=PATIENT)
    assert states(engine) == {"far": "received", "soon": "received", "wait": "offered"}
    assert rows(engine, TAKEN) == [(3, 1, "A", None, 3), (3, 1, "A", 1, 3)]
    assert value(engine, WHY) == "A on 2026-12-01: stock lacks 3 of IT-1"
    assert value(engine, "SELECT reason FROM holds WHERE order_id = 1") == "20 of IT-1 wanted, 3 free, 9 coming in time"
    assert audit_book(engine) == []


@pytest.mark.parametrize(("shortage", "served"), [("priority", "low-old"), ("commitment", "low-old")])
def test_who_comes_first_when_it_is_short_is_the_houses_policy(engine: Engine, shortage: str, served: str) -> None:
    stock(engine, {(1, "A"): 5})
    run(engine, "UPDATE customers SET priority = 9 WHERE customer_no = 'C2'")
    bring(engine, order("low-old", ("IT-1", "5", "2.50"), order_date=date(2026, 11, 20)))
    bring(engine, order("high-new", ("IT-1", "4", "2.50"), who="C2", order_date=date(2026, 11, 23)))
    check(engine, policy=Policy(stock=StockPolicy(shortage=shortage)))  # type: ignore[arg-type]
    expected = "high-new" if shortage == "priority" else served
    assert [ref for ref, state in states(engine).items() if state == "offered"] == [expected]


def receive(engine: Engine, supply: int, quantity: int) -> int:
    with engine.begin() as conn:
        slip = pd.DataFrame([{"key": f"slip {supply}", "supply_id": supply, "quantity_e3": quantity * 1000}])
        supplies.receive(conn, slip, at=NOON, actor="Ann")
        return recheck_waiting(conn, supplies.items_of(conn, [supply]))


def test_a_receipt_has_the_orders_checked_again_that_wait_for_it_and_no_others(engine: Engine) -> None:
    stock(engine, {(1, "A"): 1, (2, "A"): 1})
    expect(engine, 9, "2027-11-30")
    bring(engine, order("1", ("IT-1", "5", "2.50")), order("2", ("IT-2", "5", "2.50")))
    check(engine)
    assert held(engine) == {"1": {"STK-001"}, "2": {"STK-001"}}
    assert receive(engine, 1, 9) == 1
    check(engine)
    assert states(engine) == {"1": "offered", "2": "received"}
    assert audit_book(engine) == []


def test_an_accepted_order_whose_supply_was_lost_is_refilled_before_those_that_are_held(engine: Engine) -> None:
    stock(engine, {(1, "A"): 1})
    expect(engine, 9, "2026-11-30")
    bring(engine, order("accepted", ("IT-1", "6", "2.50")))
    check(engine, policy=PATIENT)
    bring(engine, order("held", ("IT-1", "7", "2.50")))
    check(engine, policy=PATIENT)
    expect(engine, 9, "2026-12-24", document="PO2")
    with engine.begin() as conn:
        lost = supplies.close_supplies(conn, [1], at=NOON, actor="Ann")
        assert lost["quantity_e3"].tolist() == [5000]
    assert refill_orders(engine, PATIENT, NOON) == {"refilled": 0, "short": 1}
    assert receive(engine, 2, 9) == 1
    assert refill_orders(engine, PATIENT, NOON) == {"refilled": 1, "short": 0}
    assert refill_orders(engine, PATIENT, NOON) == {"refilled": 0, "short": 0}
    check(engine, policy=PATIENT)
    assert rows(engine, TAKEN) == [(1, 1, "A", None, 6)]
    assert states(engine) == {"accepted": "offered", "held": "received"}
    assert value(engine, "SELECT cause->>'why' FROM events WHERE kind = 'stock refilled'").endswith("then the date: 5")
    assert audit_book(engine) == []


def test_an_order_that_lost_its_supply_waits_for_the_next_one_in_time(engine: Engine) -> None:
    stock(engine, {(1, "A"): 1})
    expect(engine, 9, "2026-11-30")
    bring(engine, order("accepted", ("IT-1", "6", "2.50")))
    check(engine, policy=PATIENT)
    expect(engine, 9, "2026-12-02", document="PO2")
    with engine.begin() as conn:
        supplies.close_supplies(conn, [1], at=NOON, actor="Ann")
    assert refill_orders(engine, PATIENT, NOON) == {"refilled": 1, "short": 0}
    assert rows(engine, TAKEN) == [(1, 1, "A", None, 1), (1, 1, "A", 2, 5)]
    assert audit_book(engine) == []
