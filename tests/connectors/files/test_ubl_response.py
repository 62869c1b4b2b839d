"""UBL order responses: found, and understood as strictly as words are."""

from decimal import Decimal

import pytest

from connectors.files.ubl import read_ubl
from connectors.files.ubl_response import read_response
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.purchasing.answers import OrderedLine
from orderclerk.domain.purchasing.stated import read_stated

NAMES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
LINES = [OrderedLine(1, Decimal(100), Decimal("1.25")), OrderedLine(2, Decimal(40), Decimal("3.50"))]


def document(code="AP", lines="", day="", currency="EUR") -> bytes:
    delivery = f"<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:EndDate>{day}</cbc:EndDate></cac:PromisedDeliveryPeriod></cac:Delivery>"
    return (
        f"<OrderResponse {NAMES}><cbc:ID>7</cbc:ID><cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>"
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode><cac:OrderReference><cbc:ID>PO100012</cbc:ID></cac:OrderReference>"
        f"{delivery if day else ''}{lines}</OrderResponse>"
    ).encode()


def line(no, status, quantity="", price="", extra="") -> str:
    figures = (f"<cbc:Quantity unitCode='EA'>{quantity}</cbc:Quantity>" if quantity else "") + extra
    cost = f"<cac:Price><cbc:PriceAmount currencyID='EUR'>{price}</cbc:PriceAmount></cac:Price>" if price else ""
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>9</cbc:ID><cbc:LineStatusCode>{status}</cbc:LineStatusCode>{figures}{cost}"
        f"<cac:Item/></cac:LineItem><cac:OrderLineReference><cbc:LineID>{no}</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"
    )


def said(content: bytes):
    return read_stated(read_response(content), LINES, "EUR")


def test_accepted_as_a_whole():
    answer = said(document(day="2026-03-12"))
    assert answer.is_confirmed
    assert [one.day.isoformat() for one in answer.lines] == ["2026-03-12"] * 2


def test_changed_lines_are_told_by_the_orders_own_line_numbers():
    answer = said(document("CA", line(1, "3", "80", "1.30") + line(2, "7")))
    assert [(one.line_no, one.quantity, one.unit_price) for one in answer.lines] == [
        (1, 80, Decimal("1.30")),
        (2, 0, None),
    ]
    assert not answer.doubts


def test_rejected_and_only_received():
    assert said(document("RE")).is_refused
    assert said(document("AB")).says_nothing


@pytest.mark.parametrize(
    "content",
    [
        document("XX"), document(currency="USD"), document("CA", line(5, "5")), document("CA", line(1, "42")),
        document("CA", line(1, "3", "130")), document("CA", line(1, "3", "many")), document("CA", line(1, "5") + line(1, "5")),
        document("CA", line(1, "3", "80", extra="<cbc:MaximumBackorderQuantity>20</cbc:MaximumBackorderQuantity>")),
    ],
)  # fmt: skip
def test_what_is_not_as_agreed_between_systems_is_a_doubt(content):
    assert said(content).doubts


@pytest.mark.parametrize(
    "content", [b"", b"<x/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", b"not xml", b"<Order xmlns='urn:x'/>"]
)
def test_other_documents_are_none(content):
    assert read_response(content) is None


def test_one_that_is_dropped_as_a_file_answers_its_order():
    purchase = read_ubl(Envelope("files", "x", document(), "application/xml", "calder")).purchase
    assert (purchase.po_no, purchase.is_trusted, purchase.stated["code"]) == ("PO100012", True, "AP")
