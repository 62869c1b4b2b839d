"""Whatever the facts, a mail comes out, says every quantity and the total, and can be read back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.columns import width, wrap
from orderclerk.documents.facts import LineFacts, OrderFacts
from orderclerk.documents.mails import MailKind, render_mail
from orderclerk.documents.samples import DESK, SENT_AT
from orderclerk.documents.words import language_of, words_for
from orderclerk.domain.reading import Address
from tests.unit.documents.mail_reading import plain, received

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXT = st.one_of(st.text(max_size=80), st.text("ab <>&\"'{}%\r\n\t中文，。é\u202e\ud800-", max_size=300))
DECIMALS = st.none() | st.decimals(-(10**12), 10**12, places=4) | st.integers(0, 5).map(Decimal)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))
LINES = st.builds(
    LineFacts, line_no=st.integers(0, 9999), item_no=TEXT, description=TEXT, quantity=DECIMALS,
    unit=st.sampled_from(["EA", "BX", "KGM", "", "Q7"]) | TEXT, unit_price=DECIMALS, amount=DECIMALS,
    their_item_ref=TEXT, is_charge=st.booleans(),
)  # fmt: skip
ORDERS = st.builds(
    OrderFacts, order_no=TEXT, revision=st.integers(1, 9), reference=TEXT,
    currency=st.sampled_from(["GBP", "CNY", "JPY", ""]) | TEXT, lines=st.lists(LINES, max_size=5).map(tuple),
    goods_total=DECIMALS, charges_total=DECIMALS, total=DECIMALS, language=st.sampled_from(["en", "zh_CN"]) | TEXT,
    their_ref=TEXT, customer_name=TEXT, contact_name=TEXT, order_date=DAYS, requested_date=DAYS, promised_date=DAYS,
    delivery=st.builds(Address, TEXT, TEXT, TEXT, TEXT, TEXT, st.sampled_from(["GB", "CN", "US", ""]) | TEXT),
    payment_method=st.sampled_from(["invoice", "prepaid", "cod", ""]) | TEXT, payment_terms_days=st.integers(-1, 365),
    answer_by=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    remarks=TEXT, in_reply_to=TEXT,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(MailKind), order=ORDERS)
def test_any_order_becomes_a_mail_that_says_every_quantity_and_the_total(kind: MailKind, order: OrderFacts) -> None:
    message = render_mail(kind, DESK, order, "a@b.example", SENT_AT)
    assert message.as_bytes() == render_mail(kind, DESK, order, "a@b.example", SENT_AT).as_bytes()
    text, words = plain(received(message)), words_for(language_of(order.language))
    assert words.money(order.total, order.currency) in text or kind.asks_questions
    for line in order.lines:
        assert words.money(line.amount, order.currency) in text
        if not line.is_charge:
            assert words.quantity(line.quantity, line.unit) in text


@settings(max_examples=100, deadline=None)
@given(order=ORDERS)
def test_no_line_of_the_message_is_too_long_for_smtp(order: OrderFacts) -> None:
    raw = render_mail(MailKind.OFFER, DESK, order, "a@b.example", SENT_AT).as_bytes()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


@given(text=st.text("ab 中文，.-", max_size=200), places=st.integers(2, 40))
def test_wrapping_loses_no_character_but_spaces_and_keeps_to_its_places(text: str, places: int) -> None:
    text = " ".join(text.split())
    lines = wrap(text, places)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= places for line in lines)


@given(text=st.text(max_size=60))
def test_a_cleaned_line_has_no_control_character_and_loses_no_other(text: str) -> None:
    cleaned = clean_line(text)
    assert not {category(char) for char in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    kept = [c for c in text if category(c) not in ("Cc", "Cs", "Zl", "Zp") and c not in BIDI and not c.isspace()]
    assert cleaned.replace(" ", "") == "".join(kept)
