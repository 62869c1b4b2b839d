import hashlib
import json
import time
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

import pytest

from orderclerk.domain.rules import RULES
from sandbox.world.day import Day, make_day
from sandbox.world.events import FileDrops, MailArrives, ShopChanges
from sandbox.world.letters import order_mail
from sandbox.world.making import counts
from sandbox.world.orders import Order
from sandbox.world.truth import truth_of

DESK = "orders@desk.example"
EXPECTED = {"confirmed", "held", "declined", "expired", "cancelled", "quarantined"}


def _day(count: int = 200, seed: int = 1, day: date = date(2026, 11, 23)) -> Day:
    return make_day(seed, day, count, DESK)


@pytest.fixture(scope="module")
def day() -> Day:
    return _day()


def _digest(day: Day) -> str:
    seen = hashlib.sha256(json.dumps(truth_of(day), sort_keys=True).encode())
    for event in day.events:
        seen.update(event.make() if not isinstance(event, ShopChanges) else repr(event).encode())
    return seen.hexdigest()


def test_same_seed_same_world_to_the_byte():
    assert _digest(_day()) == _digest(_day())


@pytest.mark.parametrize("other", [{"seed": 2}, {"day": date(2026, 11, 24)}, {"count": 201}])
def test_anything_else_another_world(other):
    assert _digest(_day()) != _digest(_day(**other))


@pytest.mark.parametrize("count", [0, 1, 5, 20, 50, 200, 1000])
def test_as_many_orders_as_asked(count):
    day = _day(count)
    assert len(day.orders) == count
    assert sum(counts(count).values()) == count
    assert len({(order.source, order.order_ref) for order in day.orders}) == count


def test_default_mix(day):
    assert Counter(order.channel for order in day.orders) == {
        "mail": 70, "shopify": 40, "woo": 30, "files": 40, "phone": 20,
    }  # fmt: skip


def test_few_calls_on_the_busiest_day():
    assert counts(20_000)["phone"] == 20


def test_truth_speaks_the_language_of_the_rules(day):
    for order in day.orders:
        assert order.expect in EXPECTED
        assert set(order.rules) <= set(RULES)
        assert bool(order.rules) == (order.expect in ("held", "quarantined"))


def test_every_way_an_order_can_end_occurs(day):
    assert {order.expect for order in day.orders} == EXPECTED
    assert {order.answer for order in day.orders} >= {"confirm", "decline", "silent", "change", "unclear"}


def test_every_mail_is_an_order_or_known_not_to_be(day):
    ids = Counter(_message_id(event) for event in day.events if isinstance(event, MailArrives))
    orders = {order.extra["message_id"]: order for order in day.orders if order.channel == "mail"}
    others = {entry["message_id"] for entry in day.not_orders if entry["channel"] == "mail"}
    assert {mail.replace(".2@", "@") for mail in ids} == set(orders) | others
    assert set(orders) | others <= set(ids)


def _message_id(event: MailArrives) -> str:
    return str(message_from_bytes(event.make(), policy=default)["Message-ID"])


def test_every_shop_order_is_placed_once_under_its_reference(day):
    for shop in ("shopify", "woo"):
        placed = [
            str(e.order_id) for e in day.events if isinstance(e, ShopChanges) and (e.shop, e.do) == (shop, "place")
        ]
        assert sorted(placed) == sorted(order.order_ref for order in day.orders if order.channel == shop)


def test_every_file_order_is_in_its_file(day):
    files = {event.name: event.make() for event in day.events if isinstance(event, FileDrops)}
    for order in (order for order in day.orders if order.channel == "files"):
        content = files[order.extra["file"]]
        if order.format != "xlsx" and order.case not in ("unreadable_document", "no_reference"):
            assert order.order_ref.encode() in content


def test_happens_in_business_hours_and_follows_in_order(day):
    first = [event for event in day.events if not isinstance(event, ShopChanges) or event.do == "place"]
    assert all(7 < event.at.hour < 20 for event in first)
    assert [event.at for event in day.events] == sorted(event.at for event in day.events)
    assert all(event.at.utcoffset() is not None for event in day.events)


def test_clean_orders_are_at_list_price_for_active_items_in_stock(day):
    active = {item.number for item in day.data.items if item.is_active and not item.is_short}
    for order in (order for order in day.orders if order.case == "clean"):
        for line in order.lines:
            assert line.item_no in active
            assert line.price == day.data.price(order.customer, line.item_no, line.quantity)
            assert 0 < line.quantity <= 100_000


def test_only_duplicates_look_like_another_order():
    day = _day(2000)
    seen: dict[tuple[object, ...], list[str]] = {}
    for order in (o for o in day.orders if o.customer and o.kind == "order"):
        key = order.customer.number, tuple(sorted((line.item_no, line.quantity) for line in order.lines))
        seen.setdefault(key, []).append(order.truth_id)
    alike = {frozenset(ids) for ids in seen.values() if len(ids) > 1}
    assert alike == {frozenset((o.truth_id, o.duplicate_of)) for o in day.orders if o.duplicate_of}


def test_duplicates_come_after_their_original_and_returns_too(day):
    of = {order.truth_id: order for order in day.orders}
    duplicates = [order for order in day.orders if order.duplicate_of]
    assert {order.case for order in duplicates} == {"duplicate", "resent"}
    for order in duplicates:
        assert order.at >= of[order.duplicate_of].at + timedelta(minutes=20)
    returns = [order for order in day.orders if order.kind == "return"]
    assert returns
    assert all(order.order_ref.startswith("C") and order.sender == "thameside" for order in returns)


def test_a_return_repeats_a_line_of_an_earlier_order():
    day = _day(2000)
    bought = [order for order in day.orders if order.sender == "thameside" and order.kind == "order"]
    for back in (order for order in day.orders if order.case == "return"):
        line = back.lines[0]
        was = line.item_no, line.price
        assert any(
            order.customer == back.customer and order.at <= back.at
            and any((o.item_no, o.price, o.quantity >= line.quantity) == (*was, True) for o in order.lines)
            for order in bought
        )  # fmt: skip


def test_twenty_thousand_orders_are_made_in_seconds():
    started = time.process_time()
    day = _day(20_000)
    assert len(day.orders) == 20_000
    assert time.process_time() - started < 30


@pytest.mark.parametrize("channel", ["mail", "phone"])
def test_a_new_place_is_none_of_the_customers_and_the_document_names_it(channel):
    day = _day(400)
    found = [order for order in day.orders if (order.case, order.channel) == ("new_place", channel)]
    assert found
    for order in found:
        on_file = {place.street for place in (order.customer.place, order.customer.branch) if place}
        assert on_file, "of whom nothing is on file, every place is as good as another"
        assert order.place.street not in on_file
        assert order.place.recipient == order.customer.name
        assert (order.expect, order.rules, order.acceptable) == ("held", ("SND-008",), ())
        assert order.place.street in _said(day, order)


def _said(day: Day, order: Order) -> str:
    """The words of the document or the call that brought `order`."""
    if order.channel == "phone":
        return json.dumps(
            [call for call in day.calls if call["their_reference"] == order.order_ref], ensure_ascii=False
        )
    return "".join(
        part.get_content()
        if part.get_content_maintype() == "text"
        else part.get_payload(decode=True).decode("utf-8", "replace")
        for part in message_from_bytes(
            order_mail(order, DESK, order.at, order.extra["message_id"]), policy=default
        ).walk()
        if not part.is_multipart()
    )


def test_totals_are_exact_decimals(day):
    assert all(isinstance(order.total, Decimal) for order in day.orders)
