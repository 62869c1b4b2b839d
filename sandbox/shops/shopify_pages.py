"""Connections of the Admin API: opaque cursors, sort keys, and the resolvers of QueryRoot.

Source: shopify.dev/docs/api/usage/pagination-graphql. A cursor is a place in the sort order, not a page of a list: an
order that is updated meanwhile moves behind it and comes again.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import gt, lt
from typing import Any

from sandbox.shops.graphql_engine import Problem
from sandbox.shops.orders import StoredOrder
from sandbox.shops.shopify_money import gid
from sandbox.shops.shopify_orders import financial_status, order_of
from sandbox.shops.shopify_search import Search, understood
from sandbox.shops.store import Store

MAX_PAGE = 250
Arguments = Mapping[str, Any]
SORTS: dict[str, Callable[[StoredOrder], Any]] = {
    "CREATED_AT": lambda stored: stored.created_at.isoformat(),
    "CURRENT_TOTAL_PRICE": lambda stored: float(stored.order.total - stored.refunded),
    "CUSTOMER_NAME": lambda stored: stored.order.name,
    "DESTINATION": lambda stored: stored.order.shipping_address.city if stored.order.shipping_address else "",
    "FINANCIAL_STATUS": financial_status,
    "FULFILLMENT_STATUS": lambda stored: "UNFULFILLED",
    "ID": lambda stored: stored.order_id,
    "ORDER_NUMBER": lambda stored: stored.order.number,
    "PO_NUMBER": lambda stored: stored.order.po_number,
    "PROCESSED_AT": lambda stored: stored.created_at.isoformat(),
    "RELEVANCE": lambda stored: stored.order_id,
    "TOTAL_ITEMS_QUANTITY": lambda stored: sum(line.ordered for line in stored.lines),
    "TOTAL_PRICE": lambda stored: float(stored.order.total),
    "UPDATED_AT": lambda stored: stored.updated_at.isoformat(),
}


def encoded(last_id: int, last_value: Any) -> str:
    """A cursor."""
    return urlsafe_b64encode(json.dumps({"last_id": last_id, "last_value": last_value}).encode()).decode()


def decoded(cursor: str, like: Any) -> tuple[Any, int]:
    """The (value, id) of a cursor, whose value must be of the type of `like`."""
    try:
        read = json.loads(urlsafe_b64decode(cursor))
        value, last_id = read["last_value"], int(read["last_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise Problem("Invalid cursor for current pagination sort.", "BAD_REQUEST") from error
    if like is not None and type(value) is not type(like):
        raise Problem("Invalid cursor for current pagination sort.", "BAD_REQUEST")
    return value, last_id


def page_size(arguments: Arguments) -> int:
    """How many are asked for; exactly one of first and last, at most 250."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        raise Problem("you must provide one of first or last", "BAD_REQUEST")
    if first is not None and last is not None:
        raise Problem("providing both first and last is not supported", "BAD_REQUEST")
    size = first if first is not None else last
    if not 0 < size <= MAX_PAGE:
        raise Problem(f"The page size must be between 1 and {MAX_PAGE}, {size} was asked for", "BAD_REQUEST")
    return size


def connection(
    nodes: Sequence[Any], cursor_of: Callable[[int], str], has_next: bool, has_previous: bool
) -> dict[str, Any]:
    """A connection of what is on this page; `cursor_of` makes the cursor of the nth node."""
    return {
        "nodes": nodes,
        "edges": lambda _: [{"cursor": cursor_of(n), "node": node} for n, node in enumerate(nodes)],
        "pageInfo": lambda _: {
            "endCursor": cursor_of(len(nodes) - 1) if nodes else None,
            "hasNextPage": has_next,
            "hasPreviousPage": has_previous,
            "startCursor": cursor_of(0) if nodes else None,
        },
    }


def nested_page(nodes: Sequence[Any], arguments: Arguments) -> dict[str, Any]:
    """A connection of a list inside an object: its cursors are positions."""
    size, places = page_size(arguments), list(enumerate(nodes))
    if arguments.get("reverse"):
        places.reverse()
    if arguments.get("after"):
        place = decoded(arguments["after"], 0)[1]
        places = [each for each in places if (each[0] < place if arguments["reverse"] else each[0] > place)]
    shown = places[:size] if arguments.get("first") else places[-size:]
    has_more, is_later = len(places) > len(shown), bool(arguments.get("after"))
    return connection([node for _, node in shown], lambda n: encoded(shown[n][0], shown[n][0]), has_more, is_later)


