import json
import re
from contextlib import contextmanager

import pytest
from fake_shopify import FakeShopify, graphql_error
from fake_web import DROP, HALF, HTML
from shop_payloads import shopify_line, shopify_order

from connectors.channels import Channel
from connectors.errors import AccessError, ContractError, RejectedError, TransientError
from connectors.http import Http
from connectors.shops import shopify
from connectors.shops.shopify import ShopifyShop, open_shopify
from connectors.shops.shopify_orders import read_shopify
from connectors.shops.shopify_query import ORDER, ORDER_LINES, ORDERS

# what shopify.dev lists for these objects, as far as the desk asks for it
DOCUMENTED = {
    "Order": "id legacyResourceId name createdAt updatedAt cancelledAt cancelReason test displayFinancialStatus "
    "displayFulfillmentStatus currencyCode presentmentCurrencyCode taxesIncluded email phone poNumber note "
    "customerLocale paymentGatewayNames customAttributes customer shippingAddress billingAddress "
    "currentTotalPriceSet currentTotalTaxSet currentTotalDutiesSet currentTotalAdditionalFeesSet totalTipReceivedSet "
    "shippingLines lineItems",
    "LineItem": "id sku title variantTitle quantity currentQuantity isGiftCard variant customAttributes "
    "originalUnitPriceSet discountedUnitPriceAfterAllDiscountsSet discountAllocations taxLines",
}


@contextmanager
def shop(fake, page_size=3, **options):
    with fake.running() as address:
        options = {"sleep": fake.sleep, "jitter": lambda: 0.0, **options}
        http = Http("tea-shop", address, headers={"X-Shopify-Access-Token": fake.token}, **options)
        yield ShopifyShop("tea-shop", http, page_size=page_size)


def stamps(count, minute=0):
    return [f"2026-11-20T10:{minute + i:02d}:00Z" for i in range(count)]


def orders(count):
    return [shopify_order(1001 + i, stamp) for i, stamp in enumerate(stamps(count))]


def refs(pulled):
    return [envelope.delivery_ref for envelope, _ in pulled]


def test_it_is_a_channel():
    channel: Channel = open_shopify("tea-shop", "https://tea.myshopify.com", "shpat_x")
    assert channel.name == "tea-shop"
    channel.settle(["1@t"])


def test_the_query_is_balanced_and_asks_for_documented_fields_only():
    for query in (ORDERS, ORDER, ORDER_LINES):
        assert query.count("{") == query.count("}")
    for name, opening in (("Order", "order(id: $id) {"), ("LineItem", "lineItems(first: $lines) { pageInfo")):
        body = ORDER.split(opening, 1)[1]
        body = body.split("nodes {", 1)[1] if name == "LineItem" else body
        assert set(top_level_fields(body)) <= set(DOCUMENTED[name].split())


def top_level_fields(body):
    depth = 0
    for token in re.findall(r"\([^)]*\)|[{}]|\w+", body):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return
        if depth == 0 and token[0] not in "{}(":
            yield token


def test_orders_come_oldest_change_first_with_their_cursor():
    fake = FakeShopify(reversed(orders(7)))
    with shop(fake) as channel:
        pulled = list(channel.arrivals({}))
    assert refs(pulled) == [f"{1001 + i}@{stamp}" for i, stamp in enumerate(stamps(7))]
    assert pulled[-1][1] == {"updated_at": "2026-11-20T10:06:00+00:00"}
    envelope = pulled[0][0]
    assert (envelope.channel, envelope.sender_ref) == ("tea-shop", "127.0.0.1")
    assert envelope.media_type == "application/vnd.shopify.order+json"
    assert json.loads(envelope.content)["name"] == "#1001"
    assert envelope.sent_at.isoformat() == "2026-11-20T10:00:00+00:00"
    assert read_shopify(envelope).orders[0].problems == ()


def test_the_boundary_comes_again_and_nothing_older():
    fake = FakeShopify(orders(7))
    with shop(fake) as channel:
        again = refs(channel.arrivals({"updated_at": "2026-11-20T10:06:00+00:00"}))
    assert again == [f"{1001 + i}@{stamp}" for i, stamp in enumerate(stamps(7))][4:]  # two minutes of overlap


def test_resumed_after_every_envelope_nothing_is_missed():
    fake = FakeShopify(orders(8))
    with shop(fake) as channel:
        whole = list(channel.arrivals({}))
        for stopped, (_, cursor) in enumerate(whole):
            rest = refs(channel.arrivals(cursor))
            assert set(refs(whole[stopped + 1 :])) <= set(rest)


def test_pulled_twice_gives_the_same_bytes():
    fake = FakeShopify(orders(5))
    with shop(fake) as channel:
        first, second = ([envelope.sha256 for envelope, _ in channel.arrivals({})] for _ in range(2))
    assert first == second


