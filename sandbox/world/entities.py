"""What the world knows of a customer and an item, and the master data as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A delivery address as the customer writes it."""

    recipient: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True)
class Customer:
    """One trading partner. `speech` is the language their people write in; `language` the one the desk answers in.

    `place` and `branch` are where they take goods. Both are on file, but of who has no `place` nothing is; whoever has
    both always says which one they mean.
    """

    number: str
    name: str
    speech: str
    language: str
    currency: str
    price_list: str
    terms_days: int
    credit_limit: int
    payment_methods: tuple[str, ...]
    contact: str
    email: str
    phone: str
    domain: str
    place: Place | None
    branch: Place | None = None
    keys: Mapping[str, str] = field(default_factory=dict)  # gln, shopify, woo, partner


@dataclass(frozen=True, slots=True)
class Item:
    """One article. `is_short`: there is next to nothing of it, and only orders that mean to be short name it."""

    number: str
    name: str
    name_zh: str
    pack: int
    weight_g: int
    barcode: str
    is_active: bool = True
    is_short: bool = False


@dataclass(frozen=True)
class MasterData:
    """Everything the desk is told before the day begins. `prices`: (list, item) -> ((min quantity, price), ...)."""

    customers: tuple[Customer, ...]
    items: tuple[Item, ...]
    own_numbers: Mapping[tuple[str, str], str]  # (customer, item) -> the customer's number for it
    aliases: Mapping[str, str]  # item -> a number anyone may use
    prices: Mapping[tuple[str, str], tuple[tuple[int, Decimal], ...]]
    currencies: Mapping[str, str]  # price list -> currency

    def price(self, customer: Customer, item_no: str, quantity: int) -> Decimal:
        """The list price of `quantity` units for this customer. Raises KeyError where the list has none."""
        tiers = self.prices[customer.price_list, item_no]
        return max((tier for tier in tiers if tier[0] <= quantity), key=lambda tier: tier[0])[1]
