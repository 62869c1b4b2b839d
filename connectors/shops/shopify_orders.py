"""What a Shopify order says, in the desk's words. Pure: the envelope's bytes in, a Reading out.

Source: shopify.dev/docs/api/admin-graphql, object Order. The key is `legacyResourceId`, which never changes; the name
people see (`#1001`) goes into `customer_po` unless the customer stated a PO number. Money is in the currency the
customer pays (presentment). Quantities and totals are as after edits, refunds and returns. `unit_price` is after all
discounts and without tax: original price times quantity, less what discounts are allocated to the line, less the line's
own tax where the shop's prices include tax (`taxesIncluded`), divided by the quantity. Freight (without tax too), tax,
duties, fees and tips are charge lines, so that the lines come to the total. Cancelled, voided, wholly refunded or
emptied orders are cancellations; their lines tell what was ordered.
"""

import re
from typing import Any

from connectors.shops.attributes import attribute_pairs, requested_day, words
from connectors.shops.fields import Fields, shown
from connectors.shops.pricing import square_up
from connectors.shops.readings import Found, read_each
from connectors.shops.shopify_legacy import as_graphql
from connectors.shops.shopify_lines import ShopifyLines
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import Address, CustomerRef, Kind, OrderRead, Reading, Unreadable

CALLED_OFF = frozenset({"REFUNDED", "VOIDED"})


def read_shopify(envelope: Envelope) -> Reading:
    """The orders in an envelope of the Admin API (GraphQL) or of a webhook (the older shape). Never raises."""
    return read_each(envelope, _unwrapped, _read)


def _unwrapped(data: Any) -> list[Any]:
    """REST wraps orders in an object, webhooks do not."""
    if isinstance(data, dict) and isinstance(data.get("orders"), list):
        return list(data["orders"])
    return [data["order"] if isinstance(data, dict) and isinstance(data.get("order"), dict) else data]


def _read(data: dict[str, Any], envelope: Envelope, where: str) -> Found:
    is_graphql = "legacyResourceId" in data or str(data.get("id")).startswith("gid://")
    order = Fields(data if is_graphql else as_graphql(data))
    ref = order.text("legacyResourceId") or order.text("id").rpartition("/")[2]
    if not ref:
        return Unreadable(where, shown(data), "ROW-001", "the order has neither legacyResourceId nor id")
    if order.data.get("test") is True:
        return f"order {order.text('name') or ref} is a test of the shop, not an order"
    return _order(order, envelope, ref)


def _order(order: Fields, envelope: Envelope, ref: str) -> OrderRead:
    reader = ShopifyLines(order, _currency(order))
    items = [item.on_its_own() for item in order.items("lineItems", "ORD-001")]
    is_off = _is_called_off(order, items)
    goods = [line for number, item in enumerate(items, 1) if (line := reader.line(item, number, is_off))]
    total = reader.money(order, "currentTotalPriceSet", "ORD-003")
    lines, unequal = (goods, []) if is_off else square_up([*goods, *reader.charges()], total, reader.rounding)
    pairs = attribute_pairs(order, "customAttributes")
    shipping, billing = order.inner("shippingAddress", "ADR-001"), order.inner("billingAddress")
    return OrderRead(
        source=envelope.channel,
        order_ref=ref,
        kind=Kind.CANCELLATION if is_off else Kind.ORDER,
        customer=_customer(order, billing, shipping),
        customer_po=order.text("poNumber") or order.text("name"),
        currency=reader.currency,
        language=order.text("customerLocale").replace("-", "_"),
        order_date=order.day("createdAt"),
        requested_date=requested_day(pairs, order.problems),
        delivery=_address(shipping),
        payment_method=_gateways(order),
        remarks=words(order.text("note"), pairs),
        total=None if is_off else total,
        version_at=order.moment("updatedAt") or envelope.sent_at,
        lines=tuple(lines),
        problems=(*order.problems, *unequal),
    )


def _currency(order: Fields) -> str:
    name = "presentmentCurrencyCode" if order.data.get("presentmentCurrencyCode") else "currencyCode"
    code = order.text(name, "ORD-004").upper()
    if code and not re.fullmatch("[A-Z]{3}", code):
        order.complain(name, "ORD-004", "is no currency code")
        return ""
    return code


def _is_called_off(order: Fields, items: list[Fields]) -> bool:
    if order.text("cancelledAt", "ORD-002") or order.text("displayFinancialStatus").upper() in CALLED_OFF:
        return True
    left = [item.data.get("currentQuantity", "?") for item in items]
    return bool(left) and all(str(quantity) in ("0", "0.0") for quantity in left)


def _customer(order: Fields, billing: Fields, shipping: Fields) -> CustomerRef:
    customer = order.inner("customer", "CUS-001")
    number = customer.text("legacyResourceId") or customer.text("id").rpartition("/")[2]
    names = [customer.text("firstName"), customer.text("lastName")]
    person = customer.text("displayName") or " ".join(filter(None, names))
    return CustomerRef(
        email=order.text("email", "CUS-003") or customer.text("email", "CUS-003"),
        name=billing.text("company") or shipping.text("company") or person or billing.text("name"),
        key=f"shopify:{number}" if number else "",
        phone=order.text("phone") or shipping.text("phone") or billing.text("phone"),
    )


def _address(fields: Fields) -> Address:
    code = fields.text("countryCodeV2", "ADR-001").upper()
    if (code or fields.data.get("country")) and not re.fullmatch("[A-Z]{2}", code):
        fields.complain("countryCodeV2" if code else "country", "ADR-001", "the country has no ISO code")
        code = ""
    return Address(
        recipient=", ".join(filter(None, [fields.text("company"), fields.text("name")])),
        street=", ".join(filter(None, [fields.text("address1", "ADR-001"), fields.text("address2")])),
        city=fields.text("city", "ADR-001"),
        region=fields.text("province"),
        postal_code=fields.text("zip", "ADR-001"),
        country=code,
    )


def _gateways(order: Fields) -> str:
    names = order.data.get("paymentGatewayNames")
    return ", ".join(name for name in names if isinstance(name, str)) if isinstance(names, list) else ""