class Listing:
    """One `orders` field: which orders it gives."""

    def __init__(self, store: Store, arguments: Arguments) -> None:
        self.store, self.arguments = store, arguments
        self.shown: list[StoredOrder] = []
        self.search = understood(arguments.get("query"))
        self.sort_key = SORTS[arguments["sortKey"]]
        self.is_reversed = bool(arguments["reverse"]) != (arguments.get("last") is not None)

    def page(self) -> dict[str, Any]:
        """The connection."""
        size = page_size(self.arguments)
        cursor = self.arguments.get("before") if self.arguments.get("last") else self.arguments.get("after")
        found = list(islice(self._after(cursor), size + 1))
        shown, has_more = found[:size], len(found) > size
        self.shown = shown
        if self.arguments.get("last"):
            shown.reverse()
        before, after = (has_more, bool(cursor)) if self.arguments.get("last") else (bool(cursor), has_more)
        return connection([order_of(stored) for stored in shown], lambda n: self._cursor(shown[n]), after, before)

    def _cursor(self, stored: StoredOrder) -> str:
        return encoded(stored.order_id, self.sort_key(stored))

    def count(self) -> int:
        """How many orders the search finds."""
        return sum(1 for stored in self._sorted() if self.search.test(stored))

    def _after(self, cursor: str | None) -> Iterable[StoredOrder]:
        found = (stored for stored in self._sorted() if self.search.test(stored))
        if not cursor:
            return found
        example = next(map(self.sort_key, self.store.created()), None)
        place, is_beyond = decoded(cursor, example), lt if self.is_reversed else gt
        return (stored for stored in found if is_beyond(self._place(stored), place))

    def _place(self, stored: StoredOrder) -> tuple[Any, int]:
        return self.sort_key(stored), stored.order_id

    def _sorted(self) -> Iterable[StoredOrder]:
        key = self.arguments["sortKey"]
        if key == "UPDATED_AT":
            return self.store.updated(self._updated_from(), self.is_reversed)
        if key in ("CREATED_AT", "PROCESSED_AT"):
            return self.store.created(self.is_reversed)
        return sorted(self.store.created(), key=self._place, reverse=self.is_reversed)

    def _updated_from(self) -> Any:
        bounds = [self.search.updated_from] if self.search.updated_from else []
        cursor = self.arguments.get("after")
        if cursor and not self.is_reversed:
            bounds.append(_as_time(decoded(cursor, "")[0]))
        return max(bounds, default=None)


def _as_time(text: str) -> Any:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Problem("Invalid cursor for current pagination sort.", "BAD_REQUEST") from error


def resolvers(
    store: Store, shop: Mapping[str, Any], is_repeated: Callable[[], bool], searches: list[Search]
) -> dict[str, Any]:
    """The fields of QueryRoot. `searches` collects what was searched for, for the warnings.

    `is_repeated` says whether an order of this page comes again later (the fault `duplicates`).
    """

    def orders(arguments: Arguments) -> dict[str, Any]:
        listing = Listing(store, arguments)
        searches.append(listing.search)
        page = listing.page()
        if listing.shown and is_repeated():
            store.touch(listing.shown[0].order_id)
        return page

    def count(arguments: Arguments) -> dict[str, Any]:
        number = Listing(store, {**arguments, "sortKey": "UPDATED_AT", "reverse": False}).count()
        limit = arguments.get("limit")
        is_cut = limit is not None and number > limit
        return {"count": limit if is_cut else number, "precision": "AT_LEAST" if is_cut else "EXACT"}

    def node(identifier: str) -> dict[str, Any] | None:
        number = identifier.rpartition("/")[2]
        stored = store.find(int(number)) if number.isdigit() else None
        return order_of(stored) if stored and identifier == gid("Order", stored.order_id) else None

    return {
        "orders": orders,
        "ordersCount": count,
        "order": lambda arguments: node(arguments["id"]),
        "node": lambda arguments: node(arguments["id"]),
        "nodes": lambda arguments: [node(each) for each in arguments["ids"]],
        "shop": shop,
    }
