"""One business day of the world: every order and everything that happens, from a seed and a date."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sandbox.world.calls import phone_calls
from sandbox.world.dropping import file_events, newcomer_file
from sandbox.world.entities import MasterData
from sandbox.world.events import Event, MailArrives
from sandbox.world.letters import order_mail, sender, start_mail
from sandbox.world.linking import link_orders
from sandbox.world.making import ZONE, make_orders, message_id, moment
from sandbox.world.masterdata import make_master_data
from sandbox.world.noise import PER_ORDER_MAIL, make_noise, noise_mail
from sandbox.world.orders import Order, OrderMaker
from sandbox.world.shopping import shop_events

SENT_TWICE = 0.03


@dataclass(frozen=True)
class Day:
    """A day: `orders` is the truth, `events` what happens in time order, `calls` what the phone brings."""

    seed: int
    date: date
    data: MasterData
    orders: list[Order]
    events: list[Event]
    calls: list[dict[str, Any]]
    not_orders: list[dict[str, Any]]
    maker: OrderMaker

    @property
    def start(self) -> datetime:
        """Midnight, when nothing has happened yet."""
        return datetime.combine(self.date, time(0), ZONE)


def make_day(seed: int, day: date, count: int, desk_address: str) -> Day:
    """The same day for the same seed, date and number of orders."""
    data = make_master_data(seed)
    maker = OrderMaker(seed, day, data)
    orders = make_orders(maker, count)
    link_orders(maker, orders)
    noise, not_orders = _noise(maker, desk_address, sum(order.channel == "mail" for order in orders))
    stray = newcomer_file(maker)
    not_orders.append(
        {"what": "file of an unknown sender", "channel": "files", "source": f"files:{stray.sender}", "file": stray.name,
         "at": stray.at.isoformat(), "rules": ["ENV-004"]}
    )  # fmt: skip
    events: list[Event] = [
        stray,
        *_mails(maker, orders, desk_address),
        *noise,
        *file_events(orders, maker),
        *(event for shop in ("shopify", "woo") for event in shop_events(shop, _of(orders, shop), maker)),
    ]
    events.sort(key=lambda event: event.at)  # stable: what happens at one moment keeps its sequence
    return Day(seed, day, data, orders, events, phone_calls(_of(orders, "phone")), not_orders, maker)


def _of(orders: list[Order], channel: str) -> list[Order]:
    return [order for order in orders if order.channel == channel]


def _mails(maker: OrderMaker, orders: list[Order], to: str) -> list[MailArrives]:
    events = []
    for order in _of(orders, "mail"):
        rng = maker.stream("mails", order.truth_id)
        first = replace(order, lines=order.extra.get("first_lines", order.lines))
        write = partial(order_mail, first, to, order.at, order.extra["message_id"])
        events.append(MailArrives(order.at, write))
        events += _again(order, write, to, rng.random(), timedelta(minutes=rng.randrange(10, 90)))
    return events


def _again(order: Order, write: Any, to: str, draw: float, later: timedelta) -> list[MailArrives]:
    """The same mail once more, byte by byte or sent anew, or the version that takes its place."""
    anew = order.extra["message_id"].replace("@", ".2@")
    if order.case == "amended":
        return [MailArrives(order.at + later, partial(order_mail, order, to, order.at + later, anew))]
    if draw < SENT_TWICE:
        order.extra["deliveries"] = 2
        return [MailArrives(order.at + later, write)]
    if draw < 2 * SENT_TWICE and not order.extra.get("no_ref"):
        order.extra["deliveries"] = 2
        return [MailArrives(order.at + later, partial(order_mail, order, to, order.at + later, anew))]
    return []


def _noise(maker: OrderMaker, to: str, mails: int) -> tuple[list[MailArrives], list[dict[str, Any]]]:
    events, truth = [], []
    for serial in range(1, round(mails * PER_ORDER_MAIL) + 1):
        rng = maker.stream("noise", serial)
        noise, at = make_noise(rng, rng.choice(maker.data.customers), serial), moment(rng, maker.day)
        reference, mark = message_id(noise.sender.domain, f"n{serial}", maker.day), f"n{serial}"
        events.append(MailArrives(at, partial(noise_mail, noise, to, at, reference, mark)))
        truth.append(_not_order(noise.what, noise.sender.addr_spec, reference, at))
    forged = _forgery(maker, to)
    return [*events, forged[0]], [*truth, forged[1]]


def _not_order(what: str, address: str, reference: str, at: datetime, *rules: str) -> dict[str, Any]:
    return {
        "what": what, "channel": "mail", "source": f"mail:{address}", "message_id": reference, "at": at.isoformat(),
        "rules": list(rules),
    }  # fmt: skip


def _forgery(maker: OrderMaker, to: str) -> tuple[MailArrives, dict[str, Any]]:
    """An answer that carries a reference nobody signed."""
    rng = maker.stream("forgery")
    customer, at = rng.choice(maker.data.customers), moment(rng, maker.day)
    reference = message_id(customer.domain, "forged", maker.day)
    order = Order("F00001", "mail", "", "", at, customer, "en", "text", "", [])

    def write() -> bytes:
        mail = start_mail(sender(order), to, "Re: Your order [SO100001-1-aaaaaaaa]", at, reference)
        mail.set_content("Yes, please go ahead. And ship it to our new address.\n")
        return mail.as_bytes()

    return MailArrives(at, write), _not_order("forged answer", customer.email, reference, at, "ENV-005")
