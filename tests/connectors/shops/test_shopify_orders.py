import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_mutations import broken
from shop_payloads import bag, shopify_line, shopify_order, webhook_order

from connectors.shops.pricing import worth
from connectors.shops.shopify_orders import read_shopify
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.reading import EnvelopeKind, Kind, Reading
from orderclerk.domain.rules import RULES

FIXTURES = Path(__file__).parents[3].parent / "shared" / "data" / "platform-shopify-python" / "fixtures"


def envelope(payload):
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Envelope("tea-shop", "1@t", content, "application/vnd.shopify.order+json", "shop.test")


def read(payload):
    return read_shopify(envelope(payload))


def order(payload):
    reading = read(payload)
    assert reading.kind is EnvelopeKind.ORDERS, reading.reason
    return reading.orders[0]


def goods(found):
    return [line for line in found.lines if not line.is_charge]


def charges(found):
    return {line.line_ref: line.unit_price for line in found.lines if line.is_charge}


def test_an_order_is_read_whole():
    found = order(shopify_order())
    assert (found.source, found.order_ref, found.customer_po) == ("tea-shop", "1001", "#1001")
    assert found.kind is Kind.ORDER
    assert found.customer.key == "shopify:207119551"
    assert (found.customer.email, found.customer.name) == ("ada@byron.example", "Byron & Co")
    assert found.delivery.street == "High Street 1"
    assert (found.delivery.recipient, found.delivery.country) == ("Byron & Co, Ada Byron", "GB")
    assert found.version_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert found.order_date == date(2026, 11, 20)
    (line,) = goods(found)
    assert (line.line_ref, line.item_ref, line.quantity, line.unit_price) == ("11", "TEA-100", 2, Decimal("10"))
    assert (line.barcode, line.description) == ("4006381333931", "Green tea - 100 g")
    assert charges(found) == {"shipping:7": Decimal("5.00")}
    assert found.total == worth(list(found.lines)) == Decimal("25.00")
    assert found.problems == ()


def test_the_customers_po_number_wins_over_the_shops_name():
    assert order(shopify_order(poNumber="PO-77")).customer_po == "PO-77"


def test_discounts_are_inside_the_unit_price():
    line = shopify_line(
        1,
        quantity=4,
        discountAllocations=[{"allocatedAmountSet": bag("4.00")}, {"allocatedAmountSet": bag("2.00")}],
        discountedUnitPriceAfterAllDiscountsSet=bag("8.50"),
    )
    found = order(shopify_order(lines=[line], total="39.00"))
    assert goods(found)[0].unit_price == Decimal("8.5")
    assert found.problems == ()


def test_a_price_that_does_not_divide_evenly_gets_a_rounding_line():
    line = shopify_line(
        1,
        quantity=3,
        discountAllocations=[{"allocatedAmountSet": bag("1.00")}],
        discountedUnitPriceAfterAllDiscountsSet=bag("9.67"),
    )
    found = order(shopify_order(lines=[line], total="34.00"))
    assert goods(found)[0].unit_price == Decimal("9.6667")
    assert charges(found)["rounding"] == Decimal("-0.0001")
    assert worth(list(found.lines)) == found.total


def test_discounts_that_contradict_the_stated_price_are_a_problem():
    line = shopify_line(
        1,
        discountAllocations=[{"allocatedAmountSet": bag("4.00")}],
        discountedUnitPriceAfterAllDiscountsSet=bag("9.50"),
    )
    (read_line,) = goods(order(shopify_order(lines=[line])))
    assert read_line.unit_price is None
    assert read_line.problems[0].rule == "LIN-002"


def test_prices_with_tax_are_read_without_it():
    line = shopify_line(1, quantity=2, price="11.90", taxLines=[{"title": "VAT", "priceSet": bag("3.80")}])
    payload = shopify_order(lines=[line], total="28.80", taxesIncluded=True, currentTotalTaxSet=bag("4.60"))
    payload["shippingLines"]["nodes"][0]["taxLines"] = [{"title": "VAT", "priceSet": bag("0.80")}]
    found = order(payload)
    assert goods(found)[0].unit_price == Decimal("10.00")
    assert charges(found) == {"shipping:7": Decimal("4.20"), "tax": Decimal("4.60")}
    assert found.problems == ()


