"""XLSX: typed cells, several sheets, and archives that would hurt."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from connectors.files.reading import read_file
from connectors.files.workbook import read_workbook
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind

HEADER = ["order ref", "customer no", "item", "qty", "price", "date"]


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def read(content: bytes, mapping: SenderMapping | None = None):
    envelope = Envelope("files", "acme/x@1", content, "", "acme", "orders.txt")
    return read_file(envelope, {"acme": mapping} if mapping else {})


def test_cells_keep_their_type():
    rows = [
        HEADER,
        [1001.0, 17850, 4711, 1234.5, 0.1 + 0.2, datetime(2026, 11, 23, 8, 0)],  # noqa: DTZ001 - Excel knows no zones
        [1001, 17850, "A1", 2, None],
    ]
    first, second = read(book(("Orders", rows)), SenderMapping("acme", decimal=",")).frame.to_dict("records")
    assert (first["order_ref"], first["customer_number"], first["item_ref"]) == ("1001", "17850", "4711")
    assert (first["quantity_e3"], first["unit_price_e4"], first["order_date"]) == (1234500, 3000, date(2026, 11, 23))
    assert (second["item_ref"], second["row"], second["order_problems"]) == ("A1", "row 3", ())


def test_text_cells_follow_the_senders_decimal_mark():
    content = book(("Orders", [HEADER, ["1", "7", "A", "2", "1.234,50", "23.11.2026"]]))
    mapping = SenderMapping("acme", decimal=",", date_formats=("%d.%m.%Y",))
    (row,) = read(content, mapping).frame.to_dict("records")
    assert (row["unit_price_e4"], row["order_date"]) == (12345000, date(2026, 11, 23))


def test_blank_rows_do_not_count_and_row_numbers_are_excels():
    rows = [[], HEADER, [], ["1", "7", "A", 1], [None] * 6, ["2", "7", "B", 1]]
    assert list(read(book(("Orders", rows))).frame["row"]) == ["row 4", "row 6"]


def test_the_named_sheet_is_read_and_an_unnamed_one_is_told():
    content = book(("Orders", [HEADER, ["1", "7", "A", 1]]), ("More", [HEADER, ["2", "7", "B", 1]]), ("Empty", []))
    reading = read(content)
    assert list(reading.frame["order_ref"]) == ["1"]
    assert [item.ref for item in reading.unreadable] == ["sheet More"]
    reading = read(content, SenderMapping("acme", sheet="More"))
    assert (list(reading.frame["order_ref"]), reading.unreadable) == (["2"], ())
    assert "no sheet 'Nope'" in read(content, SenderMapping("acme", sheet="Nope")).reason


def test_a_row_wider_than_the_header_is_quarantined():
    reading = read(book(("Orders", [HEADER, ["1", "7", "A", 1, 2, None, "extra"], ["2", "7", "B", 1]])))
    assert list(reading.frame["order_ref"]) == ["2"]
    assert (reading.unreadable[0].ref, reading.unreadable[0].rule) == ("row 2", "ROW-002")


def test_formulas_give_their_stored_value_and_errors_are_no_numbers():
    workbook = Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["1", "7", "A", "#N/A", 1])
    workbook.active.append(["2", "7", "A", "=1+1", 1])  # never calculated: no value is stored
    file = io.BytesIO()
    workbook.save(file)
    rows = read(file.getvalue()).frame.to_dict("records")
    assert [row["problems"][0].rule for row in rows] == ["LIN-001", "LIN-001"]


def rezipped(content: bytes, **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, data in more.items():
            new.writestr(name.replace("__", "."), data)
    return file.getvalue()


ORDERS = book(("Orders", [HEADER, ["1", "7", "A", 1]]))


@pytest.mark.parametrize(
    "content",
    [rezipped(ORDERS, bomb__bin=b"\0" * 5_000_000), rezipped(ORDERS, inner__zip=b"PK"), rezipped(ORDERS, x__xlsx=b"")],
    ids=["ratio", "nested zip", "nested workbook"],
)
def test_archives_that_may_burst_are_not_opened(content):
    reading = read(content)
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-003")


@pytest.mark.parametrize("cut", [10, 100, 1_000, -30])  # a workbook is not of the same length each time
def test_a_damaged_workbook_is_quarantined(cut):
    assert read(ORDERS[:cut]).kind is EnvelopeKind.UNREADABLE


def test_a_workbook_that_arrived_in_part_is_called_damaged():
    assert read(ORDERS[:-30]).unreadable[0].rule == "ENV-001"


def test_entities_in_a_workbook_are_not_expanded():
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ORDERS)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets"):
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data.replace(b">A<", b">&a;<")
            new.writestr(name, data)
    assert read(file.getvalue()).unreadable[0].rule == "ENV-003"


def test_a_sheet_that_claims_a_million_columns_is_read_as_far_as_it_goes():
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ORDERS)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b'<dimension ref="A1:F2"', b'<dimension ref="A1:XFD1048576"'))
    assert len(read_workbook(file.getvalue()).rows) == 1


def test_an_old_excel_file_is_answered_with_what_to_ask_for():
    reading = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    assert reading.unreadable[0].rule == "ENV-002"
    assert ".xlsx" in reading.reason


def test_numbers_are_decimals_of_fifteen_digits():
    table = read_workbook(book(("S", [["a", "b"], [2.55, 1e-7], [123456789012345, True]])))
    assert list(table.columns[0].objects()) == [Decimal("2.55"), Decimal(123456789012345)]
    assert list(table.columns[1].objects()) == [Decimal("1E-7"), "TRUE"]
