"""Orders that come inside something else: forwarded, as a mail in the mail, in a winmail.dat, several at once."""

import struct
from datetime import timedelta
from email.utils import format_datetime
from random import Random

from sandbox.corpus.chains import FORWARD
from sandbox.corpus.entities import DESK_NAME, Contact, Content, Draft, Layout
from sandbox.corpus.layouts.sheets import csv_attached, xlsx_attached
from sandbox.corpus.layouts.tables import html_table
from sandbox.corpus.layouts.typed import dressed, priced, quantity_first, quantity_last, said_item
from sandbox.corpus.letters import letter, signed
from sandbox.corpus.mime import as_mail
from sandbox.corpus.phrases import say
from sandbox.corpus.wording import counted

COLLEAGUE = Contact("Alex Morgan", "alex.morgan@harbour-trading.example", "+44 20 7946 0990")
PLEASE = {
    "en": "Please process the order below.", "de": "bitte um Bearbeitung der Bestellung unten.", "fr": "Merci de traiter la commande ci-dessous.",
    "es": "Por favor, tramitad el pedido de abajo.", "it": "per favore evadere l'ordine qui sotto.", "zh_CN": "请处理以下订单，谢谢。",
}  # fmt: skip


def forwarded(draft: Draft, rng: Random) -> Content:
    """A colleague passes on what the buyer wrote; seldom it is somebody of our own house."""
    inner = rng.choice((quantity_first, quantity_last))(draft, rng)
    text = inner.text or letter(
        draft, rng, "\n".join(f"{counted(w, draft, rng)} {said_item(w, rng)}" for w in draft.wishes)
    )
    prefix, bar, sender, date, to, subject = FORWARD[draft.language]
    writer = draft.contact
    others = [contact for contact in draft.customer.contacts if contact.email != writer.email]
    draft.sender = rng.choice(others) if others else writer
    target = draft.sender.email
    if rng.random() < 0.15:
        draft.sender, draft.may_hold, target = COLLEAGUE, True, COLLEAGUE.email
        draft.traps.append("forwarded by our own house")
    at = format_datetime(draft.sent_at - timedelta(hours=3))
    head = f"{bar}\n{sender}: {writer.name} <{writer.email}>\n{date}: {at}\n{to}: {target}\n{subject}: {inner.subject}"
    above = f"{PLEASE[draft.language]}\n\n{draft.sender.name}\n"
    content = dressed(draft, rng, f"{above}\n{head}\n\n{text}")
    content.subject = prefix + inner.subject
    return content


def enclosed(draft: Draft, rng: Random) -> Content:
    """The order is a mail of its own, attached to a mail that only says so."""
    inner = rng.choice((quantity_first, html_table, quantity_last))(draft, rng)
    raw = as_mail(draft, inner, rng, f"inner{rng.randrange(10**6)}")
    content = dressed(draft, rng, letter(draft, rng, "", "attached", header=False))
    content.subject = FORWARD[draft.language][0] + inner.subject
    name = "order.eml" if rng.random() < 0.4 else f"{inner.subject[:40].replace('/', '-')}.eml"
    content.attachments.append((name, "message/rfc822", raw))
    return content


def winmail(draft: Draft, rng: Random) -> Content:
    """Outlook's own wrapping: the attachment lies in a winmail.dat."""
    inner = rng.choice((xlsx_attached, csv_attached))(draft, rng)
    inner.html, inner.text = "", inner.text or letter(draft, rng, "", "attached")
    inner.attachments = [("winmail.dat", "application/ms-tnef", tnef(inner.subject, inner.attachments))]
    return inner


def tnef(subject: str, files: list[tuple[str, str, bytes]]) -> bytes:
    """A TNEF stream of a message with attachments ([MS-OXTNEF] 2.1): signature, key, attributes with checksums."""
    out = struct.pack("<IH", 0x223E9F78, 0x1234)
    out += _attribute(1, 0x00089006, struct.pack("<I", 0x00010000))  # attTnefVersion
    out += _attribute(1, 0x00069007, struct.pack("<II", 1252, 0))  # attOemCodepage
    out += _attribute(1, 0x00078008, b"IPM.Microsoft Mail.Note\0")  # attMessageClass
    out += _attribute(1, 0x00018004, subject.encode("cp1252", "replace") + b"\0")  # attSubject
    for name, _, data in files:
        out += _attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 32, 32, 0))  # attAttachRendData
        out += _attribute(2, 0x00018010, name.encode("cp1252", "replace").replace(b"?", b"_") + b"\0")  # attAttachTitle
        out += _attribute(2, 0x0006800F, data)  # attAttachData
        out += _attribute(2, 0x00069005, _long_name(name))  # attAttachment
    return out


def _attribute(level: int, tag: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _long_name(name: str) -> bytes:
    """PidTagAttachLongFilename as the one MAPI property of the attachment ([MS-OXTNEF] 2.1.3.4, PtypUnicode)."""
    value = (name + "\0").encode("utf-16-le")
    padding = b"\0" * (-len(value) % 4)
    return struct.pack("<IIII", 1, 0x3707001F, 1, len(value)) + value + padding


def several(draft: Draft, rng: Random) -> Content:
    """Two or three orders in one mail, each under its own number."""
    blocks, style = [], rng.choice(("ref", "rule"))
    for one in [draft, *draft.more]:
        lines = [f"{counted(w, one, rng)} {said_item(w, rng)}{priced(w, one, 1)}" for w in one.wishes]
        head = say(rng, "ref", draft.language, ref=one.order_ref)
        blocks.append("\n".join([head, *(["-" * len(head)] if style == "rule" else []), *lines]))
    text = "\n\n".join(
        [
            say(rng, "hello", draft.language, desk=DESK_NAME),
            say(rng, "several", draft.language),
            *blocks,
            signed(draft, rng),
        ]
    )
    content = dressed(draft, rng, text)
    content.subject = say(rng, "subject_bare", draft.language, firm=draft.customer.name)
    content.orders = [draft, *draft.more]
    return content


LAYOUTS = (
    Layout("forwarded", "forwarded", forwarded, 1.5),
    Layout("mail in mail", "enclosed", enclosed, 0.7),
    Layout("winmail.dat", "winmail", winmail, 0.5, lines=(2, 9)),
    Layout("several orders", "several orders", several, 0.8, lines=(1, 3), catches=False),
)
