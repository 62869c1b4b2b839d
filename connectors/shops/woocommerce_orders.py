"""What a WooCommerce order says, in the desk's words. Pure: the envelope's bytes in, a Reading out.

Source: developer.woocommerce.com/docs/apis/rest-api/v3, Orders and Order refunds. The key is `id`: `number` is made by
plugins and may change; it goes into `customer_po` unless the customer stated a PO number. `unit_price` is the line's
`total` divided by its quantity: WooCommerce stores line totals after coupons and without tax, also in shops whose
prices include tax (`prices_include_tax`); the `price` it shows is that figure as a float and is not used. Freight, fees
and `total_tax` are charge lines, so that the lines come to the total. An order's `total` stays as it was when money is
given back: refunds lower the quantities line by line, and what they give back beyond that is a negative charge line.
"""

import re
from collections.abc import Mapping
from typing import Any

from connectors.shops.attributes import attribute_pairs, requested_day
from connectors.shops.fields import Fields, clean_text, shown
from connectors.shops.readings import Found, read_each
from connectors.shops.woocommerce_lines import WooLines
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import Address, CustomerRef, EnvelopeKind, Kind, OrderRead, Reading, Unreadable

STATUSES: dict[str, Kind | str] = {
    "processing": Kind.ORDER,  # paid, or to be paid on delivery; goods wanted
    "on-hold": Kind.ORDER,  # bank transfer, cheque: stock is taken, money is awaited
    "cancelled": Kind.CANCELLATION,
    "refunded": Kind.CANCELLATION,  # wholly
    "trash": Kind.CANCELLATION,
    "pending": "payment was not even tried; it comes again when it was",
    "failed": "the payment failed; it comes again if the customer pays after all",
    "completed": "the shop says it is fulfilled and needs no further action",
    "checkout-draft": "a basket at the checkout",
    "auto-draft": "an order a person in the shop began to write",
}
"""What each status means here: an order, a cancellation, or why it is none. A status of a plugin is quarantined."""

PO_KEYS = frozenset({"po_number", "_po_number", "_billing_po_number", "billing_po_number", "purchase_order_number"})


def read_woocommerce(envelope: Envelope, statuses: Mapping[str, Kind | str] = STATUSES) -> Reading:
    """The order in an envelope of the REST API or of a webhook. Never raises.

    A refund's lines are read from `refund_details`, which the client adds; a webhook's order without them is held.
    """
    if re.fullmatch(rb"\s*webhook_id=\d+\s*", envelope.content):
        return Reading(EnvelopeKind.OTHER, reason="WooCommerce tries a new webhook")
    return read_each(envelope, _unwrapped, lambda data, kept, where: _read(data, kept, where, statuses))


def _unwrapped(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _read(data: dict[str, Any], envelope: Envelope, where: str, statuses: Mapping[str, Kind | str]) -> Found:
    order = Fields(data)
    ref, status = order.text("id"), order.text("status").removeprefix("wc-")
    if not ref or ref == "0":
        return Unreadable(where, shown(data), "ROW-001", "the order has no id")
    meaning = statuses.get(status)
    if meaning is None:
        return Unreadable(f"order {ref}", shown(status), "ENV-001", f"the status {shown(status)!r} is unknown")
    if not isinstance(meaning, Kind):
        return f"order {order.text('number') or ref} is {status}: {meaning}"
    return _order(order, envelope, ref, meaning)


def _order(order: Fields, envelope: Envelope, ref: str, kind: Kind) -> OrderRead:
    currency = _currency(order)
    reader = WooLines(order, currency, is_off=kind is Kind.CANCELLATION)
    lines, total, unequal = reader.read()
    is_off = kind is Kind.CANCELLATION or reader.is_emptied
    pairs = attribute_pairs(order, "meta_data")
    billing, shipping = order.inner("billing", "CUS-001"), order.inner("shipping", "ADR-001")
    return OrderRead(
        source=envelope.channel,
        order_ref=ref,
        kind=Kind.CANCELLATION if is_off else kind,
        customer=_customer(order, billing, shipping),
        customer_po=_po_number(pairs) or order.text("number"),
        currency=currency,
        order_date=order.day("date_created"),
        requested_date=requested_day(pairs, order.problems),
        delivery=_address(shipping),
        payment_method=order.text("payment_method"),
        remarks=order.text("customer_note"),
        total=None if is_off else total,
        version_at=order.moment("date_modified_gmt") or envelope.sent_at,
        lines=tuple(lines),
        problems=(*order.problems, *unequal),
    )


def _currency(order: Fields) -> str:
    code = order.text("currency", "ORD-004").upper()
    if code and not re.fullmatch("[A-Z]{3}", code):
        order.complain("currency", "ORD-004", "is no currency code")
        return ""
    return code


def _customer(order: Fields, billing: Fields, shipping: Fields) -> CustomerRef:
    number = order.text("customer_id")
    return CustomerRef(
        email=billing.text("email", "CUS-003"),
        name=billing.text("company") or shipping.text("company") or _person(billing) or _person(shipping),
        key="" if number in ("", "0") else f"woo:{number}",  # 0 is a guest
        phone=billing.text("phone") or shipping.text("phone"),
    )


def _address(fields: Fields) -> Address:
    """The delivery address alone: WooCommerce fills it from the billing address where goods are to be shipped."""
    code = fields.text("country", "ADR-001").upper()
    if code and not re.fullmatch("[A-Z]{2}", code):
        fields.complain("country", "ADR-001", "is no ISO code of a country")
        code = ""
    return Address(
        recipient=", ".join(filter(None, [fields.text("company"), _person(fields)])),
        street=", ".join(filter(None, [fields.text("address_1", "ADR-001"), fields.text("address_2")])),
        city=fields.text("city", "ADR-001"),
        region=fields.text("state"),
        postal_code=fields.text("postcode", "ADR-001"),
        country=code,
    )


def _person(fields: Fields) -> str:
    return " ".join(filter(None, [fields.text("first_name"), fields.text("last_name")]))


def _po_number(pairs: list[tuple[str, object]]) -> str:
    return next((clean_text(str(value)) for key, value in pairs if key.lower() in PO_KEYS and value), "")
