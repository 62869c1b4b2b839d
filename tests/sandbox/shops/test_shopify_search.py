"""Shopify's search syntax, as its documentation gives it."""

from datetime import timedelta

import pytest
from shop_samples import NOON, make_order

from sandbox.shops.shopify_search import understood
from sandbox.shops.store import Store


@pytest.fixture(scope="module")
def store():
    store = Store(1)
    for number in range(1, 6):
        store.place(make_order(number, tags=("wholesale",) if number > 3 else ()))
    store.cancel(2, NOON + timedelta(hours=1))
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (None, [1, 3, 4, 5, 2]),
        ("status:any", [1, 3, 4, 5, 2]),
        ("status:open", [1, 3, 4, 5]),
        ("status:cancelled", [2]),
        ("NOT status:cancelled", [1, 3, 4, 5]),
        ("-tag:wholesale", [1, 3, 2]),
        ("updated_at:>='2026-07-06T12:04:00Z'", [4, 5, 2]),
        ("updated_at:>'2026-07-06T12:04:00Z'", [5, 2]),
        ('updated_at:>="2026-07-06T14:04:00+02:00"', [4, 5, 2]),
        ("updated_at:>='2026-07-06T12:03:00Z' updated_at:<='2026-07-06T12:05:00Z'", [3, 4, 5]),
        ("created_at:2026-07-06", [1, 3, 4, 5, 2]),
        ("created_at:<2026-07-06", []),
        ("name:#3 OR name:4", [3, 4]),
        ("(name:1 OR name:4) AND tag:wholesale", [4]),
        ("id:>=4", [4, 5]),
        ("po_number:PO-3", [3]),
        ("buyer5@example.com", [5]),
        ("email:buyer5@example.com", [5]),
    ],
)
def test_a_query_finds(store, query, expected):
    search = understood(query)
    found = [stored.order_id for stored in store.updated(search.updated_from) if search.test(stored)]
    assert (found, search.warnings) == (expected, [])


@pytest.mark.parametrize(
    "query", ["nonsense:1", "updated_at:>=2026-07-06T12:04:00Z", "updated_at:>='yesterday'", "id:x"]
)
def test_what_is_not_understood_is_ignored_and_warned_of(store, query):
    search = understood(query)
    assert all(search.test(stored) for stored in store.updated(search.updated_from))
    assert len(search.warnings) == 1
