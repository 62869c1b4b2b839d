"""Typed order lines, each in the form that people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.lines.model import TypedLine
from connectors.mail.lines.typed import read_line
from connectors.mail.normal import plain_line


def lines(text: str) -> list[TypedLine]:
    return read_line(plain_line(text))


def shown(text: str) -> tuple[str, str, str, str]:
    (line,) = lines(text)
    assert not line.problems, line.problems
    return (
        line.item,
        str(line.quantity),
        line.unit,
        "" if line.price is None else f"{line.price} {line.currency}".strip(),
    )


@pytest.mark.parametrize(
    ("text", "item", "quantity", "unit", "price"),
    [
        ("10 x AB-1234", "AB-1234", "10", "", ""),
        ("10x AB-1234", "AB-1234", "10", "", ""),
        ("AB-1234 10 pcs", "AB-1234", "10", "EA", ""),
        ("AB-1234: 10", "AB-1234", "10", "", ""),
        ("AB-1234 x 10", "AB-1234", "10", "", ""),
        ("AB-1234 - 10 pcs - 12.50 EUR", "AB-1234", "10", "EA", "12.50 EUR"),
        ("5 pcs of AB-1234 @ 12.50", "AB-1234", "5", "EA", "12.50"),
        ("10 x HB-0620 Hex bolt M6 x 20 @ 1.80 GBP", "HB-0620", "10", "", "1.80 GBP"),
        ("- HB-0620  Hammer 300 g: 25 pcs at £1.80 each", "HB-0620", "25", "EA", "1.80 GBP"),
        ("3. HB-0620 | 25 pcs | 1.80 GBP", "HB-0620", "25", "EA", "1.80 GBP"),
        ("10 x Blue mug (AB-1234)", "AB-1234", "10", "", ""),
        ("AB-1234, Blue mug, 10 pcs", "AB-1234", "10", "EA", ""),
        ("Item AB-1234 qty: 10 unit price: 3.20", "AB-1234", "10", "", "3.20"),
        ("25 Stück HB-0620 Schraube M6 x 20 à 1,80 EUR", "HB-0620", "25", "EA", "1.80 EUR"),
        ("Artikel AB-1234, Menge: 12 Stück, Preis: 3,20 €", "AB-1234", "12", "EA", "3.20 EUR"),
        ("25 pièces HB-0620 Vis M6 à 1,80 €", "HB-0620", "25", "EA", "1.80 EUR"),
        ("12 cajas de AB-1234 a 3,50 EUR", "AB-1234", "12", "BX", "3.50 EUR"),
        ("货号 AB-1234 12 箱", "AB-1234", "12", "CT", ""),
        ("订购 AB-1234 10 个", "AB-1234", "10", "EA", ""),
        ("ＡＢ－１２３４　１０个", "AB-1234", "10", "EA", ""),
        ("HB-0620 六角螺栓 M6 x 20 10件 单价1.80元", "HB-0620", "10", "EA", "1.80 CNY"),
        ("1、HB-0620 六角螺栓 M6 x 20，数量：10，单价：1.80元", "HB-0620", "10", "", "1.80 CNY"),
        ("10 x 017/70455", "017/70455", "10", "", ""),
        ("10 x 4711", "4711", "10", "", ""),
        ("12.5 kg AB-1234", "AB-1234", "12.5", "KGM", ""),
        ("1.250,5 kg AB-1234", "AB-1234", "1250.5", "KGM", ""),
        ("We would like to order 10 x AB-1234.", "AB-1234", "10", "", ""),
    ],
)
def test_a_line_is_read(text: str, item: str, quantity: str, unit: str, price: str) -> None:
    assert shown(text) == (item, quantity, unit, price)


def test_several_items_in_one_sentence_are_several_lines() -> None:
    found = lines("Please send us 10 x AB-1234, 5 x CD-5678 and 3 pcs EF-9012 by Friday.")
    assert [(line.item, line.quantity) for line in found] == [("AB-1234", 10), ("CD-5678", 5), ("EF-9012", 3)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a few x AB-1234 Hex bolt", "LIN-001"),
        ("AB-1234 Hex bolt: as usual pcs", "LIN-001"),
        ("1O Stück AB-1234", "LIN-001"),
        ("AB-1234 若干件", "LIN-001"),
        ("1,000 pcs AB-1234", "LIN-001"),
        ("1.000 Stück AB-1234", "LIN-001"),
        ("10 AB-1234", "LIN-001"),
        ("AB-1234 Hex bolt M6 x 20", "LIN-001"),
        ("AB-1234 Hammer 300 g", "LIN-001"),
        ("AB-1234 Blue mug 10", "LIN-001"),
        ("AB-1234 | 3 | 5", "LIN-001"),
        ("-5 x AB-1234", "LIN-007"),
        ("10 x AB-1234 @ as agreed", "LIN-002"),
        ("10 x AB-1234 @ 1.000", "LIN-002"),
    ],
)
def test_a_line_that_could_mean_two_things_says_so(text: str, rule: str) -> None:
    (line,) = lines(text)
    assert [problem.rule for problem in line.problems] == [rule]
    assert line.quantity is None or rule == "LIN-002"


@pytest.mark.parametrize(
    "text",
    [
        "", "Dear team,", "Tel: +49 89 123456", "2026-11-23 10:30", "SW1A 1AA London", "12 High Street", "DE123456789",
        "D-80331 München", "Your parcel 1234567890 is on its way.", "Weight: 14.5 kg", "Estimated delivery: 12:00",
        "10 trends you must know", "Thursday 14:00 - 15:00, 4 people, room 2.", "Order 4711 of last week", "20% off",
        "It was 3 boxes.", "x" * 300, "1 " * 150,
    ],
)  # fmt: skip
def test_other_lines_are_no_order_lines(text: str) -> None:
    assert not any(line.item for line in lines(text))


@given(st.integers(1, 99_999), st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True))
def test_every_form_of_one_line_says_the_same(quantity: int, item: str) -> None:
    forms = [
        f"{quantity} x {item}",
        f"{item}: {quantity}",
        f"{item} {quantity} pcs",
        f"货号：{item}，数量：{quantity}个",
    ]
    assert {shown(form)[:2] for form in forms} == {(item, str(quantity))}


@given(st.text(max_size=260))
def test_any_text_is_survived(text: str) -> None:
    for line in lines(text):
        assert line.quantity is None or line.quantity >= 0
