"""What every order really was, as docs/contracts.md says it."""

import json
from typing import Any

from sandbox.world.day import Day
from sandbox.world.orders import Order


def truth_of(day: Day) -> dict[str, Any]:
    """The whole of truth.json."""
    return {
        "seed": day.seed,
        "date": day.date.isoformat(),
        "orders": [_order(order) for order in day.orders],
        "not_orders": day.not_orders,
    }


def truth_text(day: Day) -> str:
    """truth.json, an order a line, so that people can read and search it."""
    truth = truth_of(day)
    lists = ",\n".join(
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in truth[name]) + "\n]"
        for name in ("orders", "not_orders")
    )
    return f'{{"seed": {truth["seed"]}, "date": "{truth["date"]}",\n{lists}}}\n'


def _order(order: Order) -> dict[str, Any]:
    """`acceptable`: other outcomes that are right as well, depending on what the desk read first."""
    return {
        "truth_id": order.truth_id, "channel": order.channel, "source": order.source, "order_ref": order.order_ref,
        "at": order.at.isoformat(), "customer_no": order.customer.number if order.customer else "",
        "kind": order.kind, "expect": order.expect, "rules": list(order.rules), "language": order.speech,
        "format": order.format, "lines": [
            {"item_no": line.item_no, "quantity": str(line.quantity), "unit_price": str(line.price)}
            for line in order.lines
        ],
        "duplicate_of": order.duplicate_of, "answer": order.answer, "acceptable": list(order.acceptable),
        "case": order.case, "currency": order.currency, "deliveries": order.extra.get("deliveries", 1),
        "shown_ref": str(order.extra.get("number", order.order_ref)), "message_id": order.extra.get("message_id", ""),
        "file": order.extra.get("file", ""),
    }  # fmt: skip
