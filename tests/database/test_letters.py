"""Mails as correspondence: tied to their order and customer, and what a person says of them."""

from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from connectors.files.reading import read_file
from connectors.mail.reading import read_mail
from orderclerk.database import inbox
from orderclerk.database.letters import LetterError, file_letter, open_letters
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import LetterKind, Reading
from orderclerk.domain.references import sign_reference
from tasks.intake import read_chunk
from tests.deskwork import NOON, bring, check, furnish, order, rows, states, value

SECRET = b"secret"
BUYER, STRANGER = "c1@x.example", "someone@else.example"
WORDS = "10 x IT-1\n"


def read(envelope: Envelope, said: LetterKind | None = None) -> Reading:
    own = frozenset({"desk@house.example"})
    return read_mail(envelope, SECRET, own, lambda inner: read_file(inner, {}), said=said)


def mail(subject: str, body: str, sender: str = BUYER, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "desk@house.example", subject
    message["Date"], message["Message-ID"] = (
        "Mon, 23 Nov 2026 10:00:00 +0000",
        f"<{sha256(body.encode()).hexdigest()}@x.example>",
    )
    for name, text in headers.items():
        message[name.replace("_", "-")] = text
    message.set_content(body)
    return message.as_bytes()


def receive(engine: Engine, *contents: bytes) -> None:
    for content in contents:
        with engine.begin() as conn:
            ref = sha256(content).hexdigest()
            inbox.keep_once(conn, [Envelope("mail", ref, content, "message/rfc822", BUYER, sent_at=NOON)], NOON)
        read_chunk(engine, read, frozenset(), NOON)


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    return engine


def letters(engine: Engine) -> list[tuple[str, str, str | None, str | None]]:
    query = """SELECT l.kind, l.state, o.order_ref, c.customer_no FROM letters l LEFT JOIN orders o ON o.id = l.order_id
               LEFT JOIN customers c ON c.id = l.customer_id ORDER BY l.envelope_id"""
    return [tuple(row) for row in rows(engine, query)]


def test_an_order_by_mail_is_a_letter_tied_to_its_order(house: Engine) -> None:
    receive(house, mail("Purchase order PO-4711", f"We order\n{WORDS}"))
    assert letters(house) == [("order", "handled", "PO-4711", "C1")]


def test_a_question_is_tied_by_our_number_by_theirs_or_by_the_conversation(house: Engine) -> None:
    bring(house, order("PO-4711", ("IT-1", "5", "2.50")))
    no = value(house, "SELECT order_no FROM orders")
    first = mail("Where is our order?", f"Where is our order {no}?", STRANGER)
    receive(house, first, mail("Where is our order PO-4711?", "Thank you"))
    thread = value(house, "SELECT message_ref FROM letters ORDER BY envelope_id LIMIT 1")
    receive(house, mail("Re: Where is it?", "Any news on this?", STRANGER, References=thread))
    assert letters(house) == [
        ("status question", "open", "PO-4711", None),
        ("status question", "open", "PO-4711", "C1"),
        ("status question", "open", "PO-4711", None),
    ]


def test_another_customers_reference_ties_nothing(house: Engine) -> None:
    bring(house, order("PO-4711", ("IT-1", "5", "2.50"), who="C2"))
    receive(house, mail("Where is our order PO-4711?", "Thank you"))
    assert letters(house) == [("status question", "open", None, "C1")]


def test_a_bounce_of_our_mail_is_tied_to_its_order_by_our_signature(house: Engine) -> None:
    bring(house, order("PO-4711", ("IT-1", "5", "2.50")))
    no = value(house, "SELECT order_no FROM orders")
    signed, forged = sign_reference(no, 1, SECRET), f"{no}-1-aaaaaaaa"
    receive(house, bounce(signed), bounce(forged))
    assert letters(house) == [("bounce", "open", "PO-4711", None), ("bounce", "open", None, None)]


THREAD = "<first@x.example>"


def in_talk(house: Engine, *refs: str, sent: bool = True) -> str:
    """Orders of one conversation, offered an hour before the mails of these tests are written; its first Message-ID."""
    bring(house, *(order(ref, (f"IT-{ref[-1]}", "5", "2.50"), thread_ref=THREAD) for ref in refs or ("PO-4711",)))
    check(house, NOON)
    with house.begin() as conn:
        if sent:
            conn.execute(sql("UPDATE outbox SET state = 'sent', sent_at = :at"), {"at": NOON - timedelta(hours=1)})
    return THREAD


@pytest.mark.parametrize("words", ["Yes, please go ahead.", "Please cancel the order.", "Please change line 1 to 5."])
def test_a_mail_in_the_conversation_about_one_order_is_its_answer(house: Engine, words: str) -> None:
    receive(house, mail("Re: Purchase order", words, References=in_talk(house)))
    assert rows(house, "SELECT order_id, revision, words, state FROM answers") == [(1, 1, words, "open")]
    assert letters(house)[-1] == ("reply", "handled", "PO-4711", "C1")
    assert rows(house, "SELECT state FROM quarantine") == []


@pytest.mark.parametrize(
    ("words", "sender", "sent"),
    [("Yes, please go ahead.", STRANGER, True), ("Yes, please go ahead.", BUYER, False),
     ("When will it arrive? Where is our order?", BUYER, True)],
)  # fmt: skip
def test_a_stranger_a_question_or_words_before_we_wrote_are_no_answer(
    house: Engine, words: str, sender: str, sent: bool
) -> None:
    receive(house, mail("Re: Purchase order", words, sender, References=in_talk(house, sent=sent)))
    assert rows(house, "SELECT * FROM answers") == []


def test_a_conversation_about_two_orders_answers_neither(house: Engine) -> None:
    receive(house, mail("Re: Purchase order", "Yes, please go ahead.", References=in_talk(house, "PO-4711", "PO-4712")))
    assert set(states(house).values()) == {"offered"}
    assert rows(house, "SELECT * FROM answers") == []


def test_a_reply_to_our_message_id_needs_no_reference_in_its_subject(house: Engine) -> None:
    in_talk(house)
    reference = sign_reference(value(house, "SELECT order_no FROM orders"), 1, SECRET)
    receive(house, mail("AW: Bestellung", "Ja, bitte so ausführen.", In_Reply_To=f"<{reference}.offer@house.example>"))
    assert rows(house, "SELECT revision, state FROM answers") == [(1, "open")]


def bounce(reference: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; x@x.example\r\nAction: failed\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{reference}@house.example>\r\nSubject: Your order\r\n\r\n"
        "Words\r\n--b--\r\n"
    ).encode()


def test_nobody_needs_to_look_at_advertising_but_at_what_may_be_some(house: Engine) -> None:
    bulk = mail("50% off today", "Order now! Unsubscribe here.", "shop@ads.example", List_Unsubscribe="<https://a/u>")
    receive(house, bulk, mail("Hello", "Something else entirely", "x@y.example"))
    assert [(kind, state) for kind, state, *_ in letters(house)] == [("newsletter", "handled"), ("other", "open")]


def test_an_order_after_all_is_read_again_as_one(house: Engine) -> None:
    receive(house, mail("RFQ", f"Please quote for our next order\n{WORDS}"))
    with house.begin() as conn:
        letter = open_letters(conn, 10)[0]["letter"]
        assert "read again" in file_letter(conn, letter, "order", "Kim", "she said so on the phone", NOON)
    assert read_chunk(house, read, frozenset(), NOON + timedelta(hours=1))["new"] == 1
    assert value(house, "SELECT count(*) FROM orders WHERE commercial_state = 'received'") == 1
    assert value(house, "SELECT kind || ' ' || filed_by || ' ' || state FROM letters") == "order Kim handled"


def test_what_a_person_said_stands_when_the_mail_is_read_again(house: Engine) -> None:
    receive(house, mail("Hello", "Something else entirely"))
    with house.begin() as conn:
        (letter,) = open_letters(conn, 10)
        file_letter(conn, letter["letter"], "complaint", "Kim", "", NOON)
        assert open_letters(conn, 10) == []
        inbox.mark_read(conn, [(letter["letter"], "stored", "")])
    read_chunk(house, read, frozenset(), NOON)
    assert letters(house) == [("complaint", "handled", None, "C1")]


def test_filing_needs_a_person_and_a_letter(house: Engine) -> None:
    with house.begin() as conn:
        with pytest.raises(LetterError, match="name"):
            file_letter(conn, 1, "spam", " ", "", NOON)
        with pytest.raises(LetterError, match="no letter 99"):
            file_letter(conn, 99, "spam", "Kim", "", NOON)
