"""The phone order: what the clerk typed into the form, as one more envelope, and that envelope as an order.

Fields, all text: customer, lines, order_ref, requested_date, recipient, street, city, region, postal_code, country,
payment_method, remarks, currency. `lines` has one line each: `ITEM QUANTITY [PRICE]` or `QUANTITY x ITEM [@ PRICE]`.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from connectors.files.countries import country_code
from connectors.files.figures import parse_date, parse_plain, shown
from connectors.files.outcomes import quarantined, unreadable
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import (
    Address,
    CustomerRef,
    EnvelopeKind,
    LineRead,
    OrderRead,
    Problem,
    Reading,
    Unreadable,
)

MEDIA_TYPE = "application/vnd.orderclerk.phone+json"
FIELDS = (
    "customer", "lines", "order_ref", "requested_date", "recipient", "street", "city", "region", "postal_code",
    "country", "payment_method", "remarks", "currency",
)  # fmt: skip
_NUMBER = r"[+-]?[0-9][0-9.,]*"
_TIMES = re.compile(rf"(?P<quantity>{_NUMBER})\s*[x×*]\s+(?P<item>\S+)(?:\s+(?:@\s*)?(?P<price>{_NUMBER}))?", re.I)
_PLAIN = re.compile(rf"(?P<item>\S+)\s+(?:[x×]\s*)?(?P<quantity>{_NUMBER})(?:\s+(?:@\s*)?(?P<price>{_NUMBER}))?", re.I)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CUSTOMER_NO = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._/-]*")
_HOW = "write one line each, for example: A100 12, or: 12 x A100 @ 2.50"


def phone_envelope(fields: Mapping[str, object], clerk: str, at: datetime) -> Envelope:
    """The form as an envelope: canonical JSON, named by the order reference given or by its content and minute.

    The same form sent twice in one minute is one order; `at` (aware) is when the clerk sent it.
    """
    sent_at = at.astimezone(UTC)
    content = canonical_json({**_stated(fields), "clerk": clerk, "at": sent_at.isoformat(timespec="minutes")})
    reference = _stated(fields).get("order_ref") or _made_ref(content)
    digest = sha256(content).hexdigest()[:12]
    return Envelope("phone", f"{reference}@{digest}", content, MEDIA_TYPE, clerk, "", sent_at)


def check_phone_form(fields: Mapping[str, object]) -> list[str]:
    """What is wrong with the form, each as one sentence that names its field; [] if the order can be entered."""
    stated = _stated(fields)
    wrong = [f"Customer: {_SAY_WHO}"] if not stated.get("customer") else []
    lines = _line_texts(stated)
    if not lines:
        wrong.append(f"Lines: the order has none; {_HOW}")
    for number, text in lines:
        line = _read_line(number, text)
        wrong += [f"Lines, line {number}: {found.reason}" for found in _faults(line)]
    if (day := stated.get("requested_date")) and not _day(day)[0]:
        wrong.append(f"Requested date: {shown(day)} is not a date; write it like 2026-12-01")
    if (currency := stated.get("currency")) and not re.fullmatch("[A-Za-z]{3}", currency):
        wrong.append(f"Currency: {shown(currency)} is not a currency code; write it like EUR")
    return wrong + _address_faults(stated)


_SAY_WHO = "say who orders: our customer number, the name, or a mail address"


def read_phone(envelope: Envelope) -> Reading:
    """The order of one form; never raises on bad input."""
    try:
        form = json.loads(envelope.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return quarantined("ENV-001", "The phone form is not JSON", envelope.content[:500].decode("utf-8", "replace"))
    if not isinstance(form, dict):
        return quarantined("ENV-001", "The phone form is not a form")
    stated = _stated(form)
    read = [_read_line(number, text) for number, text in _line_texts(stated)]
    left = tuple(item for item in read if isinstance(item, Unreadable))
    lines = tuple(item for item in read if isinstance(item, LineRead))
    if not lines and not stated.get("customer"):
        return quarantined("ENV-001", "The phone form names neither a customer nor anything to order")
    return Reading(EnvelopeKind.ORDERS, orders=(_order(envelope, stated, lines),), unreadable=left)


def canonical_json(value: object) -> bytes:
    """`value` as JSON bytes that are equal for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def _order(envelope: Envelope, stated: Mapping[str, str], lines: tuple[LineRead, ...]) -> OrderRead:
    requested, problems = _day(stated.get("requested_date", ""))
    return OrderRead(
        source="phone",
        order_ref=stated.get("order_ref") or _made_ref(envelope.content),
        has_own_ref=bool(stated.get("order_ref")),
        customer=_customer(stated.get("customer", "")),
        currency=stated.get("currency", "").upper(),
        order_date=envelope.sent_at.date() if envelope.sent_at else None,
        requested_date=requested,
        delivery=_address(stated),
        payment_method=stated.get("payment_method", ""),
        remarks=stated.get("remarks", ""),
        version_at=envelope.sent_at,
        lines=lines,
        problems=problems,
    )


