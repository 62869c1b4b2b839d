"""An order in cartons is reserved, priced and told in pieces; one in a unit nobody can reckon waits for the customer."""

from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import order_facts
from orderclerk.domain.reading import CustomerRef, LineRead, OrderRead
from tasks.order_mails import order_mail_facts
from tests.database.test_answers import hear, say
from tests.deskwork import bring, check, furnish, held, rows, states, value


def in_unit(ref: str, unit: str, quantity: str = "2", price: str = "30.00") -> OrderRead:
    line = LineRead("1", "IT-1", Decimal(quantity), Decimal(price) if price else None, unit=unit)
    return OrderRead("files:p", ref, customer=CustomerRef(number="C1"), currency="GBP", lines=(line,))


def packed(engine: Engine) -> None:
    furnish(engine)
    with engine.begin() as conn:
        conn.execute(sql("UPDATE items SET pack_size = 12"))


def test_two_cartons_of_twelve_reserve_twenty_four_pieces_at_the_pieces_price(engine: Engine) -> None:
    packed(engine)
    bring(engine, in_unit("A", "CT"))
    check(engine)
    assert states(engine) == {"A": "offered"}
    assert rows(engine, "SELECT quantity, unit, unit_price FROM order_lines") == [(24, "EA", Decimal("2.5"))]
    assert value(engine, "SELECT sum(quantity) FROM reservations") == 24
    assert value(engine, "SELECT stated FROM order_lines") == {"quantity": "2", "unit": "CT", "unit_price": "30"}


def test_the_mail_says_what_was_written_until_the_customer_changes_it(engine: Engine) -> None:
    packed(engine)
    bring(engine, in_unit("A", "CT"))
    check(engine)
    assert told(engine) == [(24, 2, "CT")]
    say(engine, "only 12 of IT-1", ref="A")
    hear(engine)
    assert told(engine) == [(12, None, "")]


def told(engine: Engine) -> list[tuple[Decimal | None, Decimal | None, str]]:
    with engine.connect() as conn:
        facts = order_mail_facts(
            order_facts.order_facts(conn, [1])[1], b"secret", value(engine, "SELECT revision FROM orders")
        )
    return [(line.quantity, line.stated_quantity, line.stated_unit) for line in facts.lines]


def test_the_same_order_again_changes_nothing(engine: Engine) -> None:
    packed(engine)
    bring(engine, in_unit("A", "CT"))
    check(engine)
    assert bring(engine, in_unit("A", "CT")) == {"repeat": 1}
    assert check(engine) == {}


def test_a_pallet_of_unknown_size_is_held_until_the_customer_says(engine: Engine) -> None:
    packed(engine)
    bring(engine, in_unit("A", "PF", price=""))
    check(engine)
    assert "QTY-004" in held(engine)["A"]
