"""What a person states about a document: applied to a copy, the later word counting, the same each time."""

from email import message_from_bytes

import pytest

from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, LetterKind, LetterRead, OrderRead, Reading
from orderclerk.domain.repairs import (
    Repair,
    RepairError,
    check_repair,
    mapping_with,
    parse_columns,
    repair_of,
    repaired_envelope,
    repaired_reading,
)

CHINESE = "订单号,货号,数量\nA1,IT-1,5\n"
FILE = Envelope("files", "a.csv", CHINESE.encode("gb18030"), "text/csv", "acme")
MAIL = Envelope("mail", "1:2", b"From: Ann <ann@x.example>\r\nSubject: Order\r\nMessage-ID: <1@x>\r\n"
                b"Authentication-Results: mx; spf=pass\r\nContent-Type: application/pdf\r\n\r\n%PDF", "message/rfc822", "ann@x.example")  # fmt: skip


def test_a_stated_encoding_gives_the_characters_and_leaves_the_envelope_alone() -> None:
    repaired = repaired_envelope(FILE, Repair(encoding="gb18030"))
    assert repaired.content.decode() == CHINESE
    assert FILE.content == CHINESE.encode("gb18030")
    assert mapping_with(SenderMapping("acme", encoding="cp1252"), Repair(encoding="gb18030")).encoding == "utf-8"


def test_an_encoding_that_is_not_the_document_s_is_refused_in_words() -> None:
    with pytest.raises(RepairError, match=r"not in ascii: .* at byte 0"):
        repaired_envelope(FILE, Repair(encoding="ascii"))
    with pytest.raises(RepairError, match="no encoding 'klingon'"):
        check_repair(Repair(encoding="klingon"))
    with pytest.raises(RepairError, match="paste its text"):
        repaired_envelope(MAIL, Repair(encoding="utf-8"))


def test_a_pasted_text_takes_the_place_of_a_mail_s_body_and_its_headers_stay() -> None:
    repaired = repaired_envelope(MAIL, Repair(text="5 x IT-1\n谢谢"))
    mail = message_from_bytes(repaired.content)
    assert (mail["From"], mail["Message-ID"]) == ("Ann <ann@x.example>", "<1@x>")
    assert mail["Authentication-Results"] == "mx; spf=pass"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_payload(decode=True).decode() == "5 x IT-1\n谢谢"
    assert repaired_envelope(MAIL, Repair(text="5 x IT-1\n谢谢")) == repaired


def test_a_pasted_table_takes_the_place_of_a_file() -> None:
    repaired = repaired_envelope(FILE, Repair(text="order_ref,item_ref,quantity\nA,B,1\n"))
    assert (repaired.media_type, repaired.content.splitlines()[1]) == ("text/csv", b"A,B,1")


def test_columns_are_stated_one_a_line() -> None:
    assert parse_columns("quantity = Menge\n\n item_ref='Art. Nr' ") == {"quantity": "Menge", "item_ref": "Art. Nr"}
    with pytest.raises(RepairError, match="'Menge'"):
        parse_columns("Menge")


def test_later_statements_count_field_by_field_and_no_order_takes_all_back() -> None:
    first, second = {"encoding": "cp1252", "person": "Ann"}, {"customer_number": "C1", "person": "Bob", "new": "x"}
    assert repair_of([first, second]) == Repair(encoding="cp1252", customer_number="C1", person="Bob")
    assert repair_of([first, {"discarded": "a test", "person": "Bob"}]) == Repair(discarded="a test", person="Bob")
    assert repair_of([{"file_as": "spam", "person": "Ann"}, second]) == Repair(customer_number="C1", person="Bob")


def test_a_document_that_is_no_order_is_filed_as_what_it_is() -> None:
    read = Reading(EnvelopeKind.UNREADABLE, letter=LetterRead(LetterKind.OTHER, "ann@x.example", "Hi", confidence=0.4))
    filed = repaired_reading(read, Repair(file_as="complaint", person="Ann"))
    assert (filed.kind, filed.letter.kind, filed.letter.confidence) == (EnvelopeKind.OTHER, LetterKind.COMPLAINT, 1.0)
    assert repaired_reading(read, Repair(discarded="a test", person="Ann")).reason == "discarded by Ann: a test"


def test_order_and_customer_are_stated_of_one_order_and_a_reference_never_of_several() -> None:
    one, two = OrderRead("mail:a", "<1@x>", has_own_ref=False), OrderRead("mail:a", "<2@x>", has_own_ref=False)
    stated = Repair(order_ref="PO-7", customer_number="C1", person="Ann")
    (order,) = repaired_reading(Reading(EnvelopeKind.ORDERS, orders=(one,)), stated).orders
    assert (order.order_ref, order.has_own_ref, order.customer.number) == ("PO-7", True, "C1")
    both = repaired_reading(Reading(EnvelopeKind.ORDERS, orders=(one, two)), stated).orders
    assert [order.order_ref for order in both] == ["<1@x>", "<2@x>"]
