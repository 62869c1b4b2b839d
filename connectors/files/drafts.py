"""An order while its document is being read: what UBL, EDIFACT and X12 share once their syntax is gone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connectors.files.figures import parse_plain
from orderclerk.domain.reading import Address, CustomerRef, Kind, LineRead, OrderRead, Problem

_CENT = Decimal("0.01")
TEST_RULE = "ORD-006"  # a document marked as a test: only the sender can say whether it is meant


@dataclass
class DraftLine:
    """One line being read; `stated_total` is what the document says it costs."""

    line_ref: str
    row: str
    item_ref: str = ""
    barcode: str = ""
    description: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    stated_total: Decimal | None = None
    requested_date: date | None = None
    is_charge: bool = False
    problems: list[Problem] = field(default_factory=list)

    def figure(self, rule: str, name: str, text: str, marks: str = ".") -> Decimal | None:
        """The number in `text`, or None with a problem; None without one for ""."""
        return read_figure(self.problems, rule, name, text, marks)

    def price_of(self, price: Decimal | None, basis: Decimal | None) -> Decimal | None:
        """`price` for `basis` units as the exact price of one, or None with a problem."""
        if price is None or basis is None or basis == 1:
            return price
        each = price / basis if basis > 0 else None
        if each is not None and each * basis == price:
            return each
        self.problems.append(Problem("LIN-002", "unit_price", f"{price} per {basis}", "No exact price of one unit"))
        return None

    def finish(self) -> LineRead:
        """The line as read."""
        if self.quantity is None and not any(problem.field == "quantity" for problem in self.problems):
            self.problems.append(Problem("LIN-001", "quantity", "", "The line states no quantity"))
        if self.quantity is not None and self.quantity < 0:
            reason = "A negative quantity in an order"
            self.problems.append(Problem("LIN-007", "quantity", str(self.quantity), reason))
            self.quantity = None
        return LineRead(
            line_ref=self.line_ref, item_ref=self.item_ref, quantity=self.quantity, unit_price=self.unit_price,
            description=self.description, barcode=self.barcode, unit=self.unit, is_charge=self.is_charge,
            row=self.row, problems=tuple(self.problems), line_total=self.stated_total,
        )  # fmt: skip


@dataclass
class Draft:
    """One order being read. `finish` settles dates and line references and checks what can be checked."""

    source: str
    version_at: datetime | None
    order_ref: str = ""
    kind: Kind = Kind.ORDER
    customer: CustomerRef = field(default_factory=CustomerRef)
    delivery: Address = field(default_factory=Address)
    currency: str = ""
    original_ref: str = ""
    payment_method: str = ""
    order_date: date | None = None
    requested_date: date | None = None
    total: Decimal | None = None
    tax: Decimal | None = Decimal(0)  # what of the total may be tax; None: it cannot be told, the total is not checked
    goods_total: Decimal | None = None  # what the document says its goods lines come to
    lines: list[DraftLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def figure(self, rule: str, name: str, text: str, marks: str = ".") -> Decimal | None:
        """The number in `text`, or None with a problem of the order."""
        return read_figure(self.problems, rule, name, text, marks)

    def day(self, name: str, text: str, parse: Callable[[str], date]) -> date | None:
        """The day in `text`, or None with a problem of the order (ORD-002)."""
        try:
            return parse(text) if text.strip() else None
        except ValueError as error:
            self.problems.append(Problem("ORD-002", name, text, str(error)))
            return None

    def expect(self, name: str, stated: str, counted: Decimal | int | None) -> None:
        """A control total that is not what was counted is a problem of the order (ORD-003)."""
        if not stated.strip() or counted is None:
            return
        value = self.figure("ORD-003", name, stated, ".,")
        if value is not None and value != counted:
            self.problems.append(Problem("ORD-003", name, stated, f"{name} says {stated}, the document has {counted}"))

    def add_charge(self, name: str, amount: Decimal | None, row: str) -> None:
        """Freight, fee or (negative) discount of the whole order, as a line that is no goods."""
        place = f"charge-{sum(line.is_charge for line in self.lines) + 1}"
        line = DraftLine(place, row, description=name, quantity=Decimal(1), unit_price=amount, is_charge=True)
        if amount is None:
            line.problems.append(Problem("LIN-002", "unit_price", "", "The charge states no readable amount"))
        self.lines.append(line)

    def finish(self) -> OrderRead:
        """The order as read."""
        self._settle_line_refs()
        self._settle_requested_date()
        self._settle_addresses()
        lines = tuple(line.finish() for line in self.lines)
        self._check_totals(lines)
        return OrderRead(
            source=self.source, order_ref=self.order_ref, kind=self.kind, customer=self.customer,
            original_ref=self.original_ref, currency=self.currency.upper(), order_date=self.order_date,
            requested_date=self.requested_date, delivery=self.delivery, payment_method=self.payment_method,
            remarks="\n".join(dict.fromkeys(note.strip() for note in self.notes if note.strip())),
            total=self.total, tax=self.tax or None, version_at=self.version_at, lines=lines,
            problems=tuple(self.problems),
        )  # fmt: skip

    def _settle_line_refs(self) -> None:
        """Line references that are missing or stand twice become running numbers, all of them."""
        refs = [line.line_ref for line in self.lines]
        if "" in refs or len(set(refs)) < len(refs):
            for number, line in enumerate(self.lines, start=1):
                line.line_ref = str(number)

    def _settle_requested_date(self) -> None:
        """The header's date, else the one all lines share, else the earliest with every line's date in the remarks."""
        days = {line.line_ref: line.requested_date for line in self.lines if line.requested_date}
        if not days:
            return
        if set(days.values()) != {self.requested_date or min(days.values())}:
            listed = ", ".join(f"line {ref}: {day.isoformat()}" for ref, day in days.items())
            self.notes.append(f"Requested dates differ by line: {listed}")
        self.requested_date = self.requested_date or min(days.values())

    def _settle_addresses(self) -> None:
        if not self.delivery and self.delivery.recipient:
            self.notes.append(f"Deliver to: {self.delivery.recipient}")

    def _check_totals(self, lines: tuple[LineRead, ...]) -> None:
        """The goods come to what the document says of them, and everything to its total, with or without tax."""
        goods = _sum(line for line in lines if not line.is_charge)
        everything = _sum(lines)
        slack = _CENT / 2 * max(len(lines), 1)
        if goods is not None and self.goods_total is not None and abs(goods - self.goods_total) > slack:
            self._add_total_problem(self.goods_total, goods)
        elif everything is not None and self.total is not None and self.tax is not None:
            off = min(abs(everything + tax - self.total) for tax in (0, self.tax))
            if off > slack:
                self._add_total_problem(self.total, everything)

    def _add_total_problem(self, stated: Decimal, counted: Decimal) -> None:
        reason = f"The document says {stated}, its lines come to {_cents(counted)}"
        self.problems.append(Problem("ORD-003", "total", str(stated), reason))


def read_figure(problems: list[Problem], rule: str, name: str, text: str, marks: str = ".") -> Decimal | None:
    """The number in `text`; what is none is noted in `problems`. "" is None without a problem."""
    if not text.strip():
        return None
    try:
        return parse_plain(text, marks)
    except ValueError as error:
        problems.append(Problem(rule, name, text, str(error)))
        return None


def gln_key(text: str) -> str:
    """`gln:` and the 13 digits, or "" if `text` is no GLN."""
    return f"gln:{text}" if len(text) == 13 and text.isascii() and text.isdigit() else ""


def duns_key(text: str) -> str:
    """`duns:` and the nine digits (and four of an extension), or "" if `text` is no DUNS number."""
    digits = text.replace("-", "")
    return f"duns:{digits}" if len(digits) in (9, 13) and digits.isascii() and digits.isdigit() else ""


def joined(*parts: Any, by: str = " ") -> str:
    """The parts that say something, joined."""
    return by.join(str(part).strip() for part in parts if part and str(part).strip())


def no_reference(what: str) -> str:
    """The sentence for a document without an order number."""
    return f"The {what} states no order number"


def _sum(lines: Iterable[LineRead]) -> Decimal | None:
    """What the lines come to; None if one of them has no quantity or price, or there is none."""
    amounts = [None if line.quantity is None or line.unit_price is None else line.quantity * line.unit_price
               for line in lines]  # fmt: skip
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP) if abs(value) < 10**20 else value
