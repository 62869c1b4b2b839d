"""Each kind of document as a person would read it: words, tables, and what could not be read of it."""

import io

import pytest
from document_world import (
    COLUMN_RULES,
    HEADER_RULE,
    ROWS,
    RULED,
    TO_THE_RIGHT,
    docx,
    docx_cell,
    docx_line,
    drawn,
    form,
    grids,
    html_table,
    opened,
    pdf_table,
    saved,
    tnef,
    words,
    workbook,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from connectors.mail.html_source import read_html
from connectors.mail.plain_text import enriched_to_text
from connectors.mail.sources import DITTO
from connectors.mail.workbooks import cell_shown

CELL = st.text("ABCDEFGHKLMabcdefghkm äöé茶杯", min_size=1, max_size=8).map(str.strip).filter(bool)
FIGURE = st.integers(1, 99_999).map(str)
TABLE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.tuples(*[CELL] * (width - 1), FIGURE), min_size=2, max_size=9).map(
        lambda rows: [tuple(f"Head {nth}" for nth in range(width)), *rows]
    )
)


class TestPdf:
    @pytest.mark.parametrize(
        "styles", [(RULED,), (HEADER_RULE,), (HEADER_RULE, TO_THE_RIGHT), COLUMN_RULES, ()],
        ids=["ruled", "header rule", "figures to the right", "column rules", "no rules"],
    )  # fmt: skip
    def test_a_table_comes_back_however_it_is_ruled(self, styles):
        assert grids("order.pdf", pdf_table(ROWS, *styles)) == [ROWS]

    def test_lines_know_their_page_and_place(self):
        (source,) = opened("order.pdf", pdf_table(ROWS, RULED)).sources
        assert [(line.text, line.place) for line in source.lines if line.text] == [
            ("Purchase order PO-4711", "page 1 line 1"),
            ("Kind regards", "page 1 line 6"),
        ]
        assert source.grids[0].places[1] == "page 1 row 2"

    def test_a_table_goes_on_over_the_page(self):
        rows = [ROWS[0], *((f"X-{n}", "thing", str(n), "1.00") for n in range(1, 70))]
        assert grids("order.pdf", pdf_table(rows, TO_THE_RIGHT)) == [tuple(rows)]

    def test_a_description_of_two_lines_stays_with_its_row(self):
        content = drawn((50, 700, "Item"), (150, 700, "Description"), (400, 700, "Qty"),
                        (50, 680, "AB-1"), (150, 680, "Bolt, hot-dip"), (400, 680, "10"),
                        (150, 669, "galvanised"), (50, 650, "AB-2"), (150, 650, "Nut"), (400, 650, "5"))  # fmt: skip
        assert grids("o.pdf", content)[0][1:] == (("AB-1", "Bolt, hot-dip\ngalvanised", "10"), ("AB-2", "Nut", "5"))

    def test_the_page_number_is_no_word_of_the_page(self):
        content = drawn(
            (72, 700, "Order 4711"), (72, 680, "10 x AB-1"), (72, 30, "Acme Ltd, Leeds"), (500, 30, "Page 1 of 3")
        )
        assert words("o.pdf", content) == ["Order 4711", "10 x AB-1", "Acme Ltd, Leeds"]

    def test_values_below_small_labels_are_read_with_them(self):
        content = form(("Order no.", "Deliver to"), (("4711", "Acme Ltd,"), ("", "1 Quay, Hull")))
        assert words("o.pdf", content) == ["Purchase order", "Order no.\t4711", "Deliver to\tAcme Ltd, 1 Quay, Hull"]

    def test_small_print_at_the_foot_is_noted_and_not_read(self):
        written = io.BytesIO()
        canvas = Canvas(written, pagesize=A4)
        for nth, text in enumerate(("Order 4711", "10 x AB-1", "5 x CD-2")):
            canvas.drawString(72, 700 - 14 * nth, text)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(72, 30, "Acme Ltd, registered in Leeds, no. 12345, VAT GB123")
        canvas.save()
        (source,) = opened("o.pdf", written.getvalue()).sources
        assert [line.text for line in source.lines if line.text] == ["Order 4711", "10 x AB-1", "5 x CD-2"]
        assert "no. 12345" in source.warnings[0]

    def test_widely_spaced_rows_are_rows(self):
        rows = [("Article", "Quantity"), *((f"Thing {n}", str(n)) for n in range(1, 9))]
        content = drawn(
            *((x, 700 - 36 * n, cell) for n, row in enumerate(rows) for x, cell in zip((50, 300), row, strict=True))
        )
        assert grids("o.pdf", content) == [tuple(rows)]

    def test_two_addresses_side_by_side_are_read_one_by_one(self):
        pieces = [("Bill to", "Ship to"), ("Acme Ltd", "Acme Depot"), ("Mill Lane 1", "Quay 7"), ("Leeds", "Hull")]
        content = drawn(
            *((x, 700 - 12 * n, text) for n, pair in enumerate(pieces) for x, text in zip((50, 300), pair, strict=True))
        )
        assert words("o.pdf", content) == [pair[0] for pair in pieces] + [pair[1] for pair in pieces]

    @pytest.mark.parametrize("turn", [90, 180, 270])
    def test_a_turned_page_is_read_as_a_reader_would_hold_it(self, turn):
        assert words("o.pdf", drawn((100, 400, "10 x AB-1234"), (100, 380, "5 x CD-9"), turn=turn)) == [
            "10 x AB-1234",
            "5 x CD-9",
        ]

    def test_chinese_words(self):
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        assert words("o.pdf", drawn((80, 700, "采购订单：4711"), font="STSong-Light")) == ["采购订单：4711"]

    def test_what_is_drawn_invisibly_is_not_read(self):
        written = io.BytesIO()
        canvas = Canvas(written, pagesize=A4)
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(3)
        text.textOut("10000 x AB-1234")
        canvas.saveState()
        canvas.drawText(text)
        canvas.restoreState()
        canvas.drawString(72, 600, "10 x AB-1234")
        canvas.save()
        assert words("o.pdf", written.getvalue()) == ["10 x AB-1234"]

    def test_a_scan_is_noted(self):
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        written = io.BytesIO()
        canvas = Canvas(written, pagesize=A4)
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "grey")), 0, 0, 500, 700)
        canvas.save()
        (source,) = opened("scan.pdf", written.getvalue()).sources
        assert "page 1 is a picture" in source.note

    def test_what_is_typed_into_form_fields_is_read(self):
        written = io.BytesIO()
        canvas = Canvas(written, pagesize=A4)
        canvas.drawString(72, 700, "Order no.:")
        canvas.acroForm.textfield(name="po", x=150, y=690, width=200, height=20, value="PO-4711")
        canvas.save()
        assert "PO-4711" in "\n".join(words("form.pdf", written.getvalue()))

    @settings(max_examples=12, deadline=None)
    @given(TABLE)
    def test_any_ruled_table_comes_back(self, rows):
        plain = [tuple(cell if cell.isascii() else "x1" for cell in row) for row in rows]
        found = grids("o.pdf", pdf_table(plain, RULED))
        assert [tuple("".join(cell.split()) for cell in row) for row in found[0]] == [
            tuple("".join(cell.split()) for cell in row) for row in plain
        ]


