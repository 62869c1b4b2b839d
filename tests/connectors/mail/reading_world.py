"""How the reading tests make and read mails."""

from email.message import EmailMessage

from connectors.files.reading import read_file
from connectors.mail.reading import read_mail
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, OrderRead, Reading
from orderclerk.domain.references import sign_reference

SECRET = b"test-secret"
DESK = "orders@harbour.example"
BUYER = "buyer@customer.example"
REFERENCE = sign_reference("SO100042", 1, SECRET)
ID = "<4711@customer.example>"


def letter(
    body: str = "", subject: str = "Purchase order PO-4711", sender: str = f"A Buyer <{BUYER}>", **headers: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, headers.pop("To", DESK), subject
    message["Date"], message["Message-ID"] = "Mon, 23 Nov 2026 10:00:00 +0100", ID
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def read(message: EmailMessage | bytes, media_type: str = "message/rfc822") -> Reading:
    content = message if isinstance(message, bytes) else message.as_bytes()
    envelope = Envelope("mail", "1:1", content, media_type, BUYER)
    return read_mail(envelope, SECRET, frozenset({DESK}), lambda inner: read_file(inner, {}))


def order(message: EmailMessage) -> OrderRead:
    reading = read(message)
    assert reading.kind is EnvelopeKind.ORDERS, reading.reason
    (found,) = reading.orders
    return found


def items(message: EmailMessage) -> list[tuple[str, str]]:
    return [(line.item_ref, str(line.quantity)) for line in order(message).lines]
