"""A mail into what it asks of the desk: an answer to ours, an order, something else, or a case for a person. Pure.

The order of the questions matters: our own mail, automatic mail, answers (by signed reference), attached orders, the
words. See docs/decisions/mail.md for what is decided how.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from connectors.files.outcomes import no_order, quarantined
from connectors.mail.answers import find_answer
from connectors.mail.attached import (
    AttachmentReader,
    FileRead,
    is_document,
    joined,
    read_files,
    read_list,
    refusal_of,
)
from connectors.mail.body import BodyRead, order_of, read_body
from connectors.mail.headers import header_text, message_id_of, sender_of, sent_at_of
from connectors.mail.html_text import html_to_text
from connectors.mail.intent import Intent, asks_to_change, certain, judge_words
from connectors.mail.kinds import letter_of, letter_of_headers
from connectors.mail.language import language_of
from connectors.mail.limits import DEFAULT, Limits
from connectors.mail.mime import Mail, TooMuchError, parse_mail
from connectors.mail.quoting import is_forward, own_lines
from connectors.mail.structure import automatic_kind, generated_kind
from connectors.mail.text_fields import OUR_NUMBER
from connectors.mail.unpacking import unpack_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, OrderRead, Reading

__all__ = ["AttachmentReader", "read_mail"]

OVERSIZE = "; oversize="  # in the media type of an envelope whose content was left on the server
_UNSAFE = ("ENV-003", "SND-009")  # nothing of a mail that brings such a file is worked on

_log = logging.getLogger(__name__)


def read_mail(
    envelope: Envelope,
    secret: bytes,
    own_addresses: frozenset[str],
    attachments: AttachmentReader,
    limits: Limits = DEFAULT,
    *,
    is_order: bool = False,
) -> Reading:
    """What the mail in `envelope` asks of the desk, and its letter; never raises, whatever the mail holds.

    `is_order`: a person said that it orders, whatever its words and headers speak for.
    """
    reading = _bounded(envelope, secret, own_addresses, attachments, limits, is_order)
    return reading if reading.letter else replace(reading, letter=letter_of_headers(envelope))


def _bounded(
    envelope: Envelope,
    secret: bytes,
    own_addresses: frozenset[str],
    attachments: AttachmentReader,
    limits: Limits,
    is_order: bool,
) -> Reading:
    if OVERSIZE in envelope.media_type or len(envelope.content) > limits.mail_bytes:
        size = envelope.media_type.partition(OVERSIZE)[2] or len(envelope.content)
        return quarantined("ENV-003", f"The mail has {size} bytes, more than the desk takes in", _head(envelope))
    own = frozenset(address.lower() for address in own_addresses)
    try:
        mail = parse_mail(envelope.content)
        reading = _read(envelope, mail, secret, own, attachments, limits, is_order)
        return replace(reading, letter=letter_of(mail, envelope, reading, own, secret))
    except TooMuchError as error:
        return quarantined("ENV-003", str(error), _head(envelope))
    except RecursionError:
        return quarantined("ENV-003", "The mail is nested too deeply", _head(envelope))
    except Exception as error:
        _log.exception("reader failed on mail %s", envelope.delivery_ref)
        reason = f"The mail cannot be read ({type(error).__name__}: {error}); report this"
        return quarantined("ENV-001", reason, _head(envelope))


def _head(envelope: Envelope) -> str:
    return envelope.content[:1_000].decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mail with what the steps below need of it."""

    mail: Mail
    envelope: Envelope
    subject: str
    sender: str
    sent_at: datetime | None
    own: list[str]
    body: BodyRead
    intent: Intent
    language: str

    @property
    def message_ref(self) -> str:
        """The Message-ID, or a name made of the content where the mail has none."""
        return message_id_of(self.mail.headers) or f"sha256:{sha256(self.envelope.content).hexdigest()[:32]}"

    def order(self, body: BodyRead) -> OrderRead:
        """The order of `body` in this letter."""
        return order_of(body, self.subject, self.sender, self.message_ref, self.language, self.sent_at)


def _read(
    envelope: Envelope,
    mail: Mail,
    secret: bytes,
    own: frozenset[str],
    attachments: AttachmentReader,
    limits: Limits,
    is_order: bool,
) -> Reading:
    sender = sender_of(mail.headers) or envelope.sender_ref.lower()
    if sender in own:
        return no_order("A mail of our own")
    automatic = "" if is_order else automatic_kind(mail, sender)
    if automatic:
        return no_order(f"{automatic}{_about(mail)}")
    answer = find_answer(mail, sender, secret)
    if answer:
        return answer
    unpacked = unpack_mail(mail, limits)
    if unsafe := tuple(item for item in unpacked.refused if item.rule in _UNSAFE):
        return Reading(EnvelopeKind.UNREADABLE, unreadable=unsafe, reason=f"{unsafe[0].ref}: {unsafe[0].reason}")
    letter = _letter(envelope, mail, sender)
    if is_order:
        letter = replace(letter, intent=certain(letter.intent))
    generated = "" if is_order else generated_kind(mail, frozenset(address.rpartition("@")[2] for address in own))
    files = read_files(envelope, mail.attachments, sender, letter.sent_at, attachments)
    return _read_files(letter, files, generated) or _read_words(letter, files, generated)


def _about(mail: Mail) -> str:
    subject = header_text(mail.headers, "Subject")
    return f": {subject[:80]}" if subject else ""


