"""What customers answer to our questions, with and without numbers."""

from datetime import date
from decimal import Decimal

import pytest

from orderclerk.domain.answers import Choice, OfferedLine, Question, Reply, read_replies

TODAY = date(2026, 11, 23)
BLUE = OfferedLine(1, None, "", ("IT-1",), ("blue mug", "蓝色马克杯"))
MUG = OfferedLine(2, Decimal(40), "EA", ("IT-2",), ("mug",))
LINES = (BLUE, MUG)
COLOURS = (Choice("IT-7", ("Blue mug, 300 ml", "蓝色马克杯")), Choice("IT-8", ("Red mug, 300 ml", "红色马克杯")))
HOW_MANY, WHEN, WHICH = Question(1, "quantity", BLUE), Question(2, "date"), Question(1, "item", MUG, COLOURS)


def said(reply: Reply) -> str:
    if reply.is_removed:
        return "none"
    return reply.value or (str(reply.day) if reply.day else f"{reply.quantity} {reply.unit}".strip())


def answers(words: str, *questions: Question) -> dict[int, str]:
    return {number: said(reply) for number, reply in read_replies(words, questions, LINES, TODAY).items()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1) 20 2) next Friday", {1: "20", 2: "2026-11-27"}),
        ("1. 20 boxes\n2. 5 December", {1: "20 BX", 2: "2026-12-05"}),
        ("20\nFriday", {1: "20", 2: "2026-11-27"}),
        ("20 boxes, and deliver on Friday", {1: "20 BX", 2: "2026-11-27"}),
        ("第一项要20箱", {1: "20 BX"}),
        ("Line 1: 20", {1: "20"}),
        ("1) don't know 2) Friday", {2: "2026-11-27"}),
        ("1) 20\n3) Friday", {}),
        ("as usual", {}),
        ("1) 20 2) 01/02/2027", {1: "20"}),
    ],
)
def test_several_questions(words: str, expected: dict[int, str]) -> None:
    assert answers(words, HOW_MANY, WHEN) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("20", "20"), ("20 pcs please", "20 EA"), ("we need 20", "20"), ("Hello,\n20 boxes\nThanks", "20 BX"), ("twenty", "20"),
     ("it should be 25", "25"), ("二十箱", "20 BX"), ("1.000,5", "1000.5"), ("skip this line", "none"), ("不要", "none"),
     ("1,000", None), ("no idea", None), ("20 or 30", None), ("20 if you have them", None)],
)  # fmt: skip
def test_a_quantity(words: str, expected: str | None) -> None:
    assert answers(words, HOW_MANY).get(1) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("the blue one", "IT-7"), ("b", "IT-8"), ("a)", "IT-7"), ("蓝色的", "IT-7"), ("IT-8", "IT-8"), ("the second one", "IT-8"),
     ("We mean the red mug", "IT-8"), ("IT-99", "IT-99"), ("purple", None), ("a mug", None)],
)  # fmt: skip
def test_one_of_several_items(words: str, expected: str | None) -> None:
    assert answers(words, WHICH).get(1) == expected


@pytest.mark.parametrize(
    ("field", "words", "expected"),
    [
        ("date", "on the 12th", "2026-12-12"), ("date", "12月5日", "2026-12-05"), ("date", "asap", None),
        ("twice", "both", "both"), ("twice", "only once please", "none"), ("twice", "两次", "both"),
        ("price", "yes, that is fine", "ours"), ("price", "no", None), ("price", "2.30", None),
        ("line", "20 x IT-3", "IT-3"), ("line", "IT-3: 20 boxes", "IT-3"), ("line", "the usual", None),
        ("address", "Hello,\n7 Mill Lane\nLeeds LS1 4XX\nUnited Kingdom", "7 Mill Lane\nLeeds LS1 4XX\nUnited Kingdom"),
        ("address", "广东省深圳市南山区科技路1号", "广东省深圳市南山区科技路1号"), ("address", "as usual", None),
    ],
)  # fmt: skip
def test_other_fields(field: str, words: str, expected: str | None) -> None:
    assert answers(words, Question(1, field, BLUE if field in ("twice", "price") else None)).get(1) == expected


def test_a_unit_that_is_not_the_lines_is_no_answer() -> None:
    assert answers("20 boxes", Question(1, "quantity", OfferedLine(1, None, "EA", ("IT-1",)))) == {}
