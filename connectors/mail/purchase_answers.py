"""A supplier's answer to a purchase order: found by its signed reference, from an address of theirs by its number."""

from connectors.files.outcomes import no_order
from connectors.files.ubl_response import read_response
from connectors.mail.answers import answer_words, reference_places
from connectors.mail.headers import header_text, message_id_of
from connectors.mail.mime import Attachment, Mail
from orderclerk.domain.reading import EnvelopeKind, PurchaseAnswerRead, Reading
from orderclerk.domain.references import find_purchase_reference, purchase_numbers

_XML = (".xml", ".ubl")


def find_purchase_answer(mail: Mail, sender: str, secret: bytes, *, is_supplier: bool) -> Reading | None:
    """The answer in `mail`; None if it is none. `is_supplier`: the sender's address belongs to one.

    Anybody's mail with the reference that we signed is an answer; a bare number counts from suppliers only, because
    customers number their orders the same way. A supplier's mail that names no order is for a person.
    """
    signed = next(filter(None, (find_purchase_reference(place, secret) for place in reference_places(mail))), "")
    if not signed and not is_supplier:
        return None
    stated = [found for part in mail.attachments if _is_xml(part) and (found := read_response(part.content))]
    words = answer_words(mail)
    numbers = (
        [signed]
        if signed
        else [one["po_no"] for one in stated] or purchase_numbers(f"{header_text(mail.headers, 'Subject')}\n{words}")
    )
    if len(set(numbers)) != 1:
        return no_order(
            "A supplier's mail that names no purchase order"
            if not numbers
            else "A supplier's mail about several orders"
        )
    document = next((one for one in stated if one["po_no"] == numbers[0]), None)
    if stated and document is None:
        return no_order("A supplier's mail whose document is about another order than its subject")
    answer = PurchaseAnswerRead(
        numbers[0], sender, words, bool(signed) or is_supplier, message_id_of(mail.headers), document
    )
    return Reading(EnvelopeKind.PURCHASE, purchase=answer)


def _is_xml(part: Attachment) -> bool:
    return part.filename.lower().endswith(_XML) or part.media_type in ("application/xml", "text/xml")
