"""Signed references: how a reply of a customer or supplier finds its order, and nobody else's can pretend to."""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256

_PLAIN = re.compile(r"\b(SO\d{6,})-(\d{1,4})\b", re.IGNORECASE)
_PATTERN = re.compile(r"\[?\b(SO\d{6,})-(\d{1,4})-([a-z2-7]{8})\b", re.IGNORECASE)

_PURCHASE = re.compile(r"\b(PO\d{6,})-(\d{1,4})-[a-z2-7]{8}\b", re.IGNORECASE)
_PURCHASE_NO = re.compile(r"(?<![a-z0-9])PO\d{6,}(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """An order's number and the revision that was offered."""

    order_no: str
    revision: int


def sign_reference(order_no: str, revision: int, secret: bytes) -> str:
    """`SO100042-1-k7xq2mzt`: eight base32 characters (40 bits) of HMAC-SHA256 over number and revision."""
    mac = hmac.new(secret, f"{order_no}-{revision}".encode(), sha256).digest()
    return f"{order_no}-{revision}-{b32encode(mac)[:8].decode().lower()}"


def find_reference(text: str, secret: bytes) -> Reference | None:
    """The first rightly signed reference in `text`, or None. Case does not matter: mail programs change it."""
    for order_no, revision, _ in (match.groups() for match in _PATTERN.finditer(text)):
        found = Reference(order_no.upper(), int(revision))
        if sign_reference(found.order_no, found.revision, secret).lower() in text.lower():
            return found
    return None


def find_purchase_reference(text: str, secret: bytes) -> str:
    """The number of the purchase order whose rightly signed reference stands in `text`; "" for none."""
    for match in _PURCHASE.finditer(text):
        po_no, revision = match[1].upper(), int(match[2])
        if sign_reference(po_no, revision, secret).lower() == match[0].lower():
            return po_no
    return ""


def purchase_numbers(text: str) -> list[str]:
    """Every number in `text` that has the form of a purchase order's of ours, each once."""
    return list(dict.fromkeys(found.upper() for found in _PURCHASE_NO.findall(text)))


def has_reference(text: str) -> bool:
    """Whether `text` carries something that looks like a reference of ours, signed rightly or not."""
    return _PATTERN.search(text) is not None


def parse_reference(text: str) -> Reference | None:
    """The reference that stands in `text`, signed or not."""
    match = _PLAIN.search(text)
    return Reference(match[1].upper(), int(match[2])) if match else None
