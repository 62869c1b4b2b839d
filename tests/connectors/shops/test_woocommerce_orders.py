import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_mutations import broken
from shop_payloads import woo_line, woo_order, woo_refund

from connectors.shops.pricing import worth
from connectors.shops.woocommerce_orders import STATUSES, read_woocommerce
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.reading import EnvelopeKind, Kind
from orderclerk.domain.rules import RULES

SUMMARY = [{"id": 900, "reason": "", "total": "-10.00"}]


def read(payload):
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return read_woocommerce(Envelope("cup-shop", "1@t", content, "application/vnd.woocommerce.order+json", "cups.test"))


def order(payload):
    reading = read(payload)
    assert reading.kind is EnvelopeKind.ORDERS, reading.reason
    return reading.orders[0]


def goods(found):
    return [line for line in found.lines if not line.is_charge]


def charges(found):
    return {line.line_ref: line.unit_price for line in found.lines if line.is_charge}


def test_an_order_is_read_whole():
    found = order(woo_order(customer_note="ring twice"))
    assert (found.source, found.order_ref, found.customer_po, found.kind) == ("cup-shop", "727", "727", Kind.ORDER)
    assert (found.customer.key, found.customer.email, found.customer.name) == (
        "woo:26",
        "ada@byron.example",
        "Ada Byron",
    )
    assert (found.delivery.street, found.delivery.country) == ("High Street 1", "GB")
    assert found.version_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert found.order_date == date(2026, 11, 20)
    assert (found.payment_method, found.remarks, found.currency) == ("cod", "ring twice", "EUR")
    (line,) = goods(found)
    assert (line.line_ref, line.item_ref, line.quantity, line.unit_price) == ("315", "TEA-100", 2, Decimal("10"))
    assert charges(found) == {"shipping:317": Decimal("5.00")}
    assert found.total == worth(list(found.lines)) == Decimal("25.00")
    assert found.problems == ()


def test_the_number_of_a_plugin_is_shown_but_the_id_is_the_key():
    found = order(woo_order(number=727) | {"number": "2026-0042"})
    assert (found.order_ref, found.customer_po) == ("727", "2026-0042")


def test_a_guest_has_no_key():
    assert order(woo_order(customer_id=0)).customer.key == ""


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_meaning(status):
    reading = read(woo_order(status=status))
    meaning = STATUSES[status]
    if isinstance(meaning, Kind):
        assert reading.orders[0].kind is meaning
    else:
        assert reading.kind is EnvelopeKind.OTHER
        assert meaning in reading.reason


def test_a_plugins_status_is_quarantined_until_someone_says_what_it_means():
    reading = read(woo_order(status="wc-awaiting-shipment"))
    assert reading.orders == ()
    assert "awaiting-shipment" in reading.unreadable[0].reason
    content = json.dumps(woo_order(status="awaiting-shipment")).encode()
    known = {**STATUSES, "awaiting-shipment": Kind.ORDER}
    assert read_woocommerce(Envelope("c", "d", content, "m"), known).orders


def test_coupons_are_inside_the_unit_price_and_tax_is_not():
    lines = [woo_line(1, quantity=3, total="26.00", subtotal="30.00", total_tax="4.94")]
    found = order(woo_order(lines=lines, total="35.94", total_tax="4.94"))
    assert goods(found)[0].unit_price == Decimal("8.6667")
    assert charges(found) == {
        "shipping:317": Decimal("5.00"),
        "tax": Decimal("4.94"),
        "rounding": Decimal("-0.0001"),
    }
    assert worth(list(found.lines)) == found.total


def test_a_cent_from_included_tax_becomes_a_rounding_line():
    lines = [
        woo_line(1, quantity=1, total="8.40", total_tax="1.60"),
        woo_line(2, quantity=1, total="8.40", total_tax="1.60"),
    ]
    found = order(woo_order(lines=lines, total="25.01", total_tax="3.20", prices_include_tax=True))
    assert charges(found)["rounding"] == Decimal("0.01")
    assert found.problems == ()


def test_a_total_that_is_not_the_lines_is_a_problem():
    assert [p.rule for p in order(woo_order(total="99.00")).problems] == ["ORD-003"]


def test_fees_are_charges_and_negative_ones_too():
    fees = [{"id": 5, "name": "Gift wrap", "total": "2.00"}, {"id": 6, "name": "Loyalty", "total": "-1.50"}]
    found = order(woo_order(fee_lines=fees, total="25.50"))
    assert charges(found) == {"shipping:317": Decimal("5.00"), "fee:5": Decimal("2.00"), "fee:6": Decimal("-1.50")}
    assert found.problems == ()


def test_a_refund_takes_back_its_units():
    refund = woo_refund(900, "10.00", units=[(315, 1, "10.00")])
    found = order(woo_order(refunds=SUMMARY, refund_details=[refund]))
    assert [line.quantity for line in goods(found)] == [1]
    assert found.total == worth(list(found.lines)) == Decimal("15.00")
    assert found.problems == ()


