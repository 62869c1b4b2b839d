"""What stands in a mail, every figure already written in the customer's language: the templates only place it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from orderclerk.documents.addresses import address_lines
from orderclerk.documents.cleaning import clean_line, clean_lines
from orderclerk.documents.facts import DeskFacts, LineFacts, OrderFacts, QuestionFacts
from orderclerk.documents.kinds import MailKind
from orderclerk.documents.mail_head import MailHead
from orderclerk.documents.words import Words

_COLOURS = {True: ("#0b5cad", "#8ab8ee"), False: ("#1e7b46", "#7fcf9f")}  # on light, on dark
_PAYMENTS = ("invoice", "prepaid", "cod")  # of docs/contracts.md; any other is shown as the shop calls it
_NOT_SUBJECT = re.compile(
    r"^(?:\s*(?:re|aw|fw|fwd|wg|sv|tr|rv|rif|antw|回复|答复|转发)\s*[:：])+|\[?SO\d{6,}-\d+-[a-z2-7]{8}\]?",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
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
    small_print: str  # price first: in a narrow column it then stays on one line
    was_quantity: str = ""  # what it was before a change, to be struck out
    was_amount: str = ""
    note: str = ""  # what a change did to the line
    is_gone: bool = False
    stated: str = ""  # the quantity as they wrote it, where that was in another unit
    planned: str = ""  # when it comes, where the lines do not come together


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its number, and its choices with their letters."""

    number: str
    text: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AskView:
    """What the customer is asked, and the mails that a tap on a button begins: words on the button, mailto link."""

    headline: str
    ways: tuple[str, ...]
    until: str
    buttons: tuple[tuple[str, str], ...]  # the first is the one most will press
    questions: tuple[QuestionView, ...] = ()


@dataclass(frozen=True, slots=True)
class MailView(MailHead):
    """A mail to a customer, ready to be laid out."""

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
    labels = words.labels
    subject = f"{_subject(kind, order, words, values)} [{clean_line(order.reference, 60)}]"
    totals = () if kind.asks_questions else tuple(_totals(order, words, labels))
    colour, colour_dark = _OVER if kind.is_over else _COLOURS[kind.wants_answer]
    details = tuple(_details(kind, order, words, labels))
    return MailView(
        words.html_lang,
        colour,
        colour_dark,
        subject,
        " · ".join(f"{label} {value}" for label, value in (*totals[-1:], *((d[0], d[1][0]) for d in details[:3]))),
        words.say(kind, "headline"),
        words.say("greeting", "named" if values["contact"] else "unnamed", **values),
        tuple(words.say_all(kind, "opening", **values)),
        _ask(kind, desk, order, subject, words, values) if kind.wants_answer else None,
        details,
        labels,
        tuple(_line(line, order.currency, words, labels) for line in order.lines),
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
        "answer_by": words.moment(order.answer_by, desk.timezone) if order.answer_by else "",
        "total": words.money(order.total, order.currency),
        "reference": clean_line(order.reference, 60),
    }


def _subject(kind: MailKind, order: OrderFacts, words: Words, values: dict[str, str]) -> str:
    """The customer's own subject where they wrote one: their mail program then keeps the conversation together."""
    theirs = _NOT_SUBJECT.sub("", clean_line(order.their_subject, 150)).strip()
    return f"Re: {theirs}" if theirs else clean_line(words.say(kind, "subject", **values), 120)


def _ask(
    kind: MailKind, desk: DeskFacts, order: OrderFacts, subject: str, words: Words, values: dict[str, str]
) -> AskView:
    def button(label: str, body: str) -> tuple[str, str]:
        to, about = (
            quote(desk.reply_to or desk.address, safe="@"),
            subject if subject[:3] == "Re:" else f"Re: {subject}",
        )
        return label, f"mailto:{to}?subject={quote(about, safe='')}&body={quote(body, safe='')}"

    def said(answer: str) -> tuple[str, str]:
        return button(words.say("ask", f"{answer}_button"), words.say("ask", f"{answer}_word"))

    until = (
        words.say("ask", "answer_until" if kind.asks_questions else "until", **values) if values["answer_by"] else ""
    )
    headline = words.say("ask", "headline")
    if kind.asks_questions:
        asked = tuple(_question(question, words, order.currency) for question in order.questions)
        template = "\n".join(f"{question.number}) " for question in asked) if len(asked) > 1 else ""
        ways = (words.say("ask", "answer" if len(asked) > 1 else "answer_one"),)
        return AskView(headline, ways, until, (button(words.say("ask", "answer_button"), template),), asked)
    says = tuple(words.say("ask", name) for name in ("confirm", "decline", "change"))
    return AskView(headline, says, until, (said("confirm"), said("decline")))


