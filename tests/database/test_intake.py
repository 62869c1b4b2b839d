"""Orders into the book: once, whatever comes how often in which sequence."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import Engine

from orderclerk.database import inbox
from orderclerk.database.audit import audit_book
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import Kind, Problem
from tests.deskwork import BINDING, NOON, bring, check, furnish, held, order, rows, states, value

ONE = ("IT-1", "5", "2.50")


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    return engine


def test_the_same_order_in_another_envelope_changes_nothing(house: Engine) -> None:
    assert bring(house, order("1", ONE)) == {"new": 1}
    assert bring(house, order("1", ONE), at=NOON + timedelta(days=1)) == {"repeat": 1}
    assert value(house, "SELECT count(*) FROM orders") == 1


def test_the_same_content_is_stored_once_and_every_delivery_is_on_record(house: Engine) -> None:
    with house.begin() as conn:
        twice = [Envelope("files", ref, b"one", "text/csv") for ref in ("a", "b", "a")]
        assert inbox.keep_once(conn, twice, NOON) == 1
        assert inbox.keep_once(conn, twice, NOON) == 0
    assert value(house, "SELECT count(*) FROM deliveries") == 2


def test_one_delivery_id_with_different_bodies_is_two_envelopes(house: Engine) -> None:
    with house.begin() as conn:
        bodies = [Envelope("shop", "delivery-7", body, "application/json") for body in (b"one", b"two")]
        assert inbox.keep_once(conn, bodies, NOON) == 2


def test_a_changed_order_takes_the_place_of_the_offer(house: Engine) -> None:
    bring(house, order("1", ONE))
    check(house)
    assert bring(house, order("1", ("IT-1", "8", "2.50")), at=NOON + timedelta(hours=1)) == {"amended": 1}
    check(house)
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 8
    keys = [
        row[0].partition(":")[0] + row[1]
        for row in rows(house, "SELECT idempotency_key, state FROM outbox ORDER BY id")
    ]
    assert keys == ["offersuperseded", "offerpending"]
    assert audit_book(house) == []


def test_versions_in_any_sequence_end_at_the_newest(engine: Engine) -> None:
    furnish(engine)
    versions = [(NOON + timedelta(hours=hour), order("R", ("IT-1", str(hour + 1), "2.50"))) for hour in range(3)]
    for number, sequence in enumerate(permutations(versions)):
        for at, version in sequence:
            bring(engine, type(version)(**{**_fields(version), "order_ref": f"R{number}"}), at=at)
            if number % 2:
                check(engine, at)
    check(engine)
    assert {row[0] for row in rows(engine, "SELECT quantity FROM order_lines")} == {3}
    assert audit_book(engine) == []


def _fields(read: object) -> dict[str, object]:
    return {name: getattr(read, name) for name in read.__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_change_after_confirmation_waits_for_a_person(house: Engine) -> None:
    bring(house, order("1", ONE))
    check(house)
    _confirm(house)
    assert bring(house, order("1", ("IT-1", "8", "2.50")), at=NOON + timedelta(hours=1)) == {"pending": 1}
    assert bring(house, order("1", ("IT-1", "8", "2.50")), at=NOON + timedelta(hours=2)) == {"repeat": 1}
    assert held(house) == {"1": {"AMD-001"}}
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 5


def _confirm(engine: Engine) -> None:
    from orderclerk.database.moves import move_orders
    from orderclerk.database.outbox import enqueue_order_mails

    with engine.begin() as conn:
        ids = [row[0] for row in rows(engine, "SELECT id FROM orders")]
        move_orders(conn, "commercial", ids, "confirmed", at=NOON, actor="customer", kind="confirmed")
        enqueue_order_mails(conn, "confirmation", ids, NOON)


def test_a_binding_channels_edit_is_applied_to_a_confirmed_order(house: Engine) -> None:
    shop = {"channel": "shop", "policy": BINDING}
    bring(house, order("1", ONE, source="shop"), **shop)
    check(house, policy=BINDING)
    assert states(house) == {"1": "confirmed"}
    bring(house, order("1", ("IT-1", "2", "2.50"), source="shop"), at=NOON + timedelta(hours=1), **shop)
    check(house, policy=BINDING)
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 2
    assert audit_book(house) == []


def test_a_cancellation_gives_the_stock_back_and_an_older_version_does_not_revive_it(house: Engine) -> None:
    bring(house, order("1", ONE))
    check(house)
    assert bring(house, order("1", kind=Kind.CANCELLATION), at=NOON + timedelta(hours=2)) == {"cancelled": 1}
    assert bring(house, order("1", ("IT-1", "9", "2.50")), at=NOON + timedelta(hours=1)) == {"stale": 1}
    assert states(house) == {"1": "cancelled"}
    assert value(house, "SELECT sum(reserved) FROM stock_levels") == 0
    assert audit_book(house) == []


def test_a_cancellation_that_comes_first_is_held_and_its_original_does_not_start(house: Engine) -> None:
    bring(house, order("1", kind=Kind.CANCELLATION), at=NOON + timedelta(hours=2))
    check(house)
    assert held(house) == {"1": {"CAN-001"}}
    assert bring(house, order("1", ONE), at=NOON) == {"stale": 1}
    assert states(house) == {"1": "cancelled"}


def test_text_that_postgresql_cannot_hold_does_not_stop_the_batch(house: Engine) -> None:
    bring(house, order("1", ("IT-1", "1", "2.50"), remarks="nul\x00 \ud800 \\N \x01"), order("2", ONE))
    assert value(house, "SELECT count(*) FROM orders") == 2


def test_a_partial_change_never_takes_the_orders_place(house: Engine) -> None:
    partial = Problem("AMD-001", "lines", "", "the document names only the lines that change")
    bring(house, order("1", ONE, ("IT-2", "3", "2.50")))
    bring(house, order("1", ("IT-2", "4", "2.50"), problems=(partial,)), at=NOON + timedelta(hours=1))
    check(house)
    assert held(house) == {"1": {"AMD-001"}}
    assert states(house) == {"1": "received"}
    assert value(house, "SELECT count(*) FROM order_lines") == 2
