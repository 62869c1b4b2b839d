"""A Shopify for the client's tests, written from shopify.dev: keyset cursors, query cost, errors with status 200.

Source: shopify.dev/docs/api/admin-graphql (queries orders and order), /docs/api/usage/limits and /response-codes.
"""

import base64
import json
import re

from fake_web import FakeWeb

THROTTLED = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}


def graphql_error(message, code=None):
    return (200, {}, {"errors": [{"message": message, "extensions": {"code": code} if code else {}}]})


class FakeShopify(FakeWeb):
    """`orders` are whole nodes; lines are paged by the query's `lines`. Time passes only where the client sleeps."""

    token = "shpat_0123456789abcdef"

    def __init__(self, orders=()):
        super().__init__()
        self.orders = {order["id"]: order for order in orders}
        self.scopes = ["read_orders", "read_all_orders"]
        self.max_cost, self.restore_rate, self.capacity = 10**9, 100.0, 1e9
        self.level, self.slept, self.before = None, [], lambda query: None

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.level = min(self.capacity, self._level() + seconds * self.restore_rate)

    def _level(self):
        return self.capacity if self.level is None else self.level

    def reply(self, method, path, headers, body):
        if headers.get("X-Shopify-Access-Token") != self.token:
            return 401, {}, {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
        if not re.fullmatch(r"/admin/api/\d{4}-\d{2}/graphql\.json", path) or method != "POST":
            return 404, {}, {"errors": "Not Found"}
        asked = json.loads(body)
        self.before(asked)
        cost = self._cost(asked)
        told = {"requestedQueryCost": cost, "actualQueryCost": None, "throttleStatus": self._status()}
        if cost > self.max_cost:
            extensions = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": self.max_cost}
            return 200, {}, {"errors": [{"message": "Query cost is too high", "extensions": extensions}]}
        if cost > self._level():
            return 200, {}, {"errors": [THROTTLED], "extensions": {"cost": told}}
        self.level = self._level() - cost
        told |= {"actualQueryCost": cost, "throttleStatus": self._status()}
        return 200, {}, {"data": self._data(asked), "extensions": {"cost": told}}

    def _status(self):
        left = self._level()
        return {"maximumAvailable": self.capacity, "currentlyAvailable": int(left), "restoreRate": self.restore_rate}

    def _cost(self, asked):
        variables = asked["variables"]
        return 2 + variables.get("first", 1) * (5 + variables.get("lines", 0))

    def _data(self, asked):
        query, variables = asked["query"], asked["variables"]
        if "currentAppInstallation" in query:
            return {"currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in self.scopes]}}
        if "order(id: $id)" in query:
            order = self.orders.get(variables["id"])
            return {"order": order and self._cut(order, variables["lines"], variables.get("after"))}
        assert "sortKey: UPDATED_AT" in query
        return {"orders": self._orders(variables)}

    def _orders(self, variables):
        since = re.fullmatch(r"updated_at:>='([\dT:Z-]+)'", variables["query"])[1] if variables["query"] else ""
        after = json.loads(base64.b64decode(variables["after"])) if variables["after"] else ["", ""]
        rows = sorted(self.orders.values(), key=self._place)
        rows = [row for row in rows if self._place(row) > tuple(after) and str(row.get("updatedAt")) >= since]
        page, rest = rows[: variables["first"]], rows[variables["first"] :]
        end = base64.b64encode(json.dumps(self._place(page[-1])).encode()).decode() if page else None
        nodes = [self._cut(row, variables["lines"], None) for row in page]
        return {"pageInfo": {"hasNextPage": bool(rest), "endCursor": end}, "nodes": nodes}

    def _place(self, order):
        return str(order.get("updatedAt", "")), order["id"]

    def _cut(self, order, size, after):
        lines = order.get("lineItems")
        if not isinstance(lines, dict):
            return order
        start = int(after or 0)
        page = lines["nodes"][start : start + size]
        is_more = start + size < len(lines["nodes"])
        info = {"hasNextPage": is_more, "endCursor": str(start + size) if is_more else None}
        return {**order, "lineItems": {"pageInfo": info, "nodes": page}}