def test_an_order_changed_during_the_pull_comes_again_and_hides_no_other():
    fake = FakeShopify(orders(9))

    def change(asked, calls=[]):  # noqa: B006 - counts its own calls
        calls.append(1)
        if len(calls) == 2:
            fake.orders["gid://shopify/Order/1001"]["updatedAt"] = "2026-11-20T11:00:00Z"
            fake.orders["gid://shopify/Order/1008"]["updatedAt"] = "2026-11-20T11:00:01Z"

    fake.before = change
    with shop(fake) as channel:
        pulled = refs(channel.arrivals({}))
    assert {ref.partition("@")[0] for ref in pulled} == {str(1001 + i) for i in range(9)}
    assert "1001@2026-11-20T11:00:00Z" in pulled


def test_many_lines_are_paged_into_one_order(monkeypatch):
    monkeypatch.setattr(shopify, "LINES_PER_PAGE", 3)
    lines = [shopify_line(i) for i in range(10)]
    fake = FakeShopify([shopify_order(1001, lines=lines, total="205.00")])
    with shop(fake) as channel:
        ((envelope, _),) = channel.arrivals({})
    (order,) = read_shopify(envelope).orders
    assert [line.line_ref for line in order.lines if not line.is_charge] == [str(i) for i in range(10)]
    assert order.problems == ()


def test_an_order_changed_between_its_pages_of_lines_is_read_anew(monkeypatch):
    monkeypatch.setattr(shopify, "LINES_PER_PAGE", 3)
    fake = FakeShopify([shopify_order(1001, lines=[shopify_line(i) for i in range(7)])])

    def change(asked, calls=[]):  # noqa: B006
        if "OrderLines" in asked["query"] and not calls:
            calls.append(1)
            changed = shopify_order(1001, "2026-11-20T12:00:00Z", [shopify_line(100 + i) for i in range(5)])
            fake.orders[changed["id"]] = changed

    fake.before = change
    with shop(fake) as channel:
        ((envelope, _),) = channel.arrivals({})
    node = json.loads(envelope.content)
    assert envelope.delivery_ref == "1001@2026-11-20T12:00:00Z"
    assert [line["id"][-3:] for line in node["lineItems"]["nodes"]] == ["100", "101", "102", "103", "104"]


def test_broken_nodes_are_envelopes_too():
    broken = [
        {"id": "gid://shopify/Order/5", "updatedAt": None},
        {"id": "gid://shopify/Order/6", "legacyResourceId": 6, "updatedAt": "yesterday", "lineItems": None},
        {"id": "", "updatedAt": "2026-11-20T10:00:30Z"},
    ]
    fake = FakeShopify([*orders(3), *broken])
    with shop(fake, page_size=2) as channel:
        pulled = list(channel.arrivals({}))
    assert len(pulled) == 6
    assert "6@yesterday" in refs(pulled)
    assert sum(ref.startswith("unnamed@") for ref in refs(pulled)) == 1
    for envelope, _ in pulled:
        read_shopify(envelope)


# --- cost


def test_waits_until_the_bucket_holds_the_next_page():
    fake = FakeShopify(orders(9))
    fake.capacity, fake.restore_rate = 200.0, 50.0  # a page of three costs 2 + 3 * (5 + 50) = 167
    with shop(fake) as channel:
        assert len(list(channel.arrivals({}))) == 9
    assert fake.slept == [pytest.approx(2.68), pytest.approx(3.34)]  # (167 - 33) / 50, then from nothing left


def test_a_throttled_query_is_sent_again_after_the_bucket_filled():
    fake = FakeShopify(orders(3))
    fake.capacity, fake.restore_rate, fake.level = 200.0, 50.0, 67.0
    with shop(fake) as channel:
        assert len(list(channel.arrivals({}))) == 3
    assert fake.slept == [2.0]  # (167 - 67) / 50


def test_throttled_without_figures_waits_too():
    fake = FakeShopify(orders(1))
    fake.faults = [graphql_error("Throttled"), graphql_error("Throttled", "THROTTLED")]
    with shop(fake) as channel:
        assert len(list(channel.arrivals({}))) == 1
    assert fake.slept == [2.0, 2.0]


def test_throttled_for_ever_ends_as_transient():
    fake = FakeShopify(orders(1))
    fake.faults = [graphql_error("Throttled", "THROTTLED")] * 20
    with shop(fake) as channel, pytest.raises(TransientError, match="throttled"):
        list(channel.arrivals({}))


def test_a_query_beyond_the_cost_limit_becomes_smaller():
    fake = FakeShopify(orders(20))
    fake.max_cost = 300
    with shop(fake, page_size=50) as channel:
        assert len(list(channel.arrivals({}))) == 20
    sizes = [json.loads(body)["variables"]["first"] for _, _, body in fake.requests]
    assert sizes[:4] == [50, 25, 12, 6]
    assert sizes[-1] in (5, 3)