def test_a_partly_refunded_freight_takes_its_tax_along():
    payload = shopify_order(lines=[], total="2.50", taxesIncluded=True, currentTotalTaxSet=bag("0.40"))
    freight = payload["shippingLines"]["nodes"][0]
    freight |= {"taxLines": [{"priceSet": bag("0.80")}], "currentDiscountedPriceSet": bag("2.50")}
    assert charges(order(payload)) == {"shipping:7": Decimal("2.10"), "tax": Decimal("0.40")}


def test_edits_and_refunds_lower_the_quantity():
    lines = [shopify_line(1, quantity=5, currentQuantity=3), shopify_line(2, quantity=1, currentQuantity=0)]
    found = order(shopify_order(lines=lines, total="35.00"))
    assert [(line.line_ref, line.quantity) for line in goods(found)] == [("1", 3)]
    assert found.kind is Kind.ORDER
    assert found.problems == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"cancelledAt": "2026-11-21T08:00:00Z", "cancelReason": "CUSTOMER"},
        {"displayFinancialStatus": "REFUNDED"},
        {"displayFinancialStatus": "VOIDED"},
        {"lines": [shopify_line(1, currentQuantity=0), shopify_line(2, currentQuantity=0)]},
    ],
)
def test_a_cancelled_or_emptied_order_is_a_cancellation_that_tells_what_was_ordered(changes):
    found = order(shopify_order(**changes))
    assert found.kind is Kind.CANCELLATION
    assert all(line.quantity == 2 and not line.is_charge for line in found.lines)
    assert found.lines
    assert found.problems == ()


def test_a_partly_refunded_order_is_still_an_order():
    assert order(shopify_order(displayFinancialStatus="PARTIALLY_REFUNDED")).kind is Kind.ORDER


def test_a_test_order_is_no_order():
    reading = read(shopify_order(test=True))
    assert reading.kind is EnvelopeKind.OTHER
    assert "test" in reading.reason


def test_money_is_in_the_currency_the_customer_pays():
    payload = shopify_order(presentmentCurrencyCode="USD")
    assert order(payload).currency == "USD"
    assert {p.rule for p in order(payload).lines[0].problems} == {"ORD-004"}  # the fake's amounts are all in EUR


def test_yen_have_no_cents_to_round_to():
    line = shopify_line(
        1,
        quantity=3,
        originalUnitPriceSet=bag("100", "JPY"),
        discountAllocations=[{"allocatedAmountSet": bag("10", "JPY")}],
        discountedUnitPriceAfterAllDiscountsSet=bag("97", "JPY"),
    )
    payload = shopify_order(lines=[line], currencyCode="JPY", presentmentCurrencyCode="JPY", shippingLines=None)
    found = order(
        {**payload, "currentTotalPriceSet": bag("290", "JPY"), "totalTipReceivedSet": None, "currentTotalTaxSet": None}
    )
    assert worth(list(found.lines)) == 290
    assert found.problems == ()


def test_a_total_that_is_not_the_lines_is_a_problem():
    (problem,) = order(shopify_order(total="99.00")).problems
    assert (problem.rule, problem.value) == ("ORD-003", "99.00")


def test_numbers_may_come_as_text_or_number():
    line = shopify_line(1, quantity="2", currentQuantity="2")
    line["originalUnitPriceSet"]["presentmentMoney"]["amount"] = 10.0
    found = order(shopify_order(lines=[line]))
    assert goods(found)[0].unit_price == 10
    assert found.problems == ()


