"""What every mail carries: its facts in both parts, its headers, the same bytes each time, and nobody else's markup."""

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import product
from urllib.parse import unquote

import pytest

from orderclerk.documents.facts import DeskFacts, LineFacts, OrderFacts, QuestionFacts
from orderclerk.documents.mails import MailKind, mail_kind, message_id, render_mail, render_team_mail
from orderclerk.documents.samples import DESK, SENT_AT, sample_change, sample_order, sample_questions
from orderclerk.domain.answers import Verdict, judge_answer
from orderclerk.domain.asking import ASKED
from orderclerk.domain.reading import Address
from orderclerk.domain.references import find_reference, sign_reference
from tests.unit.documents.mail_reading import html, mail, plain, received

LANGUAGES = ("en", "zh_CN")
EVERY = list(product(MailKind, LANGUAGES))
QUESTIONS = (MailKind.QUESTION, MailKind.QUESTION_REMINDER, MailKind.DELAY)
PRICED = [(kind, language) for kind, language in EVERY if kind not in QUESTIONS]
WANTED = (MailKind.OFFER, MailKind.AMENDED_OFFER, MailKind.COUNTER_OFFER, MailKind.REMINDER, *QUESTIONS)
ENGLISH, CHINESE = sample_order("en"), sample_order("zh_CN")
BARE = OrderFacts("SO100044", 1, "SO100044-1-aaaaaaaa", "", (), None, None, None)


@pytest.mark.parametrize(("kind", "language"), PRICED)
def test_every_line_and_the_total_stand_in_both_parts(kind: MailKind, language: str) -> None:
    order = sample_order(language)
    message = mail(kind, order)
    amounts = {"en": ["£24.68", "£83.40", "£420.00", "£9.50", "£576.58"], "zh_CN": ["¥2,170.00", "¥85.00", "¥6,675.50"]}
    for text in (plain(message), html(message)):
        for expected in (*amounts[language], order.their_ref, order.order_no, order.lines[0].item_no):
            assert expected in text
    for line in order.lines:
        assert line.description in html(message)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_says_what_it_can_when_nearly_nothing_is_known(kind: MailKind, language: str) -> None:
    message = mail(kind, replace(BARE, language=language))
    for text in (plain(message), html(message)):
        assert "None" not in text
        assert "{{" not in text
        assert "SO100044" in text
        assert "–" in text or kind in QUESTIONS  # a total that is not known is a dash, not a zero


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_same_facts_give_the_same_bytes(kind: MailKind, language: str) -> None:
    first, second = (render_mail(kind, DESK, sample_order(language), "a@b.example", SENT_AT) for _ in range(2))
    assert first.as_bytes() == second.as_bytes()


def test_a_quantity_written_in_cartons_is_told_in_both_units() -> None:
    for text in (plain(mail(MailKind.OFFER, ENGLISH)), html(mail(MailKind.OFFER, ENGLISH))):
        assert "12 boxes" in text
        assert "1 carton as you wrote" in text


def test_a_negative_zero_first_does_not_change_a_zero_later() -> None:
    texts = [plain(mail(MailKind.OFFER, replace(BARE, currency="SEK", total=Decimal(v)))) for v in ("-0", "0", "0.00")]
    assert len(set(texts)) == 1
    assert "-SEK" not in texts[0]


def test_the_chinese_mail_is_chinese() -> None:
    message = mail(MailKind.OFFER, CHINESE)
    assert message["Subject"] == "请确认您的订单 采购-2026-1187 [SO100043-1-p4dw6hqa]"
    assert message["Content-Language"] == "zh-CN"
    for text in (plain(message), html(message)):
        for words in (
            "李明，您好：",
            "2,000 件",
            "12 包",
            "即您写的 1 箱",
            "37.5 千克",
            "2026年12月1日星期二",
            "江苏省苏州市",
            "30 天内付清",
        ):
            assert words in text
    assert not re.search(r"Quantity|Total|Deliver|Confirm", plain(message))


@pytest.mark.parametrize("language", ["", "de", "zh_TW", "zh-Hant-HK", "en_US", "../en"])
def test_a_language_we_do_not_write_gets_english(language: str) -> None:
    assert "Please confirm your order" in plain(mail(MailKind.OFFER, replace(ENGLISH, language=language)))


