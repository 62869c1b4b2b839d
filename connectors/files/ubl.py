"""UBL 2.0 and 2.1 Order, OrderChange and OrderCancellation into orders.

Source: OASIS UBL 2.1 (docs.oasis-open.org/ubl/os-UBL-2.1) and the CEN BII and Peppol profiles of it. An OrderChange
"reflects the entire current state of the order transaction" (2.1, section on the ordering process): it replaces.
Elements are found by namespace, never by prefix.
"""

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException

from connectors.files.archives import Unsafe
from connectors.files.decoding import decode
from connectors.files.drafts import Draft, DraftLine, duns_key, gln_key, joined, no_reference
from connectors.files.figures import parse_date
from connectors.files.outcomes import no_order, quarantined, reading_of, source_of
from connectors.files.safe_xml import parse_xml
from connectors.files.ubl_response import response_of
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import (
    Address,
    CustomerRef,
    EnvelopeKind,
    Kind,
    OrderRead,
    Problem,
    PurchaseAnswerRead,
    Reading,
)

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMES = {"cac": _UBL + "CommonAggregateComponents-2", "cbc": _UBL + "CommonBasicComponents-2"}
_ROOT = re.compile(r"\{" + re.escape(_UBL) + r"(\w+)-2\}(\w+)")
_SBDH = "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_GLN_SCHEMES, _DUNS_SCHEMES = ("GLN", "0088", "88", "9"), ("DUNS", "0060", "60")
_DROPPED = {"cancelled", "canceled", "2"}  # LineStatusCode of a line that is no longer wanted


def read_ubl(envelope: Envelope) -> Reading:
    """The order of an XML document; other UBL documents are no orders, other XML is unknown."""
    try:
        root = _parse(envelope.content)
    except Unsafe as error:
        return quarantined("ENV-003", str(error))
    except DefusedXmlException:
        return quarantined("ENV-003", "The XML defines entities or a document type, which the desk does not open")
    except (ParseError, ValueError, LookupError) as error:
        return quarantined("ENV-001", f"The XML cannot be read: {error}", envelope.content[:500].decode("latin-1"))
    if root.tag == f"{_SBDH}StandardBusinessDocument":
        root = next((part for part in root if not part.tag.startswith(f"{_SBDH}StandardBusinessDocumentH")), root)
    found = _ROOT.fullmatch(root.tag)
    if not found:
        return quarantined("ENV-002", f"No reader knows XML whose root is {root.tag[:120]!r}")
    match found.group(1):
        case "Order":
            return _read_order(envelope, root, _text(root, "cbc:ID"))
        case "OrderChange":
            return _read_order(envelope, root, _text(root, "cac:OrderReference/cbc:ID"), is_change=True)
        case "OrderCancellation":
            return _read_cancellation(envelope, root)
        case "OrderResponse" | "OrderResponseSimple":
            return _read_response(envelope, root)
    return no_order(f"A UBL {found.group(1)} is no order")


def _read_response(envelope: Envelope, root: Element) -> Reading:
    """A supplier's answer; the folder or mailbox it came through is theirs."""
    stated = response_of(root)
    po_no = str(stated["po_no"])
    if not po_no:
        return quarantined("ROW-001", "The order response names no order", _raw(envelope))
    answer = PurchaseAnswerRead(po_no, envelope.sender_ref, str(stated["note"]), True, "", stated)
    return Reading(EnvelopeKind.PURCHASE, purchase=answer)


def _parse(content: bytes) -> Element:
    """The root element; encodings that expat lacks (GB18030 and its kin) are decoded here."""
    stated = _DECLARED.search(content[:200])
    if stated and stated.group(1).lower().startswith((b"gb", b"big5", b"shift", b"euc")):
        text = decode(content, stated.group(1).decode("ascii"))
        return parse_xml(text.partition("?>")[2])
    return parse_xml(content.lstrip())


def _read_order(envelope: Envelope, root: Element, order_ref: str, is_change: bool = False) -> Reading:
    if not order_ref:
        return quarantined("ROW-001", no_reference("UBL order"), _raw(envelope))
    draft = _draft(envelope, root, order_ref)
    if is_change:
        draft.notes.append(joined("Order change", _text(root, "cbc:ID"), _text(root, "cbc:SequenceNumberID")))
    for line in root.iterfind("cac:OrderLine", _NAMES):
        _read_line(draft, line)
    _read_charges(draft, root)
    _read_totals(draft, root)
    return reading_of((draft.finish(),), (), (), "")


def _read_cancellation(envelope: Envelope, root: Element) -> Reading:
    """One cancellation for each order it refers to."""
    refs = [_text(part, "cbc:ID") for part in root.iterfind("cac:OrderReference", _NAMES)]
    orders: list[OrderRead] = []
    for ref in filter(None, refs):
        draft = _draft(envelope, root, ref)
        draft.kind, draft.original_ref = Kind.CANCELLATION, ref
        draft.notes.append(_text(root, "cbc:CancellationNote"))
        orders.append(draft.finish())
    if not orders:
        return quarantined("ROW-001", "The cancellation names no order", _raw(envelope))
    return reading_of(tuple(orders), (), (), "")


