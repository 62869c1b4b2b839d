"""What stands in a mail, every figure already written in the customer's language: the templates only place it."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from orderclerk.documents.addresses import address_lines
from orderclerk.documents.cleaning import clean_line, clean_lines
from orderclerk.documents.facts import DeskFacts, LineFacts, OrderFacts
from orderclerk.documents.kinds import MailKind
from orderclerk.documents.words import Words

_COLOURS = {True: ("#0b5cad", "#8ab8ee"), False: ("#1e7b46", "#7fcf9f")}  # on light, on dark
_OVER = ("#6b5b4b", "#cbb79f")


@dataclass(frozen=True, slots=True)
class LineView:
    """One line, written."""

    no: str
    item_no: str
    description: str
    their_ref: str
    quantity: str
    unit_price: str
    amount: str


@dataclass(frozen=True, slots=True)
class AskView:
    """What the customer is asked, and the two mails that a tap on a button begins."""

    headline: str
    ways: tuple[str, ...]
    until: str
    confirm: tuple[str, str]  # word, mailto link
    decline: tuple[str, str]


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail to a customer, ready to be laid out."""

    lang: str
    colour: str
    colour_dark: str
    subject: str
    preview: str
    headline: str
    greeting: str
    opening: tuple[str, ...]
    ask: AskView | None
    details: tuple[tuple[str, tuple[str, ...]], ...]
    labels: dict[str, str]
    lines: tuple[LineView, ...]
    totals: tuple[tuple[str, str], ...]  # the last one is what the customer pays
    closing: tuple[str, ...]
    desk: tuple[str, ...]


def mail_view(kind: MailKind, desk: DeskFacts, order: OrderFacts, words: Words) -> MailView:
    """Everything a mail of `kind` says about `order`."""
    values = _values(desk, order, words)
    labels = {name: words.say("labels", name) for name in words.phrases["labels"]}
    subject = f"{clean_line(words.say(kind, 'subject', **values), 120)} [{clean_line(order.reference, 60)}]"
    totals = tuple(_totals(order, words, labels))
    colour, colour_dark = _OVER if kind.is_over else _COLOURS[kind.wants_answer]
    details = tuple(_details(kind, desk, order, words, labels))
    return MailView(
        words.html_lang,
        colour,
        colour_dark,
        subject,
        " · ".join(f"{label} {lines[0]}" for label, lines in [*[(t[0], (t[1],)) for t in totals[-1:]], *details[:3]]),
        words.say(kind, "headline"),
        words.say("greeting", "named" if values["contact"] else "unnamed", **values),
        tuple(words.say_all(kind, "opening", **values)),
        _ask(desk, subject, words, values) if kind.wants_answer else None,
        details,
        labels,
        tuple(_line(line, order.currency, words) for line in order.lines),
        totals,
        (words.say("footer", "questions", **values), words.say("footer", "reference", **values)),
        tuple(_desk_lines(desk)),
    )


def _values(desk: DeskFacts, order: OrderFacts, words: Words) -> dict[str, str]:
    """What a phrase may mention."""
    return {
        "order": clean_line(order.their_ref, 60) or clean_line(order.order_no, 60),
        "order_no": clean_line(order.order_no, 60),
        "contact": clean_line(order.contact_name, 100),
        "desk": clean_line(desk.name, 100),
        "phone": clean_line(desk.phone, 60),
        "reply_to": desk.reply_to or desk.address,
        "answer_by": words.moment(order.answer_by, desk.timezone) if order.answer_by else "",
        "total": words.money(order.total, order.currency),
        "reference": clean_line(order.reference, 60),
    }


def _ask(desk: DeskFacts, subject: str, words: Words, values: dict[str, str]) -> AskView:
    def begun(word: str) -> tuple[str, str]:
        to = quote(values["reply_to"], safe="@")
        return word, f"mailto:{to}?subject={quote('Re: ' + subject, safe='')}&body={quote(word, safe='')}"

    return AskView(
        words.say("ask", "headline"),
        tuple(words.say("ask", name) for name in ("confirm", "decline", "change")),
        words.say("ask", "until", **values) if values["answer_by"] else "",
        begun(words.say("ask", "confirm_word")),
        begun(words.say("ask", "decline_word")),
    )


def _details(
    kind: MailKind, desk: DeskFacts, order: OrderFacts, words: Words, labels: dict[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The order's header, label and lines; what is not known is left out."""
    dates = {"order_date": order.order_date, "requested_date": order.requested_date}
    if not kind.is_over:
        dates["promised_date"] = order.promised_date
    answer_by = words.moment(order.answer_by, desk.timezone) if order.answer_by and kind.wants_answer else ""
    found: dict[str, tuple[str, ...]] = {
        "answer_by": (answer_by,),
        "their_ref": (clean_line(order.their_ref),),
        "order_no": (clean_line(order.order_no),),
        "customer": (clean_line(order.customer_name),),
        **{name: (words.day(day),) for name, day in dates.items() if day},
        "delivery": address_lines(order.delivery, words.locale),
        "payment": (_payment(order, words),),
        "remarks": tuple(clean_lines(order.remarks)),
    }
    for name, lines in found.items():
        shown = tuple(line for line in lines if line)
        if shown:
            yield labels[name], shown


def _payment(order: OrderFacts, words: Words) -> str:
    method = clean_line(order.payment_method, 100)
    if method == "invoice" and order.payment_terms_days <= 0:
        return words.say("payment", "invoice_at_once")
    return words.say("payment", method, days=order.payment_terms_days) if method in words.phrases["payment"] else method


def _line(line: LineFacts, currency: str, words: Words) -> LineView:
    is_plain_charge = line.is_charge and line.quantity in (None, 1)
    item_no, their_ref = clean_line(line.item_no, 80), clean_line(line.their_item_ref, 80)
    return LineView(
        str(line.line_no),
        item_no,
        clean_line(line.description),
        their_ref if their_ref != item_no else "",
        "" if is_plain_charge else words.quantity(line.quantity, line.unit),
        "" if is_plain_charge else words.money(line.unit_price, currency),
        words.money(line.amount, currency),
    )


def _totals(order: OrderFacts, words: Words, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    if any(line.is_charge for line in order.lines) or order.charges_total:
        yield labels["goods"], words.money(order.goods_total, order.currency)
        yield labels["charges"], words.money(order.charges_total, order.currency)
    yield labels["total"], words.money(order.total, order.currency)


def _desk_lines(desk: DeskFacts) -> Iterator[str]:
    yield clean_line(desk.name, 100)
    yield from clean_lines(desk.postal_address)
    yield " · ".join(filter(None, (clean_line(desk.phone, 60), desk.reply_to or desk.address)))