def _question(question: QuestionFacts, words: Words, currency: str) -> QuestionView:
    """The words of its rule, with what they mention written in the customer's language."""
    about = {name: clean_line(value, 120) for name, value in question.about.items()}
    for name in ("price", "their_price"):
        if about.get(name):
            about[name] = words.money(Decimal(about[name]), currency)
    for name in ("read", "limit"):
        if _ISO_DAY.fullmatch(about.get(name, "")):
            about[name] = words.day(date.fromisoformat(about[name]))
    if question.rule in ("QTY-001", "QTY-002") and about.get("limit"):
        about["limit"] = words.quantity(Decimal(about["limit"]), about.get("unit", ""))
    if about.get("quantity"):
        about["quantity"] = words.quantity(Decimal(about["quantity"]), about.get("unit", ""))
    values = dict.fromkeys(("line", "item", "read", "limit", "quantity", "price", "their_price"), "") | about
    text = words.say("questions", question.rule, **values, choices=len(question.choices))
    labels = tuple(clean_line(label, 150) for label in question.choices)
    if question.rule == "STK-002":
        known = ("wait", "split", "cancel")
        labels = tuple(words.say("delays", one if one in known else "instead", item=one) for one in labels)
    letters = tuple((chr(ord("a") + at), label) for at, label in enumerate(labels))
    return QuestionView(str(question.number), text, letters)


def _details(
    kind: MailKind, order: OrderFacts, words: Words, labels: dict[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The order's header, label and lines; what is not known is left out, and what a dead order no longer needs."""
    found: dict[str, tuple[str, ...]] = {
        "their_ref": (clean_line(order.their_ref),),
        "order_no": (clean_line(order.order_no),),
        "customer": (clean_line(order.customer_name),),
        "order_date": (_day(order.order_date, words),),
    }
    if not kind.is_over:
        found |= {
            "requested_date": (_day(order.requested_date, words),),
            "promised_date": (_day(order.promised_date, words),),
            "delivery": address_lines(order.delivery, words.locale),
            "payment": (_payment(order, words),),
            "remarks": tuple(clean_lines(order.remarks)),
        }
    for name, lines in found.items():
        shown = tuple(line for line in lines if line)
        if shown:
            yield labels[name], shown


def _day(day: date | None, words: Words) -> str:
    return words.day(day) if day else ""


def _payment(order: OrderFacts, words: Words) -> str:
    method = clean_line(order.payment_method, 100)
    if method == "invoice" and order.payment_terms_days <= 0:
        return words.say("payment", "invoice_at_once")
    return words.say("payment", method, days=order.payment_terms_days) if method in _PAYMENTS else method


def _line(line: LineFacts, currency: str, words: Words, labels: dict[str, str]) -> LineView:
    is_plain_charge = line.is_charge and line.quantity in (None, 1)
    item_no, their_ref = clean_line(line.item_no, 80), clean_line(line.their_item_ref, 80)
    description = clean_line(line.description)
    price = "" if is_plain_charge else words.money(line.unit_price, currency)
    theirs = their_ref if their_ref != item_no else ""
    is_gone = line.outcome == "rejected"
    was = words.quantity(line.was_quantity, line.unit) if line.was_quantity is not None else ""
    stated = "" if is_gone else _stated(line, words)
    planned = f"{labels['promised_date']} {words.day(line.promised_date)}" if line.promised_date and not is_gone else ""
    note = words.say("changes", line.outcome, quantity=was) if line.outcome not in ("", "accepted") else ""
    return LineView(
        str(line.line_no) if line.line_no else "",
        item_no,
        description,
        theirs,
        "" if is_plain_charge or is_gone else words.quantity(line.quantity, line.unit),
        "" if is_gone else price,
        "" if is_gone else words.money(line.amount, currency),
        " · ".join(
            filter(
                None,
                (
                    f"{labels['unit_price']} {price}" if price and not is_gone else "",
                    item_no if description else "",
                    f"{labels['their_item_ref']} {theirs}" if theirs else "",
                    stated,
                    planned,
                ),
            )
        ),
        was if line.outcome in ("changed", "rejected") else "",
        words.money(line.was_amount, currency)
        if line.outcome in ("changed", "rejected") and line.was_amount is not None
        else "",
        note,
        is_gone,
        stated,
        planned,
    )


def _stated(line: LineFacts, words: Words) -> str:
    if line.stated_quantity is None:
        return ""
    return words.say("changes", "stated", quantity=words.quantity(line.stated_quantity, line.stated_unit))


def _totals(order: OrderFacts, words: Words, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    if any(line.is_charge for line in order.lines) or order.charges_total:
        yield labels["goods"], words.money(order.goods_total, order.currency)
        yield labels["charges"], words.money(order.charges_total, order.currency)
    if order.was_total is not None and order.was_total != order.total:
        yield labels["was_total"], words.money(order.was_total, order.currency)
    yield labels["total"], words.money(order.total, order.currency)


def _desk_lines(desk: DeskFacts) -> Iterator[str]:
    yield clean_line(desk.name, 100)
    yield from clean_lines(desk.postal_address)
    yield " · ".join(filter(None, (clean_line(desk.phone, 60), desk.reply_to or desk.address)))
