"""The plain table stays aligned, long things fit, and an order of 200 lines is not clipped by Gmail."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orderclerk.documents.columns import pad, pad_left, width, wrap
from orderclerk.documents.facts import LineFacts, OrderFacts
from orderclerk.documents.mails import MailKind
from orderclerk.documents.samples import sample_order
from tests.unit.documents.mail_reading import html, mail, plain

GMAIL_CLIPS_AT = 102_000  # bytes of HTML; what follows is behind "View entire message"


@pytest.mark.parametrize(
    ("text", "places"), [("abc", 3), ("订单", 4), ("A订b", 4), ("e\u0301", 1), ("", 0), ("ｱ", 1), ("，", 2)]
)
def test_a_chinese_character_takes_two_places(text: str, places: int) -> None:
    assert width(text) == places
    assert width(pad(text, 9)) == width(pad_left(text, 9)) == 9


def test_text_wraps_at_spaces_and_between_chinese_characters() -> None:
    assert wrap("steel bolt, long", 11) == ["steel bolt,", "long"]
    assert wrap("六角螺栓不锈钢", 6) == ["六角螺", "栓不锈", "钢"]
    assert wrap("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrap("ab " + "x" * 12, 10) == ["ab", "x" * 10, "xx"]
    assert wrap("", 10) == [""]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_figures_stand_under_each_other(language: str) -> None:
    order = sample_order(language)
    rows = plain(mail(MailKind.OFFER, order)).split("\n")
    rules = [i for i, row in enumerate(rows) if row and set(row) == {"-"} and len(row) > 20]
    table = rows[rules[0] - 1 : rules[1] + 4]
    ends = [width(row) for row in table if row.rstrip()[-1:].isdigit() and ("£" in row or "¥" in row)]
    assert len(ends) == len(order.lines) + 3
    assert set(ends) == {width(rows[rules[0]])} == {76}


@pytest.mark.parametrize("description", ["word " * 300, "x" * 1200, "六角螺栓" * 200, "a\n\n b\t c" * 50])
def test_a_long_description_wraps_and_stays_in_its_column(description: str) -> None:
    text = plain(
        mail(MailKind.OFFER, with_lines(LineFacts(1, "A-1", description, Decimal(3), "EA", Decimal(2), Decimal(6))))
    )
    assert all(width(row) <= 76 for row in text.split("\n"))
    assert "3 pcs" in text
    assert ("…" in text) == (len(" ".join(description.split())) > 1000)  # what is cut says so


def test_an_absurd_figure_is_never_cut() -> None:
    huge = Decimal("123456789012345.1234")
    text = plain(mail(MailKind.OFFER, with_lines(LineFacts(1, "A-1", "Bolt", huge, "KGM", huge, huge))))
    assert "123,456,789,012,345.1234 kg" in text
    assert text.count("£123,456,789,012,345.1234") == 2


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_two_hundred_lines_arrive_whole(language: str) -> None:
    lines = tuple(
        LineFacts(
            i,
            f"A-{i:04}",
            f"Hex bolt M8 × {i}, steel 螺栓",
            Decimal(i),
            "BX",
            Decimal(i) / 100,
            Decimal(i * i) / 100,
            f"C{i}",
        )
        for i in range(1, 201)
    )
    message = mail(MailKind.OFFER, replace(with_lines(*lines), language=language))
    page, text = html(message), plain(message)
    assert len(page.encode()) < GMAIL_CLIPS_AT
    for i in range(1, 201):
        assert f"A-{i:04}" in page
        assert f"A-{i:04}" in text
    assert page.index("£576.58") < page.index("A-0001")  # even clipped, the preview has said the total


def test_an_order_without_lines_says_so() -> None:
    message = mail(MailKind.CANCELLATION, with_lines())
    assert "No lines." in plain(message)
    assert "No lines." in html(message)


def test_a_charge_shows_its_quantity_only_where_it_has_one() -> None:
    freight = LineFacts(1, "", "Freight", Decimal(1), "EA", Decimal(9), Decimal(9), is_charge=True)
    hours = LineFacts(2, "", "Cutting", Decimal("1.5"), "HUR", Decimal(40), Decimal(60), is_charge=True)
    text = plain(mail(MailKind.OFFER, with_lines(freight, hours)))
    assert "1 pc" not in text
    assert "1.5 h" in text


def test_a_dead_order_no_longer_says_when_and_where() -> None:
    text = plain(mail(MailKind.DECLINED, sample_order("en")))
    assert "Delivery planned" not in text
    assert "Leeds" not in text


def test_remarks_keep_their_lines() -> None:
    order = replace(sample_order("en"), remarks="before noon\r\n\r\n  ramp at\tthe back")
    assert "before noon<br>ramp at the back" in html(mail(MailKind.OFFER, order))


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = html(mail(MailKind.OFFER, sample_order("en")))
    assert "http" not in page
    assert "url(" not in page


def with_lines(*lines: LineFacts) -> OrderFacts:
    return replace(sample_order("en"), lines=lines)
