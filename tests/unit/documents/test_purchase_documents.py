"""What suppliers get: same facts same bytes, every figure on paper, in the sheet and in the UBL document alike."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files.ubl import read_ubl
from orderclerk.documents.purchase_mail import PurchaseMail, render_purchase_mail
from orderclerk.documents.purchase_paper import purchase_pdf, purchase_workbook
from orderclerk.documents.purchase_samples import sample_purchase
from orderclerk.documents.purchase_ubl import purchase_ubl
from orderclerk.documents.samples import DESK
from orderclerk.domain.envelopes import Envelope

AT = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
LANGUAGES = ("en", "zh_CN")


def mail(kind=PurchaseMail.ORDER, language="en", **changes):
    return render_purchase_mail(kind, DESK, replace(sample_purchase(language), **changes), "sales@x.example", AT)


def files(message) -> dict[str, bytes]:
    return {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PurchaseMail)
def test_the_same_facts_give_the_same_mail(kind, language):
    assert mail(kind, language).as_bytes() == mail(kind, language).as_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_carries_the_signed_reference_and_has_an_identity_of_its_own(language):
    mails = [mail(kind, language) for kind in PurchaseMail]
    assert all("[PO100012-1-k7xq2mzt]" in one["Subject"] for one in mails)
    assert len({one["Message-ID"] for one in mails}) == len(PurchaseMail)


def test_the_order_brings_a_paper_and_a_sheet_and_ubl_where_it_is_wanted():
    assert set(files(mail())) == {"PO100012.pdf", "PO100012.xlsx", "PO100012.xml"}
    assert set(files(mail(wants_ubl=False))) == {"PO100012.pdf", "PO100012.xlsx"}
    assert files(mail(PurchaseMail.CHASE)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_has_every_line_and_the_total(language):
    order = sample_purchase(language)
    with pdfplumber.open(BytesIO(purchase_pdf(DESK, order, AT))) as pdf:
        text = pdf.pages[0].extract_text()
    assert all(line.item_no in text and line.supplier_ref in text for line in order.lines)
    assert "365.48" in text
    assert "0.1234" in text


def test_the_sheet_has_the_figures_as_figures():
    sheet = openpyxl.load_workbook(BytesIO(purchase_workbook(sample_purchase("en")))).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert tuple(rows[0][place] for place in (0, 2, 6, 8, 10)) == (
        "PO100012",
        "HX-1007",
        1200,
        0.1234,
        "EUR",
    )
    assert len(rows) == 3


def test_the_ubl_document_reads_back_as_the_order():
    order = sample_purchase("en")
    reading = read_ubl(Envelope("files", "x", purchase_ubl(DESK, order, AT), "application/xml"))
    read = reading.orders[0]
    assert (read.order_ref, read.currency, read.total, read.problems) == ("PO100012", "EUR", order.total, ())
    assert [(line.item_ref, line.quantity, line.unit_price, line.unit) for line in read.lines] == [
        (line.supplier_ref or line.item_no, line.quantity, line.unit_price, line.unit) for line in order.lines
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.decimals("0.001", "99999", places=3), st.decimals("0.0001", "9999", places=4), st.text(max_size=60).filter(str.strip),
)  # fmt: skip
def test_ubl_keeps_every_figure_and_survives_any_name(quantity, price, name):
    order = sample_purchase("en")
    line = replace(order.lines[0], quantity=quantity, unit_price=price, description=name)
    read = read_ubl(
        Envelope("files", "x", purchase_ubl(DESK, replace(order, lines=[line]), AT), "application/xml")
    ).orders[0]
    assert (read.lines[0].quantity, read.lines[0].unit_price) == (quantity, price)


def test_an_overdue_mail_speaks_of_what_is_still_open_only():
    order = sample_purchase("en")
    first, second, third = order.lines
    text = mail(
        PurchaseMail.LATE,
        lines=[replace(first, received=Decimal(1000)), replace(second, received=second.quantity), third],
    )
    words = (
        next(part for part in text.walk() if part.get_content_type() == "text/plain").get_payload(decode=True).decode()
    )
    assert "200 pcs" in words
    assert "NX-2000" not in words
    assert "€" not in words.partition("Payment")[0]


def test_a_reminder_stands_beneath_the_order_in_a_mailbox():
    first = mail()["Message-ID"]
    chase = mail(PurchaseMail.CHASE, message_refs=(first,))
    assert (chase["In-Reply-To"], chase["References"]) == (first, first)
