"""An order as its customer means it, and the maker of ordinary ones. What goes wrong with them is in `mistakes`."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.world.entities import Customer, Item, MasterData, Place

LINES = (1, 1, 2, 2, 2, 3, 3, 4, 5, 7)


@dataclass(slots=True)
class Line:
    """One line: what is meant, and how it is written where that differs (`quantity_text`, `price_text`)."""

    item_no: str
    ref: str
    name: str
    quantity: int
    price: Decimal
    barcode: str = ""
    quantity_text: str = ""
    price_text: str = ""


@dataclass(slots=True)
class Order:
    """One order of the truth. `customer` None is a stranger; `place` is the address the document names, if any."""

    truth_id: str
    channel: str
    source: str
    order_ref: str
    at: datetime
    customer: Customer | None
    speech: str
    format: str
    currency: str
    lines: list[Line]
    place: Place | None = None
    sender: str = ""
    kind: str = "order"
    case: str = "clean"
    expect: str = "confirmed"
    rules: tuple[str, ...] = ()
    answer: str = "confirm"
    duplicate_of: str | None = None
    acceptable: tuple[str, ...] = ()
    requested: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """What the lines come to, without tax."""
        return sum((line.quantity * line.price for line in self.lines), Decimal(0))

    @property
    def name(self) -> str:
        """Who orders, as the document says it."""
        return self.customer.name if self.customer else str(self.extra["name"])

    def holds(self, *rules: str) -> None:
        """Say that the desk must hold this order for (at least) these rules."""
        self.expect, self.rules = "held", (*self.rules, *rules)


class OrderMaker:
    """Ordinary orders, each from a random stream of its own, no two of one customer alike."""

    def __init__(self, seed: int, day: date, data: MasterData) -> None:
        self.seed, self.day, self.data = seed, day, data
        self.sellable = [item for item in data.items if item.is_active and not item.is_short]
        self.short = [item for item in data.items if item.is_short and item.is_active]
        self.inactive = [item for item in data.items if not item.is_active and not item.is_short]
        self._seen: set[tuple[str, frozenset[tuple[str, int]]]] = set()

    def stream(self, *what: object) -> random.Random:
        """The random numbers of one thing, whatever else was drawn before."""
        return random.Random("/".join(map(str, (self.seed, self.day, *what))))

    def lines(self, rng: random.Random, customer: Customer | None, count: int = 0) -> list[Line]:
        """Lines that this customer has not ordered in just this way today."""
        buyer = customer or self.data.customers[0]
        while True:
            items = rng.sample(self.sellable, count or rng.choice(LINES))
            lines = [self.line(buyer, item, _quantity(rng, item), rng) for item in items]
            key = buyer.number, frozenset((line.item_no, line.quantity) for line in lines)
            if key not in self._seen:
                self._seen.add(key)
                return lines

    def line(self, customer: Customer, item: Item, quantity: int, rng: random.Random) -> Line:
        """A line at list price, under our number, the customer's own or the one everybody may use."""
        own = self.data.own_numbers.get((customer.number, item.number))
        ref = own if own and rng.random() < 0.8 else item.number
        name = item.name_zh if customer.speech == "zh_CN" else item.name
        return Line(item.number, ref, name, quantity, self.data.price(customer, item.number, quantity), item.barcode)

    def requested(self, rng: random.Random) -> date | None:
        """A delivery date two orders in three ask for."""
        return self.day + timedelta(days=rng.randrange(3, 15)) if rng.random() < 0.66 else None

    def stranger(self, rng: random.Random, places: Sequence[Place]) -> dict[str, str]:
        """Someone the desk does not know: name, mail address, phone."""
        number = rng.randrange(1000, 9999)
        return {"name": f"Unlisted Workshop {number}", "email": f"office@unlisted-{number}.example", "phone": ""}


def _quantity(rng: random.Random, item: Item) -> int:
    return item.pack * rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 25, 40))
