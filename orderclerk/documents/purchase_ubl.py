"""A purchase order as UBL 2.1 Order, in the sequence of elements that its schema asks for.

Source: OASIS UBL 2.1 (UBL-Order-2.1.xsd) and Peppol BIS Ordering 3 (transaction 1), which narrows it. Parties without a
GLN are named by their mail address, scheme EM.
"""

import re
from datetime import datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.purchase_facts import PurchaseFacts, PurchaseLineFacts
from orderclerk.domain.reading import Address

_NOT_XML = re.compile("[\ufffe\uffff]")
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_ORDER, _CAC, _CBC = (f"{_UBL}{name}-2" for name in ("Order", "CommonAggregateComponents", "CommonBasicComponents"))
for _prefix, _uri in (("", _ORDER), ("cac", _CAC), ("cbc", _CBC)):
    register_namespace(_prefix, _uri)


def purchase_ubl(desk: DeskFacts, order: PurchaseFacts, made_at: datetime) -> bytes:
    """The order as an XML document; same facts and time, same bytes."""
    root = Element(f"{{{_ORDER}}}Order")
    _put(root, "UBLVersionID", "2.1")
    _put(root, "CustomizationID", "urn:fdc:peppol.eu:poacc:trns:order:3")
    _put(root, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:ordering:3")
    _put(root, "ID", order.po_no)
    _put(root, "IssueDate", order.ordered_on.isoformat())
    _put(root, "IssueTime", f"{made_at:%H:%M:%S}")
    _put(root, "OrderTypeCode", "220")
    _put(root, "DocumentCurrencyCode", order.currency)
    _put(root, "CustomerReference", order.reference)
    _buyer(root, desk, order)
    _seller(root, order)
    _delivery(root, order)
    if order.payment_terms_days is not None:
        _put(_group(root, "PaymentTerms"), "Note", f"Net {order.payment_terms_days} days")
    totals = _group(root, "AnticipatedMonetaryTotal")
    _put(totals, "LineExtensionAmount", _figure(order.total), currencyID=order.currency)
    _put(totals, "PayableAmount", _figure(order.total), currencyID=order.currency)
    for line in order.lines:
        _line(root, line, order.currency)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _buyer(root: Element, desk: DeskFacts, order: PurchaseFacts) -> None:
    customer = _group(root, "BuyerCustomerParty")
    if order.our_customer_no:
        _put(customer, "SupplierAssignedAccountID", order.our_customer_no)
    party = _group(customer, "Party")
    mail = desk.reply_to or desk.address
    _put(party, "EndpointID", mail, schemeID="EM")
    _put(_group(party, "PartyName"), "Name", desk.name)
    if desk.postal_address:
        line = _group(_group(party, "PostalAddress"), "AddressLine")
        _put(line, "Line", desk.postal_address)
    _put(_group(party, "PartyLegalEntity"), "RegistrationName", desk.name)
    contact = _group(party, "Contact")
    if desk.phone:
        _put(contact, "Telephone", desk.phone)
    _put(contact, "ElectronicMail", mail)


def _seller(root: Element, order: PurchaseFacts) -> None:
    supplier = _group(root, "SellerSupplierParty")
    _put(supplier, "CustomerAssignedAccountID", order.supplier_no)
    party = _group(supplier, "Party")
    if order.gln:
        _put(party, "EndpointID", order.gln, schemeID="0088")
    _put(_group(party, "PartyName"), "Name", order.supplier_name)
    if order.supplier_address:
        _address(_group(party, "PostalAddress"), order.supplier_address)
    _put(_group(party, "PartyLegalEntity"), "RegistrationName", order.supplier_name)


def _delivery(root: Element, order: PurchaseFacts) -> None:
    delivery = _group(root, "Delivery")
    location = _group(delivery, "DeliveryLocation")
    _put(location, "ID", order.warehouse)
    if order.warehouse_name:
        _put(location, "Name", order.warehouse_name)
    if order.deliver_to:
        _address(_group(location, "Address"), order.deliver_to)
    wanted = [line.wanted_date for line in order.lines if line.wanted_date]
    if wanted:
        _put(_group(delivery, "RequestedDeliveryPeriod"), "EndDate", max(wanted).isoformat())


def _line(root: Element, line: PurchaseLineFacts, currency: str) -> None:
    item = _group(_group(root, "OrderLine"), "LineItem")
    _put(item, "ID", str(line.line_no))
    _put(item, "Quantity", _figure(line.quantity), unitCode=line.unit)
    _put(item, "LineExtensionAmount", _figure(line.amount), currencyID=currency)
    if line.wanted_date:
        period = _group(_group(item, "Delivery"), "RequestedDeliveryPeriod")
        _put(period, "EndDate", line.wanted_date.isoformat())
    price = _group(item, "Price")
    _put(price, "PriceAmount", _figure(line.unit_price), currencyID=currency)
    goods = _group(item, "Item")
    _put(goods, "Name", line.description or line.item_no)
    _put(_group(goods, "BuyersItemIdentification"), "ID", line.item_no)
    if line.supplier_ref:
        _put(_group(goods, "SellersItemIdentification"), "ID", line.supplier_ref)
    if line.barcode:
        _put(_group(goods, "StandardItemIdentification"), "ID", line.barcode, schemeID="0160")


def _address(place: Element, address: Address) -> None:
    for name, value in (
        ("StreetName", address.street), ("CityName", address.city), ("PostalZone", address.postal_code),
        ("CountrySubentity", address.region),
    ):  # fmt: skip
        if value:
            _put(place, name, value)
    if address.country:
        _put(_group(place, "Country"), "IdentificationCode", address.country)


def _group(parent: Element, name: str) -> Element:
    return SubElement(parent, f"{{{_CAC}}}{name}")


def _put(parent: Element, name: str, value: str, **attributes: str) -> None:
    SubElement(parent, f"{{{_CBC}}}{name}", attributes).text = _NOT_XML.sub("", clean_line(value))


def _figure(value: Decimal) -> str:
    """All digits, no exponent: 12, 0.1234."""
    return f"{value.normalize():f}"
