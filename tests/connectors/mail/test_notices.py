"""Legal notices below mails are no words of their senders; forwarded and repeated orders are not filed away."""

import pytest
from reading_world import BUYER, letter, read

from connectors.mail.intent import judge_words
from connectors.mail.notices import is_notice, unnoticed
from connectors.mail.quoting import own_lines
from orderclerk.domain.reading import EnvelopeKind

NOTICES = [
    "This message is confidential. If you have received it in error, please notify us and delete it with its attachments.",
    "Diese E-Mail ist nur für den Empfänger bestimmt und vertraulich. Unbefugte Weitergabe ist nicht gestattet.",
    "Ce courriel est confidentiel et destiné à son seul destinataire. S'il vous est parvenu par erreur, supprimez-le.",
    "Este mensaje es confidencial y va dirigido a su destinatario. Si lo recibe por error, elimínelo.",
    "Questo messaggio è riservato; chi lo riceve per errore è pregato di cancellarlo.",
    "本邮件仅供指定收件人阅读，内容保密，如误收请删除。",
    "Please consider the environment before printing this e-mail.",
]
ORDERS = [
    "Please treat the prices of this order as confidential.",
    "Delete the second line: it was entered by mistake. 20 pieces of AB-1234 are enough.",
    "Bitte 20 Stück AB-1234, der Rest ist für den Empfänger in Köln bestimmt.",
    "Attached is the order; the recipient is our warehouse.",
    "20 mugs and 5 message boards for the new recipient",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_is_not_what_the_sender_says(text):
    assert own_lines(f"We order 10 x AB-1234\n\nKind regards\nAnn\n\n{text}\n")[-2:] == ["Ann", ""]


@pytest.mark.parametrize("text", ORDERS)
def test_words_that_only_touch_it_are_no_notice(text):
    assert not is_notice(text)


def test_a_wrapped_notice_goes_and_what_stands_above_and_below_it_stays():
    lines = ["Ann", "This e-mail is confidential. If you are not the", "recipient, delete it.", "", "10 x AB-1234"]
    assert unnoticed(lines) == [0, 4]


def test_an_order_with_a_notice_below_is_no_advertising():
    notice = NOTICES[0].replace("received it", "received this message")
    intent = judge_words("Purchase order", f"Please put us down for 12 pairs of shoes.\n\n{notice}")
    assert not intent.against


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("Same as last time, but 30 instead of 20 mugs.", False),
        ("Bitte wie beim letzten Mal, aber 110 statt 100 Lampen.", False),
        ("Please send 30 instead of 20 mugs.", True),
        ("Please change our order 4711: 30 mugs.", True),
    ],
)
def test_what_differs_from_last_time_changes_no_order(words, changes):
    assert ("change" in judge_words("Order", words).scores) == changes


def test_a_forwarded_order_nobody_can_read_is_for_a_person():
    below = (
        "---------- Forwarded message ---------\nFrom: Ann <buyer@customer.example>\nSubject: Purchase order 4711\n\n"
    )
    reading = read(letter(f"Please process the order below.\n\n{below}Please send us tbc washers M12.\n", "Fwd: order"))
    assert reading.kind is EnvelopeKind.UNREADABLE


def test_a_forwarded_notice_of_a_seller_is_not():
    below = "---------- Forwarded message ---------\nFrom: Shop <no@shop.example>\nSubject: Your order has shipped\n\n"
    reading = read(letter(f"fyi\n\n{below}Your order 4711 has been shipped.\n10 x AB-1234\n", "Fwd: shipped"))
    assert reading.kind is EnvelopeKind.OTHER


def test_goods_without_a_quantity_in_an_order_are_for_a_person():
    reading = read(letter("Hello,\n\nplease send us tbc flat washers M12.\n\nAnn\n", "PO B-1185"))
    assert reading.kind is EnvelopeKind.UNREADABLE


