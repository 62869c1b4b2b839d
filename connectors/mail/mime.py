"""A mail's parts: its words, its HTML, its attachments. Mail is hostile, so it is bounded before it is parsed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from connectors.mail.charsets import decode_bytes
from connectors.mail.headers import decoded, header_text
from connectors.mail.plain_text import enriched_to_text, unflowed

MAX_CONTAINERS = 60  # multiparts and enclosed mails: the parser recurses into each
MAX_PARTS = 300
MAX_TEXT = 1_000_000  # characters of words
MAX_LINES = 20_000
MAX_WORK = 8_000_000  # containers times lines
MAX_HEADERS = 500_000  # bytes
_LONG_HEADER = re.compile(rb"^content-(?:type|disposition):(?:[^\r\n]|\r?\n[ \t]){10000}", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(rb"\n\r?\n")
_CONTAINER = re.compile(rb"(?:content-type\s{0,20}:\s{0,20}(?:multipart|message)/|boundary\s{0,20}=)", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary\s{0,20}=\s{0,20}(?:\"([^\"\r\n]{1,200})|([^\s\";]{1,200}))", re.IGNORECASE)
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_MAILS = ("message/rfc822", "message/global")
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted", "multipart/encrypted")


class TooMuchError(ValueError):
    """The mail exceeds a safety limit (ENV-003); the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `is_inline`: shown within the words, as a logo is."""

    filename: str
    media_type: str
    content: bytes
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail consists of. `text` are its plain words, `html` its HTML."""

    headers: "Message[str, str]"
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    is_report: bool = False
    is_encrypted: bool = False
    enclosed: tuple["Enclosed", ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A mail within a mail, as forwarding as an attachment makes it. `name` is its file's name, if it has one."""

    name: str
    mail: Mail


def parse_mail(content: bytes) -> Mail:
    """The parts of `content`. Raises TooMuchError."""
    _check_bounds(content)
    return _mail_of(BytesParser(policy=compat32).parsebytes(content))


def _mail_of(root: "Message[str, str]") -> Mail:
    parts = list(_parts(root))
    kinds = {_media_type(part) for part in (root, *parts)}
    words = [part for part in parts if _is_words(part)]
    text = "\n".join(_words(part) for part in words if _media_type(part) != "text/html")
    html = "\n".join(_text(part) for part in words if _media_type(part) == "text/html")
    if text.strip() and len(html) > MAX_TEXT:
        html = ""  # long chains of answers as HTML; their plain words say the same
    if max(len(text), len(html)) > MAX_TEXT or text.count("\n") > MAX_LINES:
        raise TooMuchError(f"The words of the mail are {max(len(text), len(html))} characters long")
    files = tuple(_attachment(part) for part in parts if _is_file(part) and part not in words)
    return Mail(
        root, text, html, files,
        is_report="multipart/report" in kinds or "message/delivery-status" in kinds,
        is_encrypted=any(kind in _ENCRYPTED for kind in kinds),
        enclosed=tuple(_enclosed(part) for part in parts if _media_type(part) in _MAILS and part.is_multipart()),
    )  # fmt: skip


def _check_bounds(content: bytes) -> None:
    """Count what the parser would recurse into: each level costs it time for every line within."""
    containers = len(_CONTAINER.findall(content))
    is_costly = containers > 20 and containers // 2 * content.count(b"\n") > MAX_WORK
    if containers > 2 * MAX_CONTAINERS or is_costly:
        raise TooMuchError(f"The mail nests or joins {containers // 2} mails and parts")
    if _LONG_HEADER.search(content) or (not _BLANK_LINE.search(content[:MAX_HEADERS]) and len(content) > MAX_HEADERS):
        raise TooMuchError("The mail has a header of unreasonable length")
    names = {first or second for first, second in _BOUNDARY.findall(content)}
    parts = sum(len(re.findall(rb"(?m)^--" + re.escape(name), content)) for name in names)
    if parts > MAX_PARTS:
        raise TooMuchError(f"The mail has {parts} parts")


def _parts(root: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The leaves, in order; what encloses a mail of its own counts as one leaf."""
    if _media_type(root).startswith("message/") or not root.is_multipart():
        yield root
        return
    for part in root.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _enclosed(part: "Message[str, str]") -> Enclosed:
    inner: Message[str, str] = part.get_payload(0)  # type: ignore[assignment]
    return Enclosed(_filename(part), _mail_of(inner))


def _media_type(part: "Message[str, str]") -> str:
    return str(part.get_content_type())


def _is_words(part: "Message[str, str]") -> bool:
    if _media_type(part) not in ("text/plain", "text/html", "text/enriched") or part.is_multipart():
        return False
    return not _filename(part) and not str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _is_file(part: "Message[str, str]") -> bool:
    return not part.is_multipart() and _media_type(part) not in _SIGNATURES


def _words(part: "Message[str, str]") -> str:
    text = _text(part)
    if _parameter(part, "format").lower() == "flowed":
        return unflowed(text, deletes_blank=_parameter(part, "delsp").lower() == "yes")
    return enriched_to_text(text) if _media_type(part) == "text/enriched" else text


def _parameter(part: "Message[str, str]", name: str) -> str:
    try:
        return str(part.get_param(name, "") or "")
    except Exception:  # a parameter that the library cannot take apart
        return ""


def _text(part: "Message[str, str]") -> str:
    return (
        decode_bytes(_content(part), _parameter(part, "charset"))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\x00", " ")
    )


def _content(part: "Message[str, str]") -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # broken uuencode, letters where bytes belong
        payload = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return payload if isinstance(payload, bytes) else b""


def _filename(part: "Message[str, str]") -> str:
    try:
        return decoded(str(part.get_filename() or ""))[:200]
    except Exception:
        return "attachment"


def _attachment(part: "Message[str, str]") -> Attachment:
    is_inline = bool(header_text(part, "Content-ID")) or header_text(part, "Content-Disposition").startswith("inline")
    return Attachment(_filename(part), _media_type(part), _content(part), is_inline)
