"""A day's orders, channel by channel, with their mistakes and what their customers will answer."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.world.entities import Customer, Place
from sandbox.world.mistakes import CASES
from sandbox.world.orders import Order, OrderMaker
from sandbox.world.senders import SENDERS, Sender

ZONE = ZoneInfo("Europe/London")
OPENS, CLOSES = time(8, 0), time(17, 30)
MIX = {"mail": 0.35, "shopify": 0.20, "woo": 0.15, "files": 0.20, "phone": 0.10}
MAX_CALLS = 20
MAIL_FORMATS = ("text",) * 45 + ("html",) * 20 + ("csv",) * 12 + ("xlsx",) * 13 + ("ubl",) * 10
ANSWERS = ("confirm",) * 80 + ("decline",) * 5 + ("silent",) * 5 + ("change",) * 5 + ("unclear",) * 5
OUTCOMES = {
    "confirm": ("confirmed", ()), "decline": ("declined", ()), "silent": ("expired", ()),
    "change": ("confirmed", ()), "unclear": ("held", ("ANS-001",)),
}  # fmt: skip
ACCEPTABLE = {
    "silent": ("offered",),
    "change": ("held", "offered", "expired"),
}  # a unit or the evening may stand against it
FOLLOWED_UP = ("amended", "edited", "cancelled", "refunded")


def counts(orders: int) -> dict[str, int]:
    """How many orders come by each channel; calls are few, whatever the day."""
    phone = min(MAX_CALLS, round(orders * MIX["phone"]))
    rest = {name: share / 0.9 * (orders - phone) for name, share in MIX.items() if name != "phone"}
    found = {name: int(share) for name, share in rest.items()}
    found["mail"] += orders - phone - sum(found.values())
    return {**found, "phone": phone}


def make_orders(maker: OrderMaker, total: int) -> list[Order]:
    """All orders of the day in the sequence of their truth ids."""
    makers: dict[str, Callable[[OrderMaker, random.Random, Order], None]] = {
        "mail": _by_mail, "shopify": _by_shop, "woo": _by_shop, "files": _by_file, "phone": _by_phone,
    }  # fmt: skip
    orders: list[Order] = []
    for channel, count in counts(total).items():
        made = []
        for _ in range(count):
            serial = len(orders) + len(made) + 1
            rng = maker.stream(channel, serial)
            order = Order(f"T{serial:05d}", channel, "", "", moment(rng, maker.day), None, "", "", "", [])
            makers[channel](maker, rng, order)
            made.append(order)
        _spoil(maker, channel, made)
        orders += made
    return orders


def moment(rng: random.Random, day: date) -> datetime:
    """A moment of the business day, to the second, in local time."""
    opens, closes = (datetime.combine(day, at, ZONE) for at in (OPENS, CLOSES))
    return opens + timedelta(seconds=rng.randrange(int((closes - opens).total_seconds())))


def _fill(maker: OrderMaker, rng: random.Random, order: Order, customers: Sequence[Customer]) -> Customer:
    """Whatever is the same in all channels: who, in which language and currency, what, where to."""
    customer = rng.choice(customers)
    order.customer, order.speech, order.currency = customer, customer.speech, customer.currency
    order.lines, order.requested = maker.lines(rng, customer), maker.requested(rng)
    order.place, order.order_ref = _where(rng, customer), own_reference(customer, order.truth_id, maker.day)
    order.answer = rng.choice(ANSWERS)
    return customer


def _where(rng: random.Random, customer: Customer) -> Place | None:
    """The place the order names; None where the customer has one only and leaves it unsaid."""
    draw = rng.random()
    if customer.branch and (customer.place is None or draw < 0.3):
        return customer.branch
    return customer.place if customer.branch or draw < 0.65 else None


def own_reference(customer: Customer, truth_id: str, day: date) -> str:
    """A purchase order number in this customer's style."""
    serial = int(truth_id[1:])
    styles = (
        f"PO-{20000 + serial}",
        f"{4500000000 + serial * 7}",
        f"B-{day.year}-{serial:05d}",
        f"CG{day:%Y%m%d}-{serial:05d}",
    )
    return styles[int(customer.number[1:]) % len(styles)]