@pytest.mark.parametrize(
    "body",
    [
        "bitte senden Sie uns 20 Kartons Batterien AA, ... schwarze Notizbücher A5 und 160 blaue Ordner.",
        "Please send us 20 mugs red, ? vacuum flasks black and 30 tea towels.",
        "Please send us 20 red mugs and tbc vacuum flasks.",
        "We order:\n\n10 x AB-1234\n... Thé au jasmin 250 g\n",
        "请给我们发：12个黑色马克杯300ml、还有？个黑色保温瓶0.5l。",
    ],
)
def test_a_number_that_was_to_be_filled_in_holds(body):
    reading = read(letter(f"{body}\n"))
    assert reading.kind is EnvelopeKind.UNREADABLE or any(
        problem.rule in ("LIN-001", "LIN-009")
        for order in reading.orders
        for problem in (*order.problems, *(one for line in order.lines for one in line.problems))
    )


def test_a_first_point_that_cannot_be_read_is_not_dropped_from_the_order():
    body = "we order:\n\n* 24000000x 4007123100040, Tasse 500 ml\n* 200 pcs AB-1234\n* 40 pcs CD-5678\n"
    (order,) = read(letter(body)).orders
    assert len(order.lines) == 3 or any(problem.rule == "LIN-009" for problem in order.problems)


def test_once_more_the_same_is_no_count():
    (order,) = read(letter("和上次一样，再来一份，谢谢。\n", "订单")).orders
    assert (order.repeats, order.problems) == ("last", ())


@pytest.mark.parametrize("body", ["Questo il nostro ordine, Q.tà: 40 pz di canovacci", "Vi chiediamo 30 panni gialli"])
def test_what_calls_itself_an_order_and_counts_something_is_for_a_person(body):
    assert read(letter(f"Buongiorno,\n\n{body}\n", "Ordine")).kind is not EnvelopeKind.OTHER


def test_what_calls_itself_an_order_and_counts_nothing_is_filed():
    assert read(letter("Thanks, received with thanks on Dec 3.\n\nAnn\n", "PO B-1185")).kind is EnvelopeKind.OTHER


@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_forwarded_order_is_read_though_no_blank_line_parts_it_from_its_headers(blank):
    below = (
        f"-----Original Message-----\nFrom: Ann <{BUYER}>\nSent: Friday\nTo: Bob\nSubject: Order 4711\nCc: Eve\n{blank}"
    )
    (order,) = read(letter(f"please process\n\n{below}we order:\n10 x AB-1234\n\nAnn\n", "Fwd: Order 4711")).orders
    assert [(line.item_ref, line.quantity) for line in order.lines] == [("AB-1234", 10)]


@pytest.mark.parametrize(
    "words",
    [
        "Igual que la última vez, pero 500 tornillos en lugar de 400.",
        "Pareil que la dernière fois, mais 30 au lieu de 20 tasses.",
    ],
)
def test_as_last_time_is_said_in_many_ways(words):
    assert "change" not in judge_words("Pedido", words).scores


@pytest.mark.parametrize(
    "words",
    [
        "Igual que la última vez, pero 500 tornillos en lugar de 400.",
        "Same as last time please.\nBut 30 instead of 20 mugs.",
        "Bitte wie beim letzten Mal, aber ohne die Lampen.",
        "和上次一样，但数量改为30个。",
    ],
)
def test_the_same_with_a_change_is_not_the_same(words):
    (found,) = read(letter(f"{words}\n", "Order")).orders
    assert found.problems


@pytest.mark.parametrize(
    "words",
    [
        "La stessa merce dell'ultimo ordine.",
        "Same as last time please.",
        "Igual que la última vez, por favor.",
        "和上次一样。",
    ],
)
def test_the_same_without_a_change_is(words):
    (found,) = read(letter(f"{words}\n\nPO number: 4711\n\nDelivery on 12 December 2026\n", "Order")).orders
    assert (found.repeats, found.problems) == ("last", ())
