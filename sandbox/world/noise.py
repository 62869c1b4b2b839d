"""What else is in an order desk's mailbox: none of it is an order."""

import random
from datetime import datetime
from email.headerregistry import Address
from typing import NamedTuple

from sandbox.world.entities import Customer
from sandbox.world.letters import finish_mail, start_mail

PER_ORDER_MAIL = 0.15


class Noise(NamedTuple):
    """One mail that is no order: what it is, from whom, its subject and text."""

    what: str
    sender: Address
    subject: str
    text: str
    headers: dict[str, str]


def make_noise(rng: random.Random, customer: Customer, serial: int) -> Noise:
    """One of the things that arrive all day; `customer` writes it where a customer would."""
    known = Address(customer.contact, addr_spec=customer.email)
    return rng.choice(_KINDS)(rng, known, customer, serial)


def noise_mail(noise: Noise, to: str, at: datetime, message_id: str, mark: str) -> bytes:
    """The mail as bytes."""
    mail = start_mail(noise.sender, to, noise.subject, at, message_id)
    for name, value in noise.headers.items():
        mail[name] = value
    mail.set_content(noise.text)
    return finish_mail(mail, mark)


def _newsletter(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    text = (
        "This week in fasteners: stainless prices fall by 3 %.\n\n"
        "10 trends you must know: order now and save 20 %! Only 4.99 per issue.\n\nUnsubscribe: https://news.example/u\n"
    )
    headers = {"List-Unsubscribe": "<https://news.example/u>", "Precedence": "bulk"}
    return Noise(
        "newsletter", Address("Hardware Weekly", addr_spec="news@weekly.example"), f"Issue {serial}", text, headers
    )


def _courier(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    number = rng.randrange(10**9, 10**10)
    text = (
        f"Your parcel {number} is on its way.\n\nReference: SHP{serial}\nPieces: 2\nWeight: 14.5 kg\n"
        "Estimated delivery: tomorrow by 12:00\n"
    )
    sender = Address("Swift Parcels", addr_spec="noreply@swiftparcels.example")
    return Noise("courier notice", sender, f"Shipment {number} picked up", text, {"Auto-Submitted": "auto-generated"})


def _away(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    texts = {
        "zh_CN": ("自动回复：外出", "您好，我目前休假，11月30日返回办公室。\n"),
        "de": ("Automatische Antwort: Abwesend", "Ich bin bis zum 30.11. nicht im Haus.\n"),
    }
    subject, text = texts.get(customer.speech, ("Automatic reply: out of office", "I am away until 30 November.\n"))
    return Noise("out of office", known, subject, text, {"Auto-Submitted": "auto-replied"})


def _status(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    ref = f"PO-{rng.randrange(10000, 30000)}"
    texts = {
        "zh_CN": (f"请问订单 {ref} 什么时候发货？", f"您好，\n\n请问我们的订单 {ref} 现在到哪里了？\n\n谢谢\n"),
        "de": (
            f"Rückfrage zu {ref}",
            f"Guten Tag,\n\nwann kommt unsere Bestellung {ref}?\n\nMit freundlichen Grüßen\n",
        ),
    }
    asked = f"Hello,\n\ncan you tell me when our order {ref} will arrive? It was 3 boxes.\n\nThanks\n"
    subject, text = texts.get(customer.speech, (f"Where is our order {ref}?", asked))
    return Noise("status question", known, subject, text, {})


def _spam(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    text = "Dear friend,\n\nI have a business proposal of 5,000,000 USD. Reply with your quantity and best price.\n"
    return Noise(
        "spam", Address("Mr. Opportunity", addr_spec=f"win{serial}@luck.example"), "URGENT PURCHASE ORDER !!!", text, {}
    )


def _invitation(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    text = "Quarterly catch-up\n\nThursday 14:00 - 15:00, 4 people, room 2.\n"
    return Noise("invitation", known, "Invitation: quarterly catch-up", text, {})


def _enquiry(rng: random.Random, known: Address, customer: Customer, serial: int) -> Noise:
    text = "Hello,\n\ndo you still carry hex bolts M12? What would 500 cost? This is not an order yet.\n\nRegards\n"
    return Noise("enquiry", known, "Question about hex bolts", text, {})


_KINDS = (_newsletter, _newsletter, _courier, _courier, _away, _status, _status, _spam, _invitation, _enquiry)
