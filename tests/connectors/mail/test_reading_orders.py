"""Orders in mails: the words, tables and attachments of customers."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook
from reading_world import BUYER, DESK, ID, items, letter, order, read

from orderclerk.domain.reading import EnvelopeKind

ENGLISH = """Dear team,

PO number: 4711
Customer no.: C-1001
Requested date: 2026-12-01

please supply the following:

10 x AB-1234 Blue mug @ 12.50 EUR
CD-5678: 5 pcs
Total: 150.00 EUR

Deliver to:
Customer Ltd (North)
12 High Street
London SW1A 1AA
United Kingdom

Kind regards
Ann Buyer
Tel +44 20 1234 5678
"""

CHINESE = """您好，

采购订单号：4711
要求交货日期：2026年12月1日

请按以下明细供货：
货号 AB-1234 12 箱
１、ＣＤ－５６７８ 杯子，数量：１０，单价：８.５０元

送货地址：
远山（示例）建材有限公司
广东省深圳市南山区科技路1号 518000

谢谢
"""


def test_an_english_order_is_read_whole() -> None:
    found = order(letter(ENGLISH, "Order"))
    assert (found.source, found.order_ref, found.customer_po) == (f"mail:{BUYER}", "4711", "4711")
    assert found.has_own_ref
    assert (found.customer.email, found.customer.number) == (BUYER, "C-1001")
    assert (found.currency, found.language, found.total) == ("EUR", "en", Decimal("150.00"))
    assert found.requested_date == date(2026, 12, 1)
    assert found.version_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    where = found.delivery
    assert (where.recipient, where.street) == ("Customer Ltd (North)", "12 High Street")
    assert (where.city, where.postal_code, where.country) == ("London", "SW1A 1AA", "GB")
    assert [(line.line_ref, line.item_ref, line.quantity, line.unit_price) for line in found.lines] == [
        ("1", "AB-1234", Decimal(10), Decimal("12.50")),
        ("2", "CD-5678", Decimal(5), None),
    ]
    assert not found.problems
    assert found.remarks == ""


def test_a_chinese_order_is_read_whole() -> None:
    found = order(letter(CHINESE, "采购订单"))
    assert (found.order_ref, found.language, found.currency) == ("4711", "zh_CN", "CNY")
    assert found.requested_date == date(2026, 12, 1)
    where = found.delivery
    assert (where.recipient, where.street) == ("远山（示例）建材有限公司", "南山区科技路1号")
    assert (where.region, where.city, where.postal_code, where.country) == ("广东省", "深圳市", "518000", "CN")
    assert [(line.item_ref, line.quantity, line.unit) for line in found.lines] == [
        ("AB-1234", Decimal(12), "CT"),
        ("CD-5678", Decimal(10), ""),
    ]


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "订购 AB-1234 10 个\n"),
        ("gb18030", "订购 AB-1234 10 个\n"),
        ("gb2312", "订购 AB-1234 10 个\n"),
        ("big5", "order\nAB-1234: 10\n謝謝\n"),
    ],
)
def test_an_order_is_read_in_its_charset(charset: str, text: str) -> None:
    message = letter("", "订单 4711")
    message.set_content(text, charset=charset)
    assert items(message) == [("AB-1234", "10")]


@pytest.mark.parametrize(
    ("subject", "body", "ref", "language"),
    [
        ("Bestellung 4711", "Guten Tag,\n\nwir bestellen wie folgt:\n10 Stück AB-1234 à 1,80 EUR\n", "4711", "de"),
        ("Commande n° 4711", "Bonjour,\n\nnous vous passons la commande :\n10 pièces AB-1234\n", "4711", "fr"),
        ("Pedido 4711", "Hola,\n\npor favor, envíen:\n10 unidades AB-1234\nSaludos\n", "4711", "es"),
        ("PO", "Order no: A/2026-17\nAB-1234 10 pcs\n", "A/2026-17", "en"),
        ("Hi", "We order 10 x AB-1234 under our PO 88-12.\n", "88-12", "en"),
    ],
)
def test_orders_of_other_languages_are_read(subject: str, body: str, ref: str, language: str) -> None:
    found = order(letter(body, subject))
    assert (found.order_ref, found.language) == (ref, language)
    assert [(line.item_ref, line.quantity) for line in found.lines] == [("AB-1234", Decimal(10))]


def test_without_a_number_of_its_own_the_order_is_known_by_its_message_id() -> None:
    found = order(letter("Please send us 10 x AB-1234", "Order"))
    assert (found.order_ref, found.has_own_ref, found.customer_po) == (ID, False, "")
    nameless = letter("Please send us 10 x AB-1234", "Order")
    del nameless["Message-ID"]
    assert order(nameless).order_ref == order(nameless).order_ref != ""


def test_two_order_numbers_in_one_mail_are_a_problem() -> None:
    found = order(letter("PO number: 4712\n10 x AB-1234\n", "Purchase order 4711"))
    assert [(problem.rule, problem.value) for problem in found.problems] == [("ORD-005", "4711")]


def test_what_cannot_be_read_is_a_problem_of_its_field() -> None:
    body = "PO number: 4711\nRequested date: 01/02/2026\n10 x AB-1234 @ 1.50 EUR\na few x CD-5678 @ 2 USD\n"
    found = order(letter(body, "Purchase order PO-4712"))
    assert sorted(problem.rule for problem in found.problems) == ["ORD-002", "ORD-004", "ORD-005"]
    assert [problem.rule for problem in found.lines[1].problems] == ["LIN-001"]


def test_an_order_whose_only_line_has_no_quantity_is_still_an_order() -> None:
    (line,) = order(letter("PO number: PO-4711\nplease supply:\na few x AB-1234 mugs\n")).lines
    assert line.quantity is None
    assert line.problems[0].rule == "LIN-001"


@pytest.mark.parametrize("mark", ["\t", " | "])
def test_a_table_in_the_text_is_read(mark: str) -> None:
    rows = [("Item no.", "Description", "Qty", "Unit price", "Amount"), ("AB-1234", "M6 x 20", "10", "1.50", "15.00")]
    rows += [("CD-5678", "", "many", "2", ""), ("", "", "", "Total", "15.00")]
    found = order(letter("Our order:\n\n" + "\n".join(mark.join(row) for row in rows) + "\n\nThanks\n"))
    assert [(line.item_ref, line.quantity, line.unit_price) for line in found.lines] == [
        ("AB-1234", Decimal(10), Decimal("1.50")),
        ("CD-5678", None, Decimal(2)),
    ]
    assert found.total == Decimal("15.00")


def test_the_number_of_a_point_is_no_part_of_the_item_behind_it() -> None:
    rows = ["1. GG-2183 | 10 pcs | 20.55 USD", "2. TP-2624 | 25 pcs | 3.07 USD", "3. 085/70169 | 8 pcs | 0.19 USD"]
    found = items(letter("Please supply the following:\n\n" + "\n".join(rows) + "\n"))
    assert found == [("GG-2183", "10"), ("TP-2624", "25"), ("085/70169", "8")]


def test_a_lone_row_whose_cells_say_what_they_are_is_sure() -> None:
    (line,) = order(letter("Please supply the following:\n\n1. PL-1805 | 300 pcs | 24.78 USD\n")).lines
    assert (line.item_ref, line.quantity, line.unit_price) == ("PL-1805", Decimal(300), Decimal("24.78"))
    assert line.confidence >= Decimal("0.98")


def test_an_html_table_is_read_although_the_plain_text_has_lost_it() -> None:
    message = letter("请供货\n货号\n数量\nM6-20\n10\n", "采购订单 4711")
    html = "<table><tr><th>货号</th><th>品名</th><th>数量</th></tr>\n<tr><td>AB-1234</td><td><b>M6 x 20</b><br>neu</td><td>10</td></tr></table>"
    message.add_alternative(f"<html><body><p>请供货</p>{html}</body></html>", subtype="html")
    assert items(message) == [("AB-1234", "10")]


def test_a_table_whose_only_quantity_cannot_be_read_is_still_an_order_where_the_mail_orders() -> None:
    heads, row = "<th>Item no.</th><th>Quantity</th><th>Unit price</th>", "<td>AB-1234</td><td>a few</td><td>3.52</td>"
    message = letter("", "Purchase order")
    message.set_content(f"<p>Please supply:</p><table><tr>{heads}</tr><tr>{row}</tr></table>", subtype="html")
    (line,) = order(message).lines
    assert (line.item_ref, line.quantity) == ("AB-1234", None)
    assert [problem.rule for problem in line.problems] == ["LIN-001"]


def test_html_alone_is_read_too() -> None:
    message = letter("", "Order 4711")
    message.set_content("<div>We order:</div><ul><li>10 x AB-1234</li><li>CD-5678: 5</li></ul>", subtype="html")
    assert items(message) == [("AB-1234", "10"), ("CD-5678", "5")]


def test_a_quoted_order_is_not_ordered_again() -> None:
    body = "We order 5 x CD-5678.\n\nOn Mon, 2 Nov 2026 at 10:00, Ann wrote:\n> 10 x AB-1234\n"
    assert items(letter(body, "Re: catalogue order")) == [("CD-5678", "5")]


def csv_letter(content: str, body: str = "Please find attached our purchase order PO-4711.\n", name: str = "order.csv"):
    message = letter(body)
    message.add_attachment(content.encode(), maintype="text", subtype="csv", filename=name)
    return message


def test_an_attached_order_file_is_read_by_the_file_reader() -> None:
    reading = read(csv_letter("order number;item no;quantity\n4711;AB-1234;10\n"))
    assert reading.kind is EnvelopeKind.ORDERS
    (row,) = reading.frame.to_dict("records")
    assert (row["source"], row["order_ref"], row["item_ref"], row["quantity_e3"]) == (
        f"mail:{BUYER}",
        "4711",
        "AB-1234",
        10000,
    )
    assert (row["customer_email"], row["language"]) == (BUYER, "en")


def test_an_attached_list_takes_its_order_number_from_the_mail() -> None:
    found = order(csv_letter("Artikelnr.;Bezeichnung;Menge;Einzelpreis\nAB-1234;Becher;10;1,80\n"))
    assert (found.order_ref, found.lines[0].item_ref, found.lines[0].unit_price) == (
        "PO-4711",
        "AB-1234",
        Decimal("1.80"),
    )


def test_an_attached_workbook_list_is_read() -> None:
    book, buffer = Workbook(), io.BytesIO()
    for row in (["货号", "品名", "数量", "单价"], ["AB-1234", "杯子", 10, 1.8], ["CD-5678", "盘子", "若干", 2]):
        book.active.append(row)
    book.save(buffer)
    message = letter("附件是我们的订单 PO-4711，请查收。\n", "采购订单 PO-4711")
    kind = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    message.add_attachment(buffer.getvalue(), maintype=kind[0], subtype=kind[1], filename="订单.xlsx")
    found = order(message)
    assert [(line.item_ref, line.quantity) for line in found.lines] == [("AB-1234", Decimal(10)), ("CD-5678", None)]
    assert found.language == "zh_CN"


@pytest.mark.parametrize("subject", ["Files", "EDI"])
def test_an_edifact_order_needs_no_words(subject: str) -> None:
    edi = (
        "UNB+UNOC:3+4012345000009:14+4098765000010:14+261123:1000+1'UNH+1+ORDERS:D:96A:UN'BGM+220+4711+9'"
        "DTM+137:20261123:102'NAD+BY+4012345000009::9'LIN+1++AB-1234:SA'QTY+21:10'UNS+S'UNT+8+1'UNZ+1+1'"
    )
    message = letter("", subject, Auto_Submitted="auto-generated")
    message.add_attachment(edi.encode(), maintype="application", subtype="octet-stream", filename="o.edi")
    reading = read(message)
    assert reading.kind is EnvelopeKind.ORDERS, reading.reason
    assert reading.orders[0].source == f"mail:{BUYER}"
    assert reading.orders[0].customer.email == BUYER


def test_a_zip_bomb_in_a_workbook_is_a_safety_limit() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    message = letter("Our order PO-4711 is attached\n")
    message.add_attachment(buffer.getvalue(), maintype="application", subtype="octet-stream", filename="o.xlsx")
    reading = read(message)
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-003")


def test_an_order_that_only_a_person_can_read_waits_for_one() -> None:
    message = letter("Please find attached our purchase order PO-4711.\n")
    message.add_attachment(b"%PDF-1.4 ...", maintype="application", subtype="pdf", filename="PO-4711.pdf")
    reading = read(message)
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-002")
    assert "PO-4711.pdf" in reading.reason


def test_our_own_address_as_a_group_is_no_newsletter() -> None:
    domain = DESK.rpartition("@")[2]
    message = letter("We order 10 x AB-1234\n", List_Id=f"orders.{domain}", Precedence="list")
    assert items(message) == [("AB-1234", "10")]
