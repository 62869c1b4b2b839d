"""A WooCommerce shop: `GET /wp-json/wc/v3/orders`, `/orders/<id>`, `/orders/<id>/refunds`, over TLS with Basic auth.

Source: woocommerce.github.io/woocommerce-rest-api-docs, and WooCommerce's authentication and order controllers.
"""

import hmac
import json
import re
from base64 import b64decode
from math import ceil
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sandbox.faults import Faults, chance
from sandbox.httpd import Handler, Request, Response, html_response
from sandbox.shops.orders import StoredOrder
from sandbox.shops.serving import Spoiled, request_name, with_faults
from sandbox.shops.store import Store
from sandbox.shops.woocommerce_orders import order_json, refunds_json
from sandbox.shops.woocommerce_query import Invalid, Listing, listing, picked

ROOT = "/wp-json/wc/v3"
_ORDER = re.compile(rf"{ROOT}/orders/(\d+)/?")
_REFUNDS = re.compile(rf"{ROOT}/orders/(\d+)/refunds(?:/(\d+))?/?")
PHP_WARNING = (
    b"<br />\n<b>Warning</b>:  Undefined array key &quot;HTTP_REFERER&quot; in "
    b"<b>/var/www/html/wp-content/plugins/shop-stats/class-tracker.php</b> on line <b>88</b><br />\n"
)


def woocommerce_shop(
    store: Store, key: str, secret: str, faults: Faults, system: str = "woocommerce", timezone: str = "Europe/Berlin"
) -> Handler:
    """The shop as a handler for `sandbox.httpd.Server`. `timezone` is the site's: what its naive times mean."""
    shop = _Shop(store, key, secret, faults, system, ZoneInfo(timezone))
    return with_faults(system, shop.answer, _spoiled(faults), faults)


class _Shop:
    def __init__(self, store: Store, key: str, secret: str, faults: Faults, system: str, site: ZoneInfo) -> None:
        self.store, self.key, self.secret = store, key, secret
        self.faults, self.system, self.site = faults, system, site

    def answer(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if request.method in ("GET", "HEAD"):
            if request.path.rstrip("/") == f"{ROOT}/orders":
                return self._list(request)
            if found := _ORDER.fullmatch(request.path):
                return self._order(request, int(found[1]))
            if found := _REFUNDS.fullmatch(request.path):
                return self._refunds(request, int(found[1]), int(found[2]) if found[2] else None)
        return problem("rest_no_route", "No route was found matching the URL and request method.", 404)

    def _refusal(self, request: Request) -> Response | None:
        key, secret = _credentials(request) if request.is_secure else ("", "")
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            what = "list resources" if request.path.rstrip("/").endswith("/orders") else "view this resource"
            return problem("woocommerce_rest_cannot_view", f"Sorry, you cannot {what}.", 401)
        if not hmac.compare_digest(secret.encode(), self.secret.encode()):
            return problem("woocommerce_rest_authentication_error", "Consumer secret is invalid.", 401)
        return None

    def _list(self, request: Request) -> Response:
        try:
            asked = listing(request, self.site)
        except Invalid as invalid:
            return _invalid(invalid)
        found = asked.found(self.store)
        shown = list(asked.page_of(found))
        if shown and self.faults.happens("duplicates", f"{self.system} {request_name(request)}"):
            self.store.touch(shown[0].order_id)  # comes again later in the feed, with nothing new in it
        pages = ceil(len(found) / asked.per_page)
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages), **_link(request, asked, pages)}
        return _json([self._shown(request, stored, asked) for stored in shown], headers)

    def _shown(self, request: Request, stored: StoredOrder, asked: Listing) -> dict[str, Any]:
        return picked(order_json(stored, self.site, _base(request), asked.places), asked.fields)

    def _order(self, request: Request, order_id: int) -> Response:
        stored = self.store.find(order_id)
        if stored is None:
            return problem("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        return _json(order_json(stored, self.site, _base(request)))

    def _refunds(self, request: Request, order_id: int, refund_id: int | None) -> Response:
        stored = self.store.find(order_id)
        if stored is None:
            return problem("woocommerce_rest_invalid_order", "Order does not exist.", 404)
        refunds = refunds_json(stored, self.site, _base(request))
        if refund_id is None:
            return _json(refunds, {"X-WP-Total": str(len(refunds)), "X-WP-TotalPages": "1" if refunds else "0"})
        wanted = [refund for refund in refunds if refund["id"] == refund_id]
        if not wanted:
            return problem("woocommerce_rest_shop_order_refund_invalid_id", "Invalid ID.", 404)
        return _json(wanted[0])


def problem(code: str, message: str, status: int, **data: Any) -> Response:
    """A WP_Error as the REST API sends it."""
    return _json({"code": code, "message": message, "data": {"status": status, **data}}, status=status)


def _invalid(invalid: Invalid) -> Response:
    details = {"code": invalid.code, "message": invalid.message, "data": None}
    message = f"Invalid parameter(s): {invalid.name}"
    named = {"params": {invalid.name: invalid.message}, "details": {invalid.name: details}}
    return problem("rest_invalid_param", message, 400, **named)


def _json(data: Any, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    """JSON as PHP writes it: slashes and everything beyond ASCII escaped."""
    body = json.dumps(data, separators=(",", ":")).replace("/", "\\/").encode()
    shown = {"Content-Type": "application/json; charset=UTF-8", "X-Robots-Tag": "noindex", **(headers or {})}
    return Response(status, body, {**shown, "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link"})


def _credentials(request: Request) -> tuple[str, str]:
    """Key and secret from the query, which WooCommerce takes first, or from the Authorization header."""
    if request.param("consumer_key") and request.param("consumer_secret"):
        return request.param("consumer_key"), request.param("consumer_secret")
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        key, _, secret = b64decode(encoded).decode().partition(":")
    except ValueError:
        return "", ""
    return key, secret


def _base(request: Request) -> str:
    return f"{'https' if request.is_secure else 'http'}://{request.headers.get('Host', 'localhost')}{ROOT}"


def _link(request: Request, asked: Listing, pages: int) -> dict[str, str]:
    links = []
    if asked.page > 1:
        links.append(_page_link(request, min(asked.page - 1, pages), "prev"))
    if asked.page < pages:
        links.append(_page_link(request, asked.page + 1, "next"))
    return {"Link": ", ".join(links)} if links else {}


def _page_link(request: Request, page: int, relation: str) -> str:
    query = urlencode({**request.query, "page": [str(page)]}, doseq=True)
    return f'<{_base(request)}/orders?{query}>; rel="{relation}"'


def _spoiled(faults: Faults) -> Spoiled:
    """How a WordPress site fails: its hoster's 429, PHP's fatal errors, PHP warnings in front of good JSON."""

    def too_many(name: str) -> Response:
        response = html_response("429 Too Many Requests", 429)
        if chance(f"retry {name}") < 0.5:
            response.headers["Retry-After"] = str(max(1, ceil(faults.retry_after_s)))
        return response

    def broken(name: str) -> Response:
        if chance(f"500 {name}") < 0.5:
            return html_response("504 Gateway Time-out", 504)
        words = "<p>There has been a critical error on this website.</p>"
        return problem("internal_server_error", words, 500)

    def not_json(name: str, response: Response) -> Response:
        if chance(f"warning {name}") < 0.6:  # output before the headers: PHP can send none of its own any more
            return Response(200, PHP_WARNING + response.body, {"Content-Type": "text/html; charset=UTF-8"})
        return html_response("Briefly unavailable for scheduled maintenance. Check back in a minute.")

    return Spoiled(too_many, broken, not_json)
