"""Mails read back as the customer's mail program reads them: from their bytes."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from orderclerk.documents.facts import OrderFacts
from orderclerk.documents.mails import MailKind, render_mail
from orderclerk.documents.samples import DESK, SENT_AT


def mail(kind: MailKind, order: OrderFacts, to: str = "anna@harbour.example") -> EmailMessage:
    return received(render_mail(kind, DESK, order, to, SENT_AT))


def received(message: EmailMessage) -> EmailMessage:
    parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert not parsed.defects
    return parsed


def plain(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content().replace("\r\n", "\n")
