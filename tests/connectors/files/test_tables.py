"""Tables of senders: every row is a line or quarantined, figures are exact, nothing is guessed."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files.reading import read_file
from connectors.files.tabular import _lines_if_even, read_csv
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.lineframe import COLUMNS, DTYPES, conform, unscaled
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind

WHOLESALE = SenderMapping(
    "acme",
    columns={
        "order_ref": "InvoiceNo", "item_ref": "StockCode", "description": "Description", "quantity": "Quantity",
        "order_date": "InvoiceDate", "unit_price": "UnitPrice", "customer_number": "CustomerID", "country": "Country",
    },
    currency="GBP",
    cancel_prefix="C",
    charge_items=("POST",),
)  # fmt: skip
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
SENT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def read(content: str | bytes, mapping: SenderMapping | None = None, sender: str = "acme"):
    data = content.encode() if isinstance(content, str) else content
    senders = {sender: mapping} if mapping else {}
    return read_file(Envelope("files", "acme/x@1", data, "text/csv", sender, "x", SENT), senders)


def rows_of(reading):
    return reading.frame.to_dict("records")


def test_a_wholesalers_day():
    reading = read(
        HEADER
        + "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
        + "536365,POST,POSTAGE,1,2010-12-01 08:27:00,18,17850.0,United Kingdom\n"
        + 'C536379,22960,"JAM, SET",-3,2010-12-01 09:41:00,4.25,,EIRE\n',
        WHOLESALE,
    )
    assert reading.kind is EnvelopeKind.ORDERS
    assert tuple(reading.frame.columns) == COLUMNS
    assert reading.frame.dtypes.astype(str).to_dict() == conform(reading.frame).dtypes.astype(str).to_dict()
    first, post, credit = rows_of(reading)
    assert (first["source"], first["order_ref"], first["kind"], first["line_ref"]) == (
        "files:acme",
        "536365",
        "order",
        "1",
    )
    assert (first["customer_number"], first["country"], first["currency"]) == ("17850", "GB", "GBP")
    assert (first["quantity_e3"], first["unit_price_e4"], first["order_date"]) == (6000, 25500, date(2010, 12, 1))
    assert (first["row"], post["row"], post["line_ref"], post["is_charge"]) == ("row 2", "row 3", "2", True)
    assert (credit["kind"], credit["quantity_e3"], credit["description"]) == ("return", 3000, "JAM, SET")
    assert (credit["customer_key"], first["customer_key"]) == ("partner:acme", "")
    assert first["version_at"] == SENT
    assert not any(row["problems"] or row["order_problems"] for row in (first, post, credit))


def test_identical_lines_stay_and_have_their_own_references():
    line = "1,A,x,2,2010-12-01,1.00,7,UK\n"
    assert list(read(HEADER + line + line + line, WHOLESALE).frame["line_ref"]) == ["1", "2", "3"]


def test_lines_of_an_order_need_not_stand_together():
    frame = read("order ref,item,qty\n1,A,1\n2,B,1\n1,C,1\n").frame
    assert list(zip(frame["order_ref"], frame["line_ref"], frame["item_ref"], strict=True)) == [
        ("1", "1", "A"), ("2", "1", "B"), ("1", "2", "C"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pos", "refs"),
    [(["10", "20", "5"], ["10", "20", "5"]), (["10", "10", "5"], ["1", "2", "5"]), (["10", "", "5"], ["1", "2", "5"])],
)
def test_the_senders_own_line_references_count_where_they_are_unique(pos, refs):
    text = f"order ref,pos,item,qty\n1,{pos[0]},A,1\n1,{pos[1]},B,1\n2,{pos[2]},C,1\n"
    assert list(read(text).frame["line_ref"]) == refs


@pytest.mark.parametrize(
    ("quantity", "price", "rule", "field"),
    [
        ("", "1", "LIN-001", "quantity"),
        ("ten", "1", "LIN-001", "quantity"),
        ("1,000", "1", "LIN-001", "quantity"),
        ("-5", "1", "LIN-007", "quantity"),
        ("1.0001", "1", "LIN-006", "quantity"),
        ("1", "free", "LIN-002", "unit_price"),
        ("1", "0.00001", "LIN-006", "unit_price"),
        ("9999999999999", "1", "LIN-006", "quantity"),
    ],
)
def test_a_figure_that_cannot_be_read_is_a_problem_of_its_line(quantity, price, rule, field):
    text = f'order ref;item;qty;price\nA1;X;"{quantity}";"{price}"\nA2;X;2;3\n'
    bad, good = rows_of(read(text))
    (problem,) = bad["problems"]
    assert (problem.rule, problem.field) == (rule, field)
    assert problem.value == (quantity if field == "quantity" else price)
    assert good["problems"] == ()


def test_a_missing_price_is_no_problem():
    (row,) = rows_of(read("order ref,item,qty,price\nA1,X,2,\n"))
    assert row["problems"] == ()
    assert read("order ref,item,qty,price\nA1,X,2,\n").frame["unit_price_e4"].isna().all()


def test_negative_lines_make_a_return_only_where_the_sender_means_that_and_all_are_negative():
    text = "order ref,item,qty\nA,X,-1\nA,Y,-2\nB,X,-1\nB,Y,2\n"
    held = rows_of(read(text))
    assert [row["kind"] for row in held] == ["order"] * 4
    assert [len(row["problems"]) for row in held] == [1, 1, 1, 0]
    returned = rows_of(read(text, SenderMapping("acme", negative_lines="return")))
    assert [row["kind"] for row in returned] == ["return", "return", "order", "order"]
    assert [row["quantity_e3"] for row in returned[:2]] == [1000, 2000]
    assert [problem.rule for row in returned for problem in row["problems"]] == ["LIN-007"]


def test_a_positive_line_in_a_credit_note_is_held():
    (row,) = rows_of(read(HEADER + "C1,A,x,2,2010-12-01,1,7,UK\n", WHOLESALE))
    assert (row["kind"], [problem.rule for problem in row["problems"]]) == ("return", ["LIN-007"])


def test_lines_that_disagree_about_the_order_are_a_problem_of_the_order():
    reading = read("order ref,customer no,item,qty\n1,7,A,1\n1,,B,1\n1,8,C,1\n2,9,D,1\n")
    rows = rows_of(reading)
    assert [row["customer_number"] for row in rows] == ["7", "7", "7", "9"]
    (problem,) = rows[0]["order_problems"]
    assert (problem.rule, problem.field, problem.value) == ("ORD-005", "customer_number", "8")
    assert rows[2]["order_problems"] == rows[0]["order_problems"]
    assert rows[3]["order_problems"] == ()


def test_a_date_nobody_configured_is_a_problem_of_the_order():
    text = "order ref,date,item,qty\n1,11/12/2010,A,1\n"
    (row,) = rows_of(read(text))
    assert (row["order_date"], row["order_problems"][0].rule) == (None, "ORD-002")
    (row,) = rows_of(read(text, SenderMapping("acme", date_formats=("%m/%d/%Y",))))
    assert (row["order_date"], row["order_problems"]) == (date(2010, 11, 12), ())


def test_stated_amounts_are_handed_over_for_the_desk_to_judge():
    head = "order ref,item,qty,price,line total,order total,total tax,freight,order discount\n"
    rows = rows_of(read(head + "1,A,3,1.333,4.00,12,2,1.5,0.5\n1,B,2,5,9,12,2,1.5,0.5\n"))
    assert [row["line_total_e4"] for row in rows] == [40000, 90000]
    amounts = ("total_e4", "tax_e4", "freight_e4", "discount_e4")
    assert [rows[1][name] for name in amounts] == [120000, 20000, 15000, 5000]
    assert rows[1]["problems"] == ()


def test_rows_that_do_not_fit_are_quarantined_and_the_rest_read():
    reading = read("order ref,item,qty\n1,A,1\n2,B\n3,C,1,extra\n\n,,\n4,D,1\n,E,5\n5,,\n")
    assert list(reading.frame["order_ref"]) == ["1", "4"]
    assert list(reading.frame["row"]) == ["row 2", "row 7"]
    assert [(item.ref, item.rule) for item in reading.unreadable] == [
        ("row 3", "ROW-002"), ("row 4", "ROW-002"), ("row 8", "ROW-001"), ("row 9", "ROW-002"),
    ]  # fmt: skip


def test_a_quotation_mark_that_never_closes_costs_only_what_it_swallows():
    reading = read('order ref,item,qty\n1,A,1\n2,"B,1\n3,C,1\n')
    assert list(reading.frame["order_ref"]) == ["1"]
    assert "quotation mark" in reading.unreadable[0].reason


def test_quoted_line_breaks_belong_to_their_cell():
    reading = read('order ref,item,qty,remarks\n1,A,1,"leave at\nthe door"\n2,B,1,x\n')
    assert list(reading.frame["remarks"]) == ["leave at\nthe door", "x"]
    assert list(reading.frame["row"]) == ["row 2", "row 3"]


def test_german_and_chinese_tables_of_unknown_senders():
    german = "Bestellnummer;Artikelnummer;Menge;Einzelpreis;Straße\n1;A;2;1.234,50;Königsallee 1\n"
    (row,) = rows_of(read(german.encode("cp1252"), SenderMapping("acme", decimal=",")))
    assert (row["unit_price_e4"], row["street"]) == (12345000, "Königsallee 1")
    chinese = "订单号,商品编号,数量,单价,备注\n１,杯子,２,３．５,请尽快发货\n"
    (row,) = rows_of(read(chinese.encode("gb18030")))
    assert (row["quantity_e3"], row["unit_price_e4"], row["remarks"]) == (2000, 35000, "请尽快发货")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark):
    text = "order ref,item,qty,remarks\n1,A,1,x\n2,B,2,y\n".replace(",", mark)
    assert list(read(text).frame["item_ref"]) == ["A", "B"]


def test_excels_separator_line_and_a_preamble_are_left_out():
    assert list(read("sep=;\norder ref;item;qty\n1;A;1\n").frame["row"]) == ["row 3"]
    text = 'ACME "Ltd\nexport of today\norder ref,item,qty\n1,A,1\n'
    assert list(read(text, SenderMapping("acme", skip_rows=2)).frame["row"]) == ["row 4"]


@pytest.mark.parametrize(
    "header",
    ["order_id,product_id,unit_price,quantity,discount", "order ref,item,qty,discount", "order ref,order no,item,qty"],
)
def test_a_header_nobody_understands_is_no_order(header):
    reading = read(header + "\n" + ",".join("1" for _ in header.split(",")) + "\n")
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-004")
    assert "'discount'" in reading.reason or "Two columns may be order_ref" in reading.reason


def test_a_mapping_whose_headers_are_not_there_is_no_order():
    reading = read("Invoice,Stock\n1,2\n", WHOLESALE)
    assert reading.unreadable[0].rule == "ENV-004"
    assert "'InvoiceNo'" in reading.reason
    assert "'Invoice', 'Stock'" in reading.reason
    assert "names 'colour'" in read("a,b\n1,2\n", SenderMapping("acme", columns={"colour": "a"})).reason


@pytest.mark.parametrize("text", ["hello", "Dear Sirs,\nplease send 10 x A100.\nThanks, Ann\n", "one\ntwo\nthree\n"])
def test_prose_is_no_order(text):
    reading = read(text)
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert reading.frame is None


def test_a_header_without_rows_is_nothing_to_do():
    assert read("order ref,item,qty\n").kind is EnvelopeKind.OTHER


def test_floats_in_identifier_columns_lose_their_zero_only_if_all_have_it():
    assert list(read("order ref,item,qty\n1.0,A,1\n2.0,B,1\n").frame["order_ref"]) == ["1", "2"]
    assert list(read("order ref,item,qty\n1.0,A,1\n2.5,B,1\n").frame["order_ref"]) == ["1.0", "2.5"]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)


def test_blank_rows_above_the_header_do_not_count():
    assert list(read(",,\n,,\norder ref,item,qty\n1,A,1\n").frame["row"]) == ["row 4"]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t"))
@settings(deadline=None)
def test_even_and_uneven_tables_are_cut_as_the_csv_module_cuts_them(records, mark):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=mark, lineterminator="\n").writerows(records)
    parsed = list(csv.reader(io.StringIO(buffer.getvalue(), newline=""), delimiter=mark))
    filled = [(row, cells) for row, cells in enumerate(parsed, start=1) if any(cell.strip() for cell in cells)]
    if not filled or buffer.getvalue().lower().startswith("sep="):
        return
    width = len(filled[0][1])
    table = read_csv(buffer.getvalue(), mark)
    good = [(row, record) for row, record in filled[1:] if len(record) == width]
    assert table.headers == tuple(filled[0][1])
    assert list(table.rows) == [row for row, _ in good]
    for place, column in enumerate(table.columns):
        assert list(column.objects()) == [record[place] for _, record in good]
    assert len(table.unreadable) == sum(len(record) != width for _, record in filled[1:])


@given(st.text(st.sampled_from('a",;\n\r1 \t'), max_size=60))
@settings(deadline=None)
def test_any_text_is_a_table_or_a_value_error(text):
    try:
        table = read_csv(text, ",")
    except ValueError:
        return
    assert all(len(column.codes) == len(table.rows) for column in table.columns)
    assert _lines_if_even(text, ",") >= 0


REFS = st.sampled_from(["1", "2", "C3", "", " "])
FIGURES = st.one_of(
    st.decimals(min_value=-1000, max_value=1000, places=2).map(str), st.sampled_from(["", "x", "1,000", "0", "1e5"])
)
ROWS = st.lists(
    st.one_of(
        st.tuples(REFS, st.sampled_from(["A", "POST", ""]), st.just("d"), FIGURES, st.just("2010-12-01"), FIGURES,
                  st.sampled_from(["7.0", "8.0", ""]), st.just("UK")),
        st.lists(st.sampled_from(["1", "A", "x"]), min_size=1, max_size=10).map(tuple),
    ),
    max_size=12,
)  # fmt: skip


def value_of(quantity: str, price: str) -> Decimal:
    try:
        return Decimal(quantity) * Decimal(price)
    except ArithmeticError:
        return Decimal(0)


@given(ROWS)
@settings(deadline=None)
def test_every_row_is_a_line_or_quarantined_and_the_values_add_up(rows):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    reading = read(HEADER + buffer.getvalue(), WHOLESALE)
    filled = {f"row {number}": row for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)}
    lines = [] if reading.frame is None else rows_of(reading)
    places = [line["row"] for line in lines] + [item.ref for item in reading.unreadable if item.ref != "document"]
    assert sorted(places) == sorted(filled)
    for line in lines:
        _, _, _, quantity, _, price, _, _ = filled[line["row"]]
        against = next((problem for problem in line["problems"] if problem.rule == "LIN-007"), None)
        stated = {problem.field: problem.value for problem in line["problems"]}
        if "quantity" in stated and not against:
            assert stated["quantity"] == quantity
            continue
        if "unit_price" in stated or price == "":
            continue
        sign = -1 if line["kind"] == "return" else 1
        kept = Decimal(against.value) if against else sign * unscaled(line["quantity_e3"], 3)
        assert kept * unscaled(line["unit_price_e4"], 4) == value_of(quantity, price)


def test_reading_twice_gives_the_same():
    text = HEADER + "1,A,x,1,2010-12-01,1,7,UK\n2,B,y,x,2010-12-01,1,7,UK\n"
    assert read(text, WHOLESALE).frame.equals(read(text, WHOLESALE).frame)
    assert DTYPES["quantity_e3"] == str(read(text, WHOLESALE).frame["quantity_e3"].dtype)
