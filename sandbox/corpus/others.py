"""Mails that are no orders, of every kind a desk's mailbox gets."""

from dataclasses import dataclass
from html import escape
from random import Random

from orderclerk.domain.reading import LetterKind
from sandbox.corpus.catalogue import price_of
from sandbox.corpus.chains import FORWARD
from sandbox.corpus.entities import DESK, DESK_NAME, Contact, Content, Draft, Layout
from sandbox.corpus.layouts.typed import dressed, said_item
from sandbox.corpus.letters import signed
from sandbox.corpus.mime import page
from sandbox.corpus.phrases import say
from sandbox.corpus.story import Story
from sandbox.corpus.writing import date_text, money

FAMILY = "no order"
PLAIN = Layout("plain", FAMILY, lambda draft, rng: Content(""))


@dataclass(frozen=True)
class Sort:
    """A sort of mail: how it is filed, how often it comes, and from what kind of outsider, if from one."""

    kind: LetterKind
    weight: float
    outsider: str = ""


SORTS = {
    "status": Sort(LetterKind.STATUS_QUESTION, 3), "old order quoted": Sort(LetterKind.STATUS_QUESTION, 1),
    "change": Sort(LetterKind.CHANGE, 1.5), "cancel": Sort(LetterKind.CANCELLATION, 1.2),
    "complaint": Sort(LetterKind.COMPLAINT, 1.5), "return": Sort(LetterKind.RETURN, 1.2),
    "statement": Sort(LetterKind.STATEMENT_REPLY, 0.8), "payment": Sort(LetterKind.PAYMENT_ADVICE, 1.2),
    "courier": Sort(LetterKind.COURIER_NOTICE, 1.2, "parcelwise-tracking.example"),
    "newsletter": Sort(LetterKind.NEWSLETTER, 1.5, "tradeworld-news.example"),
    "bounce": Sort(LetterKind.BOUNCE, 1, "mail-relay.example"), "absent": Sort(LetterKind.OUT_OF_OFFICE, 1),
    "spam": Sort(LetterKind.SPAM, 1.2, "best-leads-now.example"), "quotation": Sort(LetterKind.OTHER, 1),
    "supplier confirms": Sort(LetterKind.OTHER, 0.7, "werk-nord-supply.example"),
    "invoice": Sort(LetterKind.OTHER, 0.7, "packhaus-logistics.example"), "thanks": Sort(LetterKind.OTHER, 0.7),
}  # fmt: skip


def make(story: Story, rng: Random, language: str) -> tuple[LetterKind, str, Draft, Content]:
    """How it is filed, what sort it is, who sends it, and what it says."""
    draft = story.draft(rng, story.buyer(rng, language, PLAIN), PLAIN)
    draft.expect = "file"
    draft.order_ref = draft.order_ref or story.reference(rng, draft.customer)
    name = rng.choices(list(SORTS), [sort.weight for sort in SORTS.values()])[0]
    sort = SORTS[name]
    if sort.outsider:
        local = {"bounce": "mailer-daemon", "newsletter": "news", "courier": "no-reply"}.get(name, "office")
        draft.sender = Contact(
            {"bounce": "Mail Delivery System"}.get(name, DISPLAY[name]), f"{local}@{sort.outsider}", ""
        )
        draft.is_outsider = True
    content = WRITERS.get(name, _plain)(name, draft, rng)
    return sort.kind, name, draft, content


def _plain(name: str, draft: Draft, rng: Random) -> Content:
    """A subject, a greeting, what it is about, a signature."""
    title, words = _said(name, draft, rng)
    hello = say(rng, "hello", draft.language, desk=DESK_NAME)
    closing = DISPLAY[name] if draft.is_outsider else signed(draft, rng)
    content = dressed(draft, rng, "\n\n".join([hello, words, closing]))
    content.subject = title
    return content


