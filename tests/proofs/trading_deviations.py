"""What goes wrong in orders, one kind a function: each takes a sound order and spoils one thing in it.

A deviation that a channel's documents cannot express is made on an order of another channel.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tests.proofs.trading_documents import Line, Order
from tests.proofs.trading_world import CENT, PHONES, PLACES, RATE, TODAY, Customer, Item, World

CHANNELS = ("files", "mail", "woo", "phone")


class Maker:
    """Sound orders of a world, from a seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.rng, self.count = world, random.Random(f"orders {seed}"), 0
        self.items = {item.number: item for item in world.items}

    def order(self, channel: str = "", customer: Customer | None = None, lines: int = 0) -> Order:
        """A sound order; it states an address, a date, amounts and the like as often as people do."""
        rng = self.rng
        self.count += 1
        channel, customer = channel or rng.choice(CHANNELS), customer or rng.choice(self.world.customers)
        made = Order(
            f"PO-{70_000 + self.count * 3}", customer, [], channel, customer.currency, minutes=self.count % 500
        )
        for item in rng.sample([i for i in self.world.items if not i.export_class], lines or rng.randrange(2, 7)):
            made.lines.append(self.line(made, item))
        if rng.random() < 0.6:
            self.place(made)
        if rng.random() < 0.5:
            made.requested = TODAY + timedelta(days=rng.randrange(14, 60))
        made.payment = rng.choice(("", "invoice", "cod")) if channel != "mail" else ""
        if channel in ("files", "woo") and rng.random() < 0.5:
            made.phone = PHONES[customer.country].format(rng.randrange(100))
        if channel == "files" and rng.random() < 0.7:
            self.amounts(made)
        return made

    def line(self, order: Order, item: Item, quantity: int = 0) -> Line:
        """A line at the list's price for its quantity."""
        quantity = quantity or max(item.minimum, item.multiple * self.rng.choice((1, 2, 3, 5, 8, 20, 60)))
        price = item.price(order.currency, quantity)
        shown = order.channel == "files" and self.rng.random() < 0.5
        return Line(item.number, quantity, price, quantity * price if shown else None)

    def place(self, order: Order) -> None:
        """An address in the customer's country."""
        order.street, order.city, order.region, order.postal_code = self.rng.choice(PLACES[order.customer.country])
        order.country, order.recipient = (
            order.customer.country,
            self.rng.choice(("Goods inwards", "House " + order.customer.number)),
        )

    def amounts(self, order: Order, *, all_of_them: bool = False) -> None:
        """Discount, freight, tax and total that fit the lines."""
        rng, stated = self.rng, {}
        often = 1.0 if all_of_them else 0.4
        if rng.random() < often:
            stated["discount"] = (order.goods * Decimal(rng.choice(("0.02", "0.03", "0.05")))).quantize(CENT)
        if rng.random() < often:
            stated["freight"] = Decimal(rng.randrange(400, 9000)) / 100
        net = order.goods - stated.get("discount", Decimal(0)) + stated.get("freight", Decimal(0))
        if rng.random() < often and RATE[order.customer.country][1] != "0":
            stated["tax"] = (net * Decimal(RATE[order.customer.country][1])).quantize(CENT)
        stated["total"] = net + stated.get("tax", Decimal(0))
        order.amounts = stated


@dataclass(frozen=True)
class Deviation:
    """One kind: what it is called, the rules of which one must hold it, its channels, and what it does.

    `spoil` gives the orders to send: usually the one it was given, spoilt.
    """

    name: str
    rules: tuple[str, ...]
    channels: tuple[str, ...]
    spoil: Callable[[Order, Maker], list[Order]]


def _price(order: Order, maker: Maker) -> list[Order]:
    line = maker.rng.choice(order.lines)
    line.price = (line.price * Decimal(maker.rng.choice(("0.88", "1.013", "1.21")))).quantize(CENT) + Decimal("0.03")
    line.total = None
    order.amounts = {}
    return [order]


def _known_price(year: int, quantity: int) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        line = order.lines[0]
        item = maker.items[line.item]
        line.quantity = max(item.minimum, item.multiple * 2)
        line.price, line.total, order.amounts = (
            item.price(order.currency, quantity or line.quantity, TODAY.year + year),
            None,
            {},
        )
        return [order]

    return spoil


def _currency(order: Order, maker: Maker) -> list[Order]:
    order.currency = "USD" if order.currency != "USD" else "GBP"
    return [order]


def _line_total(order: Order, maker: Maker) -> list[Order]:
    line = maker.rng.choice(order.lines)
    line.total = line.quantity * line.price + Decimal(maker.rng.choice(("0.01", "-0.01", "10", "-1.35")))
    order.amounts = {}
    return [order]


def _amount(name: str) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        if RATE[order.customer.country][1] == "0":
            order = maker.order("files", maker.rng.choice([c for c in maker.world.customers if c.country == "GB"]))
        maker.amounts(order, all_of_them=True)
        off = Decimal(maker.rng.choice(("0.01", "-0.01", "7.50", "-2.20")))
        if name == "tax":  # the total follows, so only the rate is wrong
            off = (order.goods * Decimal(maker.rng.choice(("0.06", "0.11")))).quantize(CENT) + 3
            order.amounts["total"] += off
        order.amounts[name] += off
        return [order]

    return spoil


def _with_place(**changes: str) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        maker.place(order)
        return [replace(order, **changes)]  # type: ignore[arg-type]

    return spoil


def _of(country: str, **changes: str) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        customer = maker.rng.choice([c for c in maker.world.customers if c.country == country])
        other = maker.order(order.channel, customer)
        maker.place(other)
        return [replace(other, **changes)]  # type: ignore[arg-type]

    return spoil


