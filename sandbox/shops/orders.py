"""A shop order as the world of the sandbox places it, whichever vendor shows it. Money is Decimal, in its currency."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One product. `discount` is off the whole line; taxes are not in the price.

    `is_deleted`: the shop no longer has the product (Shopify: no variant; WooCommerce: sku null).
    """

    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    is_deleted: bool = False

    @property
    def total(self) -> Decimal:
        """What the line costs after its discount, without tax."""
        return self.quantity * self.unit_price - self.discount


@dataclass(frozen=True, slots=True)
class ShopAddress:
    """Where it goes or who pays. `country` is ISO alpha-2, `region` a name, `region_code` its code in the country."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    region: str = ""
    region_code: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ShopTax:
    """A tax on the whole order: `rate` 0.19 for 19 %."""

    title: str
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the customer places it.

    `number` is the shop's running number (`#1001` at Shopify). `at` is aware; shops keep whole seconds. `customer_id` 0
    is a guest. `shipping_address` None: nothing to ship. `billing_address` None: as the shipping address.
    `payment_method` is one of `card`, `bank_transfer`, `cod`, `invoice`. `attributes` are the shop's own extra fields,
    `fees` are (title, amount): small order, payment on delivery.
    """

    number: int
    at: datetime
    lines: tuple[ShopLine, ...]
    currency: str = "EUR"
    customer_id: int = 0
    email: str = ""
    name: str = ""
    phone: str = ""
    locale: str = "en"
    shipping_address: ShopAddress | None = None
    billing_address: ShopAddress | None = None
    shipping_price: Decimal = Decimal(0)
    shipping_title: str = "Standard"
    discount_code: str = ""
    note: str = ""
    po_number: str = ""
    payment_method: str = "card"
    is_paid: bool = True
    taxes: tuple[ShopTax, ...] = ()
    fees: tuple[tuple[str, Decimal], ...] = ()
    tags: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def tax_total(self) -> Decimal:
        """All taxes together."""
        return sum((tax.amount for tax in self.taxes), Decimal(0))

    @property
    def fee_total(self) -> Decimal:
        """All fees together."""
        return sum((amount for _, amount in self.fees), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the customer pays: lines, shipping, fees and taxes."""
        goods = sum((line.total for line in self.lines), Decimal(0))
        return goods + self.shipping_price + self.fee_total + self.tax_total


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as the shop keeps it: `ordered` ever, of these `removed` by edits and `refunded`."""

    line_id: int
    line: ShopLine
    ordered: int
    removed: int = 0
    refunded: int = 0

    @property
    def current(self) -> int:
        """Units still wanted."""
        return self.ordered - self.removed - self.refunded


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back; `lines` are (line_id, quantity, amount)."""

    refund_id: int
    at: datetime
    amount: Decimal
    note: str = ""
    lines: tuple[tuple[int, int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """One version of one order; every change makes a new one with a later `updated_at`."""

    order_id: int
    order: ShopOrder
    lines: tuple[StoredLine, ...]
    created_at: datetime
    updated_at: datetime
    original_total: Decimal
    is_edited: bool = False
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    refunds: tuple[Refund, ...] = ()

    @property
    def refunded(self) -> Decimal:
        """All that was given back."""
        return sum((refund.amount for refund in self.refunds), Decimal(0))