def test_two_refunds_freight_and_tax_add_up():
    lines = [
        woo_line(315, quantity=4, total="40.00", total_tax="8.00"),
        woo_line(316, sku="CUP", total="6.00", quantity=1),
    ]
    refunds = [
        woo_refund(900, "24.00", units=[(315, 2, "20.00")], tax="4.00"),
        woo_refund(901, "11.00", units=[(316, 1, "6.00")], shipping=[(317, "5.00")]),
    ]
    payload = woo_order(lines=lines, total="59.00", total_tax="8.00", refunds=SUMMARY, refund_details=refunds)
    found = order(payload)
    assert [(line.item_ref, line.quantity) for line in goods(found)] == [("TEA-100", 2)]
    assert {ref: price for ref, price in charges(found).items() if price} == {"tax": Decimal("4.00")}
    assert found.total == worth(list(found.lines)) == Decimal("24.00")


def test_money_given_back_beyond_the_lines_is_a_charge_of_its_own():
    found = order(woo_order(refunds=SUMMARY, refund_details=[woo_refund(900, "3.00")]))
    assert [line.quantity for line in goods(found)] == [2]
    assert charges(found)["refund"] == Decimal("-3.00")
    assert found.total == worth(list(found.lines)) == Decimal("22.00")


def test_all_units_refunded_is_a_cancellation():
    refund = woo_refund(900, "25.00", units=[(315, 2, "20.00")], shipping=[(317, "5.00")])
    found = order(woo_order(refunds=SUMMARY, refund_details=[refund]))
    assert found.kind is Kind.CANCELLATION
    assert [line.quantity for line in found.lines] == [2]


def test_a_webhook_that_does_not_tell_the_refunded_lines_is_held():
    found = order(woo_order(refunds=SUMMARY))
    assert found.total is None
    assert [(p.rule, p.field) for p in found.problems] == [("ORD-003", "refunds")]


def test_more_back_than_ordered_is_a_problem_of_the_line():
    (line,) = goods(order(woo_order(refunds=SUMMARY, refund_details=[woo_refund(900, "0", units=[(315, 9, "0")])])))
    assert (line.quantity, line.problems[0].rule) == (None, "LIN-007")


@pytest.mark.parametrize("quantity", ["two", None, "", [], {}, True, "1,5", -1, 0])
def test_a_quantity_that_is_none_is_not_delivered(quantity):
    (line,) = goods(order(woo_order(lines=[woo_line(1) | {"quantity": quantity}])))
    assert (line.quantity, line.unit_price) == (None, None)
    assert line.problems[0].rule in ("LIN-001", "LIN-004", "LIN-007")


def test_fractions_of_a_unit_are_exact():
    (line,) = goods(order(woo_order(lines=[woo_line(1) | {"quantity": 0.125, "total": "1.00", "subtotal": "1.00"}])))
    assert (line.quantity, line.unit_price) == (Decimal("0.125"), Decimal("8"))


def test_an_item_without_sku_is_named_by_the_shops_product():
    lines = [woo_line(1, sku="", variation_id=77), woo_line(2, sku=None), woo_line(3, sku="", product_id=0)]
    found = goods(order(woo_order(lines=lines)))
    assert [line.item_ref for line in found] == ["variant:77", "product:93", ""]
    assert found[2].problems[0].rule == "LIN-003"


def test_an_empty_php_array_is_an_absent_object():
    found = order(woo_order(shipping=[], billing=[]))
    assert not found.delivery
    assert found.problems == ()


def test_delivery_day_and_po_number_of_plugins_are_found():
    meta = [{"id": 1, "key": "_delivery_date", "value": "2026-12-24"}, {"id": 2, "key": "_po_number", "value": "PO 7"}]
    found = order(woo_order(meta_data=[*meta, {"id": 3, "key": "_other", "value": {"a": 1}}]))
    assert (found.requested_date, found.customer_po) == (date(2026, 12, 24), "PO 7")


def test_the_ping_of_a_new_webhook_is_no_order():
    assert read(b"webhook_id=12").kind is EnvelopeKind.OTHER


@pytest.mark.parametrize(
    "payload", [{}, {"id": 0}, {"id": None, "status": "processing"}, {"code": "x", "message": "y"}]
)
def test_what_has_no_id_is_quarantined(payload):
    assert read(payload).unreadable[0].rule == "ROW-001"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_broken_order_never_raises_and_is_never_half_right(data):
    refund = woo_refund(900, "10.00", units=[(315, 1, "10.00")], shipping=[(317, "1.00")])
    payload = woo_order(refunds=SUMMARY, refund_details=[refund], fee_lines=[{"id": 5, "name": "x", "total": "0"}])
    reading = read(json.dumps(data.draw(broken(payload))).encode())
    problems = [p for o in reading.orders for p in (*o.problems, *(q for line in o.lines for q in line.problems))]
    assert {problem.rule for problem in problems} | {one.rule for one in reading.unreadable} <= set(RULES)
    for found in reading.orders:
        assert found.order_ref
        for line in goods(found):
            assert line.quantity is not None or line.problems
            assert line.quantity is None or line.quantity > 0
            assert line.item_ref or line.problems
        if found.kind is Kind.ORDER and found.total is not None and not found.problems:
            come_to = worth(list(found.lines))
            assert come_to is None or come_to == found.total
    line_frame(reading.orders)