def _said(name: str, draft: Draft, rng: Random) -> tuple[str, str]:
    customer, wish = draft.customer, draft.wishes[0]
    other = draft.wishes[-1]
    value = price_of(wish.item, customer.currency, customer.price_list) * wish.base
    text = say(
        rng, f"other_{name.replace(' ', '_')}", draft.language, ref=draft.order_ref, item=wish.item.names[draft.language],
        said=wish.item.said[draft.language], n=wish.base, m=wish.base + wish.item.pack, no=wish.item.item_no,
        other=f"{other.base} x {other.item.item_no} {other.item.names[draft.language]}",
        sum=money(value, customer.currency, draft.language, customer.country, 1), inv=f"RE{rng.randrange(20000, 29999)}",
        inv2=f"RE{rng.randrange(20000, 29999)}", track=f"{rng.randrange(10**11, 10**12)}",
        date=date_text(draft.sent_at.date(), draft.language, customer.country, rng),
    )  # fmt: skip
    title, _, words = text.partition("#")
    return title.strip(), words.strip()


def _quoted_order(name: str, draft: Draft, rng: Random) -> Content:
    """A question above the customer's own old order."""
    content = _plain("status", draft, rng)
    bar, sender, date, to, subject = FORWARD[draft.language][1:]
    old = "\n".join(f"{wish.base} x {said_item(wish, rng)}" for wish in draft.wishes)
    tail = f"{bar}\n{sender}: {draft.contact.name}\n{date}: {draft.sent_at:%Y-%m-%d %H:%M}\n{to}: {DESK}\n{subject}: {draft.order_ref}\n\n{say(rng, 'open', draft.language)}\n{old}\n"
    if rng.random() < 0.5:
        said = say(rng, "wrote", draft.language, date=f"{draft.sent_at:%Y-%m-%d %H:%M}", who=draft.contact.name)
        tail = said + "\n" + "\n".join(f"> {line}" for line in f"{say(rng, 'open', draft.language)}\n{old}".split("\n"))
    content.text = (
        (content.text or _plain("status", draft, rng).text or say(rng, "hello", draft.language)) + "\n\n" + tail
    )
    content.html = ""
    return content


def _newsletter(name: str, draft: Draft, rng: Random) -> Content:
    """Goods with prices, in a wide template, from somebody who sells."""
    title, words = _said(name, draft, rng)
    goods = "".join(
        f'<tr><td><img src="https://img.tradeworld-news.example/{w.item.item_no}.jpg" width="120" alt=""></td><td><b>{escape(w.item.names[draft.language])}</b><br>'
        f"{escape(money(price_of(w.item, draft.customer.currency, 'standard'), draft.customer.currency, draft.language, draft.customer.country, 3))}</td></tr>"
        for w in draft.wishes
    )
    body = f'<table width="100%"><tr><td><h1>{escape(title)}</h1><p>{escape(words)}</p><table>{goods}</table><p style="font-size:10px"><a href="https://tradeworld-news.example/u/{rng.randrange(10**6)}">unsubscribe</a></p></td></tr></table>'
    content = Content(title, html=page(body, rng))
    content.headers = [("List-Unsubscribe", "<https://tradeworld-news.example/u>"), ("Precedence", "bulk")]
    return content


def _bounce(name: str, draft: Draft, rng: Random) -> Content:
    """A delivery report (RFC 3464) about a mail of ours."""
    title, words = _said(name, draft, rng)
    to = draft.contact.email
    content = Content(title, text=f"{words}\n\n<{to}>: host mx.{to.rpartition('@')[2]} said: 550 5.1.1 User unknown\n")
    content.report = (
        f"Reporting-MTA: dns; mail-relay.example\n\nFinal-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    )
    content.headers = [("Auto-Submitted", "auto-replied")]
    return content


def _absent(name: str, draft: Draft, rng: Random) -> Content:
    """An automatic answer."""
    content = _plain(name, draft, rng)
    content.headers = (
        [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")] if rng.random() < 0.8 else []
    )
    return content


WRITERS = {"old order quoted": _quoted_order, "newsletter": _newsletter, "bounce": _bounce, "absent": _absent}
DISPLAY = {
    "courier": "ParcelWise", "newsletter": "Tradeworld", "bounce": "Mail Delivery System", "spam": "Growth Team",
    "supplier confirms": "Werk Nord Supply", "invoice": "Packhaus Logistics",
}  # fmt: skip
