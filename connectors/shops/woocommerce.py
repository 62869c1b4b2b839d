"""WooCommerce: orders through REST API v3. This file only talks; `woocommerce_orders.py` says what an order means.

Needs WooCommerce 5.8 (`modified_after`, `dates_are_gmt`, `orderby=modified`) and a REST key with read permission.
Orders in the bin are not listed: a shop must cancel an order before deleting it, or the desk never hears of it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.channels import Cursor
from connectors.errors import ContractError, RejectedError
from connectors.http import Http, Reply
from connectors.shops.envelopes import json_envelope
from connectors.shops.fields import read_moment
from connectors.shops.woocommerce_paging import Page, Pull
from orderclerk.domain.envelopes import Envelope

MEDIA_TYPE = "application/vnd.woocommerce.order+json"
ORDERS = "/wp-json/wc/v3/orders"
PER_PAGE = 100  # the most that WooCommerce gives
OVERLAP = timedelta(minutes=2)  # an order's time of change is set before its transaction ends
REFUND_DETAILS = "refund_details"  # our addition to an order: its refunds as /orders/ID/refunds tells them
_NOTICE = re.compile(
    rb"\s*(?:<br\s*/?>\s*)?(?:<b>)?(?:PHP )?(?:Warning|Notice|Deprecated|Strict Standards|User \w+)(?:</b>)?:\s"
    rb"[^\r\n]*? on line (?:<b>)?\d+(?:</b>)?[ \t]*(?:<br\s*/?>)?\s*",
)
MAX_NOTICES = 200


def open_woocommerce(name: str, url: str, key: str, secret: str, **options: Any) -> "WooShop":
    """The shop at `url` (https only) with a REST key's consumer key and secret; `options` are those of Http."""
    hints = {
        401: "make a REST key with read permission in WooCommerce, Settings, Advanced; some hosts drop Authorization",
        403: "the key's user may not read orders, or a security plugin of the shop blocks the API",
        404: "is this the shop's address, is WooCommerce active, and are permalinks other than plain?",
    }
    return WooShop(name, Http(name, url, auth=(key, secret), clean=without_php_notices, hints=hints, **options))


class WooShop:
    """The channel `name`. Source: developer.woocommerce.com/docs/apis/rest-api/v3, Orders and Order refunds."""

    def __init__(self, name: str, http: Http, per_page: int = PER_PAGE) -> None:
        self.name, self._http, self._per_page = name, http, per_page

    def arrivals(self, cursor: Cursor) -> Iterator[tuple[Envelope, Cursor]]:
        """Orders changed at or after `{"modified_gmt": ISO}`, oldest change first; {} gives every order there is.

        The last two minutes before the cursor come again: the book de-duplicates.
        """
        start = read_moment(str(cursor.get("modified_gmt", "")))
        pull = Pull(self.name, start - OVERLAP if start else None)
        while True:
            page = self._page(pull)
            for order, point in pull.take(page):
                yield self._envelope(self._whole(order)), _cursor(max(point, start) if point and start else point)
            if not pull.goes_on(page):
                return

    def settle(self, delivery_refs: list[str]) -> None:
        """Nothing: a shop keeps its orders."""

    def _page(self, pull: Pull) -> Page:
        """Page `pull.page` of what changed at or after its anchor; `modified_after` itself is exclusive.

        The time goes without offset: WordPress turns one with offset into the site's own time zone, and then
        compares it with the GMT column all the same.
        """
        params: dict[str, Any] = {"orderby": "modified", "order": "asc", "per_page": self._per_page, "page": pull.page}
        if pull.anchor is not None:
            after = pull.anchor.astimezone(UTC) - timedelta(seconds=1)
            params |= {"modified_after": after.strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}
        if pull.excluded:
            params["exclude"] = ",".join(pull.excluded)
        reply = self._http.get(ORDERS, params)
        rows = self._rows(reply)
        return Page(rows, [_key(row) for row in rows], self._is_more(reply, pull.page))

    def _whole(self, order: Any) -> Any:
        """The order with its refunds line by line; the order itself only sums them up."""
        if not isinstance(order, dict) or not order.get("refunds") or not isinstance(order.get("id"), int):
            return order
        try:
            return {**order, REFUND_DETAILS: self._refunds(order["id"])}
        except RejectedError:
            return order  # the reader holds an order whose refunds it cannot tell

    def _refunds(self, order_id: int) -> list[Any]:
        found: list[Any] = []
        for page in range(1, 100):
            reply = self._http.get(f"{ORDERS}/{order_id}/refunds", {"per_page": self._per_page, "page": page})
            found += self._rows(reply)
            if not self._is_more(reply, page):
                return found
        raise ContractError(self.name, f"order {order_id} has refunds without end")

    def _rows(self, reply: Reply) -> list[Any]:
        if not isinstance(reply.data, list):
            raise ContractError(self.name, "the answer is no list of orders")
        return reply.data

    def _is_more(self, reply: Reply, page: int) -> bool:
        """X-WP-TotalPages says it, or the Link header where a proxy drops the one; else a full page."""
        pages = reply.headers.get("X-WP-TotalPages", "")
        if pages.isdecimal():
            return page < int(pages) and bool(reply.data)
        if "Link" in reply.headers:
            return 'rel="next"' in reply.headers["Link"] and bool(reply.data)
        return len(reply.data) >= self._per_page

    def _envelope(self, order: Any) -> Envelope:
        fields = order if isinstance(order, dict) else {}
        return json_envelope(
            self.name, MEDIA_TYPE, self._http.host, order, fields.get("id"), fields.get("date_modified_gmt")
        )


def without_php_notices(body: bytes) -> bytes:
    """The JSON behind PHP's warnings and notices, which a careless host prints before every answer."""
    start = 0
    for _ in range(MAX_NOTICES):
        found = _NOTICE.match(body, start)
        if not found:
            break
        start = found.end()
    return body[start:]


def _key(row: Any) -> tuple[str, datetime | None]:
    fields = row if isinstance(row, dict) else {}
    changed = fields.get("date_modified_gmt")
    return str(fields.get("id", "")), read_moment(changed) if isinstance(changed, str) else None


def _cursor(point: datetime | None) -> Cursor:
    return {} if point is None else {"modified_gmt": point.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")}
