"""Mails that answer purchase orders: by signed reference from anybody, by number from suppliers only, never as an order."""

from email.message import EmailMessage

import pytest

from connectors.files.outcomes import no_order
from connectors.mail.reading import read_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, LetterKind
from orderclerk.domain.references import find_purchase_reference, purchase_numbers, sign_reference

SECRET = b"secret of this test"
SIGNED = sign_reference("PO100012", 1, SECRET)


def read(subject: str, words: str, said=None, sender="sales@bolts.example", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        sender,
        "orders@desk.example",
        subject,
        "<a@bolts.example>",
    )
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    envelope = Envelope("mail", "1", mail.as_bytes(), "message/rfc822", sender)
    return read_mail(envelope, SECRET, frozenset({"orders@desk.example"}), lambda *_: no_order("x"), said=said)


def test_a_signed_reference_finds_the_order_wherever_the_mail_program_puts_it():
    for reading in (
        read(f"Re: Purchase order PO100012 [{SIGNED}]", "Confirmed."),
        read("Order confirmation", "Confirmed.", In_Reply_To=f"<{SIGNED}.purchase@desk.example>"),
    ):
        assert reading.kind is EnvelopeKind.PURCHASE
        assert (reading.purchase.po_no, reading.purchase.is_trusted, reading.purchase.text) == (
            "PO100012",
            True,
            "Confirmed.",
        )
        assert reading.letter.kind is LetterKind.SUPPLIER


def test_a_bare_number_counts_from_a_supplier_only():
    assert read("PO100012", "Confirmed.", LetterKind.SUPPLIER).purchase.po_no == "PO100012"
    assert read("PO100012", "Please send 20 pcs of HX-1007").purchase is None


@pytest.mark.parametrize("words", ["Our new catalogue", "About PO100012 and PO100013: confirmed"])
def test_a_suppliers_mail_about_no_order_or_several_is_a_letter_and_no_order(words):
    reading = read("News", words, LetterKind.SUPPLIER)
    assert (reading.kind, reading.letter.kind, reading.orders) == (EnvelopeKind.OTHER, LetterKind.SUPPLIER, ())


def test_a_suppliers_list_of_goods_is_never_read_as_a_customers_order():
    reading = read("Order confirmation PO100012", "We confirm:\n20 pcs HX-1007\n40 pcs NX-2000", LetterKind.SUPPLIER)
    assert (reading.kind, reading.orders) == (EnvelopeKind.PURCHASE, ())


def test_a_forged_reference_is_none():
    assert find_purchase_reference(SIGNED[:-1] + ("a" if SIGNED[-1] != "a" else "b"), SECRET) == ""
    assert find_purchase_reference(SIGNED.upper(), SECRET) == "PO100012"
    assert purchase_numbers("PO100012, po100012 and XPO100013") == ["PO100012"]
