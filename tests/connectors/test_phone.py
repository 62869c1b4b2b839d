"""The phone form: a clerk's words in, an order out, and sentences a clerk understands."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.phone import FIELDS, check_phone_form, phone_envelope, read_phone
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind

AT = datetime(2026, 11, 23, 9, 30, 12, tzinfo=UTC)
FORM = {"customer": "C1001", "lines": "A100 12\n3 x B200 @ 2.50", "requested_date": "2026-12-01", "currency": "eur"}


def order_of(fields: dict[str, object]):
    reading = read_phone(phone_envelope(fields, "mary", AT))
    assert reading.kind is EnvelopeKind.ORDERS
    return reading.orders[0]


def test_reads_what_the_clerk_typed():
    order = order_of(FORM)
    assert (order.source, order.customer.number, order.currency) == ("phone", "C1001", "EUR")
    assert (order.order_date, order.requested_date) == (date(2026, 11, 23), date(2026, 12, 1))
    assert [(line.item_ref, line.quantity, line.unit_price) for line in order.lines] == [
        ("A100", Decimal(12), None),
        ("B200", Decimal(3), Decimal("2.50")),
    ]
    assert check_phone_form(FORM) == []


def test_the_same_form_sent_twice_is_the_same_order():
    first, again = phone_envelope(FORM, "mary", AT), phone_envelope(dict(reversed(FORM.items())), "mary", AT)
    assert (first.delivery_ref, first.sha256) == (again.delivery_ref, again.sha256)
    assert not read_phone(first).orders[0].has_own_ref


def test_a_given_reference_is_the_orders():
    order = order_of(FORM | {"order_ref": "PO-7"})
    assert (order.order_ref, order.has_own_ref) == ("PO-7", True)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("C1001", "number", "C1001"),
        ("Ann@Example.com", "email", "ann@example.com"),
        ("Blue Barn Ltd", "name", "Blue Barn Ltd"),
    ],
)  # fmt: skip
def test_a_customer_may_be_a_number_a_name_or_a_mail_address(text, field, value):
    assert getattr(order_of(FORM | {"customer": text}).customer, field) == value


@pytest.mark.parametrize("text", ["A100 12", "12 x A100", "12x A100", "12 × A100", "A100 x12", "A100  12"])
def test_a_line_may_be_written_either_way_round(text):
    (line,) = order_of(FORM | {"lines": text}).lines
    assert (line.item_ref, line.quantity) == ("A100", Decimal(12))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"customer": ""}, "Customer: say who orders"),
        ({"lines": ""}, "Lines: the order has none"),
        ({"lines": "A100 1\nsome mugs please"}, "Lines, line 2: 'some mugs please' does not name"),
        ({"lines": "A100 1,000"}, "Lines, line 1: '1,000' is not a number"),
        ({"lines": "A100 0"}, "Lines, line 1: The quantity is zero"),
        ({"lines": "A100 -2"}, "Lines, line 1: The quantity is negative"),
        ({"requested_date": "next week"}, "Requested date: 'next week' is not a date"),
        ({"currency": "euros"}, "Currency: 'euros' is not a currency code"),
        ({"street": "High Street 1"}, "Address: city, country missing"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_in_a_sentence(change, sentence):
    (wrong,) = check_phone_form(FORM | change)
    assert wrong.startswith(sentence)


def test_what_cannot_be_read_stays_beside_the_order():
    reading = read_phone(phone_envelope(FORM | {"lines": "A100 1\nsome mugs\nB200 1,5"}, "mary", AT))
    assert [item.raw for item in reading.unreadable] == ["some mugs"]
    assert [line.item_ref for line in reading.orders[0].lines] == ["A100", "B200"]
    assert reading.orders[0].lines[1].problems[0].rule == "LIN-001"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b'{"lines": null}', b"[" * 5_000])
def test_content_that_is_no_form_is_quarantined(content):
    reading = read_phone(Envelope("phone", "x", content, "application/json"))
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert not reading.orders


@given(st.dictionaries(st.sampled_from(FIELDS), st.text() | st.none() | st.integers() | st.lists(st.text())))
def test_any_form_is_read_without_an_exception(fields):
    reading = read_phone(phone_envelope(fields, "mary", AT))
    wrong = check_phone_form(fields)
    assert reading.orders or wrong
    typed = [text for text in str(fields.get("lines") or "").splitlines() if text.strip()]
    if isinstance(fields.get("lines"), str) and reading.orders:
        assert len(reading.orders[0].lines) + len(reading.unreadable) <= len(typed)
