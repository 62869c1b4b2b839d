"""Orders as mails, in the forms people send them: typed lines, an HTML table, or a document attached."""

from datetime import datetime
from decimal import Decimal
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from sandbox.world.edi import ubl
from sandbox.world.names import COUNTRY_NAMES
from sandbox.world.orders import Line, Order
from sandbox.world.phrases import Phrases, speech_of
from sandbox.world.sheets import comma, csv_bytes, xlsx_bytes

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
DESK_DOMAIN = "desk.example"


def order_mail(order: Order, to: str, at: datetime, message_id: str) -> bytes:
    """The mail of `order`, as bytes on the wire; `at` carries the zone its Date shows."""
    words = speech_of(order.speech)
    subject = words.subject.format(ref=stated_ref(order)).strip()
    mail = start_mail(sender(order), to, subject, at, message_id)
    write = {"text": _typed, "html": _table, "csv": _attached, "xlsx": _attached, "ubl": _attached}[order.format]
    write(mail, order, words)
    return finish_mail(mail, order.truth_id)


def start_mail(sender: Address, to: str, subject: str, at: datetime, message_id: str) -> EmailMessage:
    """A mail with its headers as our provider would have added to them."""
    mail = EmailMessage(policy=SMTP)
    mail["Return-Path"] = f"<{sender.addr_spec}>"
    passed = f"spf=pass smtp.mailfrom={sender.domain}; dkim=pass header.d={sender.domain}"
    mail["Authentication-Results"] = f"mx.{DESK_DOMAIN}; {passed}"
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), message_id
    return mail


def finish_mail(mail: EmailMessage, mark: str) -> bytes:
    """The bytes, with boundaries that depend on the content alone."""
    for nth, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{mark}_{nth}")
    return mail.as_bytes()


def sender(order: Order) -> Address:
    """Who the mail is from."""
    if "email" in order.extra:
        return Address(order.extra.get("name", ""), addr_spec=order.extra["email"])
    return Address(f"{order.customer.contact}, {order.customer.name}", addr_spec=order.customer.email)


def stated_ref(order: Order) -> str:
    """The order number the mail states: none where the customer gives none."""
    return "" if order.extra.get("no_ref") else order.order_ref


def money(value: Decimal, words: Phrases) -> str:
    """A price as this language writes it."""
    return comma(value) if words.comma else str(value)


def cells(line: Line, words: Phrases) -> tuple[str, str, str, str, str]:
    """Reference, name, quantity, price and amount of a line, as written."""
    price = line.price_text or money(line.price, words)
    return (
        line.ref,
        line.name,
        line.quantity_text or str(line.quantity),
        price,
        money(line.quantity * line.price, words),
    )


def _head(order: Order, words: Phrases) -> list[str]:
    ref, number = stated_ref(order), order.extra.get("states_number")
    lines = [words.hello, ""]
    lines += [f"{words.order_label}: {ref}"] if ref else []
    lines += [f"{words.number_label}: {number}"] if number else []
    lines += [f"{words.requested}: {order.requested}"] if order.requested else []
    return lines if lines[-1] == "" else [*lines, ""]


def _foot(order: Order, words: Phrases) -> list[str]:
    lines: list[str] = []
    if order.place:
        p = order.place
        town = (
            f"{p.region}{p.city} {p.postal_code}"
            if p.country == "CN"
            else f"{p.postal_code} {p.city} {p.region}".strip()
        )
        lines += ["", words.deliver_to, p.recipient, p.street, town, COUNTRY_NAMES[p.country]]
    return [*lines, "", words.closing, order.name]


def _typed(mail: EmailMessage, order: Order, words: Phrases) -> None:
    template = words.lines[int(order.truth_id[1:]) % len(words.lines)]
    body = [*_head(order, words), words.intro, ""]
    currency = "元" if order.speech == "zh_CN" and order.currency == "CNY" else order.currency
    for nth, line in enumerate(order.lines, start=1):
        ref, name, quantity, price, _ = cells(line, words)
        body.append(template.format(n=nth, q=quantity, ref=ref, name=name, price=price, cur=currency))
    if "document" in order.extra:
        body = [*_head(order, words), words.attached.format(ref=order.order_ref)]
    text = "\n".join([*body, *_foot(order, words)]) + "\n"
    charset = "gb18030" if order.speech == "zh_CN" and int(order.truth_id[1:]) % 3 == 0 else "utf-8"
    mail.set_content(text, charset=charset)
    if "document" in order.extra:
        mail.add_attachment(
            order.extra["document"], maintype="image", subtype="tiff", filename=f"fax-{order.order_ref}.tif"
        )


def _table(mail: EmailMessage, order: Order, words: Phrases) -> None:
    head, foot = _head(order, words), _foot(order, words)
    rows = [words.headers, *(cells(line, words) for line in order.lines)]
    flat = "\n".join("\n".join(row) for row in rows)  # what a mail program makes of a table it cannot show
    mail.set_content("\n".join([*head, words.intro, "", flat, *foot]) + "\n")
    marked = "".join(_row(row, "th" if not nth else "td") for nth, row in enumerate(rows))
    html = (
        f"<html><body>{_paragraph(head)}<p>{escape(words.intro)}</p>"
        f'<table border="1">{marked}</table>{_paragraph(foot)}</body></html>\n'
    )
    mail.add_alternative(html, subtype="html")


def _paragraph(lines: list[str]) -> str:
    return "<p>" + "<br>\n".join(escape(line) for line in lines) + "</p>"


def _row(values: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values) + "</tr>\n"


def _attached(mail: EmailMessage, order: Order, words: Phrases) -> None:
    ref = stated_ref(order)
    mail.set_content("\n".join([words.hello, "", words.attached.format(ref=ref), *_foot(order, words)]) + "\n")
    rows = [words.headers[:4], *(cells(line, words)[:4] for line in order.lines)]
    if order.format == "csv":
        content = csv_bytes(rows, ";" if words.comma else ",", "gb18030" if order.speech == "zh_CN" else "utf-8")
        kind = ("text", "csv")
    elif order.format == "xlsx":
        content, kind = xlsx_bytes([words.headers[:4], *(_figures(line) for line in order.lines)]), XLSX
    else:
        content, kind = ubl(order), ("application", "xml")
    extension = "xml" if order.format == "ubl" else order.format
    mail.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=f"{order.order_ref}.{extension}")


def _figures(line: Line) -> tuple[object, ...]:
    return line.ref, line.name, line.quantity_text or line.quantity, line.price_text or line.price
