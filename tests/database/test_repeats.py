"""Orders that repeat an earlier one: its lines at today's prices, changed where the customer's words are clear."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from orderclerk.domain.reading import CustomerRef, Evidence, LineRead, OrderRead, Problem
from tests.deskwork import BINDING, NOON, bring, check, furnish, held, name_items, order, rows, states, value


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    name_items(engine)
    return engine


def again(ref: str, repeats: str = "last", *lines: LineRead, confidence: float = 1.0) -> OrderRead:
    seen = Evidence("repeats", "body", "line 1", 0, 4, "same", confidence)
    who = CustomerRef(number="C1", email="c1@x.example")
    return OrderRead(
        "mail:c1@x.example", ref, customer=who, currency="GBP", lines=lines, repeats=repeats, evidence=(seen,)
    )


def test_same_as_last_time_takes_the_lines_of_the_last_order_at_todays_prices(house: Engine) -> None:
    for day, item in enumerate(("IT-1", "IT-2")):
        bring(
            house,
            order(f"P{day}", (item, "3", "2.50"), source="shop"),
            channel="shop",
            at=NOON - timedelta(days=20 - day),
            policy=BINDING,
        )
    check(house, policy=BINDING)
    with house.begin() as conn:
        conn.execute(sql("UPDATE prices SET unit_price = 2.60"))
    bring(house, again("A"), again("B", "P0"))
    check(house)
    assert states(house) == {"P0": "confirmed", "P1": "confirmed", "A": "offered", "B": "offered"}
    lines = rows(house, """SELECT o.order_ref, l.item_ref, l.quantity, l.unit_price, l.match->>'how', l.match->>'order' FROM order_lines l
                           JOIN orders o ON o.id = l.order_id WHERE channel = 'files' ORDER BY 1""")  # fmt: skip
    numbers = dict(rows(house, "SELECT order_ref, order_no FROM orders"))
    assert lines == [
        ("A", "IT-2", 3, Decimal("2.6000"), "repeat", numbers["P1"]),
        ("B", "IT-1", 3, Decimal("2.6000"), "repeat", numbers["P0"]),
    ]
    with house.begin() as conn:
        conn.execute(sql("UPDATE orders SET needs_check = true"))
    check(house)
    assert value(house, "SELECT count(*) FROM order_lines") == 4
    assert audit_book(house) == []


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ((), "no earlier"),
        ((("P1", 3, "C1"), ("P2", 3, "C1")), "two orders of one day"),
        ((("P1", 3, "C2"),), "no earlier"),
    ],
)
def test_an_unclear_repetition_is_asked(house: Engine, made: tuple[tuple[str, int, str], ...], why: str) -> None:
    for ref, days, who in made:
        bring(
            house,
            order(ref, ("IT-1", "3", "2.50"), source="shop", who=who),
            channel="shop",
            at=NOON - timedelta(days=days),
            policy=BINDING,
        )
    check(house, policy=BINDING)
    bring(house, again("A"))
    check(house)
    assert "ORD-007" in held(house)["A"]
    assert why in value(house, "SELECT reason FROM holds WHERE rule = 'ORD-007'")


def test_a_repetition_that_names_lines_of_its_own_is_asked(house: Engine) -> None:
    bring(
        house,
        order("P", ("IT-1", "3", "2.50"), source="shop"),
        channel="shop",
        at=NOON - timedelta(days=3),
        policy=BINDING,
    )
    check(house, policy=BINDING)
    bring(house, again("A", "last", LineRead("1", "IT-2", Decimal(5))), again("B", "P", confidence=0.5))
    check(house)
    assert held(house)["A"] == {"ORD-007"}
    assert held(house)["B"] == {"LIN-008"}, "an unsure reading of the words is held like an unsure line"


def repeated_but(ref: str, words: str) -> OrderRead:
    """A mail's order that repeats the last one with `words` for what is to be otherwise, as the reader states it."""
    asked = Problem("ORD-008", "repeats", words, "are they all, or changes of it?")
    named = Problem("LIN-009", "lines", f"Same as last time, but {words}", "these words may order something")
    return replace(again(ref), problems=(asked, named))


@pytest.fixture
def regular(house: Engine) -> Engine:
    """A customer whose last order was 5 blue mugs, 3 hoses and 2 lamps."""
    lines = (("IT-1", "5", "2.50"), ("IT-3", "3", "2.50"), ("IT-5", "2", "2.50"))
    bring(house, order("P", *lines, source="shop"), channel="shop", at=NOON - timedelta(days=20), policy=BINDING)
    check(house, policy=BINDING)
    return house


@pytest.mark.parametrize(
    ("words", "goods"),
    [
        ("only 20 of the blue mugs", {"IT-1": 20, "IT-3": 3, "IT-5": 2}),
        ("30 instead of 3 of IT-3, and no lamps", {"IT-1": 5, "IT-3": 30}),
        ("without line 2", {"IT-1": 5, "IT-5": 2}),
    ],
)
def test_the_same_as_last_time_with_another_quantity_is_the_last_order_so_changed(
    regular: Engine, words: str, goods: dict[str, int]
) -> None:
    bring(regular, repeated_but("A", words))
    check(regular)
    with regular.begin() as conn:
        conn.execute(sql("UPDATE orders SET needs_check = true WHERE order_ref = 'A'"))
    check(regular)  # again, as after any release: what was understood stays understood
    assert (states(regular)["A"], held(regular)) == ("offered", {})
    found = rows(regular, """SELECT i.item_no, l.quantity, l.match->>'changed' FROM order_lines l JOIN items i ON i.id = l.item_id
                             JOIN orders o ON o.id = l.order_id WHERE o.order_ref = 'A'""")  # fmt: skip
    assert {item: int(quantity) for item, quantity, _ in found} == goods
    assert {said for _, _, said in found} == {words}
    assert audit_book(regular) == []


@pytest.mark.parametrize(
    "words", ["20 of the green ones", "only 20", "please ship to our new address", "without all of it", "add 5 of IT-2"]
)
def test_the_same_as_last_time_with_a_change_that_is_not_clear_is_asked(regular: Engine, words: str) -> None:
    bring(regular, repeated_but("A", words))
    check(regular)
    assert held(regular)["A"] >= {"ORD-008"}
    assert [int(q) for (q,) in rows(regular, "SELECT quantity FROM order_lines WHERE order_id > 1")] == [5, 3, 2]
