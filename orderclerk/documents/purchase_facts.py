"""The facts of a purchase order, for its mail and its papers: plain values, gathered by whoever reads the book."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from orderclerk.domain.reading import Address


@dataclass(frozen=True, slots=True)
class PurchaseLineFacts:
    """A line; `description` in the supplier's language, `unit` a UN/ECE Rec 20 code, `unit_price` without tax."""

    line_no: int
    item_no: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = "EA"
    supplier_ref: str = ""
    barcode: str = ""
    wanted_date: date | None = None
    received: Decimal = Decimal(0)
    expected_date: date | None = None

    @property
    def amount(self) -> Decimal:
        """Quantity times price, to the cent."""
        return (self.quantity * self.unit_price).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """One purchase order, for one warehouse. `reference` is the signed one, `ordered_on` the day it was decided."""

    po_no: str
    reference: str
    currency: str
    ordered_on: date
    lines: Sequence[PurchaseLineFacts]
    supplier_no: str
    supplier_name: str
    supplier_address: Address = field(default_factory=Address)
    contact_name: str = ""
    language: str = "en"
    warehouse: str = ""
    warehouse_name: str = ""
    deliver_to: Address = field(default_factory=Address)
    payment_terms_days: int | None = None
    our_customer_no: str = ""  # what the supplier calls us
    gln: str = ""  # of the supplier
    wants_ubl: bool = False
    chased: int = 0
    message_refs: Sequence[str] = ()  # of our earlier mails about it
    why: str = ""  # of a cancellation

    @property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))
