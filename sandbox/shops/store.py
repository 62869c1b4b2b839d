"""What a shop knows: its orders and everything that happens to them. No vendor, no clock, safe for threads."""

import threading
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.shops.orders import Refund, ShopLine, ShopOrder, StoredLine, StoredOrder

Key = tuple[datetime, int]


class Store:
    """The orders of one shop, ready in the two orders that feeds ask for. Every time is the caller's.

    `first_id` is the id of the first order (Shopify counts in millions of millions, WooCommerce from one).
    """

    def __init__(self, first_id: int = 1) -> None:
        self._next_id, self._next_line_id = first_id, first_id * 3
        self._orders: dict[int, StoredOrder] = {}
        self._by_updated: list[Key] = []
        self._by_created: list[Key] = []
        self._lock = threading.RLock()

    def place(self, order: ShopOrder) -> int:
        """A customer orders. Returns the shop's id for it."""
        with self._lock:
            at = _whole_second(order.at)
            lines = tuple(StoredLine(self._line_id(), line, line.quantity) for line in order.lines)
            stored = StoredOrder(self._id(), order, lines, at, at, order.total)
            insort(self._by_created, (at, stored.order_id))
            self._keep(stored)
            return stored.order_id

    def edit(self, order_id: int, at: datetime, **changes: Any) -> None:
        """The order changes: `changes` are fields of ShopOrder. `lines` is the whole new list, before refunds.

        A line with the same sku and price is the same line with another quantity; what is missing is removed.
        """
        with self._lock:
            old = self.get(order_id)
            order = replace(old.order, **changes)
            lines = self._edited(old.lines, order.lines) if "lines" in changes else old.lines
            self._keep(replace(old, order=order, lines=lines, is_edited=True, updated_at=_later(old, at)))

    def cancel(self, order_id: int, at: datetime, reason: str = "customer") -> None:
        """The order is called off. Reasons: customer, declined, fraud, inventory, staff, other."""
        with self._lock:
            old = self.get(order_id)
            when = _later(old, at)
            self._keep(replace(old, cancelled_at=when, cancel_reason=reason, updated_at=when))

    def refund(
        self,
        order_id: int,
        at: datetime,
        quantities: Mapping[str, int] | None = None,
        amount: Decimal | None = None,
        note: str = "",
    ) -> int:
        """Money goes back, for units of lines (`quantities` by sku), or `amount` for none. Returns the refund's id."""
        with self._lock:
            old = self.get(order_id)
            taken = _taken(old, quantities or {})
            when, total = _later(old, at), sum((line[2] for line in taken), Decimal(0))
            refund = Refund(self._id(), when, total if amount is None else amount, note, tuple(taken))
            back = {line_id: quantity for line_id, quantity, _ in taken}
            lines = tuple(replace(line, refunded=line.refunded + back.get(line.line_id, 0)) for line in old.lines)
            self._keep(replace(old, lines=lines, refunds=(*old.refunds, refund), updated_at=when))
            return refund.refund_id

    def touch(self, order_id: int, at: datetime | None = None) -> None:
        """Something changed that feeds do not show: only the update time moves, to `at` or to the latest there is.

        So an order comes a second time in a feed, with nothing new in it.
        """
        with self._lock:
            old = self.get(order_id)
            self._keep(replace(old, updated_at=_later(old, at or self._by_updated[-1][0])))

    def get(self, order_id: int) -> StoredOrder:
        """The order as it is now. Raises KeyError."""
        return self._orders[order_id]

    def find(self, order_id: int) -> StoredOrder | None:
        """The order as it is now, or None."""
        return self._orders.get(order_id)

    def updated(self, since: datetime | None = None, latest_first: bool = False) -> Iterator[StoredOrder]:
        """Orders by update time, then id; those updated at or after `since`. One that changes meanwhile is left out."""
        with self._lock:
            start = 0 if since is None else bisect_left(self._by_updated, (since, 0))
            keys = self._by_updated[start:]
        found = ((at, self._orders[order_id]) for at, order_id in (reversed(keys) if latest_first else keys))
        return (stored for at, stored in found if stored.updated_at == at)

    def created(self, latest_first: bool = False) -> Iterator[StoredOrder]:
        """Orders by the time they were placed, then id."""
        with self._lock:
            keys = self._by_created[:]
        return (self._orders[order_id] for _, order_id in (reversed(keys) if latest_first else keys))

    def __len__(self) -> int:
        return len(self._orders)

    def _keep(self, stored: StoredOrder) -> None:
        old = self._orders.get(stored.order_id)
        if old is not None:
            del self._by_updated[bisect_left(self._by_updated, (old.updated_at, old.order_id))]
        self._orders[stored.order_id] = stored
        insort(self._by_updated, (stored.updated_at, stored.order_id))

    def _edited(self, old: tuple[StoredLine, ...], new: tuple[ShopLine, ...]) -> tuple[StoredLine, ...]:
        wanted = list(new)
        kept = [_matched(line, wanted) for line in old]
        return (*kept, *(StoredLine(self._line_id(), line, line.quantity) for line in wanted))

    def _id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _line_id(self) -> int:
        self._next_line_id += 1
        return self._next_line_id - 1


def _matched(old: StoredLine, wanted: list[ShopLine]) -> StoredLine:
    for line in wanted:
        if (line.sku, line.unit_price) == (old.line.sku, old.line.unit_price):
            wanted.remove(line)
            ordered = max(old.ordered, line.quantity)
            return replace(old, line=line, ordered=ordered, removed=ordered - line.quantity)
    gone = replace(old.line, quantity=0, discount=Decimal(0))
    return replace(old, line=gone, removed=old.ordered - old.refunded)


def _taken(old: StoredOrder, quantities: Mapping[str, int]) -> list[tuple[int, int, Decimal]]:
    taken, left = [], dict(quantities)
    for line in old.lines:
        quantity = min(left.get(line.line.sku, 0), line.current)
        if quantity > 0:
            left[line.line.sku] -= quantity
            each = line.line.total / line.line.quantity
            taken.append((line.line_id, quantity, (each * quantity).quantize(Decimal("0.01"))))
    if any(left.values()):
        raise ValueError(f"order {old.order_id} has not that many units left: {left}")
    return taken


def _whole_second(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no timezone")
    return at.astimezone(UTC).replace(microsecond=0)


def _later(old: StoredOrder, at: datetime) -> datetime:
    return max(old.updated_at, _whole_second(at))