class TestWorkbook:
    def test_titles_above_and_remarks_below_are_lines(self):
        content = saved(workbook([["Acme Ltd"], ["PO no.", "4711"], [], *ROWS, [], ["Please deliver before noon"]]))
        (source,) = opened("o.xlsx", content).sources
        assert [line.text for line in source.lines] == ["Acme Ltd", "PO no.\t4711", "Please deliver before noon"]
        assert source.grids[0].rows == ROWS
        assert source.grids[0].places[0] == "row 4"

    def test_two_tables_on_a_sheet_are_two_grids(self):
        more = (("Item", "Old", "New"), ("AB-7", "5", "7"))
        assert grids("o.xlsx", saved(workbook([*ROWS, [], *more]))) == [ROWS, more]

    def test_merged_cells_say_as_above(self):
        book = workbook([["Item", "Colour", "Qty"], ["AB-1", "red", 5], [None, "blue", 7]])
        book.active.merge_cells("A2:A3")
        assert grids("o.xlsx", saved(book))[0][2] == (DITTO, "blue", "7")

    def test_hidden_rows_and_sheets_are_left_and_said(self):
        book = workbook([["Item", "Qty"], ["AB-1", 5], ["AB-2", 9]])
        book.active.row_dimensions[3].hidden = True
        book.create_sheet("secret").append(["AB-3", 4])
        book["secret"].sheet_state = "hidden"
        (source,) = opened("o.xlsx", saved(book)).sources
        assert source.grids[0].rows == (("Item", "Qty"), ("AB-1", "5"))
        assert [warning[:24] for warning in source.warnings] == ["The sheet 'secret' is hi", "1 rows are hidden and we"]

    def test_a_formula_without_stored_value_is_noted(self):
        (source,) = opened("o.xlsx", saved(workbook([["Item", "Qty"], ["AB-1", "=2+3"], ["AB-2", 4]]))).sources
        assert "1 formulas have no stored value" in source.note

    def test_every_sheet_is_read(self):
        book = workbook(ROWS)
        book.create_sheet("more").append(["AB-9", "thing", "3", "1.00"])
        (source,) = opened("o.xlsx", saved(book)).sources
        assert source.grids[1].places == ("sheet 'more' row 1",)

    @pytest.mark.parametrize(
        ("value", "shape", "shown"),
        [(17850, "General", "17850"), (123, "000000", "000123"), (1.5, "0.00", "1.5"), (1.234, "General", "1.2340"),
         (12.5, '#,##0.00 "EUR"', "12.5 EUR"), (12.5, "[$€-407] #,##0.00", "12.5 €"), (0.19, "0%", "19%"),
         (5, '0 "pcs"', "5 pcs"), (4012345678901.0, "0", "4012345678901"), (True, "", "TRUE"), (None, "", "")],
    )  # fmt: skip
    def test_a_number_reads_as_its_format_shows_it(self, value, shape, shown):
        assert cell_shown(value, shape) == shown

    @settings(max_examples=15, deadline=None)
    @given(TABLE)
    def test_any_table_comes_back(self, rows):
        assert grids("o.xlsx", saved(workbook(rows))) == [tuple(rows)]


