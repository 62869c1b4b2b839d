"""Suppliers' words: what they confirm is read, and what could mean something else is a doubt."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderclerk.domain.purchasing import OrderedLine, PurchaseLimits, SupplierAnswer, judge_supplier, read_supplier
from orderclerk.domain.purchasing.answers import AnsweredLine

TODAY = date(2026, 3, 2)
ONE = [
    OrderedLine(
        1,
        Decimal(100),
        Decimal("1.25"),
        refs=("HX-1007", "BT 88"),
        names=("hexagon bolt M8",),
        wanted_date=date(2026, 3, 10),
    )
]
TWO = [
    *ONE,
    OrderedLine(2, Decimal(40), Decimal("3.50"), refs=("NX-2000",), names=("wing nut",), wanted_date=date(2026, 3, 10)),
]


def line(answer: SupplierAnswer, no: int = 1) -> AnsweredLine:
    return next(one for one in answer.lines if one.line_no == no)


@pytest.mark.parametrize(
    "words",
    [
        "Confirmed.", "Hello Anna,\n\nwe confirm your order.\n\nBest regards\nTom Smith", "Order confirmed, thank you!", "OK, all fine.",
        "We confirm your order PO100012 of 2 March 2026.", "Our order confirmation no. AB-4711: confirmed as ordered.",
        "Hiermit bestätigen wir Ihre Bestellung.", "您好，订单已确认，谢谢。", "收到，没问题。", "Accepted. Our ref. 88123.",
    ],
)  # fmt: skip
def test_a_plain_yes_confirms_everything(words):
    answer = read_supplier(words, TWO, TODAY)
    assert answer == SupplierAnswer(is_confirmed=True)


@pytest.mark.parametrize(
    ("words", "day", "ships"),
    [
        ("Confirmed. Ship date 12 March.", date(2026, 3, 12), True),
        ("We confirm, delivery on 2026-03-12", date(2026, 3, 12), False),
        ("Goods will arrive on March 12, 2026.", date(2026, 3, 12), False),
        ("We will ship on 12 March 2026", date(2026, 3, 12), True),
        ("Wir bestätigen, Liefertermin 12.3.2026", date(2026, 3, 12), False),
        ("确认，3月12日发货", date(2026, 3, 12), True),
        ("交期：2026年3月12日", date(2026, 3, 12), False),
        ("Sorry for the delay, delivery will be on 20 March", date(2026, 3, 20), False),
        ("ETA 12 Mar", date(2026, 3, 12), False),
    ],
)
def test_a_day_is_read_for_every_line(words, day, ships):
    answer = read_supplier(words, TWO, TODAY)
    assert not answer.doubts
    assert answer.is_confirmed
    assert [(one.day, one.is_ship_date) for one in answer.lines] == [(day, ships)] * 2


@pytest.mark.parametrize(
    "words",
    ["Only 80 available.", "We can only deliver 80 pcs", "Confirmed, but only 80 pieces.", "80 of 100 confirmed", "我们只有80件",
     "We cannot deliver 100, only 80.", "HX-1007: only 80 in stock", "Unfortunately only 80 pcs are available", "Nur 80 Stück lieferbar"],
)  # fmt: skip
def test_a_shortfall_is_read(words):
    answer = read_supplier(words, ONE, TODAY)
    assert not answer.doubts
    assert line(answer).quantity == 80


@pytest.mark.parametrize(
    "words",
    ["The price is now 1.35 EUR", "Unit price 1.35", "Confirmed at €1.35 each.", "We confirm at a price of 1.35.", "单价 1.35元", "New price: EUR 1,35"],
)  # fmt: skip
def test_another_price_is_read(words):
    answer = read_supplier(words, ONE, TODAY)
    assert not answer.doubts
    assert line(answer).unit_price == Decimal("1.35")


def test_lines_are_told_apart_by_number_and_by_place():
    answer = read_supplier("HX-1007 only 80 pcs, NX-2000 only 30 pcs. Delivery 12 March.", TWO, TODAY)
    assert not answer.doubts
    assert [(one.line_no, one.quantity, one.day) for one in answer.lines] == [
        (1, 80, date(2026, 3, 12)),
        (2, 30, date(2026, 3, 12)),
    ]
    assert line(read_supplier("Line 2: only 30 available, rest confirmed", TWO, TODAY), 2).quantity == 30
    assert line(read_supplier("BT 88 will be delivered on 20 March", TWO, TODAY), 1).day == date(2026, 3, 20)


def test_a_named_line_that_cannot_come_is_none_of_it():
    answer = read_supplier("We confirm.\nNX-2000 is out of stock.", TWO, TODAY)
    assert answer.is_confirmed
    assert line(answer, 2).quantity == 0


@pytest.mark.parametrize(
    "words", ["We cannot deliver.", "Unfortunately we are unable to accept your order", "抱歉，无法供货"]
)
def test_a_refusal_refuses(words):
    assert read_supplier(words, TWO, TODAY).is_refused


@pytest.mark.parametrize(
    "words",
    [
        "Only 80 available.",  # of which?
        "Could you take 80?", "Confirmed if you pay in advance.", "We will confirm next week.", "We confirm subject to prepayment",
        "We offer HX-1008 instead.", "Delivery 03/04/2026", "Delivery in 14 days", "HX-1007 130 pcs", "There is a surcharge of 12 EUR.",
        "Delivery will be delayed.", "The order is confirmed, except line 2", "Please confirm the new price of 1.35", "Weiß nicht",
        "Price 1.35", "HX-1007 only 80 pcs. HX-1007 only 70 pcs.", "The factory burned down.", "Minimum is 500", "3 weeks", "We will not confirm",
    ],
)  # fmt: skip
def test_what_could_mean_more_is_a_doubt(words):
    answer = read_supplier(words, TWO, TODAY)
    assert answer.doubts or answer.is_refused


@pytest.mark.parametrize(
    "words", ["Thank you for your order.", "We have received your order and come back to you.", "收到，谢谢"]
)
def test_an_acknowledgement_is_no_answer_yet(words):
    assert read_supplier(words, TWO, TODAY).says_nothing


@given(st.integers(1, 100), st.integers(1, 60), st.decimals("0.01", "9.99", places=2))
def test_stated_figures_come_back_as_they_were_stated(count, ahead, price):
    day = TODAY + timedelta(days=ahead)
    answer = read_supplier(f"We confirm: {count} pcs at EUR {price}, delivery {day:%Y-%m-%d}.", ONE, TODAY)
    assert not answer.doubts
    assert line(answer) == AnsweredLine(1, Decimal(count), price, day, False)


@given(st.text(max_size=200))
def test_no_words_make_more_of_a_line_than_was_ordered(words):
    answer = read_supplier(words, TWO, TODAY)
    assert all(one.quantity is None or one.quantity <= {1: 100, 2: 40}[one.line_no] for one in answer.lines)


def test_what_is_within_the_limits_is_taken_and_the_rest_is_held():
    limits = PurchaseLimits(Decimal(2), 5)
    within = judge_supplier(SupplierAnswer(True, lines=(AnsweredLine(1, unit_price=Decimal("1.27")),)), ONE, limits)
    assert (within.lines[0].is_agreed, within.objections) == (True, ())
    dearer = judge_supplier(SupplierAnswer(True, lines=(AnsweredLine(1, unit_price=Decimal("1.28")),)), ONE, limits)
    assert ([one.rule for one in dearer.objections], dearer.lines[0].is_agreed) == (["PUR-001"], False)
    cheaper = judge_supplier(SupplierAnswer(True, lines=(AnsweredLine(1, unit_price=Decimal("0.50")),)), ONE, limits)
    assert (cheaper.lines[0].unit_price, cheaper.objections) == (Decimal("0.50"), ())
    short = judge_supplier(SupplierAnswer(True, lines=(AnsweredLine(1, quantity=Decimal(80)),)), ONE, limits)
    assert [one.rule for one in short.objections] == ["PUR-002"]
    late = judge_supplier(
        SupplierAnswer(True, lines=(AnsweredLine(1, day=date(2026, 3, 14), is_ship_date=True),)), ONE, limits, 3
    )
    assert ([one.rule for one in late.objections], late.lines[0].arrives, late.lines[0].is_agreed) == (
        ["PUR-010"],
        date(2026, 3, 17),
        True,
    )


def test_a_doubt_lets_nothing_of_the_answer_stand():
    judged = judge_supplier(
        SupplierAnswer(True, lines=(AnsweredLine(1, quantity=Decimal(80)),), doubts=("?",)), ONE, PurchaseLimits()
    )
    assert judged.lines == ()
    assert [one.rule for one in judged.objections] == ["PUR-003"]
