"""The mails of the desk: from facts to a message that is ready to send, the same facts giving the same bytes.

On `Auto-Submitted` (RFC 3834): mails that ask for an answer are left without it, because ticket systems and order
inboxes at customers put aside what carries it, and an offer nobody sees expires. Mails that only tell carry
`auto-generated`, which keeps vacation programs quiet. `X-Auto-Response-Suppress` (MS-OXCMAIL 2.1.3.2.20) asks
Exchange for the same on all of them; bounces (NDR) stay wanted.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.facts import DeskFacts, OrderFacts
from orderclerk.documents.kinds import MailKind
from orderclerk.documents.messages import build_message
from orderclerk.documents.rendering import order_html, order_text, team_html, team_text
from orderclerk.documents.team import team_view
from orderclerk.documents.view import mail_view
from orderclerk.documents.words import language_of, words_for

__all__ = ["MailKind", "mail_kind", "message_id", "render_mail", "render_team_mail"]

_NO_AUTOMATIC_REPLIES = {"X-Auto-Response-Suppress": "OOF, AutoReply"}
_ONLY_TELLS = {"Auto-Submitted": "auto-generated"}
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,240}>")


def mail_kind(outbox_kind: str, order: OrderFacts) -> MailKind:
    """The mail for an outbox row: an offer or confirmation of a changed order says what was changed."""
    kind = MailKind(outbox_kind)
    if kind is MailKind.QUESTION and order.questions and {one.rule for one in order.questions} == {"STK-002"}:
        return MailKind.DELAY
    if kind is MailKind.OFFER and order.revision > 1:
        return MailKind.COUNTER_OFFER if order.change == "asked" else MailKind.AMENDED_OFFER
    if kind is MailKind.CONFIRMATION and order.change == "restored":
        return MailKind.RESTORED
    if kind is MailKind.CONFIRMATION and order.change == "asked":
        only_less = order.was_confirmed and {line.outcome for line in order.lines} <= {"accepted", "rejected"}
        return MailKind.PARTIAL_CANCELLATION if only_less else MailKind.CHANGE_CONFIRMED
    return kind


def message_id(kind: MailKind, desk: DeskFacts, order: OrderFacts, round_: str = "") -> str:
    """`<SO100042-1-k7xq2mzt.offer@desk.example>`: what the sent folder is searched for after a crash."""
    return f"<{'.'.join(filter(None, map(_id_part, (order.reference, kind, round_))))}@{desk.domain}>"


def render_mail(
    kind: MailKind, desk: DeskFacts, order: OrderFacts, to: str, sent_at: datetime, *, round_: str = ""
) -> EmailMessage:
    """The mail of `kind` about `order`, in the customer's language.

    For the same bytes again `sent_at` must be the same: the outbox row's creation, not the attempt's time. `round_`
    tells two mails of one kind at one revision apart. Raises ValueError if `to` is no mail address.
    """
    view = mail_view(kind, desk, order, words_for(language_of(order.language)))
    constant = {
        "Content-Language": view.lang,
        "X-Orderclerk-Kind": str(kind),
        **_NO_AUTOMATIC_REPLIES,
        **({} if kind.wants_answer else _ONLY_TELLS),
    }
    theirs = clean_line(order.their_ref, 200)
    extra = {**_conversation(desk, order), **({"X-Orderclerk-Their-Ref": theirs} if theirs else {})}
    identity = message_id(kind, desk, order, round_)
    text, html = order_text(view), order_html(view)
    return build_message(desk, to, view.subject, sent_at, identity, text, html, constant=constant, extra=extra)


def render_team_mail(
    desk: DeskFacts, subject: str, paragraphs: Sequence[str], to: str, key: str, sent_at: datetime
) -> EmailMessage:
    """A mail to the desk's own people; `key` is the outbox row's idempotency key and makes the Message-ID."""
    view = team_view(desk, subject, paragraphs)
    identity = f"<team.{_id_part(key)[:60]}.{sha256(key.encode(errors='replace')).hexdigest()[:16]}@{desk.domain}>"
    constant = {"X-Orderclerk-Kind": "team", **_NO_AUTOMATIC_REPLIES, **_ONLY_TELLS}
    text, html = team_text(view), team_html(view)
    return build_message(desk, to, view.subject, sent_at, identity, text, html, constant=constant, extra={})


def _conversation(desk: DeskFacts, order: OrderFacts) -> dict[str, str]:
    """An order's mails stand beneath the customer's last one, and share an ancestor that was never sent, so that mail
    programs show them as one conversation whatever of it they have."""
    ancestor = f"<{_id_part(order.order_no)}@{desk.domain}>"
    theirs = order.in_reply_to if _MESSAGE_ID.fullmatch(order.in_reply_to) else ""
    first, *ours = [ref for ref in order.thread if _MESSAGE_ID.fullmatch(ref)] or [theirs]
    chain = dict.fromkeys(ref for ref in (first, ancestor, *ours, theirs) if ref)
    return {**({"In-Reply-To": theirs} if theirs else {}), "References": " ".join(chain)}


def _id_part(text: str) -> str:
    """What of `text` may stand in a Message-ID."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", text).strip("-")
