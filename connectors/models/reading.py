"""Mails that order and that no rule could read, with a model's answer beside them. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from connectors.mail.authenticity import Receiver
from connectors.mail.headers import header_text, message_id_of, sender_of, sent_at_of
from connectors.mail.kinds import thread_of
from connectors.mail.limits import DEFAULT, Limits
from connectors.mail.mime import parse_mail
from connectors.mail.orders import Head
from connectors.mail.reading import NO_LINE
from connectors.mail.senders import with_sender
from connectors.mail.sources import Source
from connectors.mail.unpacking import unpack_mail
from connectors.models.candidate import order_of_candidate
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, LetterKind, Reading


def is_unread_order(reading: Reading) -> bool:
    """Whether the reader found that the mail orders, and nothing of what: all that a model is asked about."""
    return reading.kind is EnvelopeKind.UNREADABLE and reading.reason == NO_LINE


def sources_of(envelope: Envelope, limits: Limits = DEFAULT) -> tuple[Source, ...]:
    """What the sender of a mail wrote and attached, that a model may see. Raises TooMuchError."""
    unpacked = unpack_mail(parse_mail(envelope.content), limits)
    return tuple(source for source in unpacked.sources if not source.is_forwarded)


def read_with_answer(
    envelope: Envelope, reading: Reading, answer: Mapping[str, Any], receiver: Receiver, limits: Limits = DEFAULT
) -> Reading:
    """`reading` with the order that `answer` finds in the mail, as far as the mail itself says it; else unchanged."""
    if not is_unread_order(reading) or reading.letter is None:
        return reading
    mail = parse_mail(envelope.content)
    sender = sender_of(mail.headers) or envelope.sender_ref.lower()
    head = Head(
        header_text(mail.headers, "Subject"),
        sender,
        message_id_of(mail.headers) or f"sha256:{sha256(envelope.content).hexdigest()[:32]}",
        reading.letter.language,
        sent_at_of(mail.headers) or envelope.sent_at,
        thread_of(mail.headers),
    )
    order = order_of_candidate(answer, sources_of(envelope, limits), head)
    if order is None:
        return reading
    letter = replace(reading.letter, kind=LetterKind.ORDER)
    found = Reading(EnvelopeKind.ORDERS, orders=(order,), letter=letter, reason="read by a language model")
    return with_sender(found, mail, receiver, None)