def test_the_wall_clock_is_the_desks() -> None:
    shanghai = replace(DESK, timezone="Asia/Shanghai")
    message = received(render_mail(MailKind.OFFER, shanghai, ENGLISH, "a@b.example", SENT_AT))
    assert "Thursday, 26 November 2026 at 17:42 (China Standard Time)" in html(message)
    assert message["Date"] == "Mon, 23 Nov 2026 17:42:00 +0800"


def test_the_reply_finds_its_order_from_subject_body_and_message_id() -> None:
    secret = b"kept"
    order = replace(ENGLISH, reference=sign_reference("SO100042", 3, secret))
    message = mail(MailKind.REMINDER, order)
    for text in (message["Subject"], message["Message-ID"], plain(message), html(message)):
        found = find_reference(text, secret)
        assert found is not None
        assert (found.order_no, found.revision) == ("SO100042", 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_we_ask_for_are_words_we_understand(language: str) -> None:
    links = re.findall(r'href="mailto:[^"]*body=([^"]+)"', html(mail(MailKind.OFFER, sample_order(language))))
    assert [judge_answer(unquote(word)) for word in links] == [Verdict.CONFIRM, Verdict.DECLINE]


def test_a_button_begins_a_mail_to_the_desk_with_the_reference() -> None:
    desk = replace(DESK, reply_to="replies@northgate.example")
    order = replace(ENGLISH, their_ref='PO 1&body=x"?%0d')
    message = received(render_mail(MailKind.OFFER, desk, order, "a@b.example", SENT_AT))
    links = re.findall(r'href="([^"]*)"', html(message))
    assert len(links) == 2
    for link in links:
        assert link.startswith("mailto:replies@northgate.example?subject=Re%3A%20Please%20confirm")
        assert "PO%201%26body%3Dx%22%3F%250d%20%5BSO100042-1-k7xq2mzt%5D" in link


def test_message_id_is_made_of_reference_kind_and_domain() -> None:
    assert mail(MailKind.OFFER, ENGLISH)["Message-ID"] == "<SO100042-1-k7xq2mzt.offer@northgate.example>"
    assert message_id(MailKind.REMINDER, DESK, ENGLISH, "2") == "<SO100042-1-k7xq2mzt.reminder.2@northgate.example>"
    ids = {message_id(kind, DESK, order) for kind in MailKind for order in (ENGLISH, CHINESE)}
    assert len(ids) == 2 * len(MailKind)


def test_an_orders_mails_are_one_conversation_beneath_the_mail_that_ordered() -> None:
    order = replace(ENGLISH, in_reply_to="<abc.123@harbour.example>")
    message = mail(MailKind.CONFIRMATION, order)
    assert message["In-Reply-To"] == "<abc.123@harbour.example>"
    assert message["References"] == "<abc.123@harbour.example> <SO100042@northgate.example>"
    assert mail(MailKind.OFFER, ENGLISH)["References"] == "<SO100042@northgate.example>"


def test_a_later_mail_stands_beneath_the_customers_last_and_names_the_first_ones() -> None:
    thread = ("<abc.123@harbour.example>", "<SO100042-1-k7xq2mzt.offer@northgate.example>")
    order = replace(
        ENGLISH,
        in_reply_to="<reply.9@harbour.example>",
        thread=thread,
        their_subject="AW: Re: Bestellung 17 [SO100042-1-k7xq2mzt]",
    )
    message = mail(MailKind.COUNTER_OFFER, order)
    assert message["In-Reply-To"] == "<reply.9@harbour.example>"
    assert message["References"].split() == [
        thread[0],
        "<SO100042@northgate.example>",
        thread[1],
        "<reply.9@harbour.example>",
    ]
    assert message["Subject"] == "Re: Bestellung 17 [SO100042-1-k7xq2mzt]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counter_offer_shows_what_was_beside_what_is(language: str) -> None:
    message = mail(MailKind.COUNTER_OFFER, sample_change(language))
    page, text = html(message), plain(message)
    assert page.count("<s ") == 2 * 2 + 1  # quantity and amount of the changed and of the rejected line, and its name
    words = {
        "en": ("instead of 200 pcs", "no longer in your order", "Total before"),
        "zh_CN": ("原为 2,000 件", "已从订单中去除", "变更前合计"),
    }
    for said in words[language]:
        assert said in page
        assert said in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_that_is_asked_about_has_its_words(language: str) -> None:
    about = {
        "line": "2",
        "item": "Blue mug",
        "read": "some",
        "price": "2.5",
        "their_price": "2",
        "quantity": "7",
        "unit": "EA",
        "limit": "10",
    }
    fields = [f"LIN-008-{field}" for field in ("quantity", "item", "price")]
    for rule in (*ASKED, *fields, "ANS-002"):
        for choices in ((), ("IT-7 Blue mug, 300 ml", "IT-8 Red mug")):
            asked = replace(sample_order(language), questions=(QuestionFacts(1, rule, about, choices),))
            page = plain(mail(MailKind.QUESTION, asked))
            assert re.search(r"[?？。.]", page.split("1) ")[1].split("\n\n")[0])
            assert all(f"{letter}) {choice}" in page for letter, choice in zip("ab", choices, strict=False))


def test_a_mail_of_one_question_asks_for_a_word_and_one_of_several_for_numbers() -> None:
    several = sample_questions("en")
    one = replace(several, questions=several.questions[:1])
    assert "put the number of each question" in plain(mail(MailKind.QUESTION, several))
    assert "a word is enough" in plain(mail(MailKind.QUESTION, one))
    assert unquote(re.findall(r'body=([^"]*)"', html(mail(MailKind.QUESTION, several)))[0]).startswith("1) \n2) ")


@pytest.mark.parametrize("theirs", ["no id", "<a@b>\r\nBcc: x@y.example", "<a b@c>", "<" + "a" * 500 + "@b>", "<é@b>"])
def test_a_message_id_that_is_none_is_not_answered_to(theirs: str) -> None:
    message = mail(MailKind.OFFER, replace(ENGLISH, in_reply_to=theirs))
    assert message["In-Reply-To"] is None
    assert message["Bcc"] is None


@pytest.mark.parametrize("kind", MailKind)
def test_only_mails_that_want_no_answer_call_themselves_automatic(kind: MailKind) -> None:
    message = mail(kind, ENGLISH)
    wants_answer = kind in WANTED
    assert (message["Auto-Submitted"] is None) == wants_answer
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["X-Orderclerk-Kind"] == kind.value
    assert ("mailto:" in html(message)) == wants_answer


def test_a_reply_goes_where_the_desk_wants_it() -> None:
    assert mail(MailKind.OFFER, ENGLISH)["Reply-To"] is None
    desk = replace(DESK, reply_to="replies@northgate.example")
    assert render_mail(MailKind.OFFER, desk, ENGLISH, "a@b.example", SENT_AT)["Reply-To"] == "replies@northgate.example"


HOSTILE = '<script>alert("1")</script><img src=http://x.example/a.png onerror=a> & \' {{ 7*7 }} \u202e'


@pytest.mark.parametrize("kind", MailKind)
def test_markup_in_other_peoples_text_stays_text(kind: MailKind) -> None:
    line = LineFacts(1, HOSTILE, HOSTILE, None, HOSTILE, their_item_ref=HOSTILE + "x")
    order = replace(
        ENGLISH, their_ref=HOSTILE, customer_name=HOSTILE, contact_name=HOSTILE, remarks=HOSTILE, currency="<b>",
        delivery=Address(*[HOSTILE] * 6), payment_method=HOSTILE, lines=(line,), order_no=HOSTILE, reference=HOSTILE,
    )  # fmt: skip
    page = html(mail(kind, order))
    assert tags_of(page).isdisjoint({"script", "img"})
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page
    assert tags_of(page) == tags_of(html(mail(kind, ENGLISH)))


def tags_of(page: str) -> set[str]:
    found: set[str] = set()

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.add(tag)
            assert not any(name.startswith("on") or name == "src" for name, _ in attrs)

    Tags().feed(page)
    return found


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00", "\ud800"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_in_a_reference_adds_no_header(line_break: str) -> None:
    evil = f"PO-1{line_break}Bcc: victim@x.example{line_break}{line_break}<p>body"
    desk = replace(DESK, name=f"Desk{line_break}Bcc: victim@x.example")
    order = replace(ENGLISH, their_ref=evil, order_no=evil, reference=evil, contact_name=evil, in_reply_to=evil)
    message = received(render_mail(MailKind.OFFER, desk, order, "a@b.example", SENT_AT))
    assert message["Bcc"] is None
    assert set(message.keys()) <= set(mail(MailKind.OFFER, ENGLISH).keys())
    assert message["X-Orderclerk-Their-Ref"] == "PO-1 Bcc: victim@x.example <p>body"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "anna",
        "a@b.example, c@d.example",
        "a@b\r\nBcc: x@y",
        "Anna <a@b>",
        "a b@c",
        "é@b.example",
        "@b",
        "a@",
        "a@b..c",
    ],
)
def test_what_is_no_single_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        render_mail(MailKind.OFFER, DESK, ENGLISH, to, SENT_AT)


