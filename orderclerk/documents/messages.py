"""Two texts and their headers as one MIME message; the same input gives the same bytes.

No header takes a line break (values are cleaned, and the email package refuses the rest), the boundary is a hash of
the content instead of a random number, and the transfer encoding is chosen here: 7bit for short ASCII lines,
quoted-printable for mostly ASCII, base64 for Chinese.
"""

from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.facts import DeskFacts, mail_address

_LONGEST_LINE = 900  # RFC 5322 allows 998


class _Headers(HeaderRegistry):
    """The standard headers, their classes kept: the registry builds two new ones for each header set, a third of a
    short mail's time."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        key = name.lower()
        if key not in self._classes:
            self._classes[key] = super().__getitem__(name)
        return self._classes[key]


_POLICY = SMTP.clone(header_factory=_Headers())


def build_message(
    desk: DeskFacts, to: str, subject: str, sent_at: datetime, message_id: str, text: str, html: str,
    *, constant: Mapping[str, str], extra: Mapping[str, str],
) -> EmailMessage:  # fmt: skip
    """A multipart/alternative from the desk; `constant` and `extra` are further headers, the former the same for many.

    Raises ValueError if `to` is no address or `sent_at` has no timezone."""
    if sent_at.tzinfo is None:
        raise ValueError(f"sent_at {sent_at} has no timezone")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address_header("From", desk.name, desk.address)
    message["To"] = mail_address(to)
    if desk.reply_to:
        message["Reply-To"] = _address_header("Reply-To", "", desk.reply_to)
    message["Subject"] = clean_line(subject, 250)
    message["Date"] = sent_at.astimezone(ZoneInfo(desk.timezone)).replace(microsecond=0)
    message["Message-ID"] = message_id
    for name, value in constant.items():
        message[name] = _header(name, value)
    for name, value in extra.items():
        message[name] = clean_line(value, 1000)
    _attach(message, message_id, text, html)
    return message


def _attach(message: EmailMessage, message_id: str, text: str, html: str) -> None:
    boundary = sha256("\0".join((message_id, text, html)).encode()).hexdigest()[:32]
    message["MIME-Version"] = _header("MIME-Version", "1.0")
    message["Content-Type"] = f'multipart/alternative; boundary="={boundary}="'
    message.set_payload([_part("plain", text), _part("html", html)])


@lru_cache(maxsize=64)
def _address_header(name: str, display: str, address: str) -> Any:
    return _header(name, str(Address(clean_line(display, 70), addr_spec=mail_address(address))))


@lru_cache(maxsize=256)
def _header(name: str, value: str) -> Any:
    """A parsed header, kept: parsing the few that never change cost as much as rendering a short mail."""
    return _POLICY.header_factory(name, value)


def _part(subtype: str, text: str) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    encoding, payload = _encoded(text)
    part["Content-Type"] = _header("Content-Type", f'text/{subtype}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _header("Content-Transfer-Encoding", encoding)
    part.set_payload(payload)
    return part


def _encoded(text: str) -> tuple[str, str]:
    """Content-Transfer-Encoding and what stands under it."""
    content = text.encode()
    if text.isascii() and max(map(len, text.split("\n"))) <= _LONGEST_LINE:
        return "7bit", text
    if len(content) < len(text) * 1.2:
        return "quoted-printable", b2a_qp(content, istext=True).decode("ascii")
    return "base64", encodebytes(content.replace(b"\n", b"\r\n")).decode("ascii")  # canonical form: RFC 2046, 4.1.1
