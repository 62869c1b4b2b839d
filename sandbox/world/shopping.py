"""Shop orders as the shops of the sandbox take them, and what happens to them afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.shops.orders import ShopAddress, ShopLine, ShopOrder, ShopTax
from sandbox.world.entities import Place
from sandbox.world.events import ShopChanges
from sandbox.world.orders import Line, Order, OrderMaker

FIRST_ID = {"shopify": 6_512_000_100_001, "woo": 4_001}
FIRST_NUMBER = {"shopify": 1001, "woo": 0}
TAX = {"shopify": Decimal("0.20"), "woo": Decimal("0.19")}
_REGION_CODES = {"Madrid": "M", "Valencia": "V", "Zaragoza": "Z"}


def shop_events(shop: str, orders: Iterable[Order], maker: OrderMaker) -> list[ShopChanges]:
    """All that happens in one shop, in the order it happens; tells each order its id and number.

    A shop hands out ids in sequence, to orders and refunds alike, so they follow from the sequence of events.
    """
    planned = [change for order in orders for change in _planned(order, maker)]
    planned.sort(key=lambda change: (change[0], change[1].truth_id))
    next_id, number, events = FIRST_ID[shop], FIRST_NUMBER[shop], []
    for at, order, do in planned:
        if do == "place":
            order.order_ref, order.extra["number"] = str(next_id), number or next_id
            number += 1 if number else 0
        arguments = _arguments(order, do)
        events.append(ShopChanges(at, shop, do, int(order.order_ref), arguments))
        next_id += do in ("place", "refund")
    return events


def _planned(order: Order, maker: OrderMaker) -> list[tuple]:
    rng = maker.stream("shop", order.truth_id)
    later = order.at + timedelta(minutes=rng.randrange(45, 150))
    follow = {"edited": "edit", "cancelled": "cancel", "refunded": "refund"}.get(order.case)
    if order.case == "refunded" and "refund" not in order.extra:
        follow = None
    return [(order.at, order, "place"), *([(later, order, follow)] if follow else [])]


def _arguments(order: Order, do: str) -> dict[str, object]:
    if do == "place":
        return {"order": _shop_order(order, order.extra.get("first_lines", order.lines))}
    if do == "edit":
        edited = _shop_order(order, order.lines)
        return {"lines": edited.lines, "taxes": edited.taxes}
    if do == "refund":
        return {"quantities": {order.lines[0].ref: 1}, "note": "one piece damaged"}
    return {"reason": "customer"}


def _shop_order(order: Order, lines: Sequence[Line]) -> ShopOrder:
    known, serial = order.customer, int(order.truth_id[1:])
    shipping = Decimal("5.90") if serial % 2 else Decimal(0)
    address = _address(order.place, order.name) if order.place else None
    placed = ShopOrder(
        number=order.extra["number"], at=order.at, currency=order.currency,
        lines=tuple(ShopLine(line.ref, line.name, line.quantity, line.price) for line in lines),
        customer_id=int(known.keys[order.channel]) if known else 0,
        email=known.email if known else order.extra["email"], name=order.name, phone=known.phone if known else "",
        locale={"zh_CN": "zh"}.get(order.speech, order.speech), shipping_address=address, shipping_price=shipping,
        payment_method="invoice" if serial % 3 else "card", is_paid=not serial % 3,
        note="Please deliver before noon" if serial % 9 == 0 else "",
    )  # fmt: skip
    return replace(placed, taxes=(_tax(order.channel, placed),))


def _tax(shop: str, placed: ShopOrder) -> ShopTax:
    amount = (placed.total * TAX[shop]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return ShopTax("VAT", TAX[shop], amount)


def _address(place: Place, company: str) -> ShopAddress:
    return ShopAddress(
        first_name="Goods", last_name="Inwards", company=company, street=place.street, city=place.city,
        region=place.region, region_code=_REGION_CODES.get(place.region, place.region), postal_code=place.postal_code,
        country=place.country,
    )  # fmt: skip
