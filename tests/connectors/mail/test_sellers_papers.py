"""A seller's invoice, confirmation or offer attached to a mail whose subject says order must not become one."""

import io
from email.message import EmailMessage

import pytest
from openpyxl import Workbook

from connectors.files.reading import read_file
from connectors.mail.reading import read_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind

EN, DE = ("Item", "Description", "Qty", "Price", "Amount"), ("Artikel", "Bezeichnung", "Menge", "Preis", "Betrag")
FR, ES = (
    ("Référence", "Désignation", "Qté", "PU", "Montant"),
    ("Código", "Descripción", "Cantidad", "Precio", "Importe"),
)
IT, ZH = ("Codice", "Descrizione", "Quantità", "Prezzo", "Importo"), ("货号", "品名", "数量", "单价", "金额")
PAPERS = {
    "invoice": (["INVOICE"], ["Invoice no.", "INV-1"], EN),
    "invoice whose title is lost": (["Invoice no.", "INV-1"], ["Your order", "PO-77"], EN),
    "confirmation": (["Order Confirmation"], ["Your order no.", "PO-77"], EN),
    "delivery note": (["Delivery Note"], ["Your order", "PO-77"], EN),
    "offer": (["QUOTATION"], ["No.", "Q-1"], EN),
    "pro forma": (["Pro forma invoice"], ["No.", "P-1"], EN),
    "Rechnung": (["Rechnung"], ["Rechnungsnummer", "R-1"], DE),
    "Auftragsbestätigung": (["Auftragsbestätigung"], ["Ihre Bestellung", "PO-77"], DE),
    "Angebot": (["Angebot Nr. 4711"], ["Datum", "24.11.2026"], DE),
    "facture": (["Facture n° F-1"], ["Votre commande", "PO-77"], FR),
    "devis": (["DEVIS"], ["Date", "24/11/2026"], FR),
    "factura": (["FACTURA"], ["Su pedido", "PO-77"], ES),
    "fattura": (["FATTURA n. 1"], ["Vs. ordine", "PO-77"], IT),
    "发票": (["发票"], ["发票号", "F-1"], ZH),
    "报价单": (["报价单"], ["编号", "Q-1"], ZH),
}


def sheet(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize("subject", ["Purchase order PO-77", "Bestellung"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_sellers_paper_is_no_order(paper, subject) -> None:
    head, below, names = PAPERS[paper]
    rows = [head, below, names, ("AB-1001", "Mug", 12, 3.1, 37.2), ("AB-1002", "Tub", 4, 4.2, 16.8)]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@customer.example", "orders@desk.example", subject
    mail["Message-ID"], mail["Date"] = "<1@customer.example>", "Wed, 25 Nov 2026 10:00:00 +0000"
    mail.set_content("Hello,\n\nplease find attached.\n\nAnn")
    mail.add_attachment(sheet(rows), maintype="application", subtype="octet-stream", filename="doc.xlsx")
    envelope = Envelope("mail", "1", bytes(mail), "message/rfc822", "ann@customer.example")
    reading = read_mail(envelope, b"s", frozenset({"orders@desk.example"}), lambda inner: read_file(inner, {}))
    assert not reading.orders
    assert reading.kind is not EnvelopeKind.ORDERS