@pytest.mark.parametrize("quantity", ["two", "", None, [], {}, True, "1,000", "1e5", "NaN", 10**70])
def test_an_unreadable_quantity_is_none_with_its_rule(quantity):
    (line,) = goods(order(shopify_order(lines=[shopify_line(1, quantity=quantity, currentQuantity=quantity)])))
    assert line.quantity is None
    assert line.problems[0].rule == "LIN-001"


@pytest.mark.parametrize("price", ["ten", "", None, "10,00", "1.234,56", True])
def test_an_unreadable_price_is_none_with_its_rule(price):
    line = shopify_line(1)
    for name in ("originalUnitPriceSet", "discountedUnitPriceAfterAllDiscountsSet"):
        line[name]["presentmentMoney"]["amount"] = price
    (found,) = goods(order(shopify_order(lines=[line])))
    assert found.unit_price is None
    assert found.problems[0].rule == "LIN-002"


def test_a_negative_quantity_is_not_delivered():
    (line,) = goods(order(shopify_order(lines=[shopify_line(1, quantity=-2, currentQuantity=-2)])))
    assert (line.quantity, line.problems[0].rule) == (None, "LIN-007")


def test_null_where_an_object_belongs_is_absence():
    payload = shopify_order(customer=None, shippingAddress=None, billingAddress=None, note=None, customAttributes=None)
    found = order(payload)
    assert found.problems == ()
    assert not found.delivery
    assert found.customer.key == ""


def test_a_wrong_type_is_a_problem_that_names_the_field():
    fields = {p.field: p.rule for p in order(shopify_order(email=["a"], shippingAddress="London")).problems}
    assert fields == {"email": "CUS-003", "shippingAddress": "ADR-001"}


def test_one_broken_line_leaves_the_others():
    found = order(shopify_order(lines=[shopify_line(1), None, "x"]))
    assert len(goods(found)) == 1
    assert [p.field for p in found.problems][:2] == ["lineItems[2]", "lineItems[3]"]


def test_an_item_without_sku_is_named_by_the_shops_variant():
    line = shopify_line(1, sku=None, variant={"id": "gid://shopify/ProductVariant/42", "sku": None})
    assert goods(order(shopify_order(lines=[line])))[0].item_ref == "variant:42"
    (bare,) = goods(order(shopify_order(lines=[shopify_line(1, sku="", variant=None)])))
    assert (bare.item_ref, bare.problems[0].rule) == ("", "LIN-003")


def test_engravings_and_wishes_are_kept():
    line = shopify_line(1, customAttributes=[{"key": "Engraving", "value": "For Bob"}, {"key": "_id", "value": "x"}])
    attributes = [{"key": "delivery-date", "value": "2026-12-24"}, {"key": "Gate", "value": "B"}]
    found = order(shopify_order(lines=[line], note="ring twice", customAttributes=attributes))
    assert goods(found)[0].description == "Green tea - 100 g (Engraving: For Bob)"
    assert found.requested_date == date(2026, 12, 24)
    assert found.remarks == "ring twice\nGate: B"


@pytest.mark.parametrize("day", ["12/24/2026", "24.12.2026", "soon", "2026-13-01"])
def test_a_wished_day_that_could_be_misread_is_a_problem(day):
    found = order(shopify_order(customAttributes=[{"key": "Delivery date", "value": day}]))
    assert found.requested_date is None
    assert found.problems[0].rule == "ORD-002"


def test_edges_are_read_like_nodes():
    payload = shopify_order()
    payload["lineItems"] = {"edges": [{"node": shopify_line(5)}]}
    assert goods(order(payload))[0].line_ref == "5"


def test_a_webhook_in_the_older_shape_says_the_same():
    found = order(webhook_order())
    assert (found.order_ref, found.customer_po, found.currency) == ("820982911946154508", "#9999", "EUR")
    assert found.customer.key == "shopify:115310627314723954"
    assert (found.language, found.order_date, found.requested_date) == ("zh_CN", date(2026, 11, 20), date(2026, 12, 1))
    assert found.remarks == "ring twice\nGate: B"
    assert found.version_at == datetime(2026, 11, 21, 6, tzinfo=UTC)
    (line,) = goods(found)
    assert (line.quantity, line.unit_price) == (2, Decimal("12"))  # (3 x 14 - 6) / 3 EUR
    assert found.total == worth(list(found.lines)) == Decimal("24.00")
    assert found.problems == ()


