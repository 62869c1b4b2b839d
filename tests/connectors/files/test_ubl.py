"""UBL Order, OrderChange and OrderCancellation."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.reading import read_file
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, Kind

BUYER = """<cac:BuyerCustomerParty><cbc:SupplierAssignedAccountID>C1001</cbc:SupplierAssignedAccountID><cac:Party>
<cbc:EndpointID schemeID="0088">4012345000009</cbc:EndpointID>
<cac:PartyName><cbc:Name>Blue Barn</cbc:Name></cac:PartyName>
<cac:Contact><cbc:Telephone>555</cbc:Telephone><cbc:ElectronicMail>buy@bluebarn.example</cbc:ElectronicMail></cac:Contact>
</cac:Party></cac:BuyerCustomerParty>"""
DELIVERY = """<cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:StreetName>High Street</cbc:StreetName>
<cbc:BuildingNumber>1</cbc:BuildingNumber><cbc:CityName>Leeds</cbc:CityName><cbc:PostalZone>LS1 1AA</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>GB</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation>
<cac:RequestedDeliveryPeriod><cbc:StartDate>2026-12-01</cbc:StartDate><cbc:EndDate>2026-12-03</cbc:EndDate>
</cac:RequestedDeliveryPeriod><cac:DeliveryParty><cac:PartyName><cbc:Name>Shop</cbc:Name></cac:PartyName></cac:DeliveryParty>
</cac:Delivery>"""
TOTAL = """<cac:TaxTotal><cbc:TaxAmount>5.72</cbc:TaxAmount></cac:TaxTotal><cac:AnticipatedMonetaryTotal>
<cbc:LineExtensionAmount currencyID="GBP">28.60</cbc:LineExtensionAmount>
<cbc:PayableAmount currencyID="GBP">34.32</cbc:PayableAmount></cac:AnticipatedMonetaryTotal>"""


def line(ref="1", item="A100", quantity="10", price="2.50", basis="1", total="25.00", more="") -> str:
    return f"""<cac:OrderLine><cac:LineItem><cbc:ID>{ref}</cbc:ID>{more}
    <cbc:Quantity unitCode="EA">{quantity}</cbc:Quantity>
    <cbc:LineExtensionAmount currencyID="GBP">{total}</cbc:LineExtensionAmount>
    <cac:Price><cbc:PriceAmount currencyID="GBP">{price}</cbc:PriceAmount>
    <cbc:BaseQuantity>{basis}</cbc:BaseQuantity></cac:Price>
    <cac:Item><cbc:Name>Pencil</cbc:Name>
    <cac:SellersItemIdentification><cbc:ID>{item}</cbc:ID></cac:SellersItemIdentification>
    <cac:StandardItemIdentification><cbc:ID schemeID="GTIN">4006381333931</cbc:ID></cac:StandardItemIdentification>
    </cac:Item></cac:LineItem></cac:OrderLine>"""


LINES = line() + line("2", "B200", "3", "120", "100", "3.60")
HEAD = (
    "<cbc:ID>PO-1</cbc:ID><cbc:IssueDate>2026-11-23</cbc:IssueDate>"
    "<cbc:DocumentCurrencyCode>GBP</cbc:DocumentCurrencyCode>"
)


def document(body: str | None = None, root: str = "Order") -> str:
    ubl = "urn:oasis:names:specification:ubl:schema:xsd:"
    inside = HEAD + BUYER + DELIVERY + TOTAL + LINES if body is None else body
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{ubl}{root}-2" '
        f'xmlns:cac="{ubl}CommonAggregateComponents-2" xmlns:cbc="{ubl}CommonBasicComponents-2">{inside}</{root}>'
    )


def read(text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    return read_file(Envelope("files", "acme/x@1", content, "", "acme"), {})


def order(text: str | bytes):
    reading = read(text)
    assert reading.kind is EnvelopeKind.ORDERS
    (only,) = reading.orders
    return only


def test_an_order_with_everything():
    got = order(document())
    assert (got.source, got.order_ref, got.kind, got.currency) == ("files:acme", "PO-1", Kind.ORDER, "GBP")
    assert (got.order_date, got.requested_date, got.total) == (date(2026, 11, 23), date(2026, 12, 3), Decimal("34.32"))
    assert (got.customer.number, got.customer.key, got.customer.name) == ("C1001", "gln:4012345000009", "Blue Barn")
    assert (got.customer.email, got.delivery.street, got.delivery.recipient) == (
        "buy@bluebarn.example",
        "High Street 1",
        "Shop",
    )
    assert got.remarks == "Delivery requested from 2026-12-01 to 2026-12-03"
    first, second = got.lines
    assert (first.item_ref, first.barcode, first.quantity) == ("A100", "4006381333931", Decimal(10))
    assert (first.unit, first.unit_price, second.unit_price) == ("EA", Decimal("2.50"), Decimal("1.2"))
    assert not got.problems
    assert not any(part.problems for part in got.lines)


def test_prefixes_do_not_matter_namespaces_do():
    text = document().replace("cbc:", "x:").replace("xmlns:cbc", "xmlns:x").replace("xmlns:x:", "xmlns:")
    assert order(text).lines == order(document()).lines
    assert read(document().replace("xsd:Order-2", "xsd:Ordre-2")).kind is EnvelopeKind.OTHER
    assert read(document().replace("urn:oasis", "urn:other")).unreadable[0].rule == "ENV-002"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "gb2312", "iso-8859-1"])
def test_the_declared_encoding_counts(encoding):
    name = "Käse" if encoding == "iso-8859-1" else "茶杯"
    text = document().replace("Pencil", name).replace("UTF-8", encoding)
    assert order(text.encode(encoding)).lines[0].description == name


def test_a_change_replaces_the_order_it_names():
    head = HEAD.replace("PO-1", "CHG-7") + "<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>"
    cancelled = line("3", more="<cbc:LineStatusCode>Cancelled</cbc:LineStatusCode>")
    got = order(document(head + BUYER + LINES + cancelled, "OrderChange"))
    assert (got.order_ref, got.kind, len(got.lines)) == ("PO-1", Kind.ORDER, 2)
    assert "Order change CHG-7" in got.remarks
    assert "Line 3 is cancelled" in got.remarks


def test_a_cancellation_names_every_order_it_calls_off():
    refs = "".join(f"<cac:OrderReference><cbc:ID>{ref}</cbc:ID></cac:OrderReference>" for ref in ("PO-1", "PO-2"))
    reading = read(document(HEAD + refs + BUYER, "OrderCancellation"))
    assert [(got.kind, got.order_ref) for got in reading.orders] == [
        (Kind.CANCELLATION, "PO-1"), (Kind.CANCELLATION, "PO-2"),
    ]  # fmt: skip
    assert read(document(HEAD, "OrderCancellation")).unreadable[0].rule == "ROW-001"


@pytest.mark.parametrize("root", ["OrderResponse", "OrderResponseSimple"])
def test_a_supplier_s_answer_that_names_no_order_waits_for_a_person(root):
    reading = read(document(root=root))
    assert (reading.kind, reading.orders) == (EnvelopeKind.UNREADABLE, ())
    assert reading.reason == "The order response names no order"


@pytest.mark.parametrize("root", ["Invoice", "DespatchAdvice", "CreditNote"])
def test_other_documents_are_no_orders(root):
    reading = read(document(root=root))
    assert (reading.kind, reading.orders) == (EnvelopeKind.OTHER, ())
    assert root in reading.reason


def test_an_order_in_a_business_document_envelope():
    sbdh = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    inner = document().partition("?>")[2]
    text = (
        f'<StandardBusinessDocument xmlns="{sbdh}"><StandardBusinessDocumentHeader/>{inner}</StandardBusinessDocument>'
    )
    assert order(text).order_ref == "PO-1"


@pytest.mark.parametrize(
    ("before", "after", "rule", "field"),
    [
        ("28.60<", "99<", "ORD-003", "total"),
        ("34.32<", "134.32<", "ORD-003", "total"),
        ("28.60<", "n/a<", "ORD-003", "total"),
        ("2026-11-23", "23 Nov", "ORD-002", "order_date"),
        ("2026-12-03", "2026-13-03", "ORD-002", "requested_date"),
        (DELIVERY, DELIVERY + DELIVERY.replace("Leeds", "York"), "ADR-001", "delivery"),
    ],
)
def test_what_does_not_add_up_is_a_problem_of_the_order(before, after, rule, field):
    problems = order(document().replace(before, after, 1)).problems
    assert (rule, field) in [(problem.rule, problem.field) for problem in problems]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"quantity": ""}, "LIN-001"),
        ({"quantity": "ten"}, "LIN-001"),
        ({"quantity": "1,5"}, "LIN-001"),
        ({"quantity": "-1", "total": "-2.5"}, "LIN-007"),
        ({"price": "2,50"}, "LIN-002"),
        ({"price": "1", "basis": "3"}, "LIN-002"),
        ({"basis": "0"}, "LIN-002"),
        ({"more": "<cac:AllowanceCharge><cbc:Amount>1</cbc:Amount></cac:AllowanceCharge>"}, "LIN-002"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_the_line(change, rule):
    got = order(document(HEAD + line(**change)))
    assert rule in [problem.rule for problem in got.lines[0].problems]


@pytest.mark.parametrize("payable", ["28.60", "34.32"])
def test_a_total_may_be_with_or_without_tax(payable):
    assert order(document().replace("34.32", payable)).problems == ()


def test_a_total_counts_the_charges_of_the_order():
    inside = "<cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount>5</cbc:Amount>"
    charge = f"<cac:AllowanceCharge>{inside}</cac:AllowanceCharge>"
    got = order(document(HEAD + charge + TOTAL.replace("34.32", "33.60") + LINES))
    assert (got.problems, got.lines[2].unit_price) == ((), Decimal(5))


def test_lines_without_a_reference_of_their_own_get_numbers():
    assert [part.line_ref for part in order(document(HEAD + line("7") + line("7") + line(""))).lines] == ["1", "2", "3"]


def test_an_order_without_a_number_is_quarantined():
    reading = read(document(HEAD.replace("PO-1", " ") + LINES))
    assert (reading.kind, reading.orders, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, (), "ROW-001")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("prologue", [BOMB, OUTSIDE, "<!DOCTYPE Order>"])
def test_entities_and_document_types_are_not_opened(prologue):
    text = document().replace("?>", "?>" + prologue).replace("Pencil", "&a;" if "ENTITY" in prologue else "Pencil")
    assert read(text).unreadable[0].rule == "ENV-003"


@pytest.mark.parametrize(
    "text",
    [
        "<",
        "<Order",
        document()[:-20],
        document().replace("UTF-8", "UTF-9"),
        "<a>" * 100_000,
        "<a/>",
        "<?xml version='1.0'?>",
    ],
)
def test_broken_or_unknown_xml_is_quarantined(text):
    reading = read(text)
    assert (reading.kind, reading.orders) == (EnvelopeKind.UNREADABLE, ())
    assert "report this" not in reading.reason


@given(st.integers(0, 2**31), st.integers(1, 10))
def test_a_broken_document_is_read_without_an_exception(seed, cuts):
    text = document()
    for step in range(cuts):
        place = (seed * (step + 7) * 2654435761) % len(text)
        text = text[:place] + "<>/&\x00ü9"[(seed + step) % 7] + text[place + (seed + step) % 4 :]
    assert "report this" not in read(text).reason
