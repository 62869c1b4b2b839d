"""Filing a mail by kind, as a person would: structural evidence first, then what the words say.

Every mail becomes a letter, whatever is made of it: kind, sender, conversation, and the order it belongs to.
"""

import math
import re
from dataclasses import dataclass
from email.message import Message

from connectors.mail import structure
from connectors.mail.headers import header_text, header_texts, message_id_of, parse_headers, sender_of
from connectors.mail.html_text import html_to_text
from connectors.mail.intent import MEANT, Intent, judge_words, topic_score
from connectors.mail.language import language_of
from connectors.mail.mime import Mail
from connectors.mail.quoting import own_lines
from connectors.mail.text_fields import OUR_NUMBER, order_ref_in
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, Kind, LetterKind, LetterRead, Reading
from orderclerk.domain.references import find_reference

_KINDS = {
    "cancellation": LetterKind.CANCELLATION,
    "change": LetterKind.CHANGE,
    "return": LetterKind.RETURN,
    "complaint": LetterKind.COMPLAINT,
    "status_question": LetterKind.STATUS_QUESTION,
    "statement_reply": LetterKind.STATEMENT_REPLY,
    "payment_advice": LetterKind.PAYMENT_ADVICE,
    "courier_notice": LetterKind.COURIER_NOTICE,
    "newsletter": LetterKind.NEWSLETTER,
    "bounce": LetterKind.BOUNCE,
    "out_of_office": LetterKind.OUT_OF_OFFICE,
    "spam": LetterKind.SPAM,
    "quotation": LetterKind.OTHER,
    "supplier": LetterKind.OTHER,
}
_COURIERS = re.compile(
    r"[@.](?:dhl|ups|fedex|usps|tnt|gls-?\w*|dpd(?:group)?|hermesworld|myhermes|evri|royalmail|parcelforce|laposte|"
    r"colissimo|chronopost|correos|seur|mrw|poste|brt|sda|postnl|bpost|sf-?express|yunda|zto|yto|sto|ems|auspost|purolator|"
    r"canadapost|aramex|ontrac)\.(?:com|de|fr|es|it|nl|be|ca|cn|net|co\.uk|com\.cn|com\.au|at|ch|eu)$",
    re.IGNORECASE,
)
_TICKET = re.compile(r"\b(?:ticket|case|request|anfrage|demande|solicitud|richiesta)\b.{0,20}[#\d]|工单", re.IGNORECASE)
MOST_SURE = 0.95  # of what words alone say
MAX_SEARCHED = 40_000  # characters of an answer or report in which our reference is looked for


@dataclass(frozen=True, slots=True)
class _Filed:
    kind: LetterKind
    confidence: float


def letter_of(mail: Mail, envelope: Envelope, reading: Reading, own: frozenset[str], secret: bytes) -> LetterRead:
    """`mail` as correspondence, given what the desk makes of it; `own` are the addresses we write from."""
    headers = mail.headers
    subject, sender = header_text(headers, "Subject"), sender_of(headers) or envelope.sender_ref.lower()
    words = words_of(mail)
    filed = _filed(mail, sender, judge_words(subject, words), words, reading, own)
    order = reading.orders[0] if reading.orders else None
    named = OUR_NUMBER.search(f"{subject}\n{words}")
    return LetterRead(
        kind=filed.kind,
        sender=sender,
        subject=subject[:500],
        language=(order.language if order else "") or language_of(f"{subject}\n{words}"),
        message_ref=message_id_of(headers),
        thread_ref=thread_of(headers),
        order_no=_signed_number(mail, secret) or (named[0].upper() if named and filed.kind not in _UNSIGNED else ""),
        their_ref=order.order_ref if order and order.has_own_ref else _their_ref(subject, words),
        confidence=filed.confidence,
    )


def words_of(mail: Mail) -> str:
    """What the sender wrote, without quotations."""
    return "\n".join(own_lines(mail.text if mail.text.strip() else html_to_text(mail.html)))


def letter_of_headers(envelope: Envelope) -> LetterRead:
    """A mail too large or broken to be read, by its headers alone."""
    headers = parse_headers(envelope.content)
    sender = sender_of(headers) or envelope.sender_ref.lower()
    subject = header_text(headers, "Subject")
    return LetterRead(
        LetterKind.OTHER, sender, subject[:500], language_of(subject), message_id_of(headers), thread_of(headers),
        confidence=0.5,
    )  # fmt: skip


def thread_of(headers: "Message[str, str]") -> str:
    """The first Message-ID of the conversation: of References, else In-Reply-To, else the mail's own."""
    for name in ("References", "In-Reply-To"):
        found = re.search(r"<[^<>\s]{1,900}>", header_text(headers, name))
        if found:
            return found[0]
    return message_id_of(headers)


