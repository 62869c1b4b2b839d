"""The facts a mail is made from: plain values, gathered by whoever reads the book. Nothing here knows a database.

What is not known is None or "", and the mail then leaves it out or shows a dash; it is never made up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from orderclerk.domain.reading import Address

_MAIL_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,253}")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line as the customer shall see it; `description` already in their language, `unit` a UN/ECE Rec 20 code."""

    line_no: int
    item_no: str
    description: str
    quantity: Decimal | None
    unit: str = "EA"
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    their_item_ref: str = ""
    is_charge: bool = False  # freight, fee, discount: shown without quantity where that is one or none
    outcome: str = ""  # of a change the customer asked for: accepted, changed, rejected (no longer in the order), added
    was_quantity: Decimal | None = None  # before it
    was_amount: Decimal | None = None
    stated_quantity: Decimal | None = None  # as they wrote it, where that was in another unit
    stated_unit: str = ""
    promised_date: date | None = None  # when it is at their door; the order says it where all lines come together


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question as it is numbered in the mail: `rule` finds its words, `about` is what they mention (line, item, read,
    quantity, price, their_price), `choices` what may be answered, in the customer's language."""

    number: int
    rule: str
    about: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One order at one revision. `reference` is the signed one, `their_ref` the customer's own ("" if they gave none).

    `currency` is ISO 4217, `language` as in the customer's master data (en, zh_CN); `answer_by` is aware.
    `in_reply_to` is the Message-ID of the customer's last mail, so that ours stands beneath it in their mailbox;
    `their_subject` is that of their first, kept for the same reason.
    """

    order_no: str
    revision: int
    reference: str
    currency: str
    lines: tuple[LineFacts, ...]
    goods_total: Decimal | None
    charges_total: Decimal | None
    total: Decimal | None
    language: str = "en"
    their_ref: str = ""
    customer_name: str = ""
    contact_name: str = ""
    order_date: date | None = None
    requested_date: date | None = None
    promised_date: date | None = None  # of all of it
    delivery: Address = field(default_factory=Address)
    payment_method: str = ""
    payment_terms_days: int = 0
    answer_by: datetime | None = None
    remarks: str = ""
    in_reply_to: str = ""
    thread: tuple[str, ...] = ()  # Message-IDs: the customer's first mail, ours, in this order
    their_subject: str = ""
    change: str = ""  # what made this revision: "asked" by the customer, "restored", or "" for a document of theirs
    was_confirmed: bool = False  # before the change
    was_total: Decimal | None = None
    questions: tuple[QuestionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Who writes. Raises ValueError for a mail address or timezone that is none: that is a setting to repair."""

    name: str
    address: str
    reply_to: str = ""  # "" where answers go to `address`
    postal_address: str = ""
    phone: str = ""
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        for value in filter(None, (self.address, self.reply_to)):
            mail_address(value)
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"the desk's timezone {self.timezone!r} is unknown; write it like Europe/London"
            ) from error
        if not self.address:
            raise ValueError("the desk has no mail address to send from")

    @property
    def domain(self) -> str:
        """The desk's mail domain in ASCII: the right-hand side of every Message-ID."""
        return mail_address(self.address).rpartition("@")[2]


def mail_address(text: str) -> str:
    """`text` as one plain ASCII mail address, its domain in IDNA. Raises ValueError naming what is no such address."""
    local, _, domain = text.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        plain = ""
    if not plain.isascii() or not _MAIL_ADDRESS.fullmatch(plain):
        raise ValueError(f"{text[:100]!r} is not a mail address that can be written to")
    return plain