def _letter(envelope: Envelope, mail: Mail, sender: str) -> _Letter:
    subject = header_text(mail.headers, "Subject")
    own, body = _words(mail)
    words = "\n".join(own)
    intent = judge_words(subject, words)
    sent_at = sent_at_of(mail.headers) or envelope.sent_at
    return _Letter(mail, envelope, subject, sender, sent_at, own, body, intent, language_of(f"{subject}\n{words}"))


def _words(mail: Mail) -> tuple[list[str], BodyRead]:
    """The sender's own lines: of the HTML where it holds a table of order lines or is all there is, else plain."""
    plain = own_lines(mail.text)
    if not mail.html:
        return plain, read_body(plain)
    marked = own_lines(html_to_text(mail.html))
    body = read_body(marked)
    if body.has_table or not mail.text.strip():
        return marked, body
    return plain, read_body(plain)


def _read_files(letter: _Letter, files: list[FileRead], generated: str) -> Reading | None:
    """The orders in the attachments, or why these wait for a person; None if there is nothing to say of them."""
    unsafe = [file for file in files if "ENV-003" in file.rules]
    if unsafe:
        left = refusal_of(unsafe)
        return Reading(EnvelopeKind.UNREADABLE, unreadable=left, reason=left[0].reason)
    may_be_table = not generated and not letter.intent.against
    orders = [file for file in files if file.says_it_is_an_order or (file.is_order and may_be_table)]
    refused = [file for file in files if file.is_unreadable]
    if orders:
        return joined(orders, refused, letter.sender, letter.language)
    if not refused or not may_be_table or not letter.intent.order or letter.intent.doubt:
        return None
    return _read_lists(letter, refused)


def _read_lists(letter: _Letter, refused: list[FileRead]) -> Reading:
    """An attached table whose order number stands in the mail: one is the order, several are a case for a person."""
    lists = [(file, table) for file in refused if "ENV-004" in file.rules and (table := read_list(file))]
    if len(lists) == 1 and lists[0][1].lines and not letter.body.lines:
        file, table = lists[0]
        letter.body.lines += list(enumerate(table.lines, start=2))
        letter.body.left += table.left
        if table.total:
            letter.body.fields.values.setdefault("total", []).append(table.total)
        others = [other for other in refused if other is not file]
        return Reading(EnvelopeKind.ORDERS, orders=(letter.order(letter.body),), unreadable=refusal_of(others))
    left = refusal_of(refused)
    return Reading(EnvelopeKind.UNREADABLE, unreadable=left, reason=left[0].reason)


def _read_words(letter: _Letter, files: list[FileRead], generated: str) -> Reading:
    intent, body = letter.intent, letter.body
    if generated:
        return no_order(f"{generated}{_about(letter.mail)}")
    has_label = bool(body.fields.first("order_ref"))
    against = intent.against or intent.doubt or ("" if intent.is_certain else _names_our_order(letter))
    is_order = intent.order and (body.has_clean_line or (has_label and body.has_item_line))
    if is_order and not against:
        return Reading(EnvelopeKind.ORDERS, orders=(letter.order(body),), reason=_unread(files))
    if is_order and (intent.places or (has_label and not intent.against)):
        return _for_a_person(letter, f"It orders goods, and yet: {against[0].lower()}{against[1:]}")
    return _not_by_words(letter, files, against)


def _not_by_words(letter: _Letter, files: list[FileRead], against: str) -> Reading:
    """No order stands in the words: an order that a person must read, or none at all."""
    intent = letter.intent
    documents = [file for file in files if is_document(file)]
    if intent.order and documents and not against and (intent.places or intent.says_attached):
        name = documents[0].attachment.filename or documents[0].media_type
        return quarantined("ENV-002", f"The order seems to be in {name!r}, which no reader reads", _raw(letter))
    if letter.mail.is_encrypted:
        return quarantined("ENV-002", "The mail is encrypted", _raw(letter))
    if (
        intent.order
        and not intent.against
        and not intent.is_certain
        and asks_to_change(letter.subject, "\n".join(letter.own))
    ):
        return _for_a_person(letter, "It asks to cancel or change an order and carries no reference of ours")
    if (
        intent.order
        and intent.places
        and not against
        and letter.own
        and (intent.is_certain or not _is_forwarded(letter))
    ):
        return _for_a_person(letter, "It says that it orders, but no line of it can be read as an order line")
    note = _unread(files)
    return no_order(f"{against or _default_reason(letter)}{_about(letter.mail)}{'; ' if note else ''}{note}")


def _unread(files: list[FileRead]) -> str:
    """Which attached documents nobody read, so that none is passed over in silence."""
    names = [file.attachment.filename or file.media_type for file in files if file.is_unreadable or is_document(file)]
    return f"not read: {', '.join(names[:5])}" if names else ""


def _names_our_order(letter: _Letter) -> str:
    if OUR_NUMBER.search(letter.subject) or any(OUR_NUMBER.search(line) for line in letter.own):
        return "It names an order number of ours without its signed reference"
    return ""


def _is_forwarded(letter: _Letter) -> bool:
    return letter.mail.encloses_mail or is_forward(letter.mail.text)


def _default_reason(letter: _Letter) -> str:
    if _is_forwarded(letter):
        return "A forwarded mail"
    if not any(line.strip() for line in letter.own):
        return "A mail without words"
    if letter.intent.order:
        return "It speaks of an order, but orders nothing that can be read"
    return "No word of an order"


def _for_a_person(letter: _Letter, reason: str) -> Reading:
    return quarantined("ENV-001", reason, _raw(letter))


def _raw(letter: _Letter) -> str:
    return f"{letter.subject}\n\n" + "\n".join(letter.own)
