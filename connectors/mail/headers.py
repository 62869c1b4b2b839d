"""The headers of a mail from anybody: read as far as they can be, never raising.

The parser is the old one (compat32): the modern policy raises LookupError on unknown charsets.
"""

import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from connectors.mail.charsets import decode_bytes

MAX_HEADER = 10_000  # characters of one header that are looked at
_UTC_UNKNOWN_PLACE = re.compile(r"-0000\s*(?:\([^)]*\)\s*)?$")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+")


def parse_headers(content: bytes) -> "Message[str, str]":
    """The headers alone, the body unread."""
    head = re.split(rb"\r?\n\r?\n", content[:1_000_000], maxsplit=1)[0]
    return BytesHeaderParser(policy=compat32).parsebytes(head + b"\n\n")


def header_text(headers: "Message[str, str]", name: str) -> str:
    """The header, decoded and on one line; "" if absent. Several of one name: the first."""
    values = header_texts(headers, name)
    return values[0] if values else ""


def header_texts(headers: "Message[str, str]", name: str) -> list[str]:
    """All headers of this name, decoded, each on one line."""
    return [decoded(str(value)[:MAX_HEADER]) for value in headers.get_all(name, [])]


def sender_of(headers: "Message[str, str]") -> str:
    """The From address in lower case; "" where there is none, or where two From headers leave it open."""
    stated = headers.get_all("From", [])
    found = addresses_in(str(stated[0])) if len(stated) == 1 else []
    return found[0] if found else ""


def addresses_in(value: str) -> list[str]:
    """The addresses of a header as it stood on the wire, in lower case."""
    try:
        pairs = getaddresses([_one_line(value[:MAX_HEADER])])
    except Exception:  # the library's parser meets anything here
        return []
    return [address.lower() for _, address in pairs if _ADDRESS.fullmatch(address)]


def sent_at_of(headers: "Message[str, str]") -> datetime | None:
    """The Date header in UTC; None where it is absent, unreadable or names no zone."""
    stated = _one_line(str(headers.get("Date", ""))[:200])
    try:
        when = parsedate_to_datetime(stated)
        if when.tzinfo is None:
            return when.replace(tzinfo=UTC) if _UTC_UNKNOWN_PLACE.search(stated) else None
        return when.astimezone(UTC)
    except Exception:  # ValueError, TypeError, OverflowError, IndexError: all seen
        return None


def written_at_of(headers: "Message[str, str]") -> datetime | None:
    """The Date header in its own zone: the writer's day and hour; None where it cannot be read."""
    try:
        return parsedate_to_datetime(_one_line(str(headers.get("Date", ""))[:200]))
    except Exception:  # as above
        return None


def message_id_of(headers: "Message[str, str]") -> str:
    """The Message-ID with its angle brackets; "" where there is none."""
    found = re.search(r"<[^<>\s]{1,900}>", header_text(headers, "Message-ID"))
    return found[0] if found else ""


def decoded(value: str) -> str:
    """A header value with its encoded words read, on one line."""
    try:
        parts = decode_header(value)
    except Exception:  # broken base64 in an encoded word
        return _printable(value)
    text = "".join(decode_bytes(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts)
    return _printable(text)


def _printable(text: str) -> str:
    raw = text.encode("utf-8", "surrogateescape")  # 8-bit bytes that stood in the header
    return _one_line(decode_bytes(raw, "utf-8"))


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
