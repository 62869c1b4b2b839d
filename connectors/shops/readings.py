"""From the bytes of a shop's envelope to a Reading, order by order: one that is broken leaves the others alone."""

from collections.abc import Callable
from typing import Any

from connectors.http_json import BrokenJson, load_json
from connectors.shops.fields import shown
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, OrderRead, Reading, Unreadable

Found = OrderRead | Unreadable | str
"""An order, something unreadable, or in a sentence why it is no order."""


def read_each(
    envelope: Envelope, unwrap: Callable[[Any], list[Any]], read: Callable[[dict[str, Any], Envelope, str], Found]
) -> Reading:
    """The Reading of all objects that `unwrap` finds in the envelope's JSON, each read by `read`."""
    try:
        data = load_json(envelope.content)
    except BrokenJson as error:
        return Reading(EnvelopeKind.UNREADABLE, reason=f"not JSON: {error}")
    found = [_read_one(item, envelope, f"order {number}", read) for number, item in enumerate(unwrap(data), 1)]
    orders = tuple(one for one in found if isinstance(one, OrderRead))
    unreadable = tuple(one for one in found if isinstance(one, Unreadable))
    reason = "; ".join(one for one in found if isinstance(one, str))
    if not orders and not unreadable:
        return Reading(EnvelopeKind.OTHER, reason=reason or "no orders in it")
    return Reading(EnvelopeKind.ORDERS, orders, unreadable=unreadable, reason=reason)


def _read_one(
    item: Any, envelope: Envelope, where: str, read: Callable[[dict[str, Any], Envelope, str], Found]
) -> Found:
    if not isinstance(item, dict):
        return Unreadable(where, shown(item), "ENV-001", f"no order but {type(item).__name__}")
    if "unreadable" in item and "excerpt" in item:
        return Unreadable(where, shown(item["excerpt"]), "ENV-001", shown(item["unreadable"]))
    return read(item, envelope, where)
