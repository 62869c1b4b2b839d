"""Mails to suppliers: the order, a reminder, an overdue delivery, a cancellation. Same facts, same bytes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from enum import StrEnum

from orderclerk.documents.addresses import address_lines
from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.enclosures import Attachment, enclose
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.mail_head import MailHead
from orderclerk.documents.messages import build_message
from orderclerk.documents.purchase_facts import PurchaseFacts, PurchaseLineFacts
from orderclerk.documents.purchase_paper import house_lines, purchase_details, purchase_pdf, purchase_workbook
from orderclerk.documents.purchase_ubl import purchase_ubl
from orderclerk.documents.rendering import purchase_html, purchase_text
from orderclerk.documents.words import Words, language_of, words_for

PDF, XML = "application/pdf", "application/xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_QUIET = {"X-Auto-Response-Suppress": "OOF, AutoReply"}
_COLOURS = ("#1f5f8b", "#8fc1e3")


class PurchaseMail(StrEnum):
    """The kinds of the outbox; `purchase` brings the papers along."""

    ORDER = "purchase"
    CHASE = "purchase-chase"
    LATE = "purchase-late"
    CANCEL = "purchase-cancel"


_PHRASE = {
    PurchaseMail.ORDER: "order",
    PurchaseMail.CHASE: "chase",
    PurchaseMail.LATE: "late",
    PurchaseMail.CANCEL: "cancel",
}


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A line, written; `amount` is of what is still open where the mail is about that."""

    item: str
    small_print: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class PurchaseView(MailHead):
    """What the templates place."""

    greeting: str
    opening: tuple[str, ...]
    ask: str
    details: tuple[tuple[str, tuple[str, ...]], ...]
    labels: dict[str, str]
    rows: tuple[PurchaseRow, ...]
    total: str
    closing: tuple[str, ...]
    desk: tuple[str, ...]


def purchase_message_id(kind: PurchaseMail, desk: DeskFacts, order: PurchaseFacts, round_: int = 0) -> str:
    """`<PO100012-1-k7xq2mzt.purchase@desk.example>`; `round_` tells two of a kind apart."""
    return f"<{order.reference}.{kind}{f'.{round_}' if round_ else ''}@{desk.domain}>"


def render_purchase_mail(
    kind: PurchaseMail, desk: DeskFacts, order: PurchaseFacts, to: str, sent_at: datetime, *, round_: int = 0
) -> EmailMessage:
    """The mail of `kind`. `sent_at` is the outbox row's creation. Raises ValueError if `to` is no mail address."""
    view = purchase_view(kind, desk, order)
    earlier = [ref for ref in order.message_refs if ref]
    identity = purchase_message_id(kind, desk, order, round_)
    thread = {"In-Reply-To": earlier[0], "References": " ".join(earlier)} if earlier and identity not in earlier else {}
    message = build_message(
        desk, to, view.subject, sent_at, identity, purchase_text(view), purchase_html(view),
        constant={"Content-Language": view.lang, "X-Orderclerk-Kind": str(kind), **_QUIET},
        extra=thread,
    )  # fmt: skip
    return enclose(message, [], _files(desk, order, sent_at)) if kind is PurchaseMail.ORDER else message


def _files(desk: DeskFacts, order: PurchaseFacts, made_at: datetime) -> list[Attachment]:
    files = [
        Attachment(f"{order.po_no}.pdf", PDF, purchase_pdf(desk, order, made_at)),
        Attachment(f"{order.po_no}.xlsx", XLSX, purchase_workbook(order)),
    ]
    if order.wants_ubl:
        files.append(Attachment(f"{order.po_no}.xml", XML, purchase_ubl(desk, order, made_at)))
    return files


def purchase_view(kind: PurchaseMail, desk: DeskFacts, order: PurchaseFacts) -> PurchaseView:
    """The mail's words, in the supplier's language."""
    words = words_for(language_of(order.language))
    name, say = _PHRASE[kind], words.phrases["purchase"]
    values = {"po_no": order.po_no, "reference": order.reference, "phone": desk.phone}
    greeting = (
        words.say("purchase", "greeting_named", contact=clean_line(order.contact_name, 80))
        if order.contact_name
        else words.say("purchase", "greeting")
    )
    is_open = kind is PurchaseMail.LATE
    lines = [line for line in order.lines if not is_open or _open(line) > 0]
    rows = tuple(_row(line, order.currency, words, is_open=is_open) for line in lines)
    place = (order.warehouse_name or order.warehouse, *address_lines(order.deliver_to, words.locale))
    opening = tuple(words.say_all("purchase", f"{name}_opening", ubl="x" if order.wants_ubl else "", **values)) + (
        (clean_line(order.why, 300),) if order.why else ()
    )
    return PurchaseView(
        lang=words.html_lang, colour=_COLOURS[0], colour_dark=_COLOURS[1],
        subject=words.say("purchase", f"{name}_subject", **values),
        preview=f"{order.po_no}: {words.money(order.total, order.currency)}",
        headline=words.say("purchase", f"{name}_headline", **values), greeting=greeting, opening=opening,
        ask=words.say("purchase", f"{name}_ask", **values),
        details=(
            *((label, (value,)) for label, value in purchase_details(order, words)), (str(say["deliver_to"]), place)
        ),
        labels={one: str(say[one]) for one in ("quantity", "item", "amount", "total", "still_open")},
        rows=rows, total="" if is_open else words.money(order.total, order.currency),
        closing=(words.say("purchase", "keep_reference", **values), words.say("purchase", "questions", **values)),
        desk=house_lines(desk),
    )  # fmt: skip


def _open(line: PurchaseLineFacts) -> Decimal:
    return line.quantity - line.received


def _row(line: PurchaseLineFacts, currency: str, words: Words, *, is_open: bool) -> PurchaseRow:
    theirs = words.say("purchase", "your_no", ref=line.supplier_ref) if line.supplier_ref else ""
    price = words.money(line.unit_price.normalize(), currency)
    small = " · ".join(filter(None, (price, line.item_no, theirs)))
    quantity = line.quantity - line.received if is_open else line.quantity
    return PurchaseRow(
        clean_line(line.description or line.item_no, 200), clean_line(small, 200), words.quantity(quantity, line.unit),
        "" if is_open else words.money(line.amount, currency),
    )  # fmt: skip
