"""The documents that customers of the made-up house send: one order as a file, a mail, a shop's JSON or a phone form."""

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage

from connectors.phone import phone_envelope
from orderclerk.domain.envelopes import Envelope
from tests.proofs.trading_world import Customer

SENT = datetime(2026, 11, 23, 8, tzinfo=UTC)
_HEAD = ("order ref", "customer number", "item", "qty", "price", "line total", "currency", "requested date", "recipient", "street",
         "city", "region", "postal code", "country", "payment method", "customer_phone", "order total", "total tax", "freight",
         "order discount")  # fmt: skip


@dataclass
class Line:
    """One line as the customer states it; the total only where they state one."""

    item: str
    quantity: int
    price: Decimal
    total: Decimal | None = None


@dataclass
class Order:
    """One order as its customer means it, and as they write it."""

    ref: str
    customer: Customer
    lines: list[Line]
    channel: str
    currency: str
    recipient: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    requested: date | None = None
    payment: str = ""
    phone: str = ""
    amounts: dict[str, Decimal] = field(default_factory=dict)  # total, tax, freight, discount
    minutes: int = 0
    po: str = ""
    expects: frozenset[str] = frozenset()  # any of these rules
    kind: str = "clean"

    @property
    def goods(self) -> Decimal:
        return sum((line.quantity * line.price for line in self.lines), Decimal(0))


def envelope(order: Order) -> Envelope:
    """The document of `order`, sent `minutes` after eight."""
    at = SENT + timedelta(minutes=order.minutes)
    return {"files": _file, "mail": _mail, "woo": _woo, "phone": _phone}[order.channel](order, at)


def _file(order: Order, at: datetime) -> Envelope:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    amounts = [order.amounts.get(name, "") for name in ("total", "tax", "freight", "discount")]
    for line in order.lines:
        writer.writerow([order.ref, order.customer.number, line.item, line.quantity, line.price, line.total or "", order.currency,
                         order.requested or "", order.recipient, order.street, order.city, order.region, order.postal_code,
                         order.country, order.payment, order.phone, *amounts])  # fmt: skip
    folder = f"from-{order.customer.number.lower()}"
    return Envelope(
        "files", f"{folder}/{order.ref}.csv", out.getvalue().encode(), "text/csv", folder, f"{order.ref}.csv", at
    )


def _mail(order: Order, at: datetime) -> Envelope:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = order.customer.email, "desk@house.example", "Order"
    message["Message-ID"], message["Date"] = f"<{order.ref}@{order.customer.number.lower()}.example>", at
    lines = [
        f"{n}. {line.item} - {line.quantity} pcs @ {line.price} {order.currency}"
        for n, line in enumerate(order.lines, 1)
    ]
    place = (
        [order.recipient, order.street, f"{order.city} {order.postal_code}".strip(), order.country]
        if order.street
        else []
    )
    labels = [
        ("Order number", order.po or order.ref),
        ("Customer number", order.customer.number),
        ("Requested date", order.requested),
    ]
    body = [
        "Dear team,",
        "",
        *(f"{name}: {value}" for name, value in labels if value),
        "",
        "please send us:",
        "",
        *lines,
        "",
    ]
    body += ["Deliver to:", *filter(None, place), ""] if place else []
    message.set_content("\n".join([*body, "Kind regards", "Purchasing", ""]))
    return Envelope(
        "mail", str(message["Message-ID"]), message.as_bytes(), "message/rfc822", order.customer.email, "", at
    )


def _woo(order: Order, at: datetime) -> Envelope:
    number = int("".join(c for c in order.ref if c.isdigit()))
    place = {"first_name": "", "last_name": order.recipient, "company": "", "address_1": order.street, "address_2": "",
             "city": order.city, "state": order.region, "postcode": order.postal_code, "country": order.country}  # fmt: skip
    lines = [{"id": n, "name": line.item, "sku": line.item, "quantity": line.quantity, "price": float(line.price),
              "subtotal": str(line.quantity * line.price), "total": str(line.total or line.quantity * line.price), "total_tax": "0.00",
              "subtotal_tax": "0.00", "meta_data": [], "taxes": []} for n, line in enumerate(order.lines, 1)]  # fmt: skip
    total = order.amounts.get("total", order.goods)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S")
    meta = [{"id": 1, "key": "requested_date", "value": str(order.requested)}] if order.requested else []
    meta += [{"id": 2, "key": "po_number", "value": order.po}] if order.po else []
    body = {
        "id": number, "number": str(number), "status": "processing", "currency": order.currency, "date_created": stamp,
        "date_created_gmt": stamp, "date_modified": stamp, "date_modified_gmt": stamp, "discount_total": "0.00", "discount_tax": "0.00",
        "shipping_total": "0.00", "shipping_tax": "0.00", "total": str(total), "total_tax": "0.00", "cart_tax": "0.00",
        "prices_include_tax": False, "customer_id": int(order.customer.number[1:]), "customer_note": "", "payment_method": order.payment,
        "payment_method_title": order.payment, "meta_data": meta, "line_items": lines, "tax_lines": [], "shipping_lines": [],
        "fee_lines": [], "coupon_lines": [], "refunds": [], "shipping": place if order.city or order.street else {},
        "billing": {**place, "email": order.customer.email, "phone": order.phone},
    }  # fmt: skip
    return Envelope(
        "eu-shop",
        f"{number}@{stamp}",
        json.dumps(body).encode(),
        "application/vnd.woocommerce.order+json",
        "shop.example",
        "",
        at,
    )


def _phone(order: Order, at: datetime) -> Envelope:
    lines = "\n".join(f"{line.quantity} x {line.item} @ {line.price}" for line in order.lines)
    fields = {"customer": order.customer.number, "lines": lines, "order_ref": order.ref, "requested_date": str(order.requested or ""),
              "recipient": order.recipient, "street": order.street, "city": order.city, "region": order.region,
              "postal_code": order.postal_code, "country": order.country, "payment_method": order.payment,
              "currency": order.currency, "remarks": ""}  # fmt: skip
    return phone_envelope(fields, "Ann", at)
