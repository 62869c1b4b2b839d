"""UBL 2.1 OrderResponse and OrderResponseSimple: what a supplier's system answers to our order.

Source: OASIS UBL 2.1 and Peppol BIS Ordering 3 (transaction 76). What the codes mean is decided in
`orderclerk.domain.purchasing.stated`; here they are only found.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException

from connectors.files.archives import Unsafe
from connectors.files.safe_xml import parse_xml

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMES = {"cac": _UBL + "CommonAggregateComponents-2", "cbc": _UBL + "CommonBasicComponents-2"}
_ROOT = re.compile(r"\{" + re.escape(_UBL) + r"(OrderResponse|OrderResponseSimple)-2\}\1")


def read_response(content: bytes) -> dict[str, Any] | None:
    """The document as plain values, figures as text; None if it is no such document or cannot be opened safely."""
    try:
        root = parse_xml(content.lstrip())
    except (Unsafe, DefusedXmlException, ParseError, ValueError, LookupError):
        return None
    found = _ROOT.fullmatch(root.tag)
    return None if found is None else response_of(root)


def response_of(root: Element) -> dict[str, Any]:
    """What the root of such a document says."""
    accepted = _text(root, "cbc:AcceptedIndicator").lower()
    return {
        "po_no": _text(root, "cac:OrderReference/cbc:ID").upper(),
        "reference": _text(root, "cbc:CustomerReference"),
        "code": _text(root, "cbc:OrderResponseCode").upper() or {"true": "AP", "false": "RE"}.get(accepted, ""),
        "currency": _text(root, "cbc:DocumentCurrencyCode").upper(),
        "day": _day(root),
        "note": " / ".join(filter(None, ((part.text or "").strip() for part in root.iterfind("cbc:Note", _NAMES))))[
            :500
        ],
        "lines": [_line(part) for part in root.iterfind("cac:OrderLine", _NAMES)],
    }


def _line(part: Element) -> dict[str, str]:
    item = "cac:LineItem"
    return {
        "line": _text(part, "cac:OrderLineReference/cbc:LineID") or _text(part, f"{item}/cbc:ID"),
        "code": _text(part, f"{item}/cbc:LineStatusCode"),
        "quantity": _text(part, f"{item}/cbc:Quantity"),
        "backorder": _text(part, f"{item}/cbc:MaximumBackorderQuantity"),
        "price": _text(part, f"{item}/cac:Price/cbc:PriceAmount"),
        "per": _text(part, f"{item}/cac:Price/cbc:BaseQuantity"),
        "day": _day(part.find(item, _NAMES)),
        "has_substitute": "yes" if part.find("cac:SellerSubstitutedLineItem", _NAMES) is not None else "",
    }


def _day(part: Element | None) -> str:
    """The last day of what is promised."""
    period = "cac:Delivery/cac:PromisedDeliveryPeriod/cbc:"
    return "" if part is None else (_text(part, f"{period}EndDate") or _text(part, f"{period}StartDate"))[:10]


def _text(part: Element, path: str) -> str:
    return (part.findtext(path, "", _NAMES) or "").strip()