def _by_mail(maker: OrderMaker, rng: random.Random, order: Order) -> None:
    customer = _fill(maker, rng, order, maker.data.customers)
    order.source, order.format = f"mail:{customer.email}", rng.choice(MAIL_FORMATS)
    order.extra["message_id"] = message_id(customer.domain, order.truth_id, maker.day)
    if order.format in ("text", "html") and rng.random() < 0.10:
        order.extra["no_ref"] = True
        order.order_ref = order.extra["message_id"]


def message_id(domain: str, mark: str, day: date) -> str:
    """The Message-ID of a mail from `domain`."""
    return f"<{day:%Y%m%d}.{mark.lower()}@{domain}>"


def _by_shop(maker: OrderMaker, rng: random.Random, order: Order) -> None:
    shop = order.channel
    customer = _fill(maker, rng, order, [c for c in maker.data.customers if shop in c.keys])
    serial = int(order.truth_id[1:])
    order.source, order.format, order.answer = shop, shop, "confirm"
    order.place = order.place or customer.place
    order.extra["number"] = serial + 1000 if shop == "shopify" else 8000 + serial
    order.order_ref = str(6_500_000_000_000 + serial * 32_749) if shop == "shopify" else str(8000 + serial)
    for line in order.lines:
        line.ref, line.name = line.item_no, line.name


def _by_file(maker: OrderMaker, rng: random.Random, order: Order) -> None:
    sender = _pick_sender(rng)
    _fill(maker, rng, order, sender.buyers(maker.data))
    order.source, order.format, order.sender = f"files:{sender.name}", sender.format, sender.name
    if sender.name == "thameside":
        order.order_ref, order.place = str(600000 + int(order.truth_id[1:])), None


def _pick_sender(rng: random.Random) -> Sender:
    return rng.choices(SENDERS, [sender.share for sender in SENDERS])[0]


def _by_phone(maker: OrderMaker, rng: random.Random, order: Order) -> None:
    _fill(maker, rng, order, maker.data.customers)
    order.source, order.format = "phone", "phone"


def _spoil(maker: OrderMaker, channel: str, orders: list[Order]) -> None:
    """Give some orders of a channel their mistakes, and the rest what follows from their customers' answers."""
    rng = maker.stream("mistakes", channel)
    waiting = rng.sample(orders, len(orders))
    for case in (case for case in CASES if channel in case.channels):
        wanted = max(round(case.rate * len(orders)), 1 if len(orders) >= 20 else 0)
        for order in [order for order in waiting if case.fits(order)][:wanted]:
            waiting.remove(order)
            order.case, order.answer = case.name, "confirm"
            case.apply(order, maker, maker.stream(case.name, order.truth_id))
            _settle_source(order, maker)
    for order in waiting:
        order.expect, order.rules = OUTCOMES[order.answer]
        order.acceptable = ACCEPTABLE.get(order.answer, ())


def _settle_source(order: Order, maker: OrderMaker) -> None:
    """A mistake may have changed who writes, when, or what can be told of the document."""
    if order.case in FOLLOWED_UP:
        order.at = min(order.at, datetime.combine(maker.day, time(14, 45), ZONE))
    if order.channel == "mail":
        email = order.extra.get("email") or (order.customer.email if order.customer else "")
        order.source = f"mail:{email}"
        order.extra["message_id"] = message_id(email.partition("@")[2], order.truth_id, maker.day)
        if order.extra.get("no_ref"):
            order.order_ref = order.extra["message_id"]
    if order.place and order.customer and order.place.recipient != order.customer.name:
        order.place = replace(order.place, recipient=order.customer.name)
