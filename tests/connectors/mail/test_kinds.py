"""Mails filed as a person would: by structure first, then by words in six languages."""

import csv
import re
from pathlib import Path

import pytest
from reading_world import ID, REFERENCE, letter, read

from connectors.mail import intent
from orderclerk.domain.reading import EnvelopeKind, LetterKind

K = LetterKind
BY_WORDS = [
    (K.STATUS_QUESTION, "Order PO-77", "When will our order PO-77 ship? We have not received any news."),
    (K.STATUS_QUESTION, "Bestellung 4711", "Guten Tag, wann wird unsere Bestellung geliefert? Wir warten noch auf die Ware."),
    (K.STATUS_QUESTION, "Commande 88", "Bonjour, où en est notre commande 88 ? Nous n'avons pas encore reçu la livraison."),
    (K.STATUS_QUESTION, "Pedido 99", "Buenos días, ¿cuándo llega nuestro pedido? Aún no hemos recibido nada."),
    (K.STATUS_QUESTION, "Ordine 12", "Buongiorno, quando arriva il nostro ordine? Non abbiamo ancora ricevuto la merce."),
    (K.STATUS_QUESTION, "采购单4711", "请问我们的订单什么时候发货？到现在还没收到货。"),
    (K.STATUS_QUESTION, "Delivery status PO 77", "Can you let me know the status of PO 77 please?"),
    (K.STATUS_QUESTION, "Order", "Where is our order?\n\n-----Original Message-----\nFrom: a@b.example\nSubject: Order\n\nWe order\n10 x AB-1234\n"),
    (K.CANCELLATION, "PO-77", "Please cancel our order PO-77, the project has been stopped."),
    (K.CANCELLATION, "Storno Bestellung 4711", "Bitte stornieren Sie unsere Bestellung 4711."),
    (K.CANCELLATION, "Commande 88", "Merci d'annuler notre commande 88."),
    (K.CANCELLATION, "Pedido 99", "Por favor, cancelen nuestro pedido 99."),
    (K.CANCELLATION, "Ordine 12", "Vi chiediamo di annullare il nostro ordine 12."),
    (K.CANCELLATION, "取消订单", "请取消采购订单4711，谢谢。"),
    (K.CHANGE, "PO-77", "Please change the quantity of our order PO-77 to 30 instead of 20."),
    (K.CHANGE, "Bestellung 4711", "Bitte ändern Sie die Menge in unserer Bestellung 4711 auf 30 Stück."),
    (K.CHANGE, "订单4711", "请把订单数量改为30箱。"),
    (K.COMPLAINT, "Delivery of PO-77", "Three of the mugs arrived broken and two are missing from the box."),
    (K.COMPLAINT, "Reklamation", "Die Ware ist beschädigt angekommen, zwei Teile fehlen."),
    (K.COMPLAINT, "Réclamation", "Les articles sont arrivés endommagés."),
    (K.COMPLAINT, "Reclamación", "La mercancía llegó dañada y faltan dos unidades."),
    (K.COMPLAINT, "Reclamo", "La merce è arrivata danneggiata."),
    (K.COMPLAINT, "投诉", "收到的货有破损，还少发了两箱。"),
    (K.RETURN, "Return", "We would like to return the goods of PO-77. Please send an RMA number."),
    (K.RETURN, "Rücksendung", "Wir möchten die Ware zurücksenden, bitte um einen Retourenschein."),
    (K.RETURN, "退货", "这批货要退货，请告知退货地址。"),
    (K.PAYMENT_ADVICE, "Remittance advice", "We have paid your invoices 10, 11 and 12 today."),
    (K.PAYMENT_ADVICE, "Zahlungsavis", "Wir haben heute 1.200,00 EUR überwiesen."),
    (K.PAYMENT_ADVICE, "Avis de virement", "Nous avons effectué le virement ce jour."),
    (K.PAYMENT_ADVICE, "付款通知", "货款今天已汇出，请查收水单。"),
    (K.STATEMENT_REPLY, "Re: Statement of account October", "Your statement does not match ours, 120.00 is missing."),
    (K.STATEMENT_REPLY, "AW: Kontoauszug Oktober", "Der Saldo stimmt mit unserer Buchhaltung überein."),
    (K.STATEMENT_REPLY, "回复：10月对账单", "对账单核对无误。"),
    (K.OTHER, "RFQ", "Please quote your best price for 10 pcs AB-1234."),
    (K.OTHER, "Anfrage", "Bitte senden Sie uns ein Angebot. Was kosten 100 Stück?"),
    (K.OTHER, "询价", "请报价，AB-1234 多少钱？"),
    (K.OTHER, "Order confirmation 991", "We confirm your order. Order confirmation no 991."),
    (K.COURIER_NOTICE, "Votre colis", "Votre colis est en cours de livraison."),
    (K.COURIER_NOTICE, "Ihre Sendung", "Ihre Sendung wird heute zugestellt. Sendungsnummer 123."),
    (K.COURIER_NOTICE, "您的包裹", "您的包裹正在派送，快递单号 SF123。"),
    (K.NEWSLETTER, "20% off today", "Order now and save! To unsubscribe click here."),
    (K.SPAM, "Attention beneficiary", "You have been selected for an inheritance of 5 million dollars."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "subject", "body"), BY_WORDS)
