"""Returns, changes and late knowledge through the book: what once went wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import inbox, reference_data, releasing
from orderclerk.database.audit import audit_book
from orderclerk.database.intake import apply_pending
from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.reading import Kind, OrderRead, Problem
from tasks.intake import placed
from tests.deskwork import BINDING, NOON, bring, check, furnish, held, order, rows, states, value

ONE, HOUR = ("IT-1", "5", "2.50"), timedelta(hours=1)
RETURNED = "SELECT sum(returned_quantity) FROM order_lines"


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    return engine


def back(ref: str, *lines: tuple[str, str, str], **more: object) -> OrderRead:
    return order(ref, *lines, kind=Kind.RETURN, **more)  # type: ignore[arg-type]


def with_charge(read: OrderRead) -> OrderRead:
    """The last line is a charge whose item stands in the catalogue."""
    return replace(read, lines=(*read.lines[:-1], replace(read.lines[-1], is_charge=True)))


def agree(engine: Engine, change: OrderRead) -> None:
    """A person releases the one changed version that waits."""
    hold = value(engine, "SELECT id FROM holds WHERE rule = 'AMD-001' AND state = 'open'")
    with engine.begin() as conn:
        order_id, _, envelope_id = releasing.release(conn, hold, "Ann", "", NOON)
        stored = inbox.one_envelope(conn, envelope_id)
        known = Known(reference_data.customer_keys(conn), reference_data.item_keys(conn), reference_data.items(conn))
        apply_pending(conn, incoming_orders(placed(line_frame([change]), stored), known), order_id, "Ann", NOON)


def test_a_charge_on_a_credit_note_stands_for_no_goods(house: Engine) -> None:
    freight = ("IT-5", "1", "2.50")
    bring(house, with_charge(order("9", ONE, freight)))
    check(house)
    bring(house, with_charge(back("C1", ("IT-1", "2", "2.50"), freight)), at=NOON + HOUR)
    bring(house, with_charge(back("C2", ("IT-1", "1", "2.50"), ("IT-2", "1", "2.50"), freight)), at=NOON + HOUR)
    check(house)
    assert held(house) == {"C2": {"RET-001"}}
    assert value(house, RETURNED) == 2
    assert audit_book(house) == []


def test_a_return_that_is_not_whole_takes_nothing_from_the_next(house: Engine) -> None:
    bring(house, order("9", ONE))
    check(house)
    bring(house, back("C1", ONE, ("IT-2", "1", "2.50")), back("C2", ONE), at=NOON + HOUR)
    check(house)
    assert states(house) == {"9": "offered", "C1": "received", "C2": "confirmed"}
    with house.begin() as conn:
        releasing.release(conn, value(house, "SELECT id FROM holds WHERE state = 'open'"), "Ann", "", NOON)
    check(house)
    assert held(house) == {"C1": {"RET-001"}}  # the line that matched before finds nothing now
    assert audit_book(house) == []


def test_a_changed_or_cancelled_return_gives_back_what_it_took(house: Engine) -> None:
    shop = {"channel": "shop", "policy": BINDING}
    bring(house, order("9", ONE, source="shop"), **shop)
    check(house, policy=BINDING)
    for hour, quantity in enumerate("234", start=1):
        bring(house, back("C9", ("IT-1", quantity, "2.50"), source="shop"), at=NOON + hour * HOUR, **shop)
        check(house, policy=BINDING)
        assert value(house, RETURNED) == int(quantity)
    bring(house, order("C9", kind=Kind.CANCELLATION, source="shop"), at=NOON + 9 * HOUR, **shop)
    assert value(house, RETURNED) == 0
    assert audit_book(house) == []


def test_an_original_changed_by_agreement_has_its_returns_looked_at_again(house: Engine) -> None:
    bring(house, order("9", ONE))
    check(house)
    bring(house, back("C9", ("IT-1", "2", "2.50")), at=NOON + HOUR)
    check(house)
    change = order("9", ("IT-1", "4", "2.50"))
    bring(house, change, at=NOON + 2 * HOUR)
    agree(house, change)
    check(house)
    assert states(house) == {"9": "offered", "C9": "confirmed"}
    assert value(house, RETURNED) == 2
    assert audit_book(house) == []


def test_a_credit_note_under_the_orders_own_number_waits_for_a_person(house: Engine) -> None:
    bring(house, order("9", ONE))
    check(house)
    for at in (NOON + HOUR, NOON + 2 * HOUR):
        bring(house, back("9", ("IT-1", "2", "2.50")), at=at)
    check(house)
    assert held(house) == {"9": {"AMD-001"}}
    assert value(house, "SELECT quantity FROM order_lines") == 5


def test_a_return_that_a_person_must_look_at_is_not_accepted_meanwhile(house: Engine) -> None:
    bring(house, back("C9", ("IT-1", "2", "2.50")))
    check(house)
    partial = (Problem("AMD-001", "lines", "", "only some lines"),)
    bring(house, back("C9", ("IT-1", "1", "2.50"), problems=partial), order("9", ONE), at=NOON + HOUR)
    check(house)
    assert states(house)["C9"] == "received"


def test_of_several_changes_that_wait_the_newest_is_released_and_the_others_are_named(house: Engine) -> None:
    bring(house, order("1", ONE, kind=Kind.CANCELLATION))
    for hour in (1, 3, 2):
        bring(house, order("1", ("IT-1", str(hour), "2.50")), at=NOON + hour * HOUR)
    first, newest = (value(house, f"SELECT id FROM envelopes WHERE sent_at = '{NOON + h * HOUR}'") for h in (1, 3))
    (evidence,) = rows(house, "SELECT evidence FROM holds WHERE rule = 'AMD-001'")[0]
    assert evidence == {"envelope": newest, "earlier": {"envelope": first}}
    agree(house, order("1", ("IT-1", "3", "2.50")))
    check(house)
    assert rows(house, "SELECT kind, commercial_state, quantity FROM orders JOIN order_lines ON order_id = id") == [
        ("order", "offered", 3)  # an order again
    ]
    assert value(house, "SELECT count(*) FROM order_revisions WHERE state = 'pending'") == 0
    assert audit_book(house) == []


def test_a_customer_known_later_gets_the_items_of_their_own_numbers(house: Engine) -> None:
    with house.begin() as conn:
        conn.execute(
            sql("INSERT INTO item_keys (customer_id, value, item_id) SELECT c.id, 'IT-1', i.id FROM customers c, items i "
                "WHERE customer_no = 'C2' AND item_no = 'IT-2'")
        )  # fmt: skip
    bring(house, order("1", ONE, who="ZZ"))
    check(house)
    with house.begin() as conn:
        conn.execute(
            sql(
                "INSERT INTO customer_keys (kind, value, customer_id) SELECT 'number', 'zz', id FROM customers WHERE customer_no = 'C2'"
            )
        )
        conn.execute(sql("UPDATE orders SET needs_check = true"))
    check(house)
    assert states(house) == {"1": "offered"}
    assert value(house, "SELECT item_no FROM order_lines l JOIN items i ON i.id = item_id") == "IT-2"