# --- faults


def test_no_fault_of_the_wire_loses_or_doubles_an_order():
    fake = FakeShopify(orders(9))
    busy = (429, {"Retry-After": "2.0"}, {"errors": "Exceeded 2 calls per second"})
    # None: a good answer. Two in a row, for a connection that was cut may cost an attempt of its own
    fake.faults = [HALF, DROP, None, HTML, busy, None, HALF]
    with shop(fake) as channel:
        assert refs(channel.arrivals({})) == [f"{1001 + i}@{stamp}" for i, stamp in enumerate(stamps(9))]
    assert 2.0 in fake.slept


def test_a_server_error_that_stays_is_transient():
    fake = FakeShopify(orders(1))
    fake.faults = [(500, {}, {"errors": "Internal Server Error"})] * 9
    with shop(fake) as channel, pytest.raises(TransientError, match="500"):
        list(channel.arrivals({}))


def test_a_cursor_given_out_twice_stops_the_pull():
    page = {"pageInfo": {"hasNextPage": True, "endCursor": "same"}, "nodes": orders(1)}
    fake = FakeShopify()
    fake.faults = [(200, {}, {"data": {"orders": page}})] * 5
    with shop(fake) as channel, pytest.raises(ContractError, match="twice"):
        list(channel.arrivals({}))


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (graphql_error("Access denied for customer field.", "ACCESS_DENIED"), AccessError, "scope"),
        (graphql_error("Field 'poNumber' doesn't exist on type 'Order'", "undefinedField"), RejectedError, "poNumber"),
        (
            graphql_error("Internal error. Looks like something went wrong", "INTERNAL_SERVER_ERROR"),
            TransientError,
            "Int",
        ),
        ((200, {}, {"errors": "Not Found"}), RejectedError, "Not Found"),
        ((200, {}, {"data": None}), ContractError, "neither"),
        ((200, {}, {"data": {"orders": None}}), ContractError, "no connection"),
        ((200, {}, [1]), ContractError, "neither"),
        ((402, {}, {"errors": "Unavailable Shop"}), AccessError, "frozen"),
        ((404, {}, {"errors": "Not Found"}), RejectedError, "api_version"),
        ((200, {}, {"data": {"x": {"userErrors": [{"field": ["a"], "message": "is bad"}]}}}), RejectedError, "is bad"),
    ],
)
def test_errors_say_what_to_do(answer, error, told):
    fake = FakeShopify(orders(1))
    fake.faults = [answer]
    with fake.running() as address:
        channel = open_shopify("tea-shop", address, fake.token, max_attempts=1, sleep=fake.sleep)
        with pytest.raises(error, match=told):
            list(channel.arrivals({}))


def test_a_wrong_token_is_an_access_error_that_does_not_tell_it():
    fake = FakeShopify(orders(1))
    with fake.running() as address:
        channel = open_shopify("tea-shop", address, "shpat_wrongwrongwrong")
        with pytest.raises(AccessError, match="access token") as caught:
            list(channel.arrivals({}))
    assert "wrongwrong" not in str(caught.value)


def test_half_an_answer_with_errors_is_never_taken_for_a_whole_one():
    fake = FakeShopify(orders(2))
    data = {"orders": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": orders(2)}}
    denied = {"message": "Access denied for customer field.", "extensions": {"code": "ACCESS_DENIED"}}
    fake.faults = [(200, {}, {"data": data, "errors": [denied]})]
    with shop(fake) as channel, pytest.raises(AccessError):
        list(channel.arrivals({}))


# --- the 60 days


def test_a_cursor_before_the_60_days_is_refused_without_read_all_orders():
    fake = FakeShopify(orders(1))
    fake.scopes = ["read_orders"]
    with shop(fake) as channel, pytest.raises(AccessError, match="read_all_orders"):
        list(channel.arrivals({"updated_at": "2020-01-01T00:00:00+00:00"}))


def test_with_read_all_orders_it_is_pulled():
    fake = FakeShopify(orders(1))
    with shop(fake) as channel:
        assert len(list(channel.arrivals({"updated_at": "2020-01-01T00:00:00+00:00"}))) == 1


def test_more_orders_than_shopify_pages_are_read_by_several_queries(monkeypatch):
    monkeypatch.setattr(shopify, "MAX_PAGED", 6)
    fake = FakeShopify(orders(30))
    with shop(fake) as channel:
        pulled = refs(channel.arrivals({}))
    assert set(pulled) == {f"{1001 + i}@{stamp}" for i, stamp in enumerate(stamps(30))}


def test_an_unreadable_cursor_starts_over_instead_of_guessing():
    fake = FakeShopify(orders(2))
    with shop(fake) as channel:
        assert len(list(channel.arrivals({"updated_at": "soon"}))) == 2
