"""What a query costs and how much a client may still spend.

Source: shopify.dev/docs/api/usage/limits: objects cost one point, scalars nothing, connections by their size; a leaky
bucket per app and shop; one query at most 1,000 points. Today's connections grow slower than their size (one of
250 costs 12 times its node in recorded answers): `ceil(2 ln n)` fits those answers and is no published formula.
"""

import threading
import time
from collections.abc import Callable, Mapping
from math import ceil, log
from typing import Any

from graphql import GraphQLObjectType, is_abstract_type

from sandbox.shops.graphql_engine import Execution, Selected

MAX_QUERY_COST = 1000
FREE = ("MoneyV2", "Attribute", "TaxLine")
SPECIAL = {"ordersCount": 10}


class Bucket:
    """`maximum` points, `restore_rate` of them back every second; the clock is a parameter for tests."""

    def __init__(
        self, maximum: int = 2000, restore_rate: float = 100, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.maximum, self.restore_rate, self._clock = maximum, restore_rate, clock
        self._available, self._at = float(maximum), clock()
        self._lock = threading.Lock()

    def take(self, points: float) -> bool:
        """Take points if there are enough. A negative number gives back what was taken too much."""
        with self._lock:
            self._restore()
            if points > self._available:
                return False
            self._available = min(self._available - points, float(self.maximum))
            return True

    def status(self) -> dict[str, Any]:
        """`throttleStatus` as it is sent."""
        with self._lock:
            self._restore()
            available = int(self._available)
        return {
            "maximumAvailable": float(self.maximum),
            "currentlyAvailable": available,
            "restoreRate": float(self.restore_rate),
        }

    def _restore(self) -> None:
        now = self._clock()
        self._available = min(self._available + (now - self._at) * self.restore_rate, float(self.maximum))
        self._at = now


def requested_cost(execution: Execution) -> int:
    """Points before anything runs, from `first` and `last`."""
    return sum(_field_cost(execution, field, None) for field in execution.root)


def actual_cost(execution: Execution, data: Mapping[str, Any] | None) -> int:
    """Points after the answer is known: root connections by what they hold."""
    return sum(_field_cost(execution, field, (data or {}).get(field.key)) for field in execution.root)


def _field_cost(execution: Execution, field: Selected, answer: Any) -> int:
    if field.type is None or field.name in SPECIAL:
        return SPECIAL.get(field.name, 0)
    if field.is_connection:
        return _connection_cost(execution, field, answer)
    return (field.type.name not in FREE) + _children_cost(execution, field)


def _connection_cost(execution: Execution, field: Selected, answer: Any) -> int:
    size = field.arguments.get("first") or field.arguments.get("last") or 1
    if isinstance(answer, Mapping) and ("nodes" in answer or "edges" in answer):
        size = min(size, len(answer.get("nodes", answer.get("edges"))))
    plan = execution.plan(field.type, field.selections)
    rows = sum(_row_cost(execution, each) for each in plan if each.name in ("nodes", "edges"))
    page_info = sum(1 for each in plan if each.name == "pageInfo")
    return max(1, ceil(2 * log(max(size, 1)))) * rows + page_info


def _row_cost(execution: Execution, field: Selected) -> int:
    if field.name == "nodes":
        return 1 + _children_cost(execution, field)
    edges = execution.plan(field.type, field.selections)
    return sum(1 + _children_cost(execution, each) for each in edges if each.name == "node")


def _children_cost(execution: Execution, field: Selected) -> int:
    return max(
        sum(_field_cost(execution, each, None) for each in execution.plan(possible, field.selections))
        for possible in _possible(execution, field)
    )


def _possible(execution: Execution, field: Selected) -> list[GraphQLObjectType]:
    return execution.schema.get_possible_types(field.type) if is_abstract_type(field.type) else [field.type]
