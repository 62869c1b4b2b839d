"""Orders as EDI documents: UBL 2.1 Order, EDIFACT ORDERS D.96A and X12 850 (004010).

Sources: OASIS UBL 2.1 `UBL-Order-2.1.xsd`; UN/EDIFACT directory D.96A ORDERS with EANCOM 1997 code values, syntax 3
(ISO 9735); ASC X12 004010 transaction set 850.
"""

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from sandbox.world.orders import Line, Order

OUR_GLN = "9991000000009"


def ubl(order: Order) -> bytes:
    """One order as UBL 2.1."""
    parts = [
        _tag("cbc:UBLVersionID", "2.1"), _tag("cbc:ID", order.order_ref),
        _tag("cbc:IssueDate", f"{order.at:%Y-%m-%d}"), _tag("cbc:OrderTypeCode", "220"),
        _tag("cbc:DocumentCurrencyCode", order.currency), _ubl_buyer(order),
        f"<cac:SellerSupplierParty><cac:Party>{_ubl_gln(OUR_GLN)}</cac:Party></cac:SellerSupplierParty>",
        _ubl_delivery(order), _ubl_total(order),
        *(_ubl_line(nth, line, order) for nth, line in enumerate(order.lines, start=1)),
    ]  # fmt: skip
    spaces = "urn:oasis:names:specification:ubl:schema:xsd:"
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Order xmlns="{spaces}Order-2" '
        f'xmlns:cac="{spaces}CommonAggregateComponents-2" xmlns:cbc="{spaces}CommonBasicComponents-2">\n'
    )
    return (head + "\n".join(part for part in parts if part) + "\n</Order>\n").encode()


def _tag(name: str, value: object, attributes: str = "") -> str:
    return f"<{name}{' ' + attributes if attributes else ''}>{escape(str(value))}</{name}>"


def _ubl_gln(gln: str) -> str:
    number = _tag("cbc:ID", gln, 'schemeID="0088"')
    return f"<cac:PartyIdentification>{number}</cac:PartyIdentification>"


def _ubl_buyer(order: Order) -> str:
    email = order.customer.email if order.customer else order.extra["email"]
    name = f"<cac:PartyName>{_tag('cbc:Name', order.name)}</cac:PartyName>"
    contact = f"<cac:Contact>{_tag('cbc:ElectronicMail', email)}</cac:Contact>"
    party = f"<cac:Party>{_ubl_gln(gln(order))}{name}{contact}</cac:Party>"
    return f"<cac:BuyerCustomerParty>{party}</cac:BuyerCustomerParty>"


def _ubl_delivery(order: Order) -> str:
    address = party = period = ""
    if place := order.place:
        address = _tag("cbc:StreetName", place.street) + _tag("cbc:CityName", place.city)
        address += _tag("cbc:PostalZone", place.postal_code)
        address += _tag("cbc:CountrySubentity", place.region) if place.region else ""
        address += f"<cac:Country>{_tag('cbc:IdentificationCode', place.country)}</cac:Country>"
        address = f"<cac:DeliveryAddress>{address}</cac:DeliveryAddress>"
        name = f"<cac:PartyName>{_tag('cbc:Name', place.recipient)}</cac:PartyName>"
        party = f"<cac:DeliveryParty>{name}</cac:DeliveryParty>"
    if order.requested:
        end = _tag("cbc:EndDate", order.requested)
        period = f"<cac:RequestedDeliveryPeriod>{end}</cac:RequestedDeliveryPeriod>"
    return f"<cac:Delivery>{address}{period}{party}</cac:Delivery>" if address or period else ""


def _ubl_total(order: Order) -> str:
    total = order.extra.get("total", order.total)
    amounts = _tag("cbc:LineExtensionAmount", order.total, f'currencyID="{order.currency}"')
    amounts += _tag("cbc:PayableAmount", total, f'currencyID="{order.currency}"')
    return f"<cac:AnticipatedMonetaryTotal>{amounts}</cac:AnticipatedMonetaryTotal>"


def _ubl_line(nth: int, line: Line, order: Order) -> str:
    money = f'currencyID="{order.currency}"'
    buyer = line.ref != line.item_no and line.item_no
    kind = "BuyersItemIdentification" if buyer else "SellersItemIdentification"
    item = _tag("cbc:Name", line.name) + f"<cac:{kind}>{_tag('cbc:ID', line.ref)}</cac:{kind}>"
    if line.barcode and nth % 2:
        standard = _tag("cbc:ID", line.barcode, 'schemeID="0160"')
        item += f"<cac:StandardItemIdentification>{standard}</cac:StandardItemIdentification>"
    price = f"<cac:Price>{_tag('cbc:PriceAmount', line.price, money)}</cac:Price>"
    body = _tag("cbc:ID", nth) + _tag("cbc:Quantity", line.quantity, 'unitCode="EA"')
    body += _tag("cbc:LineExtensionAmount", line.quantity * line.price, money) + price + f"<cac:Item>{item}</cac:Item>"
    return f"<cac:OrderLine><cac:LineItem>{body}</cac:LineItem></cac:OrderLine>"


