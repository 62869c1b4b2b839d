"""Asking Shopify's GraphQL: errors that come with status 200, and the bucket of query cost.

Source: shopify.dev/docs/api/usage/limits (a leaky bucket of points; `extensions.cost` tells what a query costs and what
is left; a query that finds too little in the bucket gets error code THROTTLED) and .../usage/response-codes.
"""

import logging
from collections.abc import Mapping
from typing import Any

from connectors.errors import AccessError, ContractError, RejectedError, TransientError
from connectors.http import Http, Reply
from connectors.shops.fields import exact_number, list_of

log = logging.getLogger(__name__)

MAX_THROTTLED = 10
MAX_WAIT_S = 120.0
WAIT_UNTOLD_S = 2.0  # throttled, but not told how full the bucket is
_ACCESS = {
    "ACCESS_DENIED": "give the app the scope that the message names",
    "UNAUTHORIZED": "put the current access token into the environment",
    "SHOP_INACTIVE": "the shop is closed or frozen: ask its owner",
}
_TRANSIENT = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"})


class CostError(RejectedError):
    """The query as a whole costs more than Shopify allows: ask for less at once."""


class ShopifyGraphql:
    """Sends queries to `/admin/api/VERSION/graphql.json`, no faster than the bucket allows."""

    def __init__(self, http: Http, api_version: str) -> None:
        self._http, self._path, self._version = http, f"/admin/api/{api_version}/graphql.json", api_version
        self._cost: Mapping[str, Any] = {}

    def ask(self, query: str, variables: Mapping[str, Any]) -> Reply:
        """The reply, with data and without errors. Raises the errors of `connectors.errors`, CostError among them."""
        for _ in range(MAX_THROTTLED):
            self._wait(self._cost)
            reply = self._http.post(self._path, {"query": query, "variables": dict(variables)}, reads=True)
            self._note(reply)
            errors = _errors(reply.data)
            if not any(_code(error) == "THROTTLED" for error in errors):
                self._check(reply.data, errors)
                return reply
            log.info("%s: throttled by query cost", self._http.system)
            if not self._cost:
                self._http.sleep(WAIT_UNTOLD_S)
        raise TransientError(
            self._http.system, f"throttled {MAX_THROTTLED} times in a row", "other apps use up the limit"
        )

    def connection(self, answer: Any, name: str) -> tuple[list[Any], str | None]:
        """The nodes of connection `name` and the cursor of the next page, None after the last."""
        found = answer["data"].get(name)
        nodes = list_of(found)
        page = found.get("pageInfo") if isinstance(found, dict) else None
        if not isinstance(nodes, list) or not isinstance(page, dict):
            raise ContractError(self._http.system, f"the answer has no connection {name!r}")
        if page.get("hasNextPage") is not True:
            return nodes, None
        if not isinstance(page.get("endCursor"), str):
            raise ContractError(self._http.system, f"{name}: a next page but no cursor for it")
        return nodes, page["endCursor"]

    def _check(self, answer: Any, errors: list[Any]) -> None:
        """Half an answer is never taken for a whole one: any error in it is raised."""
        system = self._http.system
        told = self._http.redact("; ".join(_message(error) for error in errors))[:300]
        codes = {_code(error) for error in errors}
        if "MAX_COST_EXCEEDED" in codes:
            raise CostError(system, told)
        if denied := codes & set(_ACCESS):
            raise AccessError(system, told, _ACCESS[min(denied)])
        if codes & _TRANSIENT:
            raise TransientError(system, told)
        if errors:
            raise RejectedError(system, told, f"does API version {self._version} still have these fields?")
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), dict):
            raise ContractError(system, "the answer has neither data nor errors")
        for name, value in answer["data"].items():
            if isinstance(value, dict) and value.get("userErrors"):
                raise RejectedError(system, self._http.redact(f"{name}: {value['userErrors']}")[:300])

    def _note(self, reply: Reply) -> None:
        extensions = reply.data.get("extensions") if isinstance(reply.data, dict) else None
        cost = extensions.get("cost") if isinstance(extensions, dict) else None
        self._cost = cost if isinstance(cost, dict) else {}
        served = reply.headers.get("X-Shopify-API-Version")
        if served and served != self._version:
            log.warning("%s: asked for API version %s, answered by %s", self._http.system, self._version, served)

    def _wait(self, cost: Mapping[str, Any]) -> None:
        """Wait until the bucket holds what the last query cost: (requested - available) / restore rate seconds."""
        status = cost.get("throttleStatus")
        status = status if isinstance(status, dict) else {}
        needed, left, rate = (
            exact_number(value)
            for value in (cost.get("requestedQueryCost"), status.get("currentlyAvailable"), status.get("restoreRate"))
        )
        if needed is None or left is None or not rate or rate <= 0 or needed <= left:
            return
        self._http.sleep(min(float((needed - left) / rate), MAX_WAIT_S))


def _errors(answer: Any) -> list[Any]:
    """`errors` is a list, or one sentence where the request never reached GraphQL."""
    found = answer.get("errors") if isinstance(answer, dict) else None
    return found if isinstance(found, list) else [found] if found else []


def _code(error: Any) -> str:
    """The error's code; the oldest form of throttling has only the message."""
    extensions = error.get("extensions") if isinstance(error, dict) else None
    code = extensions.get("code") if isinstance(extensions, dict) else None
    return str(code or ("THROTTLED" if _message(error) == "Throttled" else ""))


def _message(error: Any) -> str:
    return str(error.get("message", "an error without message")) if isinstance(error, dict) else str(error)