_UNSIGNED = (LetterKind.BOUNCE, LetterKind.OUT_OF_OFFICE)  # what they quote is ours only if we signed it


def _filed(mail: Mail, sender: str, intent: Intent, words: str, reading: Reading, own: frozenset[str]) -> _Filed:
    if reading.kind is EnvelopeKind.ORDERS:
        is_call_off = all(order.kind is Kind.CANCELLATION for order in reading.orders)
        return _Filed(LetterKind.CANCELLATION if is_call_off and reading.orders else LetterKind.ORDER, 0.99)
    if reading.kind is EnvelopeKind.REPLY:
        return _Filed(LetterKind.REPLY, 0.99)
    if sender in own:
        return _Filed(LetterKind.OTHER, 0.99)
    if automatic := structure.automatic_kind(mail, sender):
        return _automatic(automatic, header_text(mail.headers, "Subject"), mail.text or words)
    scores = dict(intent.scores)
    domains = frozenset(address.rpartition("@")[2] for address in own)
    generated = structure.generated_kind(mail, domains)
    _add(scores, "spam", 4.0 * structure.is_marked_spam(mail))
    _add(scores, "newsletter", 3.5 * (generated == structure.MANY))
    _add(scores, "courier_notice", 2.0 * bool(_COURIERS.search(sender)))
    if generated or reading.kind is EnvelopeKind.OTHER:
        scores.pop("order", None)  # the reader looked for one, and found none
    return _by_scores(scores)


def _automatic(reason: str, subject: str, words: str) -> _Filed:
    if reason == structure.BOUNCE:
        return _Filed(LetterKind.BOUNCE, 0.99)
    if reason == structure.RECEIPT:
        return _Filed(LetterKind.OTHER, 0.99)
    away, bounce = topic_score("out_of_office", subject, words), topic_score("bounce", subject, words)
    if reason == structure.NO_ANSWER and max(away, bounce) < MEANT:
        return _Filed(LetterKind.OTHER, 0.6)
    if reason == structure.NO_ANSWER and bounce > away:
        return _Filed(LetterKind.BOUNCE, 0.9)
    is_acknowledgement = away < MEANT and _TICKET.search(f"{subject}\n{words[:2_000]}")
    return _Filed(LetterKind.OTHER, 0.8) if is_acknowledgement else _Filed(LetterKind.OUT_OF_OFFICE, 0.97)


def _add(scores: dict[str, float], topic: str, weight: float) -> None:
    if weight:
        scores[topic] = scores.get(topic, 0.0) + weight


def _by_scores(scores: dict[str, float]) -> _Filed:
    """The kind with the highest score; its confidence grows with the distance to the next, other kind."""
    by_kind: dict[LetterKind, float] = {LetterKind.OTHER: MEANT}
    for topic in ("order", *_KINDS):
        kind = LetterKind.ORDER if topic == "order" else _KINDS[topic]
        by_kind[kind] = max(by_kind.get(kind, 0.0), scores.get(topic, 0.0))
    best = max(by_kind, key=lambda kind: (by_kind[kind], -_RANK[kind]))
    rest = sum(math.exp(score - by_kind[best]) for kind, score in by_kind.items() if kind is not best and score > 0)
    return _Filed(best, round(min(1 / (1 + rest), MOST_SURE), 3))


_RANK = {
    kind: place for place, kind in enumerate([*dict.fromkeys(_KINDS.values()), LetterKind.ORDER, LetterKind.REPLY])
}


def _signed_number(mail: Mail, secret: bytes) -> str:
    """Our order number where our own signature stands in the mail's threads, or in the mail of ours that it reports."""
    headers = mail.headers
    places = _named_in(headers)
    for part in headers.walk():
        if part.get_content_type() == "message/rfc822" and isinstance(enclosed := part.get_payload(), list):
            places += [text for original in enclosed if isinstance(original, Message) for text in _named_in(original)]
        elif part.get_content_type() == "text/rfc822-headers":
            places.append(str(part.get_payload())[:MAX_SEARCHED])
    places.append(mail.text[:MAX_SEARCHED])
    found = next((reference for place in places if (reference := find_reference(place, secret))), None)
    return found.order_no if found else ""


def _named_in(headers: "Message[str, str]") -> list[str]:
    """What a mail's headers say of its conversation."""
    names = ("Subject", "Message-ID", "In-Reply-To", "References", "To", "Cc")
    return [text for name in names for text in header_texts(headers, name)]


def _their_ref(subject: str, words: str) -> str:
    refs = order_ref_in(subject) or order_ref_in(words[:MAX_SEARCHED])
    return refs[0] if refs else ""
