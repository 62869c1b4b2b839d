"""Lines without a known number: taken, asked about, and how sure the book says they are."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import confirming, releasing
from orderclerk.database.audit import audit_book
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import CustomerRef, Evidence, LineRead, OrderRead
from tests.deskwork import NOON, bring, check, furnish, held, name_items, rows, states, value


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    name_items(engine)
    return engine


def described(ref: str, *descriptions: str, who: str = "C1", **line: object) -> OrderRead:
    lines = tuple(
        LineRead(str(number), "", Decimal(2), description=words, **line)  # type: ignore[arg-type]
        for number, words in enumerate(descriptions, start=1)
    )
    return OrderRead(
        "mail:c1@x.example", ref, customer=CustomerRef(number=who, email="c1@x.example"), currency="GBP", lines=lines
    )


def test_a_described_line_is_taken_with_how_and_how_surely(house: Engine) -> None:
    bring(house, described("1", "blue mugs 300ml"))
    check(house)
    assert states(house) == {"1": "offered"}
    line = rows(house, "SELECT i.item_no, l.confidence, l.match FROM order_lines l JOIN items i ON i.id = l.item_id")[0]
    assert (line.item_no, line.match["how"]) == ("IT-1", "name")
    assert line.confidence == pytest.approx(line.match["confidence"] * line.match["reading"])
    assert audit_book(house) == []


@pytest.mark.parametrize(
    ("words", "rule", "choices"),
    [
        ("mug blue", "ITM-004", ["IT-1", "IT-2"]),
        ("special part", "ITM-005", []),
        ("mug blue 350 ml", "ITM-005", ["IT-1", "IT-2"]),
    ],
)
def test_what_fits_several_or_none_is_asked(house: Engine, words: str, rule: str, choices: list[str]) -> None:
    bring(house, described("1", words))
    check(house)
    assert held(house) == {"1": {rule}}
    asked = value(house, "SELECT evidence FROM holds")
    assert (asked["asked"], asked["description"]) == ("item", words)
    assert [choice["item_no"] for choice in asked["choices"]] == choices
    with house.begin() as conn, pytest.raises(releasing.ReleaseError, match="cannot be waived"):
        releasing.release(conn, value(house, "SELECT id FROM holds"), "Ann", "", NOON)


def test_an_unsure_reading_is_held_with_the_field_that_is_unsure(house: Engine) -> None:
    form = Evidence("form", "body", "line 3", 0, 20, "counted item; two counts", 0.9)
    seen = Evidence("quantity", "body", "line 3", 0, 1, "2", 0.99)
    order = described("1", "desk lamp", confidence=0.9, evidence=(form, seen))
    bring(house, replace(order, lines=tuple(replace(line, item_ref="IT-5") for line in order.lines)))
    check(house)
    assert held(house) == {"1": {"LIN-008"}}
    asked = value(house, "SELECT evidence FROM holds")
    assert (asked["asked"], asked["read"], asked["where"]) == ("quantity", "2", "body line 3")
    assert check(house) == {}
    with house.begin() as conn:
        releasing.release(conn, value(house, "SELECT id FROM holds"), "Ann", "as written", NOON)
    check(house)
    assert states(house) == {"1": "offered"}


def test_the_threshold_is_the_houses(house: Engine) -> None:
    bring(house, described("1", "desk lamp", confidence=0.9))
    check(house, policy=Policy(min_confidence=0.85))
    assert states(house) == {"1": "offered"}


def test_checking_again_changes_no_confidence(house: Engine) -> None:
    bring(house, described("1", "desk lamp", "mug blue", confidence=0.995))
    check(house)
    before = rows(house, "SELECT line_no, confidence, match FROM order_lines ORDER BY 1")
    with house.begin() as conn:
        conn.execute(sql("UPDATE orders SET needs_check = true"))
    check(house)
    assert rows(house, "SELECT line_no, confidence, match FROM order_lines ORDER BY 1") == before


def hold_of(house: Engine) -> int:
    return int(value(house, "SELECT id FROM holds WHERE state = 'open'"))


def say(house: Engine, item: str = "IT-1", *, remember: bool = True, at: datetime = NOON) -> None:
    """What the form does."""
    with house.begin() as conn:
        confirming.confirm_hold(conn, hold_of(house), item, "Ann", remember, at)
    check(house, at)


def test_what_a_person_confirms_once_needs_nobody_the_next_time(house: Engine) -> None:
    bring(house, described("1", "the usual cups"), described("2", "Usual cups, the"))
    check(house)
    assert held(house) == {"1": {"ITM-005"}, "2": {"ITM-005"}}
    with house.begin() as conn:
        confirming.confirm_hold(conn, value(house, "SELECT min(id) FROM holds"), "it-1", "Ann", True, NOON)
    check(house)
    bring(
        house,
        described("3", "the usual cups"),
        described("4", "the usual cups", who="C2"),
        at=NOON + timedelta(hours=1),
    )
    check(house)
    assert states(house) == {"1": "offered", "2": "offered", "3": "offered", "4": "received"}
    hows = rows(house, "SELECT match->>'how' FROM order_lines ORDER BY order_id")
    assert [how for (how,) in hows] == ["person", "alias", "alias", None]
    assert value(house, "SELECT count(*) FROM orders WHERE commercial_state = 'offered' AND fingerprint = ''") == 0
    assert audit_book(house) == []


def test_once_only_means_once_only(house: Engine) -> None:
    bring(house, described("1", "the usual cups"))
    check(house)
    say(house, remember=False)
    bring(house, described("2", "the usual cups"), at=NOON + timedelta(hours=1))
    check(house)
    assert states(house) == {"1": "offered", "2": "received"}


def test_a_wording_learned_wrongly_is_forgotten_and_its_orders_are_named(house: Engine) -> None:
    bring(house, described("1", "the usual cups"))
    check(house)
    say(house)
    bring(house, described("2", "the usual cups", confidence=0.5), at=NOON + timedelta(hours=1))
    check(house)
    with house.begin() as conn:
        named = confirming.forget_wording(conn, "C1", "The usual cups", "Ann", NOON)
    check(house)
    assert named == [value(house, "SELECT order_no FROM orders WHERE order_ref = '1'")]
    assert held(house) == {"2": {"ITM-005"}}
    with house.begin() as conn:
        conn.execute(sql("UPDATE orders SET commercial_state = 'confirmed', answer_by = NULL WHERE order_ref = '1'"))
    bring(house, described("3", "the usual cups"), at=NOON + timedelta(hours=2))
    check(house)
    assert states(house)["3"] == "received", "the forgotten meaning does not come back out of the history"
    with house.begin() as conn, pytest.raises(confirming.ConfirmError, match="taught us nothing"):
        confirming.forget_wording(conn, "C1", "The usual cups", "Ann", NOON)


def test_a_customers_own_number_is_learned_and_a_mistyped_one_is_not(house: Engine) -> None:
    for number, ref in enumerate(("THEIRS-77", "IT-11"), start=1):
        line = LineRead("1", ref, Decimal(2))
        bring(house, replace(described(ref), lines=(line,)), at=NOON + timedelta(hours=number))
        check(house)
        say(house)
    assert [ref for (ref,) in rows(house, "SELECT value FROM item_keys")] == ["THEIRS-77"]
    assert set(states(house).values()) == {"offered"}


@pytest.mark.parametrize(("item", "person", "why"), [("IT-99", "Ann", "no item"), ("IT-1", " ", "your name")])
def test_what_cannot_be_confirmed_says_why(house: Engine, item: str, person: str, why: str) -> None:
    bring(house, described("1", "the usual cups"))
    check(house)
    with house.begin() as conn, pytest.raises(confirming.ConfirmError, match=why):
        confirming.confirm_hold(conn, hold_of(house), item, person, True, NOON)
    with house.begin() as conn, pytest.raises(confirming.ConfirmError, match="no open hold"):
        confirming.confirm_hold(conn, 999, "IT-1", "Ann", True, NOON)


def test_a_number_against_its_words_is_asked_and_settled_by_a_person(house: Engine) -> None:
    line = LineRead("1", "IT-1", Decimal(2), description="mug blue 400 ml", confidence=0.997)
    bring(
        house,
        replace(described("1"), lines=(line,)),
        replace(described("2"), lines=(replace(line, description="blue mug"),)),
    )
    check(house)
    assert held(house) == {"1": {"ITM-002"}}
    assert states(house)["2"] == "offered"
    assert [one["item_no"] for one in value(house, "SELECT evidence FROM holds")["choices"]] == ["IT-1", "IT-2"]
    say(house, "IT-2")
    assert states(house)["1"] == "offered"
    assert value(house, "SELECT count(*) FROM item_keys") == 0, "a number of ours is not learned as theirs"