def _draft(envelope: Envelope, root: Element, order_ref: str) -> Draft:
    draft = Draft(source_of(envelope), envelope.sent_at, order_ref=order_ref, customer=_customer(root))
    draft.currency = _text(root, "cbc:DocumentCurrencyCode") or _text(root, "cbc:PricingCurrencyCode")
    draft.order_date = draft.day("order_date", _text(root, "cbc:IssueDate"), _day)
    draft.payment_method = _text(root, "cac:PaymentMeans/cbc:PaymentMeansCode")
    draft.notes += [(note.text or "") for note in root.iterfind("cbc:Note", _NAMES)]
    _read_delivery(draft, root)
    return draft


def _customer(root: Element) -> CustomerRef:
    buyer = root.find("cac:BuyerCustomerParty", _NAMES)
    party = buyer.find("cac:Party", _NAMES) if buyer is not None else None
    if buyer is None or party is None:
        return CustomerRef()
    ids = [*party.iterfind("cac:PartyIdentification/cbc:ID", _NAMES), *party.iterfind("cbc:EndpointID", _NAMES)]
    keys = [key for key in map(_key, ids) if key]
    plain = [(part.text or "").strip() for part in ids if not part.get("schemeID")]
    return CustomerRef(
        number=_text(buyer, "cbc:SupplierAssignedAccountID") or ("" if keys else next(iter(filter(None, plain)), "")),
        email=_text(party, "cac:Contact/cbc:ElectronicMail"),
        name=_text(party, "cac:PartyName/cbc:Name") or _text(party, "cac:PartyLegalEntity/cbc:RegistrationName"),
        key=keys[0] if keys else "",
        phone=_text(party, "cac:Contact/cbc:Telephone"),
    )


def _key(part: Element) -> str:
    scheme, value = part.get("schemeID", "").upper(), (part.text or "").strip()
    if scheme in _GLN_SCHEMES:
        return gln_key(value)
    return duns_key(value) if scheme in _DUNS_SCHEMES else ""


def _read_delivery(draft: Draft, root: Element) -> None:
    """Where to and when; the end of a requested period counts, the period is kept in the remarks."""
    deliveries = root.findall("cac:Delivery", _NAMES)
    addresses = [address for address in map(_address, deliveries) if address]
    if len(set(addresses)) > 1:
        reason = "The document names several delivery addresses"
        draft.problems.append(Problem("ADR-001", "delivery", "; ".join(part.street for part in addresses), reason))
    draft.delivery = next(iter(addresses), next(map(_address, deliveries), Address()))
    for delivery in deliveries[:1]:
        draft.requested_date = _requested(draft, delivery)
        start = _text(delivery, "cac:RequestedDeliveryPeriod/cbc:StartDate")
        if start and draft.requested_date and start[:10] != draft.requested_date.isoformat():
            draft.notes.append(f"Delivery requested from {start} to {draft.requested_date.isoformat()}")


def _requested(draft: Draft, delivery: Element) -> date | None:
    period = "cac:RequestedDeliveryPeriod"
    stated = _text(delivery, f"{period}/cbc:EndDate") or _text(delivery, f"{period}/cbc:StartDate")
    return draft.day("requested_date", stated or _text(delivery, "cbc:LatestDeliveryDate"), _day)


def _address(delivery: Element) -> Address:
    place = delivery.find("cac:DeliveryAddress", _NAMES)
    if place is None:
        place = delivery.find("cac:DeliveryLocation/cac:Address", _NAMES)
    recipient = _text(delivery, "cac:DeliveryParty/cac:PartyName/cbc:Name")
    if place is None:
        return Address(recipient=recipient or _text(delivery, "cac:DeliveryLocation/cbc:ID"))
    lines = [(line.text or "") for line in place.iterfind("cac:AddressLine/cbc:Line", _NAMES)]
    country = _text(place, "cac:Country/cbc:IdentificationCode").upper()
    return Address(
        recipient=recipient,
        street=joined(
            joined(_text(place, "cbc:StreetName"), _text(place, "cbc:BuildingNumber")),
            _text(place, "cbc:AdditionalStreetName"), _text(place, "cbc:BuildingName"), *lines, by=", ",
        ),
        city=_text(place, "cbc:CityName"),
        region=_text(place, "cbc:CountrySubentity"),
        postal_code=_text(place, "cbc:PostalZone"),
        country=country if len(country) == 2 else "",
    )  # fmt: skip


def _read_line(draft: Draft, element: Element) -> None:
    item = element.find("cac:LineItem", _NAMES)
    if item is None:
        draft.problems.append(Problem("ORD-003", "OrderLine", "", "An order line without a line item"))
        return
    ref = _text(item, "cbc:ID")
    if _text(item, "cbc:LineStatusCode").casefold() in _DROPPED:
        draft.notes.append(f"Line {ref} is cancelled by the customer")
        return
    line = DraftLine(line_ref=ref, row=f"OrderLine {sum(not part.is_charge for part in draft.lines) + 1}")
    line.quantity = line.figure("LIN-001", "quantity", _text(item, "cbc:Quantity"))
    line.unit = _attribute(item, "cbc:Quantity", "unitCode")
    line.stated_total = line.figure("LIN-002", "line_total", _text(item, "cbc:LineExtensionAmount"))
    line.requested_date = _line_date(draft, item)
    _read_item(line, item)
    _read_price(draft, line, item)
    draft.lines.append(line)
    note = _text(element, "cbc:Note")
    draft.notes.append(f"Line {ref}: {note}" if note else "")


