"""Mails that reached customers, as they read them, and the answers they write."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

from sandbox.world.letters import finish_mail, sender, start_mail
from sandbox.world.orders import Order
from sandbox.world.phrases import answer_in

REFERENCE = re.compile(r"\bSO\d{6,}-\d{1,4}-[a-z2-7]{8}\b", re.IGNORECASE)
_SAID = {"zh_CN": "在 {at:%Y-%m-%d %H:%M}，{who} 写道：", "de": "Am {at:%d.%m.%Y um %H:%M} schrieb {who}:"}
CHANGED_BY = 10  # what who wants a change wants more of the first line
_RE = {"zh_CN": "回复：", "de": "AW: "}


@dataclass(frozen=True)
class Received:
    """One mail in a customer's mailbox: what its headers say, and where its bytes are. `at` is simulated time."""

    to: str
    subject: str
    message_id: str
    in_reply_to: str
    reply_to: str
    reference: str
    kind: str
    their_ref: str
    at: datetime
    path: Path

    def text(self) -> str:
        """The mail's words: its plain text, else its HTML with the tags left in."""
        mail = message_from_bytes(self.path.read_bytes(), policy=default)
        body = mail.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""


def receive(recipient: str, raw: bytes, at: datetime, path: Path) -> Received:
    """Keep a mail as a customer's program does."""
    path.write_bytes(raw)
    headers = BytesHeaderParser(policy=default).parsebytes(raw)
    subject, message_id = str(headers["Subject"] or ""), str(headers["Message-ID"] or "")
    found = REFERENCE.search(subject) or REFERENCE.search(message_id)
    return Received(
        to=recipient.lower(), subject=subject, message_id=message_id, in_reply_to=str(headers["In-Reply-To"] or ""),
        reply_to=_address(headers["Reply-To"]) or _address(headers["From"]), reference=found.group() if found else "",
        kind=str(headers["X-Orderclerk-Kind"] or "").strip().lower(),
        their_ref=str(headers["X-Orderclerk-Their-Ref"] or "").strip(), at=at, path=path,
    )  # fmt: skip


def _address(header: object) -> str:
    found = getattr(header, "addresses", ())
    return str(found[0].addr_spec) if found else ""


def answer_mail(order: Order, offer: Received, answer: str, at: datetime, message_id: str) -> bytes:
    """The customer's answer to an offer, in their language, above the quoted original."""
    words = answer_in(order.speech, answer, int(order.truth_id[1:])).format(
        n=order.lines[0].quantity + CHANGED_BY, asked=order.lines[-1].quantity
    )
    who = own_address(order)
    mail = start_mail(who, offer.reply_to, _RE.get(order.speech, "Re: ") + offer.subject, at, message_id)
    mail["In-Reply-To"] = offer.message_id
    mail["References"] = " ".join(ref for ref in (offer.in_reply_to, offer.message_id) if ref)
    said = _SAID.get(order.speech, "On {at:%d %b %Y at %H:%M}, {who} wrote:").format(at=offer.at, who=offer.reply_to)
    quoted = "\n".join("> " + line for line in offer.text().splitlines())
    mail.set_content(
        f"{words}\n\n{order.name}\n\n{said}\n{quoted}\n", cte="base64" if order.speech == "zh_CN" else None
    )
    return finish_mail(mail, f"a{order.truth_id}")


def own_address(order: Order) -> Address:
    """The address the customer writes from."""
    return sender(order)
