"""Order lines as traders write them, invented for this table: six languages, one fragment a row of order_words.csv.

`read` names each line as quantity, unit and item number or description; ? is a quantity that must be asked for, "held"
stands for words that were not understood and hold the order, "nothing" for words that order nothing.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from connectors.mail.body import read_body
from connectors.mail.lines.typed import read_line
from connectors.mail.prose import differs, may_order, repeated_order

BEFORE = {
    "en": "Please supply:",
    "de": "wir bestellen:",
    "fr": "nous commandons :",
    "es": "pedimos:",
    "it": "ordiniamo:",
    "zh_CN": "订购如下：",
}


def fragments() -> list[tuple[str, str, str]]:
    with Path(__file__).with_name("order_words.csv").open(encoding="utf-8", newline="") as file:
        return [(row["language"], row["text"], row["read"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("language", "text", "expected"), fragments())
def test_words_are_read_as_a_clerk_reads_them(language: str, text: str, expected: str) -> None:
    read = read_body([BEFORE[language], *text.split(" / / ")], language, date(2026, 11, 25))
    told = []
    for one in read.lines:
        line = one.line
        quantity = "?" if line.quantity is None else f"{line.quantity.normalize():f}"
        told.append(f"{quantity} {line.unit or '-'} {line.item or line.barcode or line.description}")
    left = [words for _, words in read.left if words != BEFORE[language]]
    if any(words in read.missed or may_order(words, frozenset()) for words in left if not repeated_order(words)):
        told.append("held")
    assert (" + ".join(told) or "nothing") == expected
    assert all(one.line.quantity is not None or one.line.problems for one in read.lines)


@pytest.mark.parametrize(
    "text",
    [
        "Same as last time but 36 instead of 30 white flasks.",
        "Wie beim letzten Mal, aber 40 statt 20 Eimer.",
        "Comme la dernière fois, mais 60 carnets au lieu de 50.",
        "Lo mismo que la última vez, pero 12 palas en lugar de 10.",
        "Come l'ultima volta, ma 144 panni invece di 24.",
        "和上次一样,但抹布要165个,不是150个。",
    ],
)
def test_a_repetition_with_a_change_is_not_the_same_again(text: str) -> None:
    assert repeated_order(text)
    assert differs(text)


@pytest.mark.parametrize(
    "text", ["Same as last time please.", "Wie immer bitte.", "Comme la dernière fois, merci.", "同上次"]
)
def test_a_plain_repetition_changes_nothing(text: str) -> None:
    assert repeated_order(text)
    assert not differs(text)


def test_the_first_of_several_is_read_from_its_number_whatever_asks_for_it():
    lines = read_line("¿Nos pueden enviar 180 brochas planas 30 mm (GA1221), 80 chalecos amarillos L (SG5023)?")
    assert [(line.item, line.quantity) for line in lines] == [("GA1221", 180), ("SG5023", 80)]


def test_a_pack_that_may_be_the_things_name_is_doubted():
    named, packed = read_line("6 cajas organizadoras grises (HW3222)"), read_line("6 cajas de guantes (HW3222)")
    assert named[0].confidence < 0.99 <= packed[0].confidence


def test_a_second_quantity_below_a_line_leaves_its_quantity_open():
    body = read_body(["SG5221 - Safety shoes S3 size, 39", "  Qty ordered: 24 prs"])
    [one] = body.lines
    assert one.line.quantity is None
    assert [problem.rule for problem in one.line.problems] == ["LIN-001"]
