"""Shopify's search syntax for orders: terms, comparators, AND, OR, NOT, brackets.

Source: shopify.dev/docs/api/usage/search-syntax and the `query` argument of `orders`. Two habits of the real thing that
bite: a field it does not know is ignored with a warning (so everything matches), and so is a time without quotes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

from sandbox.shops.orders import StoredOrder
from sandbox.shops.shopify_orders import financial_status, is_closed

Test = Callable[[StoredOrder], bool]
_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<word>AND|OR|NOT)(?=[\s(])|(?P<minus>-)?(?:(?P<field>\w+):)?"
    r"(?P<op>>=|<=|>|<|=)?(?P<value>'[^']*'|\"[^\"]*\"|[^\s()]+))"
)
_COMPARE = {">=": ge, "<=": le, ">": gt, "<": lt, "=": eq, "": eq}
_TIMES = {
    "created_at": lambda stored: stored.created_at,
    "processed_at": lambda stored: stored.created_at,
    "updated_at": lambda stored: stored.updated_at,
}
_TEXTS = {
    "name": lambda stored: {f"#{stored.order.number}", str(stored.order.number)},
    "email": lambda stored: {stored.order.email.lower()},
    "po_number": lambda stored: {stored.order.po_number.lower()},
    "customer_id": lambda stored: {str(stored.order.customer_id)},
    "financial_status": lambda stored: {financial_status(stored).lower()},
    "fulfillment_status": lambda stored: {"unfulfilled", "unshipped"},
    "tag": lambda stored: {tag.lower() for tag in stored.order.tags},
    "sku": lambda stored: {line.line.sku.lower() for line in stored.lines},
    "test": lambda stored: {"false"},
}
_STATUSES: dict[str, Test] = {
    "any": lambda stored: True,
    "open": lambda stored: not is_closed(stored),
    "not_closed": lambda stored: not is_closed(stored),
    "closed": lambda stored: is_closed(stored) and stored.cancelled_at is None,
    "cancelled": lambda stored: stored.cancelled_at is not None,
}


@dataclass(slots=True)
class Search:
    """A query understood: its test, what it warns of, and a time before which no update can match."""

    query: str
    test: Test = lambda stored: True
    warnings: list[dict[str, Any]] = field(default_factory=list)
    updated_from: datetime | None = None


def understood(query: str | None) -> Search:
    """The search of a `query` argument; none matches every order."""
    search = Search(query or "")
    tokens = list(_TOKEN.finditer(search.query))
    if tokens:
        search.test, _ = _either(search, tokens, 0)
        if not any(token["word"] in ("OR", "NOT") or token["minus"] for token in tokens):
            search.updated_from = max(_lower_bounds(tokens), default=None)
    return search


def _either(search: Search, tokens: list[re.Match[str]], at: int) -> tuple[Test, int]:
    left, at = _both(search, tokens, at)
    while at < len(tokens) and tokens[at]["word"] == "OR":
        right, at = _both(search, tokens, at + 1)
        left = _joined(left, right, any)
    return left, at


def _both(search: Search, tokens: list[re.Match[str]], at: int) -> tuple[Test, int]:
    left, at = _one(search, tokens, at)
    while at < len(tokens) and tokens[at]["word"] != "OR" and not tokens[at]["close"]:
        right, at = _one(search, tokens, at + 1 if tokens[at]["word"] == "AND" else at)
        left = _joined(left, right, all)
    return left, at


def _joined(left: Test, right: Test, how: Callable[[Iterator[bool]], bool]) -> Test:
    return lambda stored: how(test(stored) for test in (left, right))


def _one(search: Search, tokens: list[re.Match[str]], at: int) -> tuple[Test, int]:
    if at >= len(tokens):
        return (lambda stored: True), at
    token = tokens[at]
    if token["word"] == "NOT":
        inner, at = _one(search, tokens, at + 1)
        return (lambda stored: not inner(stored)), at
    if token["open"]:
        inner, at = _either(search, tokens, at + 1)
        return inner, at + 1
    test = _term(search, token)
    return (lambda stored: not test(stored)) if token["minus"] else test, at + 1


def _term(search: Search, token: re.Match[str]) -> Test:
    name, value = token["field"], (token["value"] or "").strip("'\"").lower()
    if name in _TIMES:
        return _time_term(search, token)
    if name == "id":
        return _id_term(search, token, value)
    if name == "status" and value in _STATUSES:
        return _STATUSES[value]
    if name in _TEXTS:
        return lambda stored: value in _TEXTS[name](stored)
    if name:
        return _ignored(search, token, "Invalid search field for this query.", "invalid_field")
    return lambda stored: any(value in text for key in ("name", "email") for text in _TEXTS[key](stored))


def _id_term(search: Search, token: re.Match[str], value: str) -> Test:
    if not value.isdigit():
        return _ignored(search, token, "Invalid value for id.", "invalid_value")
    compare = _COMPARE[token["op"] or ""]
    return lambda stored: compare(stored.order_id, int(value))


def _time_term(search: Search, token: re.Match[str]) -> Test:
    span = _span(token)
    if span is None:
        return _ignored(search, token, "Input is not a valid time; a time must be in quotes.", "invalid_value")
    value_of, op, (start, end) = _TIMES[token["field"]], token["op"] or "", span
    if op in ("", "="):
        return lambda stored: start <= value_of(stored) < end
    compare = _COMPARE[op]
    bound = end - timedelta(seconds=1) if op in (">", "<=") else start
    return lambda stored: compare(value_of(stored), bound)


def _span(token: re.Match[str]) -> tuple[datetime, datetime] | None:
    raw = token["value"]
    value = raw.strip("'\"")
    if ":" in value and raw == value:
        return None
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        return None
    start = start.replace(tzinfo=UTC) if start.tzinfo is None else start
    return start, start + (timedelta(days=1) if len(value) <= 10 else timedelta(seconds=1))


def _ignored(search: Search, token: re.Match[str], message: str, code: str) -> Test:
    search.warnings.append({"field": token["field"], "message": message, "code": code})
    return lambda stored: True


def _lower_bounds(tokens: list[re.Match[str]]) -> Iterator[datetime]:
    for token in tokens:
        if token["field"] == "updated_at" and token["op"] in (">=", ">"):
            span = _span(token)
            if span is not None:
                yield span[0]