def _line_date(draft: Draft, item: Element) -> date | None:
    delivery = item.find("cac:Delivery", _NAMES)
    return _requested(draft, delivery) if delivery is not None else None


def _read_item(line: DraftLine, item: Element) -> None:
    line.description = _text(item, "cac:Item/cbc:Name") or _text(item, "cac:Item/cbc:Description")
    line.item_ref = _text(item, "cac:Item/cac:SellersItemIdentification/cbc:ID") or _text(
        item, "cac:Item/cac:BuyersItemIdentification/cbc:ID"
    )
    line.barcode = _text(item, "cac:Item/cac:StandardItemIdentification/cbc:ID")


def _read_price(draft: Draft, line: DraftLine, item: Element) -> None:
    price = line.figure("LIN-002", "unit_price", _text(item, "cac:Price/cbc:PriceAmount"))
    basis = line.figure("LIN-002", "price_basis", _text(item, "cac:Price/cbc:BaseQuantity"))
    line.unit_price = line.price_of(price, basis)
    currency = _attribute(item, "cac:Price/cbc:PriceAmount", "currencyID").upper()
    draft.currency = draft.currency or currency
    if currency and currency != draft.currency.upper():
        line.problems.append(Problem("ORD-004", "currency", currency, f"The order is in {draft.currency}"))
    if item.find("cac:AllowanceCharge", _NAMES) is not None:
        stated = _text(item, "cac:AllowanceCharge/cbc:Amount")
        reason = "The line has an allowance or charge of its own"
        line.problems.append(Problem("LIN-002", "unit_price", stated, reason))


def _read_charges(draft: Draft, root: Element) -> None:
    for number, part in enumerate(root.iterfind("cac:AllowanceCharge", _NAMES), start=1):
        is_charge = _text(part, "cbc:ChargeIndicator") == "true"
        amount = draft.figure("ORD-003", "charge", _text(part, "cbc:Amount"))
        name = _text(part, "cbc:AllowanceChargeReason") or ("charge" if is_charge else "allowance")
        value = amount if is_charge or amount is None else -amount
        draft.add_charge(name, value, f"AllowanceCharge {number}")


def _read_totals(draft: Draft, root: Element) -> None:
    totals = "cac:AnticipatedMonetaryTotal"
    draft.total = draft.figure("ORD-003", "total", _text(root, f"{totals}/cbc:PayableAmount"))
    prepaid, rounding = (_text(root, f"{totals}/cbc:{name}") for name in ("PrepaidAmount", "PayableRoundingAmount"))
    draft.tax = None if prepaid or rounding else _tax(draft, root)
    if draft.total is not None:  # what is still to be paid, and what was paid before
        draft.total += draft.figure("ORD-003", "prepaid", prepaid) or Decimal(0)
        draft.total -= draft.figure("ORD-003", "rounding", rounding) or Decimal(0)
    draft.goods_total = draft.figure("ORD-003", "total", _text(root, f"{totals}/cbc:LineExtensionAmount"))
    draft.currency = draft.currency or _attribute(root, f"{totals}/cbc:PayableAmount", "currencyID")
    lines = sum(not line.is_charge for line in draft.lines)
    draft.expect("LineItemCountNumeric", _text(root, "cbc:LineCountNumeric"), Decimal(lines))


def _tax(draft: Draft, root: Element) -> Decimal | None:
    """The tax stated, else what the totals with and without it imply."""
    stated = [_text(part, "cbc:TaxAmount") for part in root.iterfind("cac:TaxTotal", _NAMES)]
    if stated:
        return sum((draft.figure("ORD-003", "tax", text) or Decimal(0) for text in stated), Decimal(0))
    totals = "cac:AnticipatedMonetaryTotal"
    with_tax, without = (
        draft.figure("ORD-003", "total", _text(root, f"{totals}/cbc:{name}"))
        for name in ("TaxInclusiveAmount", "TaxExclusiveAmount")
    )
    return Decimal(0) if with_tax is None or without is None else with_tax - without


def _day(text: str) -> date:
    """xsd:date, whose zone is left out: 2026-11-23+08:00 is the 23rd where it was written."""
    return parse_date(re.sub(r"(?:Z|[+-]\d{2}:\d{2})$", "", text))


def _text(element: Element, path: str) -> str:
    return (element.findtext(path, "", _NAMES) or "").strip()


def _attribute(element: Element, path: str, name: str) -> str:
    found = element.find(path, _NAMES)
    return found.get(name, "") if found is not None else ""


def _raw(envelope: Envelope) -> str:
    return envelope.content[:2_000].decode("utf-8", "replace")
