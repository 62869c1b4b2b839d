"""A Shopify shop: `POST /admin/api/<version>/graphql.json`.

Source: shopify.dev/docs/api/admin-graphql (authentication, errors, versions) and docs/api/usage (limits, versioning).
"""

import hmac
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from graphql import GraphQLSchema, GraphQLSyntaxError

from sandbox.faults import Faults
from sandbox.httpd import Handler, Request, Response, json_response
from sandbox.shops import shopify_errors as wrong
from sandbox.shops.graphql_engine import Execution, chosen_operation, coerced, load_schema, parsed
from sandbox.shops.serving import request_name, with_faults
from sandbox.shops.shopify_cost import MAX_QUERY_COST, Bucket, actual_cost, requested_cost
from sandbox.shops.shopify_pages import nested_page, resolvers
from sandbox.shops.shopify_schema import SDL
from sandbox.shops.shopify_search import Search
from sandbox.shops.store import Store

VERSIONS = ("2026-01", "2026-04", "2026-07", "2026-10")
FIRST_ORDER_ID = 5_800_000_000_000
_PATH = re.compile(r"/admin/api/(\d{4}-\d{2}|unstable)/graphql\.json")


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """The schema, built once."""
    return load_schema(SDL)


def shopify_shop(
    store: Store,
    token: str,
    faults: Faults,
    system: str = "shopify",
    bucket: Bucket | None = None,
    currency: str = "EUR",
) -> Handler:
    """The shop as a handler for `sandbox.httpd.Server`.

    `bucket` says how fast a client may be: if none is given, as on Shopify's largest plan (2,000 points a second).
    """
    shop = _Shop(store, token, faults, system, bucket or Bucket(40_000, 2_000), currency)
    return with_faults(system, shop.answer, wrong.spoiled(faults), faults)


class _Shop:
    def __init__(self, store: Store, token: str, faults: Faults, system: str, bucket: Bucket, currency: str) -> None:
        self.store, self.token, self.faults, self.system, self.bucket = store, token, faults, system, bucket
        self.about = _about(system, currency)

    def answer(self, request: Request) -> Response:
        found = _PATH.fullmatch(request.path)
        if not hmac.compare_digest(request.headers.get("X-Shopify-Access-Token", "").encode(), self.token.encode()):
            return wrong.unauthorized()
        if found is None or request.method != "POST":
            return json_response({"errors": "Not Found"}, 404)
        asked = _asked(request)
        if asked is None:
            return json_response({"errors": {"query": "Required parameter missing or invalid"}}, 400)
        version = found[1] if found[1] in (*VERSIONS, "unstable") else VERSIONS[0]  # old versions fall forward
        name = f"{self.system} {request_name(request)}"
        answered = self._query(asked, lambda: self.faults.happens("duplicates", name))
        return json_response(answered, headers={"X-Shopify-API-Version": version})

    def _query(self, asked: dict[str, Any], is_repeated: Callable[[], bool]) -> dict[str, Any]:
        try:
            document, problems = parsed(schema(), asked["query"])
        except GraphQLSyntaxError as problem:
            return {"errors": [wrong.syntax_error(problem)]}
        if problems:
            return {"errors": [wrong.validation_error(problem, document) for problem in problems]}
        operation = chosen_operation(document, asked.get("operationName"))
        if operation is None:
            return {"errors": [wrong.error("An operation name is required", "invalidOperationName")]}
        given = asked.get("variables") or {}
        variables = coerced(schema(), operation, given)
        if isinstance(variables, list):
            return {"errors": [wrong.variable_error(problem, operation, given) for problem in variables]}
        return self._run(Execution(schema(), document, operation, variables), is_repeated)

    def _run(self, execution: Execution, is_repeated: Callable[[], bool]) -> dict[str, Any]:
        if execution.is_introspection():
            return {"data": execution.introspected()}
        cost = requested_cost(execution)
        most = min(MAX_QUERY_COST, self.bucket.maximum)
        if cost > most:
            return wrong.too_costly(cost, most)
        if not self.bucket.take(cost):
            return wrong.throttled(cost, self.bucket.status())
        searches: list[Search] = []
        data, errors = execution.run(resolvers(self.store, self.about, is_repeated, searches), nested_page)
        spent = actual_cost(execution, data)
        self.bucket.take(spent - cost)
        answered = {"data": data, "extensions": self._extensions(cost, spent, searches)}
        return {**answered, "errors": errors} if errors else answered

    def _extensions(self, requested: int, actual: int, searches: list[Search]) -> dict[str, Any]:
        status = self.bucket.status()
        cost = {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
        warned = [
            {"path": ["orders"], "query": search.query, "warnings": search.warnings}
            for search in searches
            if search.warnings
        ]
        return {"cost": cost, "search": warned} if warned else {"cost": cost}


def _asked(request: Request) -> dict[str, Any] | None:
    if "application/graphql" in request.headers.get("Content-Type", ""):
        return {"query": request.body.decode("utf-8", "replace")}
    body = wrong.as_json(request.body)
    return body if isinstance(body, dict) and isinstance(body.get("query"), str) else None


def _about(system: str, currency: str) -> dict[str, Any]:
    return {
        "currencyCode": currency,
        "email": "shop@example.com",
        "ianaTimezone": "Europe/Berlin",
        "id": "gid://shopify/Shop/548380009",
        "myshopifyDomain": f"{system}.myshopify.com",
        "name": system,
        "taxesIncluded": False,
        "timezoneAbbreviation": "CET",
        "url": f"https://{system}.myshopify.com",
    }
