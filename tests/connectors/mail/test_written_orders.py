"""Whole mails as people write them, invented for this table: each is read as it is meant, or held for a question.

written_orders.txt has one mail a block: what must become of it, its subject, its words. "held" is a mail that a person
sees before anything ships: quarantined, or an order with a problem or a line below the least confidence of policy.
"""

import re
from pathlib import Path

import pytest

from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Reading
from tests.connectors.mail.reading_world import letter, read

FILE = Path(__file__).with_name("written_orders.txt")


def mails() -> list[tuple[str, str, str]]:
    found = []
    for block in re.split(r"^#### ", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        expected, _, subject = head.partition(" | ")
        found.append((expected.strip(), subject.strip(), body))
    return found


def outcome(reading: Reading) -> str:
    """What the desk would take for sure from a mail: "held" if that is nothing."""
    if not reading.orders:
        return "held" if reading.unreadable else f"filed: {reading.reason}"
    lines = [line for order in reading.orders for line in order.lines]
    is_held = any(order.problems for order in reading.orders) or any(line.problems for line in lines)
    if is_held or any(line.confidence < Policy().min_confidence for line in lines):
        return "held"
    return " + ".join(f"{line.quantity:f} {line.unit or '-'} {line.item_ref or line.description}" for line in lines)


@pytest.mark.parametrize(("expected", "subject", "body"), mails())
def test_a_written_order_is_read_as_meant_or_held(expected: str, subject: str, body: str) -> None:
    assert outcome(read(letter(body, subject=subject))) == expected


def test_lines_broken_by_the_mail_program_are_one_again():
    message = letter("Please supply:\n1. Item no. EC.5795; yellow microfibre cloths 40x40 cm; Quantity 12 \ncartons\n")
    message.replace_header("Content-Type", 'text/plain; charset="utf-8"; format=flowed')
    [line] = read(message).orders[0].lines
    assert (line.quantity, line.unit) == (12, "CT")


def test_a_broken_line_that_nobody_marked_is_asked_about():
    body = "Please supply:\n1. EC.5795 yellow cloths: 12\ncartons\n2. EC.5796 blue cloths: 20 pcs\n"
    assert outcome(read(letter(body))) == "held"


def test_a_day_is_no_figure_that_shows_the_decimal_mark():
    body = "wir bestellen:\nHDMI-Kabel 5 m\n   Stückzahl: 4 Stk.\nSchraube M8x20\n   Stückzahl: 1.200 Stk.\n\nbis 15.12..\n"
    assert [line.quantity for line in read(letter(body, subject="Bestellung")).orders[0].lines] == [4, 1200]


def test_a_quantity_left_open_makes_no_order_form_of_a_short_table():
    body = "Please supply:\n\nItem\tDescription\tQty\nHW3222\tHammer\t\nHW3100\tMallet\t12\n"
    assert outcome(read(letter(body))) == "held"


def test_a_row_between_order_lines_is_never_passed_over():
    body = "bitte senden Sie uns:\n\nSechskantschraube M6x20\n   500 Stk.\nIsolierflasche 0,5 l\n   5/7 Kart.\n"
    assert outcome(read(letter(body, subject="Bestellung"))) == "held"


@pytest.mark.parametrize(
    "words",
    [
        "Let me know if anything is out of stock.",
        "Please confirm the order by return.",
        "Delivery as soon as possible, thank you.",
        "Restiamo in attesa di un vostro riscontro.",
        "Dans l'attente de votre confirmation.",
        "Bitte geben Sie Bescheid, falls etwas nicht lieferbar ist.",
        "Quedamos pendientes de su confirmación.",
        "如果缺货请告知。",
        "Please do not hesitate to call if you have any questions.",
    ],
)
def test_what_every_order_says_holds_none(words: str) -> None:
    assert outcome(read(letter(f"Please supply:\n20 x HW3222\n\n{words}\n"))) == "20 - HW3222"