def test_an_older_order_with_refunds_has_fewer_units():
    payload = webhook_order(presentment_currency="GBP")
    line = {"id": 1, "sku": "A", "quantity": 3, "price": "10.00", "total_discount": "0.00"}
    refund = {"refund_line_items": [{"line_item_id": 1, "quantity": 1, "subtotal": "10.00", "total_tax": "0.00"}]}
    payload |= {"line_items": [line], "refunds": [refund], "total_price": "30.00"}
    for name in ("current_total_price", "current_total_price_set", "current_total_tax", "current_total_tax_set"):
        del payload[name]
    found = order(payload)
    assert [line.quantity for line in goods(found)] == [2]
    assert found.total == Decimal("20.00")
    assert found.problems == ()


@pytest.mark.parametrize("content", [b"", b"{", b"<html>", b"\xff\xfe", b"[" * 50_000])
def test_what_is_no_json_is_unreadable(content):
    reading = read(content)
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert reading.reason


@pytest.mark.parametrize("payload", [{}, {"name": "#1"}, {"id": None}, {"id": []}, {"legacyResourceId": {}}])
def test_an_order_without_id_is_quarantined(payload):
    reading = read(payload)
    assert reading.orders == ()
    assert reading.unreadable[0].rule == "ROW-001"


@pytest.mark.parametrize("payload", [None, 7, "text", [1], True])
def test_json_that_is_no_object_is_quarantined(payload):
    assert read(payload).unreadable[0].rule == "ENV-001"


def assert_sound(reading):
    """A reading that the desk can store: known rules, sane quantities, a frame of it, no control characters."""
    assert isinstance(reading, Reading)
    problems = [p for o in reading.orders for p in (*o.problems, *(q for line in o.lines for q in line.problems))]
    assert {problem.rule for problem in problems} | {one.rule for one in reading.unreadable} <= set(RULES)
    for found in reading.orders:
        assert found.order_ref
        for line in found.lines:
            assert line.quantity is None or line.quantity > 0
            assert line.is_charge or line.item_ref or line.problems
            assert line.is_charge or line.quantity is not None or line.problems
    frame = line_frame(reading.orders)
    assert not frame["order_ref"].str.contains("\x00").any()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_broken_order_never_raises_and_is_never_half_right(data):
    payload = data.draw(st.sampled_from([shopify_order(), webhook_order()]))
    assert_sound(read(json.dumps(data.draw(broken(payload))).encode()))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_reading(content):
    assert_sound(read(content))


@pytest.mark.parametrize("cut", range(0, 2000, 97))
def test_an_order_cut_off_is_unreadable(cut):
    whole = json.dumps(shopify_order()).encode()
    assert read(whole[:cut]).kind is EnvelopeKind.UNREADABLE


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["order.json", "orders.json"])
def test_shopifys_own_fixtures_are_read_and_their_wrong_totals_noticed(name):
    if not FIXTURES.exists():
        pytest.skip("no ../shared/data")
    found = order((FIXTURES / name).read_bytes())
    assert (found.order_ref, found.customer_po) == ("450789469", "#1001")
    assert found.customer.key == "shopify:207119551"
    assert found.delivery.country == "US"
    assert "ORD-003" in {problem.rule for problem in found.problems}
    if name == "order.json":
        assert [line.item_ref for line in goods(found)] == ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]


@pytest.mark.real_data
def test_no_other_fixture_of_shopify_makes_the_reader_raise():
    if not FIXTURES.exists():
        pytest.skip("no ../shared/data")
    for path in FIXTURES.glob("*.json"):
        assert_sound(read(path.read_bytes()))
