"""A WooCommerce for the client's tests, written from its documentation and WordPress's: offset paging, whole seconds.

Source: developer.woocommerce.com/docs/apis/rest-api/v3 (Orders, Order refunds, Pagination, Authentication). `after` of
WP_Date_Query is exclusive; it turns a time with offset into the site's time zone, and compares even GMT columns so.
"""

import base64
import json
import math
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from fake_web import FakeWeb

SITE = timezone(timedelta(hours=8))


class FakeWoo(FakeWeb):
    """`orders` by id, `refunds` by order id; the switches turn off what old shops ignore and proxies drop."""

    key, secret = "ck_" + "1" * 40, "cs_" + "2" * 40

    def __init__(self, orders=(), refunds=None):
        super().__init__()
        self.orders = {order["id"]: order for order in orders}
        self.refunds = refunds or {}
        self.knows_exclude, self.filters, self.sends_headers, self.link = True, True, True, False
        self.notices, self.before = b"", lambda query: None

    def reply(self, method, path, headers, body):
        given = base64.b64decode(headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if given != f"{self.key}:{self.secret}":
            return 401, {}, {"code": "woocommerce_rest_cannot_view", "message": "Sorry.", "data": {"status": 401}}
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.before(query)
        found = parts.path.removeprefix("/wp-json/wc/v3/orders")
        if found == "":
            rows = self._orders(query)
        elif found.endswith("/refunds") and int(found.split("/")[1]) in self.refunds:
            rows = self.refunds[int(found.split("/")[1])]
        else:
            return 404, {}, {"code": "woocommerce_rest_invalid_id", "message": "Invalid ID.", "data": {"status": 404}}
        return self._paged(rows, query)

    def _orders(self, query):
        assert (query["orderby"], query["order"]) == ("modified", "asc")
        rows = sorted(self.orders.values(), key=lambda order: (str(order.get("date_modified_gmt")), order["id"]))
        if "modified_after" in query and self.filters:
            assert query["dates_are_gmt"] == "true"
            after = self._site_time(query["modified_after"])
            rows = [row for row in rows if str(row.get("date_modified_gmt")) > after]
        hidden = query.get("exclude", "").split(",") if self.knows_exclude else []
        return [row for row in rows if str(row["id"]) not in hidden]

    def _site_time(self, text):
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(SITE) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M:%S")

    def _paged(self, rows, query):
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        assert 1 <= size <= 100
        pages = math.ceil(len(rows) / size)
        headers = {"X-WP-Total": len(rows), "X-WP-TotalPages": pages} if self.sends_headers else {}
        if self.link:
            headers["Link"] = f'<http://x/?page={page + 1}>; rel="next"' if page < pages else '<http://x/>; rel="prev"'
        return 200, headers, self.notices + json.dumps(rows[(page - 1) * size : page * size]).encode()
