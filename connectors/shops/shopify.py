"""Shopify: orders through the Admin GraphQL API. This file only talks; `shopify_orders.py` says what an order means.

By default an app sees the orders of the last 60 days only. Older ones, with their later changes, are left out by
Shopify without a word unless the app has the scope `read_all_orders`; see `ShopifyShop.arrivals`.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.channels import Cursor
from connectors.errors import AccessError, ContractError, TransientError
from connectors.http import Http, Reply
from connectors.http_pages import PageGuard
from connectors.shops.cursors import resume_points
from connectors.shops.envelopes import json_envelope
from connectors.shops.fields import list_of, read_moment
from connectors.shops.shopify_graphql import CostError, ShopifyGraphql
from connectors.shops.shopify_query import ORDER, ORDER_LINES, ORDERS, SCOPES
from orderclerk.domain.envelopes import Envelope

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/vnd.shopify.order+json"
API_VERSION = "2026-10"
OVERLAP = timedelta(minutes=2)  # Shopify's search index, which `query` asks, lags behind the orders
WINDOW = timedelta(days=60)
MAX_PAGED = 20_000  # Shopify pages at most 25,000 objects of one query: the next query starts where this one came to
LINES_PER_PAGE = 50
MAX_REREADS = 3


def open_shopify(name: str, url: str, token: str, api_version: str = API_VERSION, **options: Any) -> "ShopifyShop":
    """The shop at `url` (https://NAME.myshopify.com) with an Admin API access token; `options` are those of Http."""
    hints = {
        401: "the access token is wrong or was revoked: put the current one into the environment",
        402: "the shop is frozen: its owner must pay Shopify",
        403: "give the app the scope read_orders, and read_customers for names and addresses",
        404: "check the shop's address, and whether Shopify still serves the configured api_version",
        423: "the shop is locked: its owner must ask Shopify",
    }
    return ShopifyShop(
        name, Http(name, url, headers={"X-Shopify-Access-Token": token}, hints=hints, **options), api_version
    )


class ShopifyShop:
    """The channel `name`. Source: shopify.dev/docs/api/admin-graphql/2026-10/queries/orders."""

    def __init__(self, name: str, http: Http, api_version: str = API_VERSION, page_size: int = 50) -> None:
        self.name, self._http, self._page_size = name, http, page_size
        self._api = ShopifyGraphql(http, api_version)

    def arrivals(self, cursor: Cursor) -> Iterator[tuple[Envelope, Cursor]]:
        """Orders changed at or after `{"updated_at": ISO}`, oldest change first; {} gives all that Shopify shows.

        The last two minutes before the cursor come again: the book de-duplicates. Raises AccessError if the cursor lies
        before Shopify's 60 days and the app has not `read_all_orders`: orders would be missing without a word.
        """
        start = _moment_of(cursor)
        is_checked = start is None
        while True:
            came_to, is_more = start, False
            for reply, nodes, is_more in self._pages(start):  # noqa: B007 - its last value is asked below
                if not is_checked:
                    self._check_window(start, reply)
                    is_checked = True
                points = resume_points([_stamp(node) for node in nodes], came_to)
                for node, point in zip(nodes, points, strict=True):
                    yield self._envelope(self._whole(node)), _cursor(point)
                came_to = points[-1] if points else came_to
            if not is_more:
                return
            if came_to == start:
                raise ContractError(
                    self.name, f"more than {MAX_PAGED} orders changed at {start}: cannot page past them"
                )
            start = came_to

    def settle(self, delivery_refs: list[str]) -> None:
        """Nothing: a shop keeps its orders."""

    def _pages(self, start: datetime | None) -> Iterator[tuple[Reply, list[Any], bool]]:
        """Pages of one query with whether more are left; the last page after MAX_PAGED orders still says so."""
        after, count, guard = None, 0, PageGuard(self.name)
        since = f"updated_at:>='{(start - OVERLAP).strftime('%Y-%m-%dT%H:%M:%SZ')}'" if start else None
        while True:
            reply = self._page({"after": after, "query": since, "lines": LINES_PER_PAGE})
            nodes, after = self._api.connection(reply.data, "orders")
            count += len(nodes)
            yield reply, nodes, after is not None
            if after is None or count >= MAX_PAGED:
                return
            guard.check(after)

    def _page(self, variables: dict[str, Any]) -> Reply:
        """One page; where it would cost more than Shopify allows, with half as many orders from now on."""
        while True:
            try:
                return self._api.ask(ORDERS, {"first": self._page_size, **variables})
            except CostError:
                if self._page_size == 1:
                    raise
                self._page_size //= 2
                log.info("%s: the query costs too much, now %d orders a page", self.name, self._page_size)

    def _whole(self, node: Any) -> Any:
        """The order with all its lines; if it changes while they are read it is read anew."""
        for _ in range(MAX_REREADS):
            if not isinstance(node, dict) or not isinstance(node.get("id"), str) or not _next(node.get("lineItems")):
                return node
            whole = self._with_all_lines(node)
            if whole is not None:
                return whole
            node = self._api.ask(ORDER, {"id": node["id"], "lines": LINES_PER_PAGE}).data["data"].get("order") or node
        raise TransientError(self.name, f"order {node['id']} keeps changing while it is read")

    def _with_all_lines(self, node: dict[str, Any]) -> dict[str, Any] | None:
        first = list_of(node["lineItems"])
        lines, guard = [*first] if isinstance(first, list) else [], PageGuard(self.name)
        after = _next(node["lineItems"])
        while after is not None:
            guard.check(after)
            reply = self._api.ask(ORDER_LINES, {"id": node["id"], "after": after, "lines": LINES_PER_PAGE})
            order = reply.data["data"].get("order")
            if not isinstance(order, dict) or order.get("updatedAt") != node.get("updatedAt"):
                return None
            more, after = self._api.connection({"data": order}, "lineItems")
            lines += more
        return {**node, "lineItems": {"nodes": lines, "pageInfo": {"hasNextPage": False}}}

    def _envelope(self, node: Any) -> Envelope:
        fields = node if isinstance(node, dict) else {}
        ref = fields.get("legacyResourceId") or str(fields.get("id") or "").rpartition("/")[2]
        return json_envelope(self.name, MEDIA_TYPE, self._http.host, node, ref, fields.get("updatedAt"))

    def _check_window(self, start: datetime | None, reply: Reply) -> None:
        today = _date_of(reply)
        if start is None or today is None or start > today - WINDOW:
            return
        installed = self._api.ask(SCOPES, {}).data["data"].get("currentAppInstallation")
        scopes = installed.get("accessScopes") if isinstance(installed, dict) else None
        handles = [scope.get("handle") for scope in scopes if isinstance(scope, dict)] if scopes else None
        if handles is not None and "read_all_orders" not in handles:
            hint = "ask Shopify for the scope read_all_orders, or move this channel's start to within 60 days"
            raise AccessError(
                self.name, f"the last pull was {start:%Y-%m-%d}: Shopify hides orders before 60 days", hint
            )


def _next(connection: Any) -> str | None:
    page = connection.get("pageInfo") if isinstance(connection, dict) else None
    return page.get("endCursor") if isinstance(page, dict) and page.get("hasNextPage") is True else None


def _stamp(node: Any) -> datetime | None:
    value = node.get("updatedAt") if isinstance(node, dict) else None
    return read_moment(value) if isinstance(value, str) else None


def _moment_of(cursor: Cursor) -> datetime | None:
    value = cursor.get("updated_at")
    return read_moment(value) if isinstance(value, str) else None


def _cursor(point: datetime | None) -> Cursor:
    return {} if point is None else {"updated_at": point.isoformat()}


def _date_of(reply: Reply) -> datetime | None:
    try:
        return parsedate_to_datetime(reply.headers.get("Date", "")).astimezone(UTC)
    except (TypeError, ValueError):
        return None