class TestHtml:
    def test_spans_are_laid_out(self):
        html = "<table><tr><th>Item<th colspan=2>Quantity<tr><td rowspan=2>AB-1<td>5<td>pcs<tr><td>7<td>kg</table>"
        assert read_html(html).grids[0].rows == (("Item", "Quantity"), ("AB-1", "5", "pcs"), (DITTO, "7", "kg"))

    def test_a_table_in_tables_for_layout_is_found(self):
        html = f"<table><tr><td><p>Dear desk</p>{html_table(ROWS)}</td><td>sidebar</td></tr></table>Bye"
        read = read_html(html)
        assert [grid.rows for grid in read.grids] == [ROWS]
        assert [line.text for line in read.lines if line.text] == ["Dear desk", "sidebar", "Bye"]

    def test_cells_wrapped_in_tables_of_their_own_are_cells(self):
        wrapped = "".join(
            "<tr>" + "".join(f"<td><table><tr><td>{cell}</td></tr></table></td>" for cell in row) + "</tr>"
            for row in ROWS
        )
        assert [grid.rows for grid in read_html(f"<table>{wrapped}</table>").grids] == [ROWS]

    def test_a_table_a_line_is_one_grid(self):
        assert [grid.rows for grid in read_html("".join(html_table([row]) for row in ROWS)).grids] == [ROWS]

    @pytest.mark.parametrize("style", ["display:none", "mso-hide:all", "font-size:0px"])
    def test_what_is_hidden_is_not_read(self, style):
        read = read_html(f'<p>10 x AB-1</p><div style="{style}">99 x CD-2</div>')
        assert [line.text for line in read.lines if line.text] == ["10 x AB-1"]

    def test_what_is_struck_out_is_not_read_and_noted(self):
        read = read_html("10 x AB-1<br><s>5 x CD-2</s>")
        assert [line.text for line in read.lines] == ["10 x AB-1"]
        assert "struck out" in read.note

    def test_a_quoted_table_is_no_grid(self):
        read = read_html(f"Yes<blockquote>{html_table(ROWS)}</blockquote>")
        assert not read.grids
        assert "> AB-1001\tHex bolt M6 x 20\t100\t0.12" in [line.text for line in read.lines]

    def test_outlook_paragraphs_are_lines(self):
        html = "<div class=WordSection1><p class=MsoNormal>10 x AB-1<o:p></o:p></p><p class=MsoNormal>5 x CD-2<o:p></o:p></p></div>"
        assert [line.text for line in read_html(html).lines if line.text] == ["10 x AB-1", "5 x CD-2"]

    @settings(max_examples=60, deadline=None)
    @given(TABLE)
    def test_any_table_comes_back(self, rows):
        squeezed = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
        assert [grid.rows for grid in read_html(html_table(rows)).grids] == [tuple(squeezed)]