def _made_ref(content: bytes) -> str:
    return f"phone-{sha256(content).hexdigest()[:12]}"


def _stated(fields: Mapping[str, object]) -> dict[str, str]:
    """The fields that say something, as trimmed text."""
    texts = {name: _text(fields.get(name)) for name in FIELDS}
    return {name: text for name, text in texts.items() if text}


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, map(_text, value)))
    return str(value).replace("\x00", "").strip()


def _customer(text: str) -> CustomerRef:
    """A mail address, our number (it has a digit and no blank), or a name."""
    if _MAIL.fullmatch(text):
        return CustomerRef(email=text.lower())
    if _CUSTOMER_NO.fullmatch(text):
        return CustomerRef(number=text)
    return CustomerRef(name=text)


def _address(stated: Mapping[str, str]) -> Address:
    parts: dict[str, Any] = {
        name: stated.get(name, "") for name in ("recipient", "street", "city", "region", "postal_code")
    }
    return Address(**parts, country=country_code(stated.get("country", "")))


def _address_faults(stated: Mapping[str, str]) -> list[str]:
    given = [name for name in ("street", "city", "postal_code", "country") if stated.get(name)]
    missing = [name.replace("_", " ") for name in ("street", "city", "country") if not stated.get(name)]
    if not given or not missing:
        return []
    return [f"Address: {', '.join(missing)} missing; leave the whole address empty to deliver to the customer's own"]


def _day(text: str) -> tuple[date | None, tuple[Problem, ...]]:
    try:
        return (parse_date(text) if text else None), ()
    except ValueError as error:
        return None, (Problem("ORD-002", "requested_date", text, str(error)),)


def _line_texts(stated: Mapping[str, str]) -> list[tuple[int, str]]:
    lines = enumerate(stated.get("lines", "").splitlines(), start=1)
    return [(number, text.strip()) for number, text in lines if text.strip()]


def _read_line(number: int, text: str) -> LineRead | Unreadable:
    found = _TIMES.fullmatch(text) or _PLAIN.fullmatch(text)
    if not found:
        reason = f"{shown(text)} does not name an item and a quantity; {_HOW}"
        return unreadable(f"line {number}", text, "ROW-002", reason)
    quantity, quantity_problems = _figure("LIN-001", "quantity", found["quantity"])
    if quantity is not None and quantity < 0:
        quantity_problems = (Problem("LIN-007", "quantity", found["quantity"], "The quantity is negative"),)
        quantity = None
    price, price_problems = _figure("LIN-002", "unit_price", found["price"] or "")
    return LineRead(
        line_ref=str(number), item_ref=found["item"], quantity=quantity, unit_price=price, row=f"line {number}",
        problems=(*quantity_problems, *price_problems),
    )  # fmt: skip


def _figure(rule: str, name: str, text: str) -> tuple[Decimal | None, tuple[Problem, ...]]:
    try:
        return (parse_plain(text) if text else None), ()
    except ValueError:
        reason = f"{shown(text)} is not a number; write decimals with a point and nothing between thousands"
        return None, (Problem(rule, name, text, reason),)


def _faults(line: LineRead | Unreadable) -> tuple[Problem | Unreadable, ...]:
    if isinstance(line, Unreadable):
        return (line,)
    if line.quantity == 0:
        return (*line.problems, Problem("LIN-004", "quantity", "0", "The quantity is zero"))
    return line.problems
