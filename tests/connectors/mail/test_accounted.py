"""What stands in a mail and in no order line holds the order; a figure with two readings is nobody's to choose."""

from decimal import Decimal

import pytest

from connectors.mail.accounted import unaccounted
from connectors.mail.body import read_body
from connectors.mail.lines.typed import read_line
from connectors.mail.order_fields import Fact, Facts, read_amount
from connectors.mail.parts import BodyRead
from connectors.mail.prose import sentences
from connectors.mail.speech import Speech


def _read(*lines: str) -> BodyRead:
    return read_body(lines, "en")


def _without(read: BodyRead, item: str) -> BodyRead:
    """`read` as a reader would leave it that lost the line of `item`."""
    read.lines = [one for one in read.lines if one.line.item != item]
    return read


@pytest.mark.parametrize("lost", ["632040 - 600 units", "2400 x 632040 @ USD 0.23", "632040 | 600"])
def test_a_number_built_like_the_others_that_no_line_took_is_named(lost: str) -> None:
    read = _without(_read("Please send:", "612040 - 100 units", lost, "622060 - 40 units"), "632040")
    assert [("632040" in text) for text in unaccounted(read)] == [True]


@pytest.mark.parametrize(
    "told", ["310012 Hangzhou", "+44 1603 496718", "Tel 632040 12", "by 2026-12-10 please", "M8x40 will follow later"]
)
def test_postal_codes_telephones_days_and_sizes_are_no_lost_lines(told: str) -> None:
    assert unaccounted(_read("Please send:", "612040 - 100 units", told)) == []


def test_a_mail_whose_numbers_are_all_in_lines_is_accounted_for() -> None:
    assert unaccounted(_read("Please send:", "612040 - 100 units", "632040 - 600 units")) == []


def test_an_abbreviation_before_a_figure_ends_no_sentence() -> None:
    assert len(sentences("aprox. 200 uds cables de red (EL-2034)")) == 1


@pytest.mark.parametrize(
    ("text", "items", "quantity"),
    [("632040 - 600 unidades", "632040", Decimal(600)), ("20 - 30 boxes of tea", "", None)],
)
def test_a_number_before_a_smaller_count_is_an_item_and_no_range(
    text: str, items: str, quantity: Decimal | None
) -> None:
    assert [(line.item, line.quantity) for line in read_line(text)] == [(items, quantity)]


@pytest.mark.parametrize("text", ["aprox. 200 uds cables (EL-2034)", "env. 200 pièces EL-2034"])
def test_about_so_many_is_no_quantity(text: str) -> None:
    assert [line.quantity for line in read_line(text)] == [None]


def test_two_bare_numbers_that_may_stand_either_way_round_are_left_open() -> None:
    assert [line.quantity for line in read_line("1000 652060")] == [None]


def test_a_round_count_before_a_numbered_item_with_a_price_is_the_count() -> None:
    (line,) = read_line("2400 3940-6 @ USD 0.23")
    assert (line.item, line.quantity or line.maybe) == ("3940-6", Decimal(2400))


def test_a_count_with_a_letter_for_a_digit_between_two_lines_is_doubted() -> None:
    first, _ = read_line("20件白色充电线1m，4O件白色相框，还有1500个六角螺栓M8x20".replace("，", "、"))
    assert "two counts" in first.doubts


@pytest.mark.parametrize(
    ("values", "amount"), [(["2 979,24 EUR"], Decimal("2979.24")), (["100,00 EUR", "200,00 EUR"], None)]
)
def test_one_net_sum_is_read_and_the_sums_of_groups_are_not(values: list[str], amount: Decimal | None) -> None:
    read = BodyRead(speech=Speech("fr", ",", True))
    facts = Facts([Fact("subtotal", value, read, 0) for value in values], read.speech)
    assert read_amount(facts, "subtotal") == amount


def test_a_count_in_words_before_the_first_line_of_a_sentence_is_doubted() -> None:
    sentence = "¿Nos pueden enviar veinte Velas largas, doce cuencos 14 cm (HW1422), 24 té (T04-1)?"
    read = read_body(["Buenos días:", sentence], "es")
    assert "two counts" in read.lines[0].line.doubts or "Velas" in read.lines[0].line.description


def test_the_points_of_a_list_that_looks_like_a_table_are_no_part_of_its_numbers() -> None:
    read = _read("Please send:", "", "- HW3228   6", "- PA8226   1,500 units", "- 642040   400 pcs")
    assert [one.line.item for one in read.lines] == ["HW3228", "PA8226", "642040"]
    assert unaccounted(read) == []
