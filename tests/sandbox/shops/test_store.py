"""What a shop keeps of its orders."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop_samples import NOON, make_order

from sandbox.shops.orders import ShopLine
from sandbox.shops.store import Store

LINES = (ShopLine("A", "a", 5, Decimal(10)), ShopLine("B", "b", 2, Decimal(3), Decimal(1)))


def test_an_update_moves_an_order_to_the_end_of_the_feed():
    store = Store()
    ids = [store.place(make_order(n)) for n in range(3)]
    store.edit(ids[0], NOON + timedelta(hours=2), note="leave at the door")
    assert [stored.order_id for stored in store.updated()] == [ids[1], ids[2], ids[0]]
    assert [stored.order_id for stored in store.created()] == ids
    assert [stored.order_id for stored in store.updated(NOON + timedelta(minutes=2))] == [ids[2], ids[0]]


def test_an_edit_keeps_what_stays_and_appends_what_is_new():
    store = Store()
    order_id = store.place(make_order(1, lines=LINES))
    wanted = (ShopLine("A", "a", 3, Decimal(10)), ShopLine("B", "b", 2, Decimal(4)))
    store.edit(order_id, NOON, lines=wanted)
    lines = store.get(order_id).lines
    assert [(line.line.sku, line.ordered, line.current) for line in lines] == [("A", 5, 3), ("B", 2, 0), ("B", 2, 2)]
    assert store.get(order_id).order.total == 38 + Decimal("4.90") + Decimal("3.17")


def test_a_refund_takes_units_and_their_discounted_price():
    store = Store()
    order_id = store.place(make_order(1, lines=LINES))
    store.refund(order_id, NOON + timedelta(hours=1), {"B": 1}, note="broken")
    stored = store.get(order_id)
    assert (stored.refunded, stored.lines[1].current) == (Decimal("2.50"), 1)
    with pytest.raises(ValueError, match="not that many"):
        store.refund(order_id, NOON, {"B": 2})


def test_update_times_never_go_back_and_are_whole_seconds():
    store = Store()
    order_id = store.place(make_order(1, at=NOON + timedelta(microseconds=700)))
    store.cancel(order_id, NOON - timedelta(days=1))
    assert store.get(order_id).updated_at == NOON


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="no timezone"):
        Store().place(make_order(1, at=NOON.replace(tzinfo=None)))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 100)), max_size=40))
def test_the_feed_is_sorted_and_complete_whatever_happens(changes):
    store = Store()
    ids = [store.place(make_order(n)) for n in range(10)]
    for which, minutes in changes:
        store.touch(ids[which], NOON + timedelta(minutes=minutes))
    keys = [(stored.updated_at, stored.order_id) for stored in store.updated()]
    assert keys == sorted(keys)
    assert {order_id for _, order_id in keys} == set(ids)


def test_threads_place_and_edit_without_losing_one():
    store = Store()

    def work(first):
        for number in range(first, first + 200):
            store.edit(store.place(make_order(number)), NOON, note="x")

    threads = [threading.Thread(target=work, args=(n * 1000,)) for n in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(store) == len(list(store.updated())) == 800
