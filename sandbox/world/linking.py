"""Orders that have to do with other orders: the same one again, and goods that come back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sandbox.world.making import message_id, own_reference
from sandbox.world.orders import Order, OrderMaker

DUPLICATES, RESENT, RETURNS = 0.008, 0.004, 0.010
LATER = timedelta(hours=1)


def link_orders(maker: OrderMaker, orders: list[Order]) -> None:
    """Turn some ordinary orders into duplicates and returns of others. Days of under 50 orders have none."""
    if len(orders) < 50:
        return
    _make_duplicates(maker, orders, max(2, round(len(orders) * DUPLICATES)))
    _make_resent(maker, orders, max(1, round(len(orders) * RESENT)))
    _make_returns(maker, orders, max(2, round(len(orders) * RETURNS)))


def _plain(order: Order) -> bool:
    return order.case == "clean" and order.expect == "confirmed" and order.customer is not None


def _make_duplicates(maker: OrderMaker, orders: list[Order], count: int) -> None:
    """A mail that repeats what came by shop, file or phone at least an hour before."""
    rng = maker.stream("duplicates")
    mails = [
        o for o in rng.sample(orders, len(orders)) if o.channel == "mail" and _plain(o) and "no_ref" not in o.extra
    ]
    originals = [o for o in rng.sample(orders, len(orders)) if o.channel != "mail" and _plain(o)]
    for original in originals:
        second = next((mail for mail in mails if mail.at >= original.at + LATER), None) if count else None
        if second is not None:
            mails.remove(second)
            _repeat(second, original, maker)
            count -= 1


def _repeat(second: Order, first: Order, maker: OrderMaker) -> None:
    customer = first.customer
    second.customer, second.speech, second.currency = customer, customer.speech, customer.currency
    second.lines, second.place, second.requested = [replace(line) for line in first.lines], first.place, first.requested
    second.source = f"mail:{customer.email}"
    second.extra["message_id"] = message_id(customer.domain, second.truth_id, maker.day)
    second.order_ref = own_reference(customer, second.truth_id, maker.day)
    second.case, second.duplicate_of, second.answer = "duplicate", first.truth_id, "confirm"
    second.holds("DUP-001")
    second.acceptable = ("confirmed",)
    first.case, first.acceptable = "duplicated", ("held",)  # where the second was read first


def _make_resent(maker: OrderMaker, orders: list[Order], count: int) -> None:
    """A mail without an order number, sent again with a new Message-ID."""
    rng = maker.stream("resent")
    plain = [o for o in rng.sample(orders, len(orders)) if o.channel == "mail" and _plain(o)]
    for first in plain:
        if not count or not _plain(first):
            continue
        second = next((o for o in plain if _plain(o) and o.at >= first.at + LATER / 2), None)
        if second is None:
            continue
        for order in (first, second):
            order.extra["no_ref"], order.format = True, "text"
        first.order_ref = first.extra["message_id"]
        _repeat(second, first, maker)
        second.order_ref, second.case = second.extra["message_id"], "resent"
        count -= 1


def _make_returns(maker: OrderMaker, orders: list[Order], count: int) -> None:
    """Credit notes in the file of the sender that marks them with a C; every fourth has no original."""
    rng = maker.stream("returns")
    own = sorted((o for o in orders if o.sender == "thameside" and _plain(o)), key=lambda o: o.at)
    for nth in range(min(count, len(own) // 2)):
        first, back = own[nth], own[-1 - nth]
        line = rng.choice(first.lines)
        back.kind, back.case, back.order_ref = "return", "return", f"C{back.order_ref}"
        back.customer, back.speech, back.answer = first.customer, first.speech, ""
        back.lines = [replace(line, quantity=max(1, line.quantity // 2))]
        if nth % 4 == 1:
            back.lines[0].price += Decimal("0.37")
            back.case = "return_unknown"
            back.holds("RET-001")
