"""What the writer of the corpus knows: items, customers, what somebody wants, and what a mail will say of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

LANGUAGES = ("en", "zh_CN", "de", "fr", "es", "it")
DESK = "orders@harbour-trading.example"
DESK_NAME = "Harbour Trading"
AUTHSERV = "mx.harbour-trading.example"  # the mail provider's name in Authentication-Results


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An article: `names` by language as in the catalogue, `said` by language as people say it in a sentence."""

    item_no: str
    series: str
    unit: str
    pack: int
    weight_g: int
    price_eur: Decimal
    size: str
    colour: str
    barcode: str
    names: Mapping[str, str]
    said: Mapping[str, str]
    vague: Mapping[str, str]  # the series without size and colour
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A delivery address."""

    recipient: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a customer."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, eq=False)
class Customer:
    """A customer with all that the desk's master data say; `own_numbers` maps our item numbers to theirs."""

    number: str
    name: str
    language: str
    country: str
    currency: str
    price_list: str
    domain: str  # "" where they write from a free mail service
    contacts: tuple[Contact, ...]
    places: tuple[Place, ...]
    own_numbers: Mapping[str, str]
    tax_no: str
    usual: tuple[Item, ...]  # what they buy again and again
    is_repeater: bool = False  # orders by reference to an earlier order alone


@dataclass
class Wish:
    """One line as it will be written. `quantity` counts `written_unit`s; `base` counts the item's own unit.

    `item_known` and `quantity_known` are False where no reader can know: the truth then says null.
    """

    item: Item
    quantity: int
    written_unit: str  # as people think of it: EA, CT, DZ, the item's own; "" where no unit is written
    base: int
    price: Decimal | None = None
    named_by: str = "name"  # ours, theirs, barcode, name, and ours+name ...
    ref: str = ""
    description: str = ""
    quantity_text: str = ""
    price_text: str = ""
    item_known: bool = True
    quantity_known: bool = True


@dataclass
class Draft:
    """An order before it is put into a layout, and what shall be true of it."""

    customer: Customer
    contact: Contact
    language: str
    sent_at: datetime
    wishes: list[Wish]
    order_ref: str = ""
    requested: str = ""  # ISO date, or ISO week (2026-W50) where only a week is said
    requested_text: str = ""
    place: Place | None = None
    payment: str = ""
    currency: str = ""  # as stated; "" where no amount is written
    total: Decimal | None = None
    traps: list[str] = field(default_factory=list)
    expect: str = "accept"
    may_hold: bool = False
    sender: Contact | None = None  # where another person than the contact sends it
    is_outsider: bool = False  # the sender is no customer
    more: list["Draft"] = field(default_factory=list)  # further orders of the same mail
    repeats: Any = None  # the earlier order that is meant


@dataclass
class Content:
    """A mail's inside. `attachments` are (file name, media type, bytes)."""

    subject: str
    text: str = ""
    html: str = ""
    attachments: list[tuple[str, str, bytes]] = field(default_factory=list)
    orders: list[Draft] = field(default_factory=list)  # where there are several
    headers: list[tuple[str, str]] = field(default_factory=list)
    report: str = ""  # the machine's part of a delivery report


@dataclass(frozen=True)
class Layout:
    """One way of putting an order on paper; `ways` of naming items that people use in it."""

    name: str
    family: str
    write: Callable[[Draft, Random], Content]
    weight: float = 1.0
    ways: tuple[str, ...] = ("ours", "theirs", "ours+name", "theirs+name", "name", "barcode+name")
    prices: float = 0.35  # share of the orders that state prices
    languages: tuple[str, ...] = LANGUAGES
    totals: bool = False  # whether the layout can show a total
    catches: bool = True  # whether lines may be wrong, unclear or mistyped in it
    lines: tuple[int, int] = (1, 7)
    spoken: bool = False  # items as a sentence has them


def day(text: str) -> date:
    """The date of an ISO text."""
    return date.fromisoformat(text)
