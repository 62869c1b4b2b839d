"""What is known of a mail's sender, put on everything that was read from the mail, so that it can hold it."""

from dataclasses import replace

from connectors.mail.authenticity import Authenticity, Receiver, display_name_of, judge_authenticity, reply_to_of
from connectors.mail.headers import header_text, sender_of
from connectors.mail.kinds import words_of
from connectors.mail.mime import Mail
from orderclerk.domain.reading import EnvelopeKind, LetterKind, OrderRead, Reading, Unreadable

_NOBODYS = (LetterKind.NEWSLETTER, LetterKind.SPAM, LetterKind.BOUNCE, LetterKind.OUT_OF_OFFICE)


def with_sender(reading: Reading, mail: Mail, receiver: Receiver, said: LetterKind | None) -> Reading:
    """`reading` with what the mail shows of its sender.

    Orders carry it as problems, and are held. An answer that may be somebody else's waits for a person, who can say
    that it is the customer's (`said`); of a supplier likewise. Of other mail only changed bank details need a person.
    """
    sender, subject = sender_of(mail.headers), header_text(mail.headers, "Subject")
    found = judge_authenticity(mail.headers, sender, subject, words_of(mail), receiver)
    if reading.kind is EnvelopeKind.ORDERS:
        return _orders(reading, mail, sender, found)
    if reading.kind is EnvelopeKind.REPLY and reading.reply and found.problems and said is not LetterKind.REPLY:
        left = _left(found, f"{subject}\n\n{reading.reply.text}")
        return Reading(EnvelopeKind.UNREADABLE, unreadable=left, letter=reading.letter, reason=left[0].reason)
    if reading.purchase and found.problems:
        return replace(reading, purchase=replace(reading.purchase, is_trusted=False))
    if found.problems:
        reading = replace(
            reading, reply=None
        )  # what may be an answer by its conversation, if it surely is its sender's
    is_anybodys = reading.letter is None or reading.letter.kind not in _NOBODYS
    bank = tuple(problem for problem in found.problems if problem.rule == "SND-007")
    if reading.kind is EnvelopeKind.OTHER and bank and is_anybodys:
        return replace(reading, unreadable=(*reading.unreadable, *_left(replace(found, problems=bank), subject)))
    return reading


def _left(found: Authenticity, raw: str) -> tuple[Unreadable, ...]:
    return tuple(Unreadable("sender", f"{p.value}\n\n{raw}", p.rule, p.reason) for p in found.problems)


def _orders(reading: Reading, mail: Mail, sender: str, found: Authenticity) -> Reading:
    name, reply_to = display_name_of(mail.headers), reply_to_of(mail.headers, sender)

    def order(read: OrderRead) -> OrderRead:
        who = replace(read.customer, display_name=name, reply_to=reply_to, authentication=found.results)
        return replace(read, customer=who, problems=(*read.problems, *found.problems))

    frame = reading.frame
    if frame is not None:
        frame = frame.assign(
            display_name=name,
            reply_to=reply_to,
            authentication=found.results,
            order_problems=[(*given, *found.problems) for given in frame["order_problems"]],
        )
    return replace(reading, orders=tuple(order(read) for read in reading.orders), frame=frame)