class TestOthers:
    @settings(max_examples=60, deadline=None)
    @given(TABLE, st.sampled_from(",;\t|"))
    def test_any_csv_comes_back(self, rows, mark):
        text = "\r\n".join(mark.join(row) for row in rows)
        assert grids("o.csv", text.encode("utf-8-sig")) == [tuple(rows)]

    def test_a_list_in_a_text_file_is_a_grid_and_a_letter_is_not(self):
        assert grids("o.txt", b"AB-1;10;pcs\nAB-2;5;pcs\n") == [(("AB-1", "10", "pcs"), ("AB-2", "5", "pcs"))]
        assert grids("o.txt", b"Dear desk, please send\n10 bolts, 5 nuts\nand thanks, all\n") == []

    def test_docx(self):
        rows = "".join(f"<w:tr>{''.join(map(docx_cell, row))}</w:tr>" for row in ROWS)
        content = docx(
            f"{docx_line('Order 4711')}<w:tbl>{rows}</w:tbl>{docx_line('Thanks')}{docx_line('5 x CD-2', '<w:strike/>')}"
        )
        (source,) = opened("order.docx", content).sources
        assert [line.text for line in source.lines if line.text] == ["Order 4711", "Thanks"]
        assert source.grids[0].rows == ROWS
        assert "struck out" in source.note

    def test_docx_merged_cells_say_as_above(self):
        first = docx_cell("AB-1", '<w:vMerge w:val="restart"/>') + docx_cell("5")
        second = docx_cell("", "<w:vMerge/>") + docx_cell("7")
        head = docx_cell("Item") + docx_cell("Qty")
        content = docx("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in (head, first, second)) + "</w:tbl>")
        assert grids("o.docx", content)[0][1:] == (("AB-1", "5"), (DITTO, "7"))

    def test_rtf(self):
        cells = r"\trowd\cellx1000\cellx2000 Item\cell Qty\cell\row \trowd\cellx1000\cellx2000 AB-1\cell 10\cell\row"
        content = (r"{\rtf1\ansi Gr\'fc\'dfe\par " + cells + r" Bye\par}").encode()
        assert words("o.rtf", content) == ["Grüße", "Bye"]
        assert grids("o.rtf", content) == [(("Item", "Qty"), ("AB-1", "10"))]

    def test_winmail_dat(self):
        found = opened("winmail.dat", tnef("10 x AB-1234", {"order.csv": b"item;qty\nAB-1;5\n"}))
        assert [(source.part, source.medium) for source in found.sources] == [
            ("body", "html"),
            ("winmail.dat/order.csv", "csv"),
        ]
        assert [file.filename for file in found.files] == ["winmail.dat/order.csv"]

    def test_enriched_text(self):
        assert (
            enriched_to_text("<bold>10 x</bold>\nAB-1\n\n<color><param>red</param>5</color> x <<CD-2")
            == "10 x AB-1\n5 x <CD-2"
        )