def test_words_say_what_a_mail_is(kind: LetterKind, subject: str, body: str) -> None:
    reading = read(letter(body, subject))
    assert reading.letter is not None
    assert reading.letter.kind is kind, reading.reason
    assert reading.kind is not EnvelopeKind.ORDERS


@pytest.mark.parametrize(
    "body",
    [
        "We order 10 x AB-1234.\nPlease do not cancel it this time.",
        "We order 10 x AB-1234.\nThis is not a complaint.",
        "Wir bestellen 10 Stück AB-1234.\nBitte stornieren Sie diesmal nicht.",
        "我们订购 AB-1234 10 个。\n请不要取消订单。",
    ],
)
def test_what_is_denied_does_not_count(body: str) -> None:
    assert read(letter(body, "Order")).kind is EnvelopeKind.ORDERS


def test_a_footer_with_unsubscribe_does_not_hide_an_order() -> None:
    body = "We order the following:\n10 x AB-1234\nPlease confirm our purchase order.\n\nTo unsubscribe from this group"
    assert read(letter(body, "Purchase order PO-4711")).kind is EnvelopeKind.ORDERS


def test_quoted_words_do_not_count() -> None:
    body = "Thank you, all is well.\n\n> Please cancel our order 4711.\n> Where is our order?"
    reading = read(letter(body, "Re: talk"))
    assert reading.letter is not None
    assert reading.letter.kind is K.OTHER


@pytest.mark.parametrize(
    ("kind", "subject", "headers"),
    [
        (K.OUT_OF_OFFICE, "Re: order", {"Auto_Submitted": "auto-replied"}),
        (K.OUT_OF_OFFICE, "Automatische Antwort: Angebot", {}),
        (K.OUT_OF_OFFICE, "自动回复：报价", {}),
        (K.BOUNCE, "Undelivered Mail Returned to Sender", {}),
        (K.BOUNCE, "退信", {}),
        (K.NEWSLETTER, "Our month", {"List_Unsubscribe": "<https://x.example>"}),
        (K.NEWSLETTER, "Re: perl", {"Precedence": "bulk"}),
        (K.SPAM, "Hello", {"X_Spam_Flag": "YES"}),
    ],
)
def test_structure_says_what_a_mail_is(kind: LetterKind, subject: str, headers: dict[str, str]) -> None:
    found = read(letter("Words.", subject, **headers)).letter
    assert found is not None
    assert found.kind is kind


def test_an_answer_to_an_automatic_reply_is_a_persons() -> None:
    found = read(letter("Where is our order?", "Re: Automatic reply: your question")).letter
    assert found is not None
    assert found.kind is K.STATUS_QUESTION


def test_the_conversation_is_the_first_of_references_else_in_reply_to_else_the_mail_itself() -> None:
    def thread(**headers: str) -> str:
        found = read(letter("Words.", "Talk", **headers)).letter
        assert found is not None
        return found.thread_ref

    assert (
        thread(References="<first@x.example> <second@x.example>", In_Reply_To="<second@x.example>")
        == "<first@x.example>"
    )
    assert thread(In_Reply_To="<second@x.example>") == "<second@x.example>"
    assert thread() == ID


def test_an_out_of_office_that_answers_our_mail_names_its_order_only_by_our_signature() -> None:
    def number(subject: str) -> str:
        found = read(letter("I am out of office until Monday.", subject, Auto_Submitted="auto-replied")).letter
        assert found is not None
        return found.order_no

    assert number(f"Automatic reply: your order [{REFERENCE}]") == "SO100042"
    assert number("Automatic reply: your order [SO100042-1-aaaaaaaa]") == ""


PHRASES = sorted((Path(intent.__file__).parent / "phrases").glob("*.csv"))


@pytest.mark.parametrize("path", PHRASES, ids=lambda path: path.stem)
def test_phrases_are_in_the_form_that_words_are_compared_in(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            letters = re.sub(r"\\[A-Za-z]", "", row["pattern"])
            assert letters == letters.lower(), row
            assert row["where"] in ("any", "subject", "body")
            assert float(row["weight"]) > 0
