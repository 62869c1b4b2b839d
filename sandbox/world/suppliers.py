"""The companies the desk buys from: what they sell, how they answer orders, and when their goods arrive.

Written from what a purchase order says on paper and in its spreadsheet, knowing nothing of who reads the answers.
"""

import csv
import io
import re
import threading
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from sandbox.world.entities import Item, MasterData
from sandbox.world.letters import finish_mail, start_mail

WAREHOUSE_FOLDER = "warehouse"
COST = Decimal("0.60")  # of our own list price
_NUMBER = re.compile(r"\bPO\d{6,}\b")
_KIND = "X-Orderclerk-Kind"


@dataclass(frozen=True)
class Supplier:
    """`manner` is how they answer; goods arrive `days` after the order, 0: never."""

    number: str
    name: str
    domain: str
    person: str
    language: str
    manner: str
    days: int

    @property
    def email(self) -> str:
        """Where orders go."""
        return f"sales@{self.domain}"


SUPPLIERS = (
    Supplier("S1001", "Calder Fastenings Ltd", "calder-fastenings.example", "Joan Hill", "en", "confirm", 1),
    Supplier("S1002", "Wharfside Packaging Ltd", "wharfside.example", "Peter Lowe", "en", "other day", 2),
    Supplier("S1003", "Tyne Tools Ltd", "tyne-tools.example", "Ruth Ames", "en", "short", 1),
    Supplier("S1004", "Norwell Electrical Ltd", "norwell.example", "Sam Pike", "en", "dearer", 1),
    Supplier("S1005", "Silent Mill Ltd", "silent-mill.example", "", "en", "silent", 0),
    Supplier("S1006", "宁波示例五金有限公司", "nb-hardware.example", "王经理", "zh_CN", "confirm", 1),
    Supplier("S1007", "Brook and Sons Ltd", "brook-sons.example", "Ida Brook", "en", "late", 4),
)
HEADERS = {
    "suppliers": "supplier_no name email language currency lead_time_days contact_name transit_days",
    "supplier_items": "supplier_no item_no supplier_ref is_preferred",
    "supplier_prices": "supplier_no item_no unit_price valid_from",
}


def supplier_of(items: tuple[Item, ...], item: Item) -> Supplier:
    """Who sells this item."""
    short = [one for one in items if one.is_short]
    place = short.index(item) if item.is_short else items.index(item)
    return SUPPLIERS[place % len(SUPPLIERS)]


def supplier_tables(data: MasterData, day: date) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the three files of master data."""
    of = {item.number: supplier_of(data.items, item) for item in data.items}
    return {
        "suppliers": [(s.number, s.name, s.email, s.language, "GBP", 2, s.person, 0) for s in SUPPLIERS],
        "supplier_items": [(of[i.number].number, i.number, f"X{i.number[-4:]}", 1) for i in data.items],
        "supplier_prices": [
            (of[i.number].number, i.number, _cost(data, i), day.replace(month=1, day=1)) for i in data.items
        ],
    }


def _cost(data: MasterData, item: Item) -> Decimal:
    return (data.prices["GBP-STD", item.number][0][1] * COST).quantize(Decimal("0.01"))


def needs(data: MasterData, day: date) -> list[dict[str, Any]]:
    """What the buyer wants this morning: sixty of what is short, and of the last so much that a person must agree."""
    short = [item for item in data.items if item.is_short and item.is_active][: len(SUPPLIERS)]
    return [
        {"item": item.number, "quantity": "5000" if item is short[-1] else "60", "warehouse": "MAIN",
         "person": "Rose Buyer", "wanted": (day + timedelta(days=3)).isoformat(), "why": "sold out"}
        for item in short
    ]  # fmt: skip


@dataclass(frozen=True)
class OrderedLine:
    """A row of the spreadsheet that came with an order."""

    item: str
    quantity: Decimal
    price: Decimal


@dataclass
class Purchase:
    """One order as its supplier has it."""

    po_no: str
    supplier: Supplier
    subject: str
    message_id: str
    reply_to: str
    at: datetime
    lines: list[OrderedLine]
    chased: int = 0
    answered: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Letter:
    """A mail a supplier sends at `at`."""

    at: datetime
    raw: bytes


@dataclass(frozen=True)
class Delivery:
    """A report of the warehouse at `at`: what came of which order."""

    at: datetime
    name: str
    content: bytes


class Suppliers:
    """All of them: `arrives` is called by the mail server's thread, the rest by the world's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._inbox: list[tuple[str, bytes, datetime]] = []
        self._count = 0
        self._lock = threading.Lock()
        self.purchases: dict[str, Purchase] = {}

    def serves(self, recipient: str) -> bool:
        """Whether a mail to this address is for one of them."""
        return any(recipient.lower() == one.email for one in SUPPLIERS)

    def arrives(self, recipient: str, raw: bytes, now: datetime) -> None:
        """A mail reaches a supplier."""
        with self._lock:
            self._count += 1
            (self._folder / f"{self._count:06d}.eml").write_bytes(raw)
            self._inbox.append((recipient.lower(), raw, now))

    def read(self) -> tuple[list[Letter], list[Delivery]]:
        """Read what is new: the answers to be sent and the goods to be delivered."""
        with self._lock:
            new, self._inbox = self._inbox, []
        letters: list[Letter] = []
        deliveries: list[Delivery] = []
        for recipient, raw, now in new:
            supplier = next(one for one in SUPPLIERS if one.email == recipient)
            mail = message_from_bytes(raw, policy=default)
            found = _NUMBER.search(str(mail["Subject"]))
            if found is None:
                continue
            known = self.purchases.get(found[0])
            if str(mail[_KIND]) == "purchase" and known is None:
                order = self.purchases[found[0]] = _ordered(found[0], supplier, mail, now)
                letters += _answers(order, now)
                deliveries += _goods(order, now)
            elif known is not None and str(mail[_KIND]) in ("purchase-chase", "purchase-late"):
                known.chased += 1
        return letters, deliveries

    def truth(self) -> list[dict[str, Any]]:
        """Every order as its supplier has it, and what they said."""
        return [
            {"po_no": one.po_no, "supplier": one.supplier.number, "manner": one.supplier.manner, "said": one.answered,
             "lines": [[line.item, str(line.quantity), str(line.price)] for line in one.lines]}
            for one in self.purchases.values()
        ]  # fmt: skip


