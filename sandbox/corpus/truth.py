"""What is true of a mail, as truth.jsonl has it."""

from dataclasses import asdict
from typing import Any

from sandbox.corpus.entities import Draft, Wish


def truth_of(file: str, layout: str, family: str, kind: str, draft: Draft, orders: list[Draft]) -> dict[str, Any]:
    """One line of truth.jsonl; null where no reader can know."""
    return {
        "file": file, "language": draft.language, "layout": layout, "family": family, "kind": kind,
        "customer_no": "" if draft.is_outsider else draft.customer.number, "orders": [_order(order) for order in orders],
        "expect": draft.expect, "may_hold": draft.may_hold, "traps": draft.traps,
    }  # fmt: skip


def _order(draft: Draft) -> dict[str, Any]:
    return {
        "order_ref": draft.order_ref or None, "requested_date": draft.requested or None,
        "currency": draft.currency or None, "delivery": asdict(draft.place) if draft.place else None,
        "payment_method": draft.payment or None, "lines": [_line(wish) for wish in draft.wishes],
    }  # fmt: skip


def _line(wish: Wish) -> dict[str, Any]:
    """Quantity and price count the item's own unit, whatever unit the customer counted in."""
    return {
        "item_no": wish.item.item_no if wish.item_known else None,
        "quantity": wish.base if wish.quantity_known else None,
        "unit": wish.item.unit, "unit_price": str(wish.price) if wish.price is not None else None,
    }  # fmt: skip
