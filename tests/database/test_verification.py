"""Orders checked: accepted when nobody objects, held with the right rule when somebody does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from orderclerk.database import releasing
from orderclerk.database.audit import audit_book
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Kind, Problem
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, states, value

ONE = ("IT-1", "5", "2.50")


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    return engine


def test_a_sound_order_is_reserved_and_offered_once(house: Engine) -> None:
    bring(house, order("1", ONE, ("it-2", "3", "2.50")))
    assert check(house) == {"offered": 1}
    assert check(house) == {}
    assert states(house) == {"1": "offered"}
    assert rows(house, "SELECT kind, recipient, state FROM outbox") == [("offer", "c1@x.example", "pending")]
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 8
    assert audit_book(house) == []


def test_a_line_without_a_price_gets_the_lists(house: Engine) -> None:
    bring(house, order("1", ("IT-1", "5", "")))
    check(house)
    assert value(house, "SELECT unit_price FROM order_lines") == Decimal("2.5000")
    assert states(house) == {"1": "offered"}


def test_each_objection_holds_with_its_rule(house: Engine) -> None:
    made = {
        "CUS-001": order("1", ONE, who="nobody"),
        "ITM-001": order("2", ("NOPE", "1", "2.50")),
        "PRC-001": order("3", ("IT-1", "1", "2.49")),
        "PRC-003": order("4", ("IT-1", "1", "0")),
        "LIN-004": order("5", ("IT-1", "200000", "2.50")),
        "LIN-005": order("6", ONE, ONE),
        "ORD-001": order("7"),
        "ORD-002": order("8", ONE, problems=(Problem("ORD-002", "order_date", "31.31.", "no such day"),)),
        "STK-001": order("9", ("IT-1", "101", "2.50")),
        "RET-001": order("10", ONE, kind=Kind.RETURN),
    }
    bring(house, *made.values())
    check(house)
    found = held(house)
    assert {rule: rule in found[read.order_ref] for rule, read in made.items()} == dict.fromkeys(made, True)
    assert set(states(house).values()) == {"received"}
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 0
    assert value(house, "SELECT count(*) FROM outbox") == 0
    assert audit_book(house) == []


def test_several_objections_are_held_at_once_and_released_one_by_one(house: Engine) -> None:
    bring(house, order("x", ("IT-1", "1", "9.99"), ONE, ONE))
    check(house)
    assert held(house) == {"x": {"PRC-001", "LIN-005"}}
    for (hold,) in rows(house, "SELECT id FROM holds ORDER BY id"):
        assert states(house) == {"x": "received"}
        with house.begin() as conn:
            releasing.release(conn, hold, "Ann", "agreed on the phone", NOON)
        check(house)
    assert states(house) == {"x": "offered"}
    assert {row[0] for row in rows(house, "SELECT actor FROM events WHERE kind = 'hold released'")} == {"Ann"}
    assert audit_book(house) == []


def test_what_is_missing_cannot_be_waived_and_says_what_to_do(house: Engine) -> None:
    bring(house, order("x", ("NOPE", "1", "2.50")))
    check(house)
    with house.begin() as conn, pytest.raises(releasing.ReleaseError, match="Find the item and add"):
        releasing.release(conn, value(house, "SELECT id FROM holds"), "Ann", "", NOON)


def test_an_unknown_item_is_resolved_when_the_catalogue_learns_it(house: Engine) -> None:
    from sqlalchemy import text as sql

    from orderclerk.database.checking import recheck_held

    bring(house, order("x", ("THEIR-7", "2", "2.50")))
    check(house)
    with house.begin() as conn:
        conn.execute(
            sql("INSERT INTO item_keys (value, item_id) SELECT 'THEIR-7', id FROM items WHERE item_no = 'IT-3'")
        )
        recheck_held(conn, ["ITM-001"])
    check(house)
    assert states(house) == {"x": "offered"}
    assert rows(house, "SELECT rule, state FROM holds") == [("ITM-001", "resolved")]


def test_the_same_order_through_two_channels_is_a_suspected_duplicate(house: Engine) -> None:
    bring(house, order("1", ONE))
    bring(house, order("77", ONE, source="shop"), channel="shop", at=NOON + timedelta(hours=1))
    check(house)
    assert states(house) == {"1": "offered", "77": "received"}
    assert held(house) == {"77": {"DUP-001"}}


def test_the_same_basket_under_two_references_of_one_sender_is_two_orders(house: Engine) -> None:
    bring(house, order("1", ONE), order("2", ONE))
    check(house)
    assert states(house) == {"1": "offered", "2": "offered"}


def test_short_stock_goes_to_the_first_that_it_serves_whole(house: Engine) -> None:
    bring(
        house,
        order("1", ("IT-1", "60", "2.50")),
        order("2", ("IT-1", "60", "2.50")),
        order("3", ("IT-1", "40", "2.50")),
    )
    check(house)
    assert states(house) == {"1": "offered", "2": "received", "3": "offered"}
    assert (
        value(house, "SELECT reserved FROM stock_levels JOIN items i ON i.id = item_id WHERE item_no = 'IT-1'") == 100
    )


def test_a_return_finds_its_original_whichever_comes_first(house: Engine) -> None:
    bring(house, order("C9", ("IT-1", "2", "2.50"), kind=Kind.RETURN), at=NOON + timedelta(days=1))
    check(house)
    assert held(house) == {"C9": {"RET-001"}}
    bring(house, order("9", ONE))
    check(house)
    assert states(house) == {"9": "offered", "C9": "confirmed"}
    assert value(house, "SELECT sum(returned_quantity) FROM order_lines") == 2
    assert audit_book(house) == []


def test_no_more_comes_back_than_was_bought(house: Engine) -> None:
    bring(house, order("9", ONE))
    check(house)
    bring(
        house,
        *(order(f"C{n}", ("IT-1", "2", "2.50"), kind=Kind.RETURN) for n in range(3)),
        at=NOON + timedelta(hours=1),
    )
    check(house)
    assert sorted(states(house).values()) == ["confirmed", "confirmed", "offered", "received"]
    assert value(house, "SELECT sum(returned_quantity) FROM order_lines") == 4


def test_prices_within_the_tolerance_pass(house: Engine) -> None:
    bring(house, order("1", ("IT-1", "1", "2.52")), order("2", ("IT-1", "1", "2.53")))
    check(house, policy=Policy(price_tolerance_percent=1.0))
    assert states(house) == {"1": "offered", "2": "received"}
