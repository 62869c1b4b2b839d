"""A mail into what it asks of the desk: an answer to ours, an order, something else, or a case for a person. Pure.

The order of the questions matters: our own mail, automatic mail, answers (by signed reference), attached orders in a
format of their own, then everything readable. See docs/decisions/mail.md for what is decided how.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from connectors.files.outcomes import no_order, quarantined
from connectors.mail.answers import find_answer, in_conversation
from connectors.mail.attached import AttachmentReader, FileRead, joined, read_files
from connectors.mail.authenticity import TRUSTS_NOBODY, Receiver
from connectors.mail.contents import Contents, own_words_of, read_contents
from connectors.mail.decision import judge_documents, names_counts, names_goods, order_in, passed_on
from connectors.mail.headers import header_text, message_id_of, sender_of, sent_at_of, written_at_of
from connectors.mail.intent import Intent, asks_to_change, certain, judge_words
from connectors.mail.kinds import letter_of, letter_of_headers, thread_of
from connectors.mail.language import language_of
from connectors.mail.limits import DEFAULT, Limits
from connectors.mail.mime import Mail, TooMuchError, parse_mail
from connectors.mail.orders import Head, orders_of
from connectors.mail.papers import OFFER
from connectors.mail.purchase_answers import find_purchase_answer
from connectors.mail.senders import with_sender
from connectors.mail.structure import automatic_kind, generated_kind
from connectors.mail.text_fields import OUR_NUMBER
from connectors.mail.unpacking import Unpacked, unpack_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, LetterKind, Problem, Reading

__all__ = ["AttachmentReader", "read_mail"]

OVERSIZE = "; oversize="  # in the media type of an envelope whose content was left on the server
NO_LINE = "It says that it orders, but no line of it can be read as an order line"
SEEMS_TO = "It speaks of an order and seems to name goods, but no line of it can be read as an order line"
_UNSAFE = ("ENV-003", "SND-009")  # nothing of a mail that brings such a file is worked on

_log = logging.getLogger(__name__)


def read_mail(
    envelope: Envelope,
    secret: bytes,
    own_addresses: frozenset[str],
    attachments: AttachmentReader,
    limits: Limits = DEFAULT,
    *,
    said: LetterKind | None = None,
    receiver: Receiver = TRUSTS_NOBODY,
) -> Reading:
    """What the mail in `envelope` asks of the desk, and its letter; never raises, whatever the mail holds.

    `said`: what a person said it is, whatever its words and headers speak for. `receiver` is our mail server.
    """
    reading = _bounded(envelope, secret, own_addresses, attachments, limits, said, receiver)
    return reading if reading.letter else replace(reading, letter=letter_of_headers(envelope))


def _bounded(
    envelope: Envelope,
    secret: bytes,
    own_addresses: frozenset[str],
    attachments: AttachmentReader,
    limits: Limits,
    said: LetterKind | None,
    receiver: Receiver,
) -> Reading:
    if OVERSIZE in envelope.media_type or len(envelope.content) > limits.mail_bytes:
        size = envelope.media_type.partition(OVERSIZE)[2] or len(envelope.content)
        return quarantined("ENV-003", f"The mail has {size} bytes, more than the desk takes in", _head(envelope))
    own = frozenset(address.lower() for address in own_addresses)
    try:
        mail = parse_mail(envelope.content)
        reading = _read(envelope, mail, secret, own, attachments, limits, said)
        letter = letter_of(mail, envelope, reading, own, secret)
        reading = replace(in_conversation(mail, letter, reading), letter=letter)
        if reading.purchase or said is LetterKind.SUPPLIER:
            reading = replace(reading, letter=replace(letter, kind=LetterKind.SUPPLIER, order_no="", confidence=1.0))
        return with_sender(reading, mail, receiver, said)
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
    subject: str
    contents: Contents
    unpacked: Unpacked
    intent: Intent
    head: Head

    @property
    def raw(self) -> str:
        """What a person sees first."""
        return f"{self.subject}\n\n" + "\n".join(self.contents.words)


def _read(
    envelope: Envelope,
    mail: Mail,
    secret: bytes,
    own: frozenset[str],
    attachments: AttachmentReader,
    limits: Limits,
    said: LetterKind | None,
) -> Reading:
    is_order = said is LetterKind.ORDER
    sender = sender_of(mail.headers) or envelope.sender_ref.lower()
    if sender in own:
        return no_order("A mail of our own")
    automatic = "" if is_order else automatic_kind(mail, sender)
    if automatic:
        return no_order(f"{automatic}{_about(mail)}")
    answer = find_answer(mail, sender, secret)
    if answer:
        return answer
    if purchase := find_purchase_answer(mail, sender, secret, is_supplier=said is LetterKind.SUPPLIER):
        return purchase
    unpacked = unpack_mail(mail, limits)
    if unsafe := tuple(item for item in unpacked.refused if item.rule in _UNSAFE):
        return Reading(EnvelopeKind.UNREADABLE, unreadable=unsafe, reason=f"{unsafe[0].ref}: {unsafe[0].reason}")
    letter = _letter(envelope, mail, sender, unpacked, is_order)
    generated = "" if is_order else generated_kind(mail, frozenset(address.rpartition("@")[2] for address in own))
    files = read_files(envelope, unpacked.files, sender, letter.head.sent_at, attachments)
    return _read_files(letter, files, generated) or _read_words(letter, generated, own)


def _about(mail: Mail) -> str:
    subject = header_text(mail.headers, "Subject")
    return f": {subject[:80]}" if subject else ""


def _letter(envelope: Envelope, mail: Mail, sender: str, unpacked: Unpacked, is_order: bool) -> _Letter:
    subject = header_text(mail.headers, "Subject")
    words = "\n".join(own_words_of(unpacked.sources))
    language = language_of(f"{subject}\n{words}")
    contents = read_contents(unpacked, language, _written_at(envelope, mail))
    intent = judge_words(subject, "\n".join(contents.words))
    head = Head(
        subject,
        sender,
        message_id_of(mail.headers) or f"sha256:{sha256(envelope.content).hexdigest()[:32]}",
        language,
        sent_at_of(mail.headers) or envelope.sent_at,
        thread_of(mail.headers),
    )
    return _Letter(mail, subject, contents, unpacked, certain(intent) if is_order else intent, head)


def _written_at(envelope: Envelope, mail: Mail) -> datetime | None:
    return written_at_of(mail.headers) or envelope.sent_at


def _read_files(letter: _Letter, files: list[FileRead], generated: str) -> Reading | None:
    """The orders in attached files that call themselves orders; None if there are none."""
    may_be_table = not generated and not letter.intent.against
    orders = [file for file in files if file.says_it_is_an_order or (file.is_order and may_be_table)]
    if not orders:
        return None
    if letter.contents.own.has_clean_line and not generated:
        return _for_a_person(letter, "It orders goods in its words and in an attached file: one order, or two?")
    refused = [file for file in files if file.is_unreadable and not _is_read(letter, file)]
    return joined(orders, refused, letter.head.sender, letter.head.language)


def _is_read(letter: _Letter, file: FileRead) -> bool:
    return any(read.part == file.attachment.filename for read in letter.contents.documents)


def _read_words(letter: _Letter, generated: str, own: frozenset[str]) -> Reading:
    if generated:
        return no_order(f"{generated}{_about(letter.mail)}")
    intent, contents = judge_documents(letter.intent, letter.contents)
    against = intent.against or intent.doubt or ("" if intent.is_certain else _names_our_order(letter))
    found = order_in(intent, contents)
    if found and not against:
        return _ordered(letter, contents)
    asks_otherwise = intent.topic and not intent.is_certain  # where is the order that stands below?
    if contents.forwarded and not found and not (asks_otherwise or intent.against or _names_our_order(letter)):
        passed = passed_on(letter.head, contents.forwarded, own, is_told=intent.places)
        if passed and passed.orders and names_goods([contents.own]):
            return _for_a_person(letter, "It passes on an order and names goods of its own: which are ordered?")
        return passed or _not_by_words(letter, contents, against, own)
    has_label = any(read.fields.first("order_ref") for read in contents.reads)
    if found and (intent.places or intent.doubt == OFFER or (has_label and not intent.against)):
        return _for_a_person(letter, f"It orders goods, and yet: {against[0].lower()}{against[1:]}")
    return _not_by_words(letter, contents, against, own)


def _ordered(letter: _Letter, contents: Contents) -> Reading:
    unread = tuple(
        Problem("LIN-009", "lines", source.part, source.note)
        for source in letter.unpacked.sources
        if source.note and source.medium != "picture" and not source.is_forwarded
    )
    orders = orders_of(contents.reads, letter.head)
    held = tuple(replace(order, problems=(*order.problems, *unread)) for order in orders)
    return Reading(EnvelopeKind.ORDERS, orders=held, unreadable=letter.unpacked.refused, reason=_unread(letter))


def _not_by_words(letter: _Letter, contents: Contents, against: str, own: frozenset[str]) -> Reading:
    """No order stands in the words: an order that a person must read, or none at all."""
    intent, unread = letter.intent, _unread(letter)
    if intent.order and unread and not against and (intent.places or intent.says_attached or intent.is_titled):
        return quarantined("ENV-002", f"The order seems to be in what could not be read; {unread}", letter.raw)
    if letter.mail.is_encrypted:
        return quarantined("ENV-002", "The mail is encrypted", letter.raw)
    if intent.order and not intent.against and not intent.is_certain and _asks_to_change(letter):
        return _for_a_person(letter, "It asks to cancel or change an order and carries no reference of ours")
    is_forward = contents.forwarded is not None and not intent.is_certain and contents.forwarded.sender not in own
    may_be = intent.places or names_goods(contents.reads) or (intent.is_titled and names_counts(contents.reads))
    if intent.order and not against and not is_forward and may_be:
        return _for_a_person(letter, NO_LINE if intent.places else SEEMS_TO)
    reason = against or _default_reason(letter)
    return no_order(f"{reason}{_about(letter.mail)}{'; ' if unread else ''}{unread}")


def _asks_to_change(letter: _Letter) -> bool:
    return asks_to_change(letter.subject, "\n".join(letter.contents.words))


def _unread(letter: _Letter) -> str:
    """Which attached documents nobody read, so that none is passed over in silence."""
    names = [one.ref for one in letter.unpacked.refused] + [note.partition(":")[0] for note in letter.contents.notes]
    return f"not read: {', '.join(names[:5])}" if names else ""


def _names_our_order(letter: _Letter) -> str:
    if OUR_NUMBER.search(letter.subject) or any(OUR_NUMBER.search(line) for line in letter.contents.words):
        return "It names an order number of ours without its signed reference"
    return ""


def _default_reason(letter: _Letter) -> str:
    if letter.contents.forwarded:
        return "A forwarded mail"
    if not any(line.strip() for line in letter.contents.words):
        return "A mail without words"
    if letter.intent.order:
        return "It speaks of an order, but orders nothing that can be read"
    return "No word of an order"


def _for_a_person(letter: _Letter, reason: str) -> Reading:
    return quarantined("ENV-001", reason, letter.raw)
