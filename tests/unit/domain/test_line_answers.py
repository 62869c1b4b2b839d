"""Answers in plain words: every clause understood to its last word, or nothing is changed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderclerk.domain.answers import OfferedLine, Verdict, find_lines, read_answer
from orderclerk.domain.answers.changes import Change, Kind, Outcome, leaves_nothing, line_results, only_reduces

TODAY = date(2026, 11, 23)  # a Monday
BLUE = OfferedLine(1, Decimal(50), "EA", ("IT-1", "BLU-1"), ("blue mug", "蓝色马克杯"))
RED = OfferedLine(2, Decimal(40), "EA", ("IT-2",), ("red mug", "红色马克杯"))
GLOVES = OfferedLine(3, Decimal(12), "BX", ("IT-4", "K-99"), ("Nitrile gloves size L", "丁腈手套"))
LINES = (BLUE, RED, GLOVES)

UNDERSTOOD = [
    ("yes but only 20 of the blue", "1=20"),
    ("确认，但是蓝色的只要20个", "1=20"),
    ("please change line 2 to 30", "2=30"),
    ("change the quantity of the red mugs from 40 to 30", "2=30"),
    ("ohne Position 3", "3=0"),
    ("all except the gloves", "3=0"),
    ("除了手套都要", "3=0"),
    ("add 5 of IT-3", "+5 IT-3"),
    ("yes please. also add 12 x IT-3", "+12 IT-3"),
    ("deliver on the 12th instead", "2026-12-12"),
    ("OK but please ship on Friday", "2026-11-27"),
    ("交货日期改到12月5日", "2026-12-05"),
    ("ok for lines 1-2, cancel the rest", "3=0"),
    ("Only the blue ones", "2=0 3=0"),
    ("nur Zeile 1", "2=0 3=0"),
    ("cancel the gloves", "3=0"),
    ("Yes, without the red mug please", "2=0"),
    ("We'd like 20 of the blue, and no gloves", "1=20 3=0"),
    ("only 20 of the blue and 10 of the red", "1=20 2=10"),
    ("第二行改成30，第三行取消", "2=30 3=0"),
    ("蓝色的要20个，红色的要10个，手套不要", "1=20 2=10 3=0"),
    ("第一项减少到20个，其他不变", "1=20"),
    ("Position 1: 20 Stück, Position 2 streichen", "1=20 2=0"),
    ("Bitte ändern Sie Position 1 auf 60 Stück.", "1=60"),
    ("Merci de modifier la ligne 1 : 60 pièces.", "1=60"),
    ("Oui, mais sans la ligne 3", "3=0"),
    ("sí, pero solo 20 de IT-1", "1=20"),
    ("Almost - can you make it 60 pcs of the first item?", "1=60"),
    ("5 more of the blue", "1=55"),
    ("reduce the gloves to 6 boxes and add 10 of the red", "3=6 2=50"),
    ("We take 20 blue, 10 red and 6 boxes of gloves", "1=20 2=10 3=6"),
    ("make it 10 each", "1=10 2=10 3=10"),
    ("All good but line 2 should be 30", "2=30"),
    ("IT-1 20, IT-2 10", "1=20 2=10"),
    ("Please take out the glovs", "3=0"),  # a typing error
    ("Please drop K-99, rest is fine", "3=0"),
]


def short(changes: tuple[Change, ...]) -> str:
    said = {
        Kind.QUANTITY: lambda c: f"{c.line_no}={c.quantity}",
        Kind.REMOVE: lambda c: f"{c.line_no}=0",
        Kind.ADD: lambda c: f"+{c.quantity} {c.item}",
        Kind.DATE: lambda c: str(c.day),
    }
    return " ".join(said[change.kind](change) for change in changes)


@pytest.mark.parametrize(("words", "expected"), UNDERSTOOD)
def test_what_the_customer_wants_line_by_line(words: str, expected: str) -> None:
    read = read_answer(words, LINES, TODAY)
    assert (read.verdict, short(read.changes), read.doubts) == (Verdict.CHANGE, expected, ())


@pytest.mark.parametrize(
    "words",
    [
        "cancel the socks",  # no line of theirs, and surely not the whole order
        "only 20 of the green ones",
        "20 of the mugs",  # which?
        "yes but 1,000 of the blue",  # a thousand, or one?
        "第1项要20箱",  # ordered in pieces
        "20 pcs of gloves instead of 12",  # ordered in boxes
        "yes but the price is too high",
        "Yes, ship to our new address please",
        "if you can deliver by friday then 20 of the blue",
        "we want 20 of the blue if the price stays",
        "what would 20 of the blue cost?",
        "Could you confirm the delivery date?",
        "Ok. My phone number is 12345",
        "Kindly cancel line 5",
        "don't cancel line 3",
        "OK for the blue mug",  # and the others?
        "change line 1 to 20, line 1 to 30",
        "only 20",
        "add some of IT-3",
        "deliver on 1 November 2026",  # past
    ],
)
def test_what_could_mean_something_else_is_not_acted_on(words: str) -> None:
    read = read_answer(words, LINES, TODAY)
    assert not read.is_understood
    assert read.doubts


@pytest.mark.parametrize("words", ["20 of the mugs", "reduce the mugs to 20", "only 20", "yes, 20 pieces"])
def test_a_wish_that_may_be_for_several_lines_leaves_only_the_line_to_be_asked(words: str) -> None:
    (doubt,) = read_answer(words, LINES, TODAY).doubts
    assert doubt.change is not None
    assert doubt.change.quantity == 20
    assert set(doubt.choices) >= {1, 2}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("yes, 20 pieces", "1=20"),
        ("确认，但是只要20个", "1=20"),
        ("20", "1=20"),
        ("make it 30", "1=30"),
        ("cancel the blue mug", "1=0"),
    ],
)
def test_an_order_of_one_line_needs_no_name_for_it(words: str, expected: str) -> None:
    assert short(read_answer(words, (BLUE,), TODAY).changes) == expected


@pytest.mark.parametrize("words", ["OK for the blue mug", "only the blue", "Yes", "ok for all lines"])
def test_agreeing_to_every_line_is_agreeing(words: str) -> None:
    assert read_answer(words, (BLUE,), TODAY).verdict is Verdict.CONFIRM


@pytest.mark.parametrize(
    "words",
    ["please cancel the order", "No", "cancel it", "不要了", "Nein danke, bitte stornieren Sie die Bestellung."],
)
def test_a_whole_no_is_one(words: str) -> None:
    read = read_answer(words, LINES, TODAY)
    assert (read.verdict, read.doubts) == (Verdict.DECLINE, ())


@pytest.mark.parametrize(
    ("text", "lines"),
    [("line 2", (2,)), ("lines 1-3", (1, 2, 3)), ("pos. 1 and 3", (1, 3)), ("第一项", (1,)), ("第2行和第3行", (2, 3)), ("the last one", (3,)),
     ("it-2", (2,)), ("the red", (2,)), ("blue and gloves", (1, 3)), ("line 7", ()), ("mugs", ()), ("it", ()), ("purple", ())],
)  # fmt: skip
def test_which_lines_are_meant(text: str, lines: tuple[int, ...]) -> None:
    assert find_lines(text, LINES).lines == lines


def test_the_outcome_of_every_line() -> None:
    changes = read_answer("line 1 only 20, cancel line 2, add 5 of IT-9", LINES, TODAY).changes
    results = line_results(LINES, changes)
    assert [(r.outcome, r.was_no, r.line_no, r.quantity) for r in results] == [
        (Outcome.CHANGED, 1, 1, Decimal(20)), (Outcome.REJECTED, 2, 0, Decimal(40)), (Outcome.ACCEPTED, 3, 2, Decimal(12)),
        (Outcome.ADDED, 0, 3, Decimal(5)),
    ]  # fmt: skip
    assert not only_reduces(LINES, changes)
    assert only_reduces(LINES, read_answer("cancel line 2", LINES, TODAY).changes)
    assert leaves_nothing(LINES, [Change(Kind.REMOVE, "", no) for no in (1, 2, 3)])


@given(
    st.lists(
        st.sampled_from(
            [
                "the blue",
                "not",
                "20",
                "if",
                "only",
                "cancel",
                "yes",
                "?",
                "line 2",
                "instead",
                "pieces",
                "maybe",
                ",",
                "no",
                "手套",
                "不",
                "要",
            ]
        ),
        max_size=9,
    )
)
def test_no_words_make_it_fail_or_name_a_line_there_is_not(words: list[str]) -> None:
    read = read_answer(" ".join(words), LINES, TODAY)
    assert {change.line_no for change in read.changes} <= {0, 1, 2, 3}
    assert all(change.quantity is None or change.quantity > 0 for change in read.changes)
