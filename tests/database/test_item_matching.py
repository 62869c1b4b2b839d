"""Lines without a known number: taken, asked about, and how sure the book says they are."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import releasing
from orderclerk.database.audit import audit_book
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import CustomerRef, Evidence, LineRead, OrderRead
from tests.deskwork import NOON, bring, check, furnish, held, rows, states, value

NAMES = ("Mug blue 300 ml", "Mug blue 400 ml", "Garden hose 20 m", "Coffee filter No 4", "Desk lamp")


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    with engine.begin() as conn:
        for number, name in enumerate(NAMES, start=1):
            conn.execute(sql("UPDATE items SET name = :name WHERE item_no = :no"), {"name": name, "no": f"IT-{number}"})
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
    seen = Evidence("quantity", "body", "line 3", 0, 1, "2", 0.9)
    order = described("1", "desk lamp", confidence=0.9, evidence=(seen,))
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