def test_a_domain_in_another_script_is_written_in_ascii() -> None:
    assert mail(MailKind.OFFER, ENGLISH, "anna@bücher.example")["To"] == "anna@xn--bcher-kva.example"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no timezone"):
        render_mail(MailKind.OFFER, DESK, ENGLISH, "a@b.example", datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.parametrize(
    "wrong",
    [{"address": "orders"}, {"address": ""}, {"reply_to": "x"}, {"timezone": "Mars/Base"}, {"timezone": "../etc"}],
)
def test_a_desk_that_cannot_write_says_so(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"address|timezone"):
        DeskFacts(**{"name": "Desk", "address": "o@d.example", **wrong})


def test_an_outbox_row_names_its_mail() -> None:
    changed = replace(ENGLISH, revision=2, change="asked", was_confirmed=True)
    fewer = replace(changed, lines=tuple(replace(line, outcome="accepted") for line in ENGLISH.lines))
    more = replace(changed, lines=(replace(ENGLISH.lines[0], outcome="changed"), *fewer.lines[1:]))
    assert mail_kind("offer", ENGLISH) is MailKind.OFFER
    assert mail_kind("offer", replace(ENGLISH, revision=2)) is MailKind.AMENDED_OFFER
    assert mail_kind("offer", changed) is MailKind.COUNTER_OFFER
    assert mail_kind("confirmation", ENGLISH) is MailKind.CONFIRMATION
    assert mail_kind("confirmation", fewer) is MailKind.PARTIAL_CANCELLATION
    assert mail_kind("confirmation", more) is MailKind.CHANGE_CONFIRMED
    assert mail_kind("confirmation", replace(ENGLISH, change="restored")) is MailKind.RESTORED
    assert mail_kind("expiry", changed) is MailKind.EXPIRY
    with pytest.raises(ValueError, match="team"):
        mail_kind("team", ENGLISH)


def team(**changed: object) -> EmailMessage:
    given = {
        "subject": "2 orders held",
        "paragraphs": ["SO1: <no> address\nSO2: price", "", "End."],
        "key": "team:held:1",
    }
    return received(render_team_mail(DESK, to="t@d.example", sent_at=SENT_AT, **{**given, **changed}))  # type: ignore[arg-type]


def test_the_team_reads_its_paragraphs() -> None:
    message = team()
    assert plain(message).startswith("SO1: <no> address\nSO2: price\n\nEnd.\n")
    assert "SO1: &lt;no&gt; address<br>SO2: price</p>" in html(message)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "2 orders held"


def test_a_team_mails_key_is_its_identity() -> None:
    assert team()["Message-ID"] == team()["Message-ID"]
    assert team(key="a b")["Message-ID"] != team(key="a-b")["Message-ID"]
    assert re.fullmatch(r"<team\.[\w.-]+@northgate\.example>", team(key="\r\n\ud800密" + "x" * 500)["Message-ID"])
    assert team(subject="a\r\nBcc: b@c.example")["Bcc"] is None