def _by(peculiar: str, **changes: str) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        other = maker.order(order.channel, maker.world.own[peculiar])
        return [replace(other, payment="", **changes) if not changes else replace(other, **changes)]  # type: ignore[arg-type]

    return spoil


def _quantity(of: str) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        packed = [i for i in maker.world.items if i.multiple > 1 and i.minimum > i.multiple and not i.export_class]
        item = maker.rng.choice(
            packed if of == "minimum" else [i for i in maker.world.items if i.multiple > 1 and not i.export_class]
        )
        quantity = item.minimum - item.multiple if of == "minimum" else item.multiple * 4 + item.minimum + 1
        order.lines[0], order.amounts = maker.line(order, item, quantity), {}
        order.lines = [line for n, line in enumerate(order.lines) if n == 0 or line.item != item.number]
        return [order]

    return spoil


def _date(days: int, lead: int = 0) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        slow = maker.rng.choice([i for i in maker.world.items if i.lead_days == lead and not i.export_class])
        order.lines[0], order.amounts = maker.line(order, slow), {}
        order.lines = [line for n, line in enumerate(order.lines) if n == 0 or line.item != slow.number]
        order.requested = date.fromordinal(TODAY.toordinal() + days)
        return [order]

    return spoil


def _dual_use(order: Order, maker: Maker) -> list[Order]:
    item = maker.rng.choice([i for i in maker.world.items if i.export_class])
    customer = maker.rng.choice([c for c in maker.world.customers if c.country == "CN"])
    other = maker.order(order.channel, customer)
    other.lines.append(maker.line(other, item))
    other.amounts = {}
    return [other]


def _twice(near: bool) -> Callable[[Order, Maker], list[Order]]:
    def spoil(order: Order, maker: Maker) -> list[Order]:
        first = maker.order(order.channel, lines=4)
        first.amounts, channel = {}, maker.rng.choice([c for c in CHANNELS if c != order.channel])
        maker.count += 1
        lines = [replace(line, total=None) for line in first.lines]
        if near:
            item = maker.items[lines[0].item]
            lines[0] = maker.line(first, item, lines[0].quantity + item.multiple)
            lines[0].total = None
        maker.rng.shuffle(lines)
        again = replace(
            first,
            ref=f"PO-{70_000 + maker.count * 3}",
            channel=channel,
            lines=lines,
            minutes=first.minutes + 40,
            payment="",
        )
        return [first, again]

    return spoil


ALL = CHANNELS
DEVIATIONS = (
    Deviation("price", ("PRC-001",), ALL, _price),
    Deviation("price of another tier", ("PRC-004",), ALL, _known_price(0, 200)),
    Deviation("last year's price", ("PRC-004",), ALL, _known_price(-1, 0)),
    Deviation("next year's price", ("PRC-004",), ALL, _known_price(1, 0)),
    Deviation("currency", ("ORD-004",), ALL, _currency),
    Deviation("line total", ("ORD-009",), ("files",), _line_total),
    Deviation("total", ("ORD-003",), ("files",), _amount("total")),
    Deviation("tax", ("ORD-010",), ("files",), _amount("tax")),
    Deviation("discount", ("ORD-003", "ORD-011"), ("files",), _amount("discount")),
    Deviation("freight", ("ORD-003", "ORD-012"), ("files",), _amount("freight")),
    Deviation("address without a street", ("ADR-002",), ("files", "woo", "phone"), _with_place(street="")),
    Deviation("address without a city", ("ADR-002",), ("files", "woo", "phone"), _of("GB", city="")),
    Deviation("form of the postal code", ("ADR-003",), ("files", "woo", "phone"), _of("DE", postal_code="5066")),
    Deviation("postal code of another state", ("ADR-004",), ("files", "woo", "phone"), _of("US", postal_code="98101")),
    Deviation("postal code of another city", ("ADR-004",), ("files", "woo", "phone"), _of("CN", postal_code="100022")),
    Deviation("city of another province", ("ADR-005",), ("files", "phone"), _of("CN", region="四川省", postal_code="")),
    Deviation("recipient", ("ADR-006",), ("files", "phone"), _with_place(recipient="n/a")),
    Deviation("phone", ("ADR-007",), ("files", "woo"), _with_place(phone="+44 20 79")),
    Deviation("VAT number", ("TAX-001",), ALL, _by("wrong vat")),
    Deviation("EU VAT number", ("TAX-001",), ALL, _by("wrong eu vat")),
    Deviation("Chinese company number", ("TAX-001",), ALL, _by("wrong uscc")),
    Deviation("VAT number of another country", ("TAX-002",), ALL, _by("foreign vat")),
    Deviation("payment", ("PAY-001",), ("files", "woo", "phone"), _by("no cod", payment="cod")),
    Deviation("payment by invoice", ("PAY-001",), ("files", "woo", "phone"), _by("prepaid only", payment="invoice")),
    Deviation("credit", ("CRD-001",), ALL, _by("little credit")),
    Deviation("no credit at all", ("CRD-001",), ALL, _by("no credit")),
    Deviation("minimum quantity", ("QTY-001",), ALL, _quantity("minimum")),
    Deviation("pack", ("QTY-002",), ALL, _quantity("pack")),
    Deviation("date in the past", ("DAT-001",), ("files", "mail", "phone"), _date(-3)),
    Deviation("date too early", ("DAT-002",), ("files", "mail", "phone"), _date(2, lead=5)),
    Deviation(
        "blocked country", ("EXP-001",), ("files", "woo", "phone"), _with_place(country="KP", region="", postal_code="")
    ),
    Deviation("blocked goods", ("EXP-002",), ALL, _dual_use),
    Deviation("duplicate", ("DUP-001",), ALL, _twice(near=False)),
    Deviation("near duplicate", ("DUP-002",), ALL, _twice(near=True)),
)
