"""The ways a file reading can end, said once so that every format says them alike."""

from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, OrderRead, Reading, Unreadable

RAW_LIMIT = 2_000  # characters of raw text kept beside a reason; the envelope keeps everything


def quarantined(rule: str, reason: str, raw: str = "", ref: str = "document") -> Reading:
    """The whole document waits for a person, for one reason."""
    return Reading(EnvelopeKind.UNREADABLE, unreadable=(unreadable(ref, raw, rule, reason),), reason=reason)


def no_order(reason: str) -> Reading:
    """Read and understood to be no order: filed."""
    return Reading(EnvelopeKind.OTHER, reason=reason)


def unreadable(ref: str, raw: str, rule: str, reason: str) -> Unreadable:
    """`Unreadable` with its raw text cut to what a person can look at (no NUL: no database keeps one)."""
    return Unreadable(ref, raw[:RAW_LIMIT].replace("\x00", "\ufffd"), rule, reason)


def reading_of(
    orders: tuple[OrderRead, ...], quarantine: tuple[Unreadable, ...], others: tuple[str, ...], nothing: str
) -> Reading:
    """What a document of several messages is as a whole: orders if it has any, else unreadable, else no order."""
    if orders:
        return Reading(EnvelopeKind.ORDERS, orders=orders, unreadable=quarantine, reason="; ".join(others))
    if quarantine:
        reason = "; ".join(dict.fromkeys(item.reason for item in quarantine))
        return Reading(EnvelopeKind.UNREADABLE, unreadable=quarantine, reason=reason)
    return no_order("; ".join(dict.fromkeys(others)) or nothing)


def source_of(envelope: Envelope) -> str:
    """The first half of the business key: `files:<sender>`; an attachment read for a mail keeps the mail's channel."""
    return f"{envelope.channel}:{envelope.sender_ref.strip()}"
