"""Files nobody here wrote, read to the cent."""

import csv
import time
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.files.reading import read_file
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind

DATA = Path(__file__).parents[3].parent / "shared" / "data"
real_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
UCI = SenderMapping(
    "uci",
    columns={
        "order_ref": "InvoiceNo", "item_ref": "StockCode", "description": "Description", "quantity": "Quantity",
        "order_date": "InvoiceDate", "unit_price": "UnitPrice", "customer_number": "CustomerID", "country": "Country",
    },
    currency="GBP",
    cancel_prefix="C",
    charge_items=("POST", "DOT", "M", "D", "BANK CHARGES"),
)  # fmt: skip


def read(content: bytes, name: str = "x"):
    return read_file(Envelope("files", f"uci/{name}@1", content, "", "uci", name), {"uci": UCI})


def kept(line) -> tuple[int, int]:
    """Quantity in thousandths and value in ten-millionths as the file had them, whatever the line became."""
    against = next((problem for problem in line.problems if problem.rule == "LIN-007"), None)
    sign = -1 if line.kind == "return" else 1
    quantity = int(Decimal(against.value) * 1000) if against else sign * int(line.quantity_e3)
    return quantity, quantity * int(line.unit_price_e4)


@pytest.mark.real_data
@real_data
def test_the_wholesalers_days_add_up_to_the_cent():
    days = sorted((DATA / "uci-online-retail" / "by-day").glob("*.csv"))
    for path in days[::5]:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        reading = read(path.read_bytes(), path.name)
        assert (len(reading.frame), reading.unreadable) == (len(rows), ())
        sums = [kept(line) for line in reading.frame.itertuples()]
        quantity = sum(Decimal(row["Quantity"]) for row in rows)
        value = sum(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in rows)
        assert sum(part for part, _ in sums) == quantity * 1000
        assert sum(part for _, part in sums) == value * 10**7
        assert set(reading.frame["order_ref"]) == {row["InvoiceNo"] for row in rows}
        credits = reading.frame["order_ref"].str.startswith("C")
        assert ((reading.frame["kind"] == "return") == credits).all()
        assert not reading.frame.duplicated(["order_ref", "line_ref"]).any()


@pytest.mark.real_data
@real_data
@pytest.mark.parametrize(
    ("name", "refs"),
    [
        ("edi-pydifact/data/order.edi", ["801715918011"]),
        ("edi-pydifact/data/order2.edi", ["PO123456"]),
        ("edi-pydifact/data/wikipedia_de.edi", ["B10001"]),
        ("edi-edinet-samples/x12.850.edi", ["1000012"]),
        ("edi-edinet-samples/x12.850a.edi", ["4600000406"]),
        ("edi-edinet-samples/x12.850.issue135.edi", ["740150", "740151"]),
        ("ubl-phax/order/UBL-Order-2.1-Example.xml", ["34"]),
        ("ubl-phax/order/UBL-Order-2.0-Example.xml", ["AEG012345"]),
        ("ubl-phax/ordercancellation/UBL-OrderCancellation-2.1-Example.xml", ["34"]),
    ],
)
def test_real_documents_give_their_orders(name, refs):
    assert [order.order_ref for order in read((DATA / name).read_bytes()).orders] == refs


@pytest.mark.real_data
@real_data
def test_a_line_lost_between_two_segments_is_noticed():
    """The sample lacks a terminator, so that one of its ten lines hides in the date before it."""
    order, _ = read((DATA / "edi-edinet-samples" / "x12.850.issue135.edi").read_bytes()).orders
    assert ("CTT01", "10") in [(problem.field, problem.value) for problem in order.problems]


@pytest.mark.slow
def test_half_a_million_lines_take_seconds():
    row = "{order},{item},NAME OF {item},{quantity},2010-12-01 08:26:00,{price},{customer}.0,United Kingdom\n"
    lines = [
        row.format(
            order=536365 + n // 21, item=20000 + n % 3999, quantity=n % 90 + 1, price=n % 700 / 100, customer=n % 4000
        )
        for n in range(540_000)
    ]
    content = (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" + "".join(lines)
    ).encode()
    start = time.process_time()
    reading = read(content)
    assert time.process_time() - start < 15  # about 4 s on two shared cores
    assert (reading.kind, len(reading.frame), reading.unreadable) == (EnvelopeKind.ORDERS, 540_000, ())
