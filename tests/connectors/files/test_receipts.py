"""Warehouses' reports of what arrived, under the names people give their columns."""

from decimal import Decimal

import pytest

from connectors.files.receipts import read_receipts
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, ReceiptRead


def read(text: str, **mapping):
    return read_receipts(
        Envelope("files", "x", text.encode(), "text/csv", "warehouse"), SenderMapping("warehouse", **mapping)
    )


@pytest.mark.parametrize(
    "head",
    [
        "po_no,item,quantity",
        "PO Number;Article No.;Received",
        "Bestellung;Artikel;Menge",
        "采购单号,货号,数量",
        "Purchase Order\tSKU\tQty",
    ],
)
def test_the_columns_are_known_under_their_usual_names(head):
    mark = next(one for one in ",;\t" if one in head)
    reading = read(f"{head}\n{mark.join(('po100012', 'HX-1', '120'))}\n")
    assert reading.receipts == (ReceiptRead("PO100012", "HX-1", Decimal(120), row="row 2"),)


def test_lot_delivery_note_and_day_come_along():
    text = "PO;Item;Qty;Batch;Delivery note;Date\nPO100012;HX-1;2,5;L7;LS-9;2026-03-12\n"
    one = read(text, decimal=",").receipts[0]
    assert (one.quantity, one.lot, one.delivery_ref, one.day.isoformat()) == (
        Decimal("2.5"),
        "L7",
        "LS-9",
        "2026-03-12",
    )


def test_a_row_without_an_order_is_kept_for_a_person():
    assert read("po,item,qty\n,HX-1,5\n").receipts[0].po_no == ""


@pytest.mark.parametrize("cell", ["0", "-5", "many", "", "2.0005"])
def test_a_quantity_that_cannot_arrive_is_quarantined_and_the_other_rows_are_read(cell):
    reading = read(f"po,item,qty\nPO100001,A,{cell}\nPO100001,B,5\n")
    assert [one.item_ref for one in reading.receipts] == ["B"]
    assert [one.rule for one in reading.unreadable] == ["ROW-002"]


@pytest.mark.parametrize(
    ("text", "rule"), [("a,b\n1,2\n", "ENV-004"), ("%PDF-1.4", "ENV-001"), ("only words", "ENV-001")]
)
def test_what_is_no_report_waits_for_a_person(text, rule):
    reading = read(text)
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, rule)
