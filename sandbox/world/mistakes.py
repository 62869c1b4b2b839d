"""What goes wrong with orders, how often, and what the desk must then say.

A mistake is a function that turns an ordinary order into one with that mistake and writes down what is expected.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.world.entities import Customer
from sandbox.world.masterdata import country_of, random_place
from sandbox.world.orders import Order, OrderMaker

Mistake = Callable[[Order, OrderMaker, random.Random], None]
TABLE = ("csv", "xlsx")
EDI = ("ubl", "edifact", "x12")


@dataclass(frozen=True)
class Case:
    """`rate` is the share of the channel's orders; `formats` limits it to documents that can carry it."""

    name: str
    channels: tuple[str, ...]
    rate: float
    apply: Mistake
    formats: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()

    def fits(self, order: Order) -> bool:
        """Whether this order's document can carry the mistake."""
        return (not self.formats or order.format in self.formats) and (not self.senders or order.sender in self.senders)


def _unknown_item(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    line = rng.choice(order.lines)
    line.item_no, line.ref, line.barcode = "", f"ZZ-{rng.randrange(9000, 9999)}", ""
    line.name = "special part, see drawing" if order.speech != "zh_CN" else "非标件"
    order.holds("ITM-001")


def _inactive_item(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.lines.append(maker.line(order.customer, rng.choice(maker.inactive), 10, rng))
    order.holds("ITM-003")


def _wrong_price(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    line = rng.choice(order.lines)
    line.price = (line.price * Decimal("0.8") - Decimal("0.01")).quantize(Decimal("0.01"))
    order.holds("PRC-001")


def _short_stock(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.lines.append(maker.line(order.customer, rng.choice(maker.short), 60, rng))
    order.holds("STK-001")


def _no_address(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    _made_by(order, rng.choice([c for c in maker.data.customers if c.place is None]), maker, rng)
    order.place = None
    order.holds("ADR-001")


def _new_place(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    """Goods to where this customer never had any: they may have moved, and so asks who writes in their name."""
    customer = rng.choice([c for c in maker.data.customers if c.place])
    _made_by(order, customer, maker, rng)
    known = {place.street for place in (customer.place, customer.branch) if place}
    while order.place is None or order.place.street in known:
        order.place = random_place(rng, country_of(customer), customer.name)
    order.holds("SND-008")


def _made_by(order: Order, customer: Customer, maker: OrderMaker, rng: random.Random) -> None:
    order.customer, order.speech, order.currency = customer, customer.speech, customer.currency
    order.lines, order.place = maker.lines(rng, customer), None


def _absurd_quantity(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.lines[0].quantity = rng.choice((1_000_000, 25_000_000, 99_999_999))
    if order.customer:
        line = order.lines[0]
        line.price = maker.data.price(order.customer, line.item_no, line.quantity)
    order.holds("LIN-004")


def _unreadable_quantity(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    words = {"zh_CN": ("若干", "几箱"), "de": ("einige", "n. Absprache"), "fr": ("quelques",)}
    order.lines[-1].quantity_text = rng.choice(words.get(order.speech, ("a few", "as usual", "1O")))
    order.holds("LIN-001")
    order.acceptable = ("confirmed", "offered")  # once the customer has answered the question


def _unreadable_price(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    words = {"zh_CN": "面议", "de": "auf Anfrage"}
    order.lines[-1].price_text = words.get(order.speech, "as agreed")
    order.holds("LIN-002")


def _no_item(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    line = order.lines[-1]
    line.item_no = line.ref = line.name = line.barcode = ""
    order.holds("LIN-003")


def _unknown_customer(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    known = order.customer
    order.customer = None
    order.extra |= maker.stranger(rng, ())
    if known and known.place:
        order.place = replace(known.place, recipient=order.extra["name"])
    order.holds("CUS-001")


def _strange_sender(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["states_number"] = order.customer.number
    order.extra["email"] = f"someone{rng.randrange(100, 999)}@freepost.example"
    order.holds("CUS-004")


def _wrong_currency(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.currency = "CHF"
    order.holds("ORD-004")


def _wrong_total(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["total"] = order.total + 100
    order.holds("ORD-003")


def _bad_date(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["requested_text"] = "31.02.2027"
    order.holds("ORD-002")


def _negative_line(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    item = rng.choice([i for i in maker.sellable if i.number not in {line.item_no for line in order.lines}])
    line = maker.line(order.customer, item, 5, rng)
    line.quantity = -5
    order.lines.append(line)
    order.holds("LIN-007")


def _amended(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["first_lines"] = [replace(line) for line in order.lines]
    line = order.lines[0]
    line.quantity += 10
    if order.customer:
        line.price = maker.data.price(order.customer, line.item_no, line.quantity)
    order.acceptable = ("held",)  # where the first version was offered and answered meanwhile


def _edited(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    """A shop order edited later: its channel is binding, so the newer version simply takes its place."""
    _amended(order, maker, rng)


def _cancelled(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.expect = "cancelled"


def _refunded(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["first_lines"] = [replace(line) for line in order.lines]
    line = order.lines[0]
    if line.quantity > 1:
        order.extra["refund"] = (0, 1)
        line.quantity -= 1
    order.acceptable = ("held",)  # the refund may change the price tier


def _unreadable_document(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.expect, order.rules = "quarantined", ("ENV-001",)


def _unknown_document(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["document"] = b"II*\x00\x08\x00\x00\x00" + rng.randbytes(400)
    order.expect, order.rules, order.acceptable = "quarantined", ("ENV-002",), ("held",)


def _no_reference(order: Order, maker: OrderMaker, rng: random.Random) -> None:
    order.extra["hidden_ref"] = order.order_ref
    order.expect, order.rules = "quarantined", ("ROW-001",)


CASES = (
    Case("unknown_item", ("mail", "files", "shopify", "woo", "phone"), 0.015, _unknown_item),
    Case("inactive_item", ("mail", "files", "phone"), 0.006, _inactive_item),
    Case("wrong_price", ("mail", "files", "shopify", "woo"), 0.015, _wrong_price),
    Case("short_stock", ("mail", "files", "shopify", "woo", "phone"), 0.012, _short_stock),
    Case("no_address", ("mail", "phone"), 0.010, _no_address),
    Case("new_place", ("mail", "phone"), 0.010, _new_place),
    Case("absurd_quantity", ("mail", "files"), 0.006, _absurd_quantity),
    Case("unreadable_quantity", ("mail",), 0.010, _unreadable_quantity, ("html", *TABLE)),
    Case("unreadable_quantity", ("files",), 0.010, _unreadable_quantity, TABLE),
    Case("unreadable_price", ("files",), 0.006, _unreadable_price, TABLE),
    Case("no_item", ("files",), 0.006, _no_item, TABLE),
    Case("unknown_customer", ("mail", "shopify", "woo"), 0.010, _unknown_customer),
    Case("unknown_customer", ("files",), 0.010, _unknown_customer, EDI),
    Case("strange_sender", ("mail",), 0.006, _strange_sender, ("text",)),
    Case("wrong_currency", ("mail",), 0.004, _wrong_currency, ("text", "ubl")),
    Case("wrong_currency", ("files",), 0.004, _wrong_currency, EDI),
    Case("wrong_total", ("files",), 0.006, _wrong_total, ("ubl",)),
    Case("bad_date", ("files",), 0.006, _bad_date, ("csv",), ("nordlager",)),
    Case("negative_line", ("files",), 0.006, _negative_line, ("csv",)),
    Case("amended", ("mail",), 0.010, _amended),
    Case("edited", ("shopify", "woo"), 0.020, _edited),
    Case("cancelled", ("shopify", "woo"), 0.020, _cancelled),
    Case("refunded", ("shopify", "woo"), 0.012, _refunded),
    Case("unreadable_document", ("files",), 0.010, _unreadable_document, ("xlsx", *EDI)),
    Case("unknown_document", ("mail",), 0.006, _unknown_document, ("text",)),
    Case("no_reference", ("files",), 0.006, _no_reference, ("csv",)),
)  # fmt: skip
