"""Phone orders: what the clerk types into the form of `enter_order`."""

from collections.abc import Iterable
from typing import Any

from sandbox.world.orders import Order

CLERK = "Sam Desk"


def phone_calls(orders: Iterable[Order]) -> list[dict[str, Any]]:
    """The calls in time order: the parameters of `enter_order`, and `at`."""
    return [_call(order) for order in sorted(orders, key=lambda order: order.at)]


def _call(order: Order) -> dict[str, Any]:
    place, customer = order.place, order.customer
    lines = [f"{line.ref} {line.quantity} {line.price}" for line in order.lines]
    return {
        "at": order.at.isoformat(), "customer": _said(order), "lines": "\n".join(lines), "clerk": CLERK,
        "their_reference": order.order_ref, "requested_date": str(order.requested or ""),
        "recipient": place.recipient if place else "", "street": place.street if place else "",
        "city": place.city if place else "", "postal_code": place.postal_code if place else "",
        "country": place.country if place else "",
        "payment_method": customer.payment_methods[0] if customer else "", "remarks": "",
    }  # fmt: skip


def _said(order: Order) -> str:
    """How the caller names their firm: by our number, by name or by mail address."""
    customer = order.customer
    ways = (customer.number, customer.name, customer.email) if customer else (order.name,)
    return ways[int(order.truth_id[1:]) % len(ways)]
