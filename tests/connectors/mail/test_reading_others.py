"""What must not become an order, and what waits for a person."""

import pytest
from reading_world import DESK, ID, letter, read

from orderclerk.domain.reading import EnvelopeKind

LINES = "\n10 x AB-1234 Blue mug @ 12.50 EUR\nCD-5678: 5 pcs\n"

NO_ORDERS = {
    "shop notice": ("Your order 4711 has shipped", f"Thank you for your order:{LINES}", {}),
    "order confirmation of a supplier": ("Order confirmation 4711", f"We confirm your order:{LINES}", {}),
    "auftragsbestätigung": ("Auftragsbestätigung 4711", f"Ihre Bestellung:{LINES}", {}),
    "courier": ("Shipment 991", f"Your parcel is out for delivery. Order 4711{LINES}", {}),
    "发货通知": ("发货通知", f"您的订单 4711 已发货{LINES}", {}),
    "invoice": ("Invoice 991", f"Invoice number: 991\nOrder 4711{LINES}Amount due: 150.00\n", {}),
    "rechnung": ("Rechnung 991", f"Rechnungsnummer: 991, Bestellung 4711{LINES}", {}),
    "newsletter": ("Offers", f"Order now!{LINES}Unsubscribe here\n", {"List_Unsubscribe": "<https://n.example/u>"}),
    "newsletter without a header": ("Offers", f"Order now and save{LINES}To unsubscribe click here\n", {}),
    "list": ("order", LINES, {"Precedence": "bulk"}),
    "status": ("Where is our order?", "Where is our order 4711? It was\n10 x AB-1234\n", {}),
    "状态": ("订单", "请问订单 4711 什么时候发货？", {}),
    "quote": ("RFQ", "Please quote for our next order\n10 x AB-1234\n", {}),
    "询价": ("询价", "AB-1234 10 个 多少钱？以后采购", {}),
    "forward": ("Fwd: order", "fyi\n\n---------- Forwarded message ---------\nFrom: x\nWe order\n10 x AB-1234\n", {}),
    "no word of ordering": ("Parts", "10 x AB-1234\n", {}),
    "order without lines": ("our order", "I will call about our next order tomorrow.", {}),
    "automatic reply": ("Re: x", f"We order{LINES}", {"Auto_Submitted": "auto-replied"}),
    "out of office": ("Out of office: order", f"We order{LINES}", {}),
    "x-autoreply": ("Re: order", f"We order{LINES}", {"X_Autoreply": "yes"}),
    "made by a program": ("order", f"We order{LINES}", {"Auto_Submitted": "auto-generated"}),
    "null sender": ("order", f"We order{LINES}", {"Return_Path": "<>"}),
}


@pytest.mark.parametrize("what", NO_ORDERS)
def test_it_is_no_order(what: str) -> None:
    subject, body, headers = NO_ORDERS[what]
    reading = read(letter(body, subject, **headers))
    assert reading.kind is EnvelopeKind.OTHER
    assert reading.reason
    assert "\n" not in reading.reason


def test_our_own_mails_are_no_orders() -> None:
    assert read(letter(f"We order{LINES}", sender=DESK.upper())).kind is EnvelopeKind.OTHER


def test_bounces_are_no_orders_and_say_so() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
        b"--b\r\n\r\nWe order 10 x AB-1234\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n--b--\r\n"
    )
    reading = read(raw)
    assert reading.kind is EnvelopeKind.OTHER
    assert "bounce" in reading.reason


@pytest.mark.parametrize(
    ("sender", "least", "most"),
    [("colleague@customer.example", 0.99, 0.998), ("stranger@elsewhere.example", 0.5, 0.95)],
)
def test_an_order_that_is_passed_on_is_its_first_senders_and_less_sure(sender: str, least: float, most: float) -> None:
    message = letter("See below.\n", "order", sender=sender)
    message.add_attachment(letter(f"We order{LINES}"))
    reading = read(message)
    assert reading.kind is EnvelopeKind.ORDERS
    assert reading.orders[0].source == "mail:buyer@customer.example"
    assert all(least < line.confidence < most for line in reading.orders[0].lines)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Order 4711", f"We order{LINES}Please cancel our order 4710.\n"),
        ("Order 4711", f"We order{LINES}Where is our order 4700?\n"),
        ("Order", f"We order as in our order SO100042:{LINES}"),
        ("Order", "Please cancel our order 4711."),
        ("取消订单", "请取消我们的订单 4711。"),
        ("Purchase order 4711", "Please find attached our purchase order.\n"),
    ],
)
def test_what_says_two_things_waits_for_a_person(subject: str, body: str) -> None:
    reading = read(letter(body, subject))
    assert reading.kind is EnvelopeKind.UNREADABLE
    assert reading.unreadable[0].rule == "ENV-001"
    assert reading.reason


def test_a_mail_left_on_the_server_for_its_size_is_a_safety_limit() -> None:
    reading = read(letter(f"We order{LINES}"), "message/rfc822; oversize=99000000")
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-003")
    assert "99000000" in reading.reason


def nested(levels: int) -> bytes:
    head = b"From: a@b.example\r\nSubject: order\r\n"
    return head + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels)
    )


@pytest.mark.parametrize(
    "content",
    [
        nested(2_000),
        nested(40) + b"x\r\n" * 400_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" * 5_000,
        b"Subject: order\r\n\r\n" + b"we order 10 x AB-1234\r\n" * 30_000,
        b"Content-Type: text/plain; " + b"a*0=b; " * 20_000 + b"\r\n\r\nx",
        b"X: y\r\n" * 200_000,
    ],
    ids=["nested", "nested and long", "parts", "mails", "lines", "parameters", "headers"],
)
def test_a_mail_that_would_cost_too_much_is_a_safety_limit(content: bytes) -> None:
    reading = read(content)
    assert (reading.kind, reading.unreadable[0].rule) == (EnvelopeKind.UNREADABLE, "ENV-003")


@pytest.mark.parametrize(
    "html", ["<a " * 100_000, "<!--" * 100_000, "<![x" * 10, "<table><tr><td>" * 20_000, "&#" * 200_000]
)
def test_hostile_html_is_survived(html: str) -> None:
    message = letter("", "order")
    message.set_content(html, subtype="html")
    reading = read(message)
    assert reading.kind is EnvelopeKind.OTHER or [item.rule for item in reading.unreadable] == ["ENV-003"]


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: text/plain; charset=nonsense\r\n",
        b"Content-Type: text/plain; charset=\"\x00\"\r\n",
        b"Content-Type: text/plain; charset=hex\r\n",
        b"Content-Type: text/plain; charset*=x''%FF\r\n",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: nonsense\r\n",
        b"Content-Type: ;;;\r\n",
        b"Subject: Bestellung \xfc\xff order\r\n",
        b"Subject: =?nonsense?Q?order?=\r\n",
        b"Subject: =?utf-8?B?order!?=\r\n",
        b"Date: Mon, 99 Foo 20260 99:99:99 +9999\r\n",
        b"Message-ID: \r\n\tx\r\n",
    ],
)  # fmt: skip
def test_broken_headers_do_not_hide_an_order(headers: bytes) -> None:
    raw = b"From: \xe9 <buyer@customer.example>\r\n" + headers + b"\r\nWe order 10 x AB-1234\r\n"
    reading = read(raw)
    assert reading.kind is EnvelopeKind.ORDERS, reading.reason
    assert reading.orders[0].source == "mail:buyer@customer.example"
    assert ID