def gln(order: Order) -> str:
    """The buyer's global location number; a stranger's is one nobody knows."""
    return order.customer.keys["gln"] if order.customer else "9998000000000"


def edifact(orders: Sequence[Order], at: datetime, number: int) -> bytes:
    """One interchange, in ISO 8859-1 (UNOC), one message an order."""
    body = [text for nth, order in enumerate(orders, start=1) for text in _edifact_message(order, nth)]
    head = f"UNB+UNOC:3+{gln(orders[0])}:14+{OUR_GLN}:14+{at:%y%m%d:%H%M}+{number}"
    segments = ["UNA:+.? ", head, *body, f"UNZ+{len(orders)}+{number}"]
    return ("'\n".join(segments) + "'\n").encode("iso-8859-1", "replace")


def _edifact_message(order: Order, nth: int) -> list[str]:
    segments = [
        f"UNH+{nth}+ORDERS:D:96A:UN:EAN008", f"BGM+220+{_released(order.order_ref)}+9",
        f"DTM+137:{order.at:%Y%m%d}:102",
        *([f"DTM+2:{order.requested:%Y%m%d}:102"] if order.requested else []),
        f"NAD+BY+{gln(order)}::9", f"NAD+SU+{OUR_GLN}::9", *_edifact_place(order), f"CUX+2:{order.currency}:9",
    ]  # fmt: skip
    for number, line in enumerate(order.lines, start=1):
        own = line.item_no and line.ref != line.item_no
        coded = f"{line.barcode}:EN" if line.barcode and own else ""
        segments += [
            f"LIN+{number}++{coded}" if coded else f"LIN+{number}",
            f"PIA+{1 if coded else 5}+{_released(line.ref)}:{'IN' if own else 'SA'}",
            f"IMD+F++:::{_released(line.name[:35])}", f"QTY+21:{line.quantity}", f"PRI+AAA:{line.price}",
        ]  # fmt: skip
    segments += ["UNS+S", f"CNT+2:{len(order.lines)}"]
    return [*segments, f"UNT+{len(segments) + 1}+{nth}"]


def _edifact_place(order: Order) -> list[str]:
    if not order.place:
        return []
    place = order.place
    fields = (place.recipient, place.street, place.city, place.region, place.postal_code, place.country)
    name, street, city, region, code, country = (_released(text[:35]) for text in fields)
    return [f"NAD+DP+++{name}+{street}+{city}+{region}+{code}+{country}"]


def _released(text: str) -> str:
    for mark in "?:+'":
        text = text.replace(mark, "?" + mark)
    return text


def x12(orders: Sequence[Order], at: datetime, number: int) -> bytes:
    """One interchange with one functional group, one transaction set an order."""
    head = (
        f"ISA*00*          *00*          *ZZ*{'PRAIRIEHUB':15}*ZZ*{'ORDERCLERK':15}*{at:%y%m%d*%H%M}*U*00401*"
        f"{number:09d}*0*P*>"
    )
    body = [text for nth, order in enumerate(orders, start=1) for text in _x12_set(order, nth)]
    group = f"GS*PO*PRAIRIEHUB*ORDERCLERK*{at:%Y%m%d*%H%M}*{number}*X*004010"
    segments = [head, group, *body, f"GE*{len(orders)}*{number}", f"IEA*1*{number:09d}"]
    return ("~\n".join(segments) + "~\n").encode("ascii", "replace")


def _x12_set(order: Order, nth: int) -> list[str]:
    known = order.customer
    number = f"91*{known.number}" if known and nth % 2 else f"UL*{gln(order)}"
    segments = [
        f"ST*850*{nth:04d}", f"BEG*00*SA*{order.order_ref}**{order.at:%Y%m%d}", f"CUR*BY*{order.currency}",
        *([f"DTM*002*{order.requested:%Y%m%d}"] if order.requested else []),
        f"N1*BY*{_plain(order.name)}*{number}", *_x12_place(order),
    ]  # fmt: skip
    for line_no, line in enumerate(order.lines, start=1):
        kind = "BP" if line.item_no and line.ref != line.item_no else "VN"
        ean = f"*EN*{line.barcode}" if line.barcode and line_no % 2 else ""
        segments += [
            f"PO1*{line_no}*{line.quantity}*EA*{line.price}*PE*{kind}*{line.ref}{ean}",
            f"PID*F****{_plain(line.name)}",
        ]
    segments.append(f"CTT*{len(order.lines)}")
    return [*segments, f"SE*{len(segments) + 1}*{nth:04d}"]


def _x12_place(order: Order) -> list[str]:
    if not order.place:
        return []
    p = order.place
    state = p.region if p.country == "US" else ""
    return [
        f"N1*ST*{_plain(p.recipient)}",
        f"N3*{_plain(p.street)}",
        f"N4*{_plain(p.city)}*{state}*{p.postal_code}*{p.country}",
    ]


def _plain(text: str) -> str:
    return "".join(" " if mark in "*~>" else mark for mark in text)
