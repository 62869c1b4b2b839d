"""The sandbox's suppliers: each answers in their manner, in words that are theirs, and sends what they said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from orderclerk.documents.purchase_mail import PurchaseMail, render_purchase_mail
from orderclerk.documents.purchase_samples import sample_purchase
from orderclerk.documents.samples import DESK
from orderclerk.domain.purchasing import OrderedLine, read_supplier
from sandbox.world.masterdata import make_master_data
from sandbox.world.suppliers import SUPPLIERS, Suppliers, needs, supplier_tables

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
ORDER = replace(sample_purchase("en"), lines=[sample_purchase("en").lines[1]])  # 400 at 0.35
LINES = [OrderedLine(1, ORDER.lines[0].quantity, ORDER.lines[0].unit_price, refs=("NX-2000",))]


def order_from(supplier, tmp_path, kind=PurchaseMail.ORDER):
    world = Suppliers(tmp_path)
    world.arrives(supplier.email, render_purchase_mail(kind, DESK, ORDER, supplier.email, AT).as_bytes(), AT)
    return world, *world.read()


@pytest.mark.parametrize("supplier", SUPPLIERS, ids=lambda one: f"{one.number} {one.manner}")
def test_what_they_write_can_be_understood_as_they_meant_it(supplier, tmp_path):
    _, letters, deliveries = order_from(supplier, tmp_path)
    if supplier.manner == "silent":
        assert (letters, deliveries) == ([], [])
        return
    words = message_from_bytes(letters[0].raw, policy=default).get_content()
    answer = read_supplier(words, LINES, AT.date(), (supplier.name, supplier.person))
    assert (answer.is_confirmed, answer.doubts) == (True, ())
    said = answer.lines[0]
    assert (said.quantity == 300) is (supplier.manner == "short")
    assert (said.unit_price is not None) is (supplier.manner == "dearer")
    assert deliveries[0].at - AT >= timedelta(days=supplier.days)
    assert b";300;" in deliveries[0].content if supplier.manner == "short" else b";400;" in deliveries[0].content


def test_an_order_that_comes_twice_is_answered_once(tmp_path):
    world, letters, _ = order_from(SUPPLIERS[0], tmp_path)
    raw = render_purchase_mail(PurchaseMail.ORDER, DESK, ORDER, SUPPLIERS[0].email, AT).as_bytes()
    world.arrives(SUPPLIERS[0].email, raw, AT)
    assert (len(letters), world.read()) == (1, ([], []))


def test_every_item_has_one_preferred_supplier_and_a_price():
    data, day = make_master_data(1), date(2026, 11, 23)
    tables = supplier_tables(data, day)
    assert (
        {row[1] for row in tables["supplier_items"]}
        == {row[1] for row in tables["supplier_prices"]}
        == {i.number for i in data.items}
    )
    assert len(tables["supplier_items"]) == len(data.items)
    assert {need["item"] for need in needs(data, day)} <= {i.number for i in data.items}
