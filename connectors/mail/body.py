"""What a mail's own words order: lines, and what is said about the order around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from connectors.mail.addresses import read_address
from connectors.mail.amounts import CURRENCY, NUMBER, currency_code, read_number
from connectors.mail.dates import read_day
from connectors.mail.line_grammar import TypedLine, is_item, read_line
from connectors.mail.mime import TooMuchError
from connectors.mail.normal import folded, plain_line
from connectors.mail.quoting import closing_at
from connectors.mail.table_lines import find_header, read_rows, split_cells
from connectors.mail.text_fields import TextFields, order_ref_in, read_fields
from orderclerk.domain.reading import Address, CustomerRef, LineRead, OrderRead, Problem

MAX_LINES = 5_000  # of a sender's own; quotations do not count
MAX_REMARKS = 1_000  # characters
_MONEY = re.compile(rf"(?:(?P<c1>{CURRENCY})\s*)?(?P<n>{NUMBER})\s*(?P<c2>{CURRENCY})?", re.IGNORECASE)
_PAYMENT = {
    "prepaid": r"pre-?pa(?:id|yment)|in advance|vorkasse|vorauskasse|prépaiement|d'avance|anticipado|预付|款到发货",
    "cod": r"\bcod\b|cash on delivery|nachnahme|contre remboursement|contra reembolso|货到付款",
    "invoice": r"invoice|rechnung|facture|factura|\bnet\b|月结|账期|发票",
}


@dataclass(slots=True)
class BodyRead:
    """The order lines of a text with their places, its labelled values, and the lines that are neither."""

    lines: list[tuple[int, TypedLine]] = field(default_factory=list)
    fields: TextFields = field(default_factory=TextFields)
    left: list[str] = field(default_factory=list)
    has_table: bool = False

    @property
    def has_clean_line(self) -> bool:
        """At least one line whose item and quantity are both understood."""
        return any(line.is_clean for _, line in self.lines)

    @property
    def has_item_line(self) -> bool:
        """At least one line that names an item and says something of how many."""
        return any(line.item for _, line in self.lines)


def read_body(own: Sequence[str]) -> BodyRead:
    """What `own` lines (without quotations) hold. Raises TooMuchError."""
    if len(own) > MAX_LINES:
        raise TooMuchError(f"The mail has {len(own)} lines of words, more than {MAX_LINES}")
    lines = [plain_line(line) for line in own]
    read = BodyRead(fields=read_fields(lines, own))
    place, closing = 0, closing_at(lines)
    while place < len(lines):
        if place in read.fields.used or not lines[place]:
            place += 1
        elif length := _read_table(lines, place, read):
            place += length
        else:
            _read_single(lines[place], place, read, is_signature=place >= closing)
            place += 1
    return read


def _read_table(lines: Sequence[str], place: int, read: BodyRead) -> int:
    """How many lines the table that begins at `place` takes; 0 if none does."""
    header = split_cells(lines[place])
    if len(header) < 2 or not find_header(header):
        return 0
    end = place + 1
    while end < len(lines) and len(split_cells(lines[end])) > 1:
        end += 1
    table = read_rows(header, [split_cells(line) for line in lines[place + 1 : end]])
    read.lines += [(place + 2 + nth, line) for nth, line in enumerate(table.lines)]
    read.left += table.left
    read.has_table = True
    if table.total:
        read.fields.values.setdefault("total", []).append(table.total)
    return end - place


def _read_single(line: str, place: int, read: BodyRead, is_signature: bool) -> None:
    found = read_line(line)
    names_item = any(line.item for line in found)
    if names_item or (found and read.lines):  # a thing without a number counts below lines that have one
        read.lines += [(place + 1, item) for item in found]
    elif not is_signature:
        read.left.append(line)


def order_of(
    body: BodyRead, subject: str, sender: str, message_ref: str, language: str, version_at: datetime | None
) -> OrderRead:
    """The order that `body` and the subject state; only for a mail that was found to be one."""
    sentences = [*body.left, *(line.description for _, line in body.lines)]
    order_ref, ref_problems = _reference(body.fields, subject, sentences)
    problems = [*ref_problems]
    currency = _currency(body, problems)
    remarks = [*body.fields.values.get("remarks", []), *(line for line in body.left if _may_matter(line, order_ref))]
    return OrderRead(
        source=f"mail:{sender}",
        order_ref=order_ref or message_ref,
        has_own_ref=bool(order_ref),
        customer=_customer(body.fields, sender),
        customer_po=order_ref,
        currency=currency,
        language=language,
        order_date=_order_date(body.fields),
        requested_date=_requested_date(body.fields, problems),
        delivery=_delivery(body.fields),
        payment_method=_payment(body.fields, remarks),
        total=_total(body.fields, problems),
        remarks="\n".join(remarks)[:MAX_REMARKS],
        version_at=version_at,
        lines=tuple(_line_read(nth, place, line) for nth, (place, line) in enumerate(body.lines, start=1)),
        problems=tuple(problems),
    )


def _reference(fields: TextFields, subject: str, told_in: Sequence[str]) -> tuple[str, list[Problem]]:
    """The order number: by label, else from the subject, else from a sentence that names exactly one."""
    labelled = list(dict.fromkeys(fields.values.get("order_ref", [])))
    titled = order_ref_in(plain_line(subject))
    told = order_ref_in("\n".join(told_in))
    stated = labelled or titled or (told if len(told) == 1 else [])
    if not stated:
        return "", []
    others = [ref for ref in [*labelled, *titled] if folded(ref) != folded(stated[0])]
    return stated[0], [
        Problem("ORD-005", "order_ref", ref, f"The mail names {stated[0]!r} and {ref!r} as its order number")
        for ref in dict.fromkeys(others)
    ]


def _line_read(nth: int, place: int, line: TypedLine) -> LineRead:
    return LineRead(
        line_ref=str(nth),
        item_ref=line.item,
        quantity=line.quantity,
        unit_price=line.price,
        description=line.description,
        barcode=line.barcode,
        unit=line.unit,
        row=f"line {place}",
        problems=tuple(line.problems),
    )


def _customer(fields: TextFields, sender: str) -> CustomerRef:
    return CustomerRef(
        number=fields.first("customer_number")[:60],
        email=sender,
        name=fields.first("customer_name")[:120],
        phone=fields.first("phone")[:40],
    )


def _currency(body: BodyRead, problems: list[Problem]) -> str:
    stated = [line.currency for _, line in body.lines] + [currency_code(body.fields.first("currency"))]
    if found := _MONEY.fullmatch(body.fields.first("total")):
        stated.append(currency_code(found["c1"] or found["c2"] or ""))
    codes = list(dict.fromkeys(code for code in stated if code))
    if len(codes) > 1:
        reason = f"The mail names several currencies: {', '.join(codes)}"
        problems.append(Problem("ORD-004", "currency", " ".join(codes), reason))
        return ""
    return codes[0] if codes else ""


def _order_date(fields: TextFields) -> date | None:
    try:
        return read_day(fields.first("order_date")) if fields.first("order_date") else None
    except ValueError:
        return None  # nothing hangs on it


def _requested_date(fields: TextFields, problems: list[Problem]) -> date | None:
    stated = fields.first("requested_date")
    try:
        return read_day(stated) if stated else None
    except ValueError as error:
        problems.append(Problem("ORD-002", "requested_date", stated[:60], str(error)))
        return None


def _delivery(fields: TextFields) -> Address:
    recipient, stated = fields.first("recipient")[:120], fields.first("deliver_to")
    if stated:
        return read_address(stated, recipient)
    return replace(Address(), recipient=recipient)


def _payment(fields: TextFields, remarks: list[str]) -> str:
    stated = fields.first("payment_method")
    found = [name for name, pattern in _PAYMENT.items() if re.search(pattern, folded(stated))] if stated else []
    if stated and not found:
        remarks.append(f"Payment: {stated}")
    return found[0] if found else ""


def _total(fields: TextFields, problems: list[Problem]) -> Decimal | None:
    stated = fields.first("total")
    found = _MONEY.fullmatch(stated)
    if not found:
        return None  # "Total: 10 pcs" and the like
    try:
        return read_number(found["n"])
    except ValueError as error:
        problems.append(Problem("ORD-003", "total", stated[:40], str(error)))
        return None


def _may_matter(line: str, order_ref: str) -> bool:
    """Whether a line that was not understood holds a figure or an item; a greeting, or the order number, is neither."""
    rest = line.replace(order_ref, " ") if order_ref else line
    return bool(re.search(r"\d", rest)) or any(is_item(word, is_labelled=False) for word in rest.split())
