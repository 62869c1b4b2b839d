"""A count from the sheet to the ledger: blind, while goods move, checked by a second person, posted once by somebody."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import counting
from orderclerk.database.counting import Counted
from orderclerk.database.stock_moves import StockError, post_moves
from orderclerk.domain.counting import CountPolicy
from tests.deskwork import NOON, bring, check, furnish, order, rows, value

DAY = date(2026, 11, 23)
POLICY = CountPolicy()


def move(engine: Engine, key: str, item: int, quantity: int, there: str, at: datetime = NOON) -> None:
    """Goods come in from a supplier, or, less than nothing, leave to a customer."""
    comes = quantity > 0
    frame = pd.DataFrame([{
        "key": key, "item_id": item, "quantity_e3": abs(quantity) * 1000,
        "from_kind": "supplier" if comes else "warehouse", "from_code": "" if comes else there,
        "to_kind": "warehouse" if comes else "customer", "to_code": there if comes else "",
    }])  # fmt: skip
    with engine.begin() as conn:
        post_moves(conn, frame, at=at, actor="test")


@pytest.fixture
def house(engine: Engine) -> Engine:
    """IT-1 and IT-2 in two bins of W1."""
    furnish(engine, on_hand=0)
    move(engine, "a", 1, 10, "W1/B1", NOON - timedelta(days=9))
    move(engine, "b", 2, 20, "W1/A1", NOON - timedelta(days=9))
    return engine


def plan(house: Engine, method: str = "full", day: date = DAY) -> str:
    with house.begin() as conn:
        return counting.plan_count(conn, "W1", method, day, POLICY, NOON)


def tell(house: Engine, number: str, line: int, quantity: int, by: str, hours: int = 1) -> list[str]:
    told = Counted(number, line, Decimal(quantity), by, NOON + timedelta(hours=hours))
    with house.begin() as conn:
        return counting.keep_counted(conn, [told], POLICY)


def post(house: Engine, number: str, who: str = "Mei") -> int:
    with house.begin() as conn:
        return counting.post_count(conn, number, who, NOON + timedelta(hours=9))


def settle(house: Engine, number: str, line: int, cause: str, difference: int | None = None) -> str:
    with house.begin() as conn:
        given = None if difference is None else Decimal(difference)
        return counting.settle_line(conn, number, line, cause, difference=given, note="")


def states(house: Engine) -> list[str]:
    return [state for (state,) in rows(house, "SELECT state FROM count_lines ORDER BY line_no")]


def balance(house: Engine) -> dict[int, int]:
    return dict(rows(house, "SELECT item_id, on_hand::int FROM stock_levels WHERE item_id < 3"))  # type: ignore[arg-type]


def test_a_sheet_is_walked_by_bin_and_says_nothing_of_what_is_expected(house: Engine) -> None:
    number = plan(house)
    with house.connect() as conn:
        lines = counting.sheet_lines(conn, number)
    assert [(line["bin"], line["item_no"]) for line in lines] == [("A1", "IT-2"), ("B1", "IT-1")]
    assert not {"on_hand", "expected", "quantity"} & set(lines[0])


def test_planned_twice_it_is_planned_once_and_what_is_being_counted_is_on_no_second_sheet(house: Engine) -> None:
    assert plan(house) == plan(house) != ""
    assert plan(house, day=date(2026, 11, 24)) == ""
    assert value(house, "SELECT count(*) FROM count_lines") == 2


def test_what_moves_during_the_count_is_no_difference(house: Engine) -> None:
    number = plan(house)
    move(house, "out", 2, -5, "W1/A1", NOON + timedelta(minutes=30))
    move(house, "later", 2, -1, "W1/A1", NOON + timedelta(hours=2))
    assert tell(house, number, 1, 15, "Ann", hours=1) == []
    assert states(house) == ["right", "open"]


def test_a_difference_is_recounted_by_somebody_else_and_posted_with_its_cause_once(house: Engine) -> None:
    number = plan(house)
    tell(house, number, 1, 20, "Ann")
    tell(house, number, 2, 7, "Ann")
    assert states(house) == ["right", "recount"]
    assert "somebody else" in tell(house, number, 2, 7, "Ann", hours=2)[0]
    assert tell(house, number, 2, 7, "Bo", hours=2) == []
    assert states(house) == ["right", "differs"]
    with pytest.raises(StockError, match="line 2 is without a cause"):
        post(house, number)
    assert settle(house, number, 2, "damage") == ""
    assert post(house, number) == 1
    assert post(house, number) == 0
    assert balance(house) == {1: 7, 2: 20}
    assert rows(house, "SELECT reason, document_ref, actor, quantity::int FROM stock_moves WHERE document_kind = 'count'") == [
        ("damage", number, "Mei", 3)
    ]  # fmt: skip
    with house.connect() as conn:
        assert counting.open_counts(conn) == []
        assert counting.counted_lines(conn, DAY)["verdict"].tolist() == ["right", "differs"]


def test_two_counts_that_agree_with_nothing_wait_for_a_person_s_word(house: Engine) -> None:
    number = plan(house)
    tell(house, number, 1, 20, "Ann")
    tell(house, number, 2, 7, "Ann")
    tell(house, number, 2, 12, "Bo", hours=2)
    assert states(house)[1] == "disputed"
    with pytest.raises(StockError, match="line 2 is disputed"):
        post(house, number)
    assert settle(house, number, 2, "misplaced", difference=2) == ""
    post(house, number)
    assert balance(house)[1] == 12


@pytest.mark.parametrize(
    ("number", "line", "quantity", "by", "words"),
    [
        ("CT999999", 1, 5, "Ann", "CT999999 line 1: there is no such count"),
        ("", 77, 5, "Ann", "the sheet has no such line"),
        ("", 1, 5, " ", "does not say who counted"),
        ("", 1, -5, "Ann", "-5 is less than nothing"),
    ],
)
def test_what_cannot_be_taken_says_why(
    house: Engine, number: str, line: int, quantity: int, by: str, words: str
) -> None:
    made = plan(house)
    (sentence,) = tell(house, number or made, line, quantity, by)
    assert words in sentence
    assert states(house) == ["open", "open"]


def test_the_same_count_told_again_changes_nothing(house: Engine) -> None:
    number = plan(house)
    assert tell(house, number, 1, 20, "Ann") == tell(house, number, 1, 20, "Ann") == []
    assert "counted already" in tell(house, number, 1, 19, "Bo")[0]
    assert states(house) == ["right", "open"]


def test_nothing_is_posted_below_what_is_reserved_and_the_orders_are_named(house: Engine) -> None:
    bring(house, order("1", ("IT-1", "8", "2.50")))
    check(house)
    number = plan(house)
    tell(house, number, 1, 20, "Ann")
    tell(house, number, 2, 5, "Ann")
    tell(house, number, 2, 5, "Bo", hours=2)
    settle(house, number, 2, "theft or loss")
    name = value(house, "SELECT order_no FROM orders")
    with pytest.raises(
        StockError, match=rf"IT-1 in W1 would have 5 left and 8 are reserved for {name}; change or call off"
    ):
        post(house, number)
    assert balance(house)[1] == 10
    assert value(house, "SELECT count(*) FROM stock_moves WHERE document_kind = 'count'") == 0


def test_what_was_counted_is_due_again_by_its_class(house: Engine) -> None:
    with house.begin() as conn:
        conn.execute(sql("UPDATE items SET abc_class = 'A' WHERE id = 1"))
    number = plan(house, "abc")
    for line, quantity in ((1, 20), (2, 10)):
        tell(house, number, line, quantity, "Ann")
    post(house, number)
    assert plan(house, "abc", date(2026, 12, 1)) == ""
    again = plan(house, "abc", date(2026, 12, 25))
    with house.connect() as conn:
        assert [line["item_no"] for line in counting.sheet_lines(conn, again)] == ["IT-1"]


def test_what_ran_empty_is_counted_where_nothing_is_left(house: Engine) -> None:
    assert plan(house, "zero") == ""
    move(house, "gone", 1, -10, "W1/B1")
    number = plan(house, "zero", date(2026, 11, 24))
    with house.connect() as conn:
        assert [line["item_no"] for line in counting.sheet_lines(conn, number)] == ["IT-1"]
