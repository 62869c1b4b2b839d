"""The quality report: what it says in both languages, what its charts draw, and a spreadsheet that runs nothing."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from orderclerk.documents.charts import orders_chart, passed_chart, png
from orderclerk.documents.columns import width
from orderclerk.documents.quality_facts import facts_from_json, facts_to_json
from orderclerk.documents.quality_mail import render_quality_mail
from orderclerk.documents.quality_samples import AS_OF, bad_day, good_day
from orderclerk.documents.quality_sheets import quality_workbook
from orderclerk.documents.rule_words import rule_title, translated
from orderclerk.documents.samples import DESK
from orderclerk.documents.spreadsheet import Sheet, workbook_bytes
from orderclerk.documents.words import words_for
from orderclerk.domain.rules import RULES
from orderclerk.domain.rules_quality import QUALITY_RULES

LANGUAGES = ("en", "zh_CN")


def mail(facts, language: str = "en") -> EmailMessage:
    made = render_quality_mail(DESK, facts, language, "team@northgate.example", "quality:2026-11-23", AS_OF)
    return message_from_bytes(made.as_bytes(), policy=policy.default)


def halves(message: EmailMessage) -> tuple[str, str]:
    plain, html = (message.get_body((half,)).get_content().replace("\r\n", "\n") for half in ("plain", "html"))
    return plain, html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bad_day_says_the_alarms_first_and_everything_in_both_halves(language: str) -> None:
    text, html = halves(mail(bad_day(), language))
    for half in (text, html):
        places = [half.index(word) for word in ("north", "PRC-001", "SO100711", "ENV-004", "DQ-016")]
        assert places == sorted(places)
        for word in ("112", "SO100812", "@muster.example", rule_title("DQ-101", language), rule_title("STK-001", language), "SO100820",
                     "var/data-docs/2026-11-23/index.html", "http://127.0.0.1:4200/artifacts", "18, 19, 20, 21"):  # fmt: skip
            assert word.split()[0] in half.replace("\n", " "), word
    assert all(width(line) <= 76 for line in text.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_good_day_is_three_lines(language: str) -> None:
    text, html = halves(mail(good_day(), language))
    assert html.count("<p style") == 3
    sentences = [html.split("<p style")[place].split(">", 1)[1].split("<")[0] for place in (1, 2, 3)]
    body = "".join(text.split("-- ")[0].split("\n\n", 1)[1].split())
    assert body == "".join("".join(sentences).split()), "the plain half says these three and nothing else"
    assert "cid:" not in html


@pytest.mark.parametrize("facts", [bad_day(), good_day()])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_from_anywhere_and_every_picture_is_inside_with_words(facts, language: str) -> None:
    message = mail(facts, language)
    _, html = halves(message)
    assert 'src="http' not in html
    assert "url(" not in html
    inside = {part["Content-ID"].strip("<>") for part in message.walk() if part["Content-ID"]}
    shown = {piece.split('"')[0] for piece in html.split("cid:")[1:]}
    assert inside == shown
    assert html.count('alt="') == len(shown)
    assert 'alt=""' not in html


def test_the_same_facts_give_the_same_bytes_also_through_the_book() -> None:
    facts = bad_day()
    assert facts_from_json(facts_to_json(facts)) == facts
    first = render_quality_mail(DESK, facts, "en", "team@x.example", "quality:1", AS_OF).as_bytes()
    assert (
        render_quality_mail(
            DESK, facts_from_json(facts_to_json(facts)), "en", "team@x.example", "quality:1", AS_OF
        ).as_bytes()
        == first
    )


def test_customers_words_are_escaped() -> None:
    _, html = halves(mail(replace(bad_day(), sources=(replace(bad_day().sources[0], source="<script>x</script>"),))))
    assert "<script" not in html


def test_the_chart_of_orders_draws_each_channel_of_each_day() -> None:
    trend = bad_day().trend
    (axes,) = orders_chart(trend).axes
    bars = {container.get_label(): [bar.get_height() for bar in container] for container in axes.containers}
    assert bars == {name: [day.orders[name] for day in trend] for name in ("mail", "north", "files", "phone")}
    tops = [max(container[-1].get_y() + container[-1].get_height() for container in axes.containers)]
    assert tops == [sum(trend[-1].orders.values())]


def test_the_chart_of_what_passed_draws_each_day_s_share() -> None:
    trend = (*bad_day().trend[:-1], replace(bad_day().trend[-1], orders={}, held=0))
    (axes,) = passed_chart(trend).axes
    (line,) = axes.lines
    drawn = list(line.get_ydata())
    assert drawn[:-1] == [1 - day.held / sum(day.orders.values()) for day in trend[:-1]]
    assert drawn[-1] != drawn[-1], "a day without orders is a gap"
    assert png(passed_chart(trend)).startswith(b"\x89PNG")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_spreadsheet_has_the_rows_a_frozen_header_and_filters(language: str) -> None:
    book = load_workbook(BytesIO(quality_workbook(bad_day(), language)))
    held, lost, channels, days = book.worksheets
    assert [sheet.max_row for sheet in (held, lost, channels, days)] == [3, 2, 5, 29]
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
    assert all(sheet.auto_filter.ref.startswith("A1:") for sheet in book.worksheets)
    assert rule_title("PRC-001", language) in [cell.value for cell in held[2]]


NASTY = st.text(st.characters(), max_size=40).flatmap(
    lambda text: st.sampled_from(["", "=", "+", "-", "@", "\t=", "\r", "＝"]).map(lambda first: first + text)
)


@given(st.lists(st.lists(NASTY, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_cell_of_any_text_is_a_formula(rows: list[list[str]]) -> None:
    content = workbook_bytes([Sheet("x", ("a", "b"), rows)])
    page = load_workbook(BytesIO(content)).worksheets[0]
    for row in page.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type in ("s", "inlineStr") or cell.value is None
            if isinstance(cell.value, str) and cell.value[:1] in tuple("=+-@\t\r"):
                assert cell.quotePrefix
    with ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_of_the_same_rows_is_the_same_bytes() -> None:
    assert quality_workbook(bad_day(), "en") == quality_workbook(bad_day(), "en")


def test_rules_have_chinese_words_and_no_word_is_left_of_a_rule_that_is_gone() -> None:
    chinese = translated("zh_CN")
    assert set(chinese) <= set(RULES)
    assert {rule.id for rule in QUALITY_RULES} <= set(chinese)
    assert all(title and step for title, step in chinese.values())
    assert rule_title("PRC-001", "en") == RULES["PRC-001"].title


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_that_is_cut_says_so(language: str) -> None:
    many = tuple(replace(bad_day().held[0], rule=rule) for rule in list(RULES)[:15])
    text, html = halves(mail(replace(bad_day(), held=many), language))
    said = words_for(language).say("quality", "shown", shown=12, all="15")
    assert said in text
    assert said in html
