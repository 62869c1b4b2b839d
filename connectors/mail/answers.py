"""An answer to a mail of ours, known by the signed reference that every mail of ours carries."""

import re
from dataclasses import replace

from connectors.files.outcomes import quarantined
from connectors.mail.headers import header_text, header_texts, message_id_of
from connectors.mail.html_text import html_to_text
from connectors.mail.mime import Mail
from connectors.mail.quoting import own_words
from orderclerk.domain.reading import EnvelopeKind, LetterKind, LetterRead, Reading, ReplyRead
from orderclerk.domain.references import find_reference, has_reference, sign_reference

_ADDRESSED = ("Reply-To", "To", "Cc", "Delivered-To", "X-Original-To")
_MAY_ANSWER = (LetterKind.OTHER, LetterKind.CHANGE, LetterKind.CANCELLATION)
MAX_WORDS = 20_000  # characters of an answer


def find_answer(mail: Mail, sender: str, secret: bytes) -> Reading | None:
    """The answer in `mail`; unreadable (ENV-005) if its reference is not of our signing; None if it carries none.

    The subject counts first, then In-Reply-To, References from the last, and the addresses (desk+REFERENCE@...).
    """
    places = reference_places(mail)
    for place in places:
        if found := find_reference(place, secret):
            reference = sign_reference(found.order_no, found.revision, secret)
            reply = ReplyRead(reference, sender, answer_words(mail), message_id_of(mail.headers))
            return Reading(EnvelopeKind.REPLY, reply=reply)
    forged = next((place for place in places if has_reference(place)), "")
    if forged:
        return quarantined(
            "ENV-005", "The mail carries a reference that looks like ours and is not signed by us", forged
        )
    return None


def in_conversation(mail: Mail, letter: LetterRead, reading: Reading) -> Reading:
    """`reading` with the answer that a mail without our reference may be, if the book knows its conversation.

    Not what orders, nor what its words or its sender's program file as something else.
    """
    is_open = reading.kind is EnvelopeKind.OTHER or _is_for_a_person(reading)
    words = answer_words(mail) if is_open and letter.kind in _MAY_ANSWER else ""
    if not words or letter.thread_ref in ("", letter.message_ref):
        return reading
    return replace(reading, reply=ReplyRead("", letter.sender, words, letter.message_ref))


def _is_for_a_person(reading: Reading) -> bool:
    return reading.kind is EnvelopeKind.UNREADABLE and {one.rule for one in reading.unreadable} <= {"ENV-001"}


def reference_places(mail: Mail) -> list[str]:
    """Where a mail program puts our reference when it answers: subject, thread, addresses; the likeliest first."""
    headers = mail.headers
    threads = header_text(headers, "References").split()[::-1]
    addresses = [text for name in _ADDRESSED for text in header_texts(headers, name)]
    stated = [header_text(headers, "Subject"), header_text(headers, "In-Reply-To"), *threads[:50], *addresses]
    return [place for place in stated if place]


def answer_words(mail: Mail) -> str:
    """What the sender added to our mail; a document they attached is named below, so that nobody overlooks it."""
    text = mail.text if mail.text.strip() else html_to_text(mail.html)
    words = own_words(text)[:MAX_WORDS]
    files = [file.filename for file in mail.attachments if _is_document(file.filename, file.media_type)]
    notes = [f"[attachment {number}: {name or 'without a name'}]" for number, name in enumerate(files, start=1)]
    return "\n".join(part for part in (words, *notes) if part)


def _is_document(filename: str, media_type: str) -> bool:
    is_card = re.search(r"\.(?:vcf|ics|asc|p7s|sig)$", filename.lower()) is not None
    return not is_card and not media_type.startswith(
        ("image/", "message/", "text/calendar", "text/x-vcard", "text/vcard")
    )