def _ordered(po_no: str, supplier: Supplier, mail: Any, now: datetime) -> Purchase:
    sheet = next(part for part in mail.iter_attachments() if str(part.get_filename()).endswith(".xlsx"))
    rows = list(load_workbook(io.BytesIO(sheet.get_content())).active.iter_rows(min_row=2, values_only=True))
    lines = [OrderedLine(str(row[2]), Decimal(str(row[6])), Decimal(str(row[8]))) for row in rows]
    back = mail["Reply-To"] or mail["From"]
    return Purchase(
        po_no, supplier, str(mail["Subject"]), str(mail["Message-ID"]), back.addresses[0].addr_spec, now, lines
    )


def _answers(order: Purchase, now: datetime) -> list[Letter]:
    words = _words(order)
    if not words:
        return []
    order.answered.append(words)
    at = now + timedelta(minutes=25)
    who = Address(order.supplier.person, addr_spec=order.supplier.email)
    mark = f"{order.po_no.lower()}-answer"
    subject = ("回复：" if order.supplier.language == "zh_CN" else "Re: ") + order.subject
    mail = start_mail(who, order.reply_to, subject, at, f"<{mark}@{order.supplier.domain}>")
    mail["In-Reply-To"] = order.message_id
    mail.set_content(
        f"{words}\n\n{order.supplier.person}\n{order.supplier.name}\n",
        cte="base64" if order.supplier.language == "zh_CN" else None,
    )
    return [Letter(at, finish_mail(mail, mark))]


def _words(order: Purchase) -> str:
    """What they write, by their manner."""
    first, due = order.lines[0], _due(order)
    match order.supplier.manner:
        case "confirm" if order.supplier.language == "zh_CN":
            return f"您好，订单已确认，{due.month}月{due.day}日到货。谢谢！"
        case "confirm" | "late":
            return f"Hello,\n\nthank you for the order. We confirm it as ordered. Delivery on {due.day} {due:%B %Y}."
        case "other day":
            later = due + timedelta(days=3)
            return f"Confirmed, but delivery will be on {later.day} {later:%B %Y}."
        case "short":
            left = f"{first.quantity * 3 // 4:f} of {first.quantity:f}"
            return f"Unfortunately only {left} are available. Delivery {due.isoformat()}."
        case "dearer":
            return f"The unit price is now GBP {(first.price * Decimal('1.08')).quantize(Decimal('0.01'))}."
    return ""


def _due(order: Purchase) -> date:
    return order.at.date() + timedelta(days=1 if order.supplier.manner == "late" else order.supplier.days or 2)


def _goods(order: Purchase, now: datetime) -> list[Delivery]:
    """What they can send arrives, in two parcels where there is much of it, and the warehouse reports it."""
    if not order.supplier.days:
        return []
    share = Decimal("0.75") if order.supplier.manner == "short" else Decimal(1)
    at = datetime.combine(now.date() + timedelta(days=order.supplier.days), time(14), now.tzinfo)
    rows = [(order.po_no, line.item, int(line.quantity * share)) for line in order.lines]
    return [Delivery(at, f"{order.po_no}-1.csv", _report(rows, f"LS-{order.po_no[2:]}-1"))]


def _report(rows: list[tuple[str, str, int]], note: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("PO number", "Article", "Received", "Delivery note"))
    writer.writerows((*row, note) for row in rows)
    return out.getvalue().encode()
