"""Papers: the same facts give the same bytes, nothing is markup, Chinese is embedded, nothing runs off the page."""

from datetime import UTC, datetime
from io import BytesIO

import pdfplumber
import pytest

from orderclerk.documents.paper import Box, Cell, Column, Paper, PaperTable, paper_pdf

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
COLUMNS = (Column("No.", "right"), Column("Item"), Column("Name", width="fill"), Column("Amount", "right"))


def paper(name="Hexagon bolt", rows=2, language="en", item="HX-1") -> Paper:
    lines = [(str(nth), Cell(item, "your no. 7"), name, "£1.00") for nth in range(1, rows + 1)]
    return Paper(
        "Purchase order", "PO100001", ("Harbour Trading", "1 Quay Street"), language,
        boxes=(Box("Supplier", ("Bolts Ltd", "Leeds")),), facts=(("Date", "Monday"),),
        tables=(PaperTable(COLUMNS, lines),), totals=(("Total", "£2.00"),), after=("Thank you",),
    )  # fmt: skip


def words(content: bytes) -> list[str]:
    with pdfplumber.open(BytesIO(content)) as pdf:
        return [page.extract_text() for page in pdf.pages]


def test_the_same_facts_give_the_same_bytes():
    assert paper_pdf(paper(), AT) == paper_pdf(paper(), AT)
    assert paper_pdf(paper(), AT) != paper_pdf(paper(rows=3), AT)


@pytest.mark.parametrize("name", ["#set page(fill: red)", "*bold* $x$ @ref", '"#import "@preview/x:1"', "<b>&amp;"])
def test_what_looks_like_markup_is_shown_as_it_is(name):
    assert name in words(paper_pdf(paper(name), AT))[0]


def test_chinese_is_embedded():
    content = paper_pdf(paper("六角螺栓 镀锌钢", language="zh_CN"), AT)
    assert "六角螺栓" in words(content)[0]
    with pdfplumber.open(BytesIO(content)) as pdf:
        assert {char["fontname"].partition("+")[2] for char in pdf.pages[0].chars} == {"NotoSansSC-Regular"}


def test_a_long_table_repeats_its_head_and_numbers_its_pages():
    pages = words(paper_pdf(paper(rows=90), AT))
    assert len(pages) > 1
    assert all("Amount" in page for page in pages)
    assert pages[-1].endswith(f"{len(pages)} / {len(pages)}")


def test_a_part_number_without_end_stays_on_the_page():
    with pdfplumber.open(BytesIO(paper_pdf(paper(item="X" * 300), AT))) as pdf:
        page = pdf.pages[0]
        assert max(char["x1"] for char in page.chars) < page.width - 40


def test_empty_sections_leave_nothing():
    bare = Paper("Note", "N1", ("Harbour",), "en")
    assert words(paper_pdf(bare, AT))[0].split() == ["Note", "N1", "Harbour", "N1", "1", "/", "1"]
