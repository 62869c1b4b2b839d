"""What a reader makes of an envelope: orders, a reply, or something that is no order. Nothing here is matched yet.

A reader is a pure function `read_...(envelope, ...) -> Reading`: same bytes, same result, no clock, no I/O.
What it cannot read it says so: on a line or order as `Problem` (the order is then held), on what has no order
reference at all as `Unreadable` (quarantined). It never guesses and never raises on bad input.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pandas as pd


class Kind(StrEnum):
    """What one interpreted document asks of the desk."""

    ORDER = "order"  # goods wanted; the same reference again with other content is an amendment
    CANCELLATION = "cancellation"  # the whole order of this reference is called off
    RETURN = "return"  # credit note: lines name goods that come back, quantities positive


class EnvelopeKind(StrEnum):
    """What an envelope as a whole is."""

    ORDERS = "orders"
    REPLY = "reply"  # an answer to a mail of ours, found by its signed reference
    PURCHASE = "purchase"  # a supplier's answer to a purchase order of ours
    RECEIPTS = "receipts"  # what arrived at a warehouse
    COUNTS = "counts"  # a count sheet, filled in
    OTHER = "other"  # read, understood to be no order: filed
    UNREADABLE = "unreadable"  # quarantined whole


class LetterKind(StrEnum):
    """What a mail is, as a person would file it. Only the first two are worked on as orders and answers."""

    ORDER = "order"
    REPLY = "reply"  # to a mail of ours, by its signed reference
    STATUS_QUESTION = "status question"
    CHANGE = "change"  # of an order, without our reference
    CANCELLATION = "cancellation"
    COMPLAINT = "complaint"
    RETURN = "return"
    STATEMENT_REPLY = "statement reply"
    PAYMENT_ADVICE = "payment advice"
    COURIER_NOTICE = "courier notice"
    NEWSLETTER = "newsletter"
    BOUNCE = "bounce"
    OUT_OF_OFFICE = "out of office"
    SPAM = "spam"
    OTHER = "other"
    SUPPLIER = "supplier"  # from somebody we buy from


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the value of `field` stands: `part` of the mail (body, html, order.pdf, fwd.eml/body), `place` in it
    (line 12; page 1 line 7; row 3 Qty), the characters [start, end) of that place, and the text as written there.

    `confidence` is the probability that the field is what its sender meant.
    """

    field: str
    part: str
    place: str
    start: int
    end: int
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that could not be read: `rule` as in docs/rules.md, `value` as it stood there."""

    rule: str
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What has no place in any order: kept with its raw text for a person. `ref` says where (row 17, node 3)."""

    ref: str
    raw: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as the sender wrote it; `country` is ISO 3166-1 alpha-2 where it could be told."""

    recipient: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return bool(self.street or self.city or self.postal_code)


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """Everything the document says about who orders; matching decides which customer that is."""

    number: str = ""  # our number for them, or the number they state
    email: str = ""
    name: str = ""
    key: str = ""  # "gln:4012345000009", "shopify:207119551", "woo:26": a key of the sending system
    phone: str = ""
    vat_number: str = ""
    display_name: str = ""  # the words beside the From address
    reply_to: str = ""  # where answers would go, if not to the From address
    authentication: str = ""  # of the receiving server: "spf=pass dkim=pass dmarc=pass"; "" where it says nothing


@dataclass(frozen=True, slots=True)
class LineRead:
    """One order line as read. `quantity` is positive; None where it could not be read (then a Problem says why).

    `unit_price` is per `unit` without tax after line discount; None if the document gives none.
    `row` says where it stood (row 17; PO1 segment 3). `confidence` is the probability that item, quantity and unit are
    what the sender meant, before any matching; `line_total` what the document says the line comes to.
    """

    line_ref: str
    item_ref: str
    quantity: Decimal | None
    unit_price: Decimal | None = None
    description: str = ""
    barcode: str = ""
    unit: str = ""
    is_charge: bool = False  # freight, fee, discount: no goods
    row: str = ""
    problems: tuple[Problem, ...] = ()
    line_total: Decimal | None = None
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRead:
    """One order, cancellation or return as read.

    `source` and `order_ref` are the business key: the shop, partner or mail sender, and their own reference.
    `has_own_ref` is False where the document gave none and the reference was derived (mail: its Message-ID).
    `version_at` is the source's version stamp, aware UTC; a revision with an older one never replaces a newer.
    `total` is what the document says the order costs, tax and freight as in the document; `tax`, `freight` and
    `discount` (positive: it takes off) are its parts where stated. `repeats` names an earlier order whose lines are
    meant: "last" for "same as last time", else its reference. `thread_ref` is the first Message-ID of the conversation.
    `confidence` is that of the header alone; each line has its own.
    """

    source: str
    order_ref: str
    kind: Kind = Kind.ORDER
    has_own_ref: bool = True
    customer: CustomerRef = field(default_factory=CustomerRef)
    customer_po: str = ""
    original_ref: str = ""  # a return or cancellation may name its original
    currency: str = ""
    language: str = ""
    order_date: date | None = None
    requested_date: date | None = None
    delivery: Address = field(default_factory=Address)
    payment_method: str = ""
    remarks: str = ""
    total: Decimal | None = None
    version_at: datetime | None = None
    lines: tuple[LineRead, ...] = ()
    problems: tuple[Problem, ...] = ()
    tax: Decimal | None = None
    freight: Decimal | None = None
    discount: Decimal | None = None
    repeats: str = ""
    thread_ref: str = ""
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterRead:
    """A mail as correspondence, whatever it asks: kept with its envelope, so that threads stay together.

    `order_no` is ours where the mail names one, `their_ref` the customer's; `confidence` is that of `kind`.
    """

    kind: LetterKind
    sender: str
    subject: str
    language: str = ""
    message_ref: str = ""
    thread_ref: str = ""
    order_no: str = ""
    their_ref: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class ReplyRead:
    """A customer's answer: the reference found in it, whether its signature is right, and the words they added.

    `reference` is "" where the mail carries none: an answer only if its conversation is about one order.
    `lines` are the goods and quantities that the words name, read as order lines are (an item may be only described).
    """

    reference: str
    sender: str
    text: str  # without the quoted original and the signature block
    message_ref: str = ""
    language: str = ""
    lines: tuple[LineRead, ...] = ()


@dataclass(frozen=True, slots=True)
class PurchaseAnswerRead:
    """A supplier's answer. `is_trusted`: it has the reference that only they got, or came a way that is theirs alone.

    `stated` is what a structured document (UBL) says, for `orderclerk.domain.purchasing.stated`; None for words.
    """

    po_no: str
    sender: str
    text: str
    is_trusted: bool
    message_ref: str = ""
    stated: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """Goods that arrived: `item_ref` is our number, the supplier's or a barcode, `quantity` in the item's unit.

    `delivery_ref` is the number of the delivery note, `day` when they came; "" and None where nothing is said.
    """

    po_no: str
    item_ref: str
    quantity: Decimal
    lot: str = ""
    bin: str = ""
    delivery_ref: str = ""
    day: date | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class CountRead:
    """A line of a count sheet as it was filled in; `at` None where the sheet names no time."""

    count_no: str
    line_no: int
    quantity: Decimal
    by: str
    at: datetime | None = None
    row: str = ""


@dataclass(frozen=True)
class Reading:
    """All a reader says of one envelope. Tables of thousands of lines come as `frame` instead of `orders`.

    `frame` has the columns of `orderclerk.domain.lineframe.COLUMNS`, one row a line.
    """

    kind: EnvelopeKind
    orders: tuple[OrderRead, ...] = ()
    reply: ReplyRead | None = None
    frame: pd.DataFrame | None = None
    unreadable: tuple[Unreadable, ...] = ()
    letter: LetterRead | None = None
    purchase: PurchaseAnswerRead | None = None
    receipts: tuple[ReceiptRead, ...] = ()
    counts: tuple[CountRead, ...] = ()
    reason: str = ""  # why it is no order, or unreadable as a whole, in one sentence
