"""Whether what was read in a mail is an order: by its own words, by the words of its documents, or passed on."""

import re
from collections.abc import Iterable
from dataclasses import replace

from connectors.files.outcomes import quarantined
from connectors.mail.contents import Contents, Forwarded
from connectors.mail.day_phrases import without_days
from connectors.mail.intent import Intent, judge_words
from connectors.mail.lines.words import is_imprint
from connectors.mail.orders import Head, orders_of
from connectors.mail.papers import OFFER, is_offer, sellers_paper
from connectors.mail.parts import BodyRead
from connectors.mail.prose import may_order, repeated_order
from connectors.mail.quoting import closing_at
from orderclerk.domain.reading import EnvelopeKind, Reading

PUBLIC_DOMAINS = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de", "t-online.de", "orange.fr", "free.fr",
     "laposte.net", "libero.it", "qq.com", "163.com", "126.com", "icloud.com", "live.com", "aol.com", "proton.me"}
)  # fmt: skip
_COUNT = re.compile(r"(?<![\w.,/+-])\d{1,6}(?![\d/-])")
MAX_JUDGED = 4_000  # characters at the head of a document, where it says what it is


def judge_documents(intent: Intent, contents: Contents) -> tuple[Intent, Contents]:
    """What the mail means together with its documents; documents of a seller (invoice, confirmation) are left out.

    A document that calls itself an order makes a mail of few words one.
    """
    kept: list[BodyRead] = []
    for read in contents.documents:
        beginning = _beginning(read)
        meant = judge_words("", beginning)
        against = meant.against or sellers_paper(beginning)
        if against and not intent.is_certain:
            intent = intent if not read.lines or intent.places else replace(intent, against=against)
            continue
        kept.append(read)
        if read.lines and is_offer(beginning) and not intent.is_certain:
            intent = replace(intent, doubt=OFFER)
        if read.has_described_line and meant.order and not intent.order:
            intent = replace(intent, order=True)
    return intent, replace(contents, documents=tuple(kept))


def _beginning(read: BodyRead) -> str:
    lines = [row.raw for row in read.rows[:80]]
    lines += [" ".join(cells) for row in read.rows[:80] if row.grid for cells in row.grid.rows[:10]]
    return "\n".join(lines)[:MAX_JUDGED]


def order_in(intent: Intent, contents: Contents) -> bool:
    """Whether the reads hold an order, as far as lines and words go."""
    reads = contents.reads
    has_lines = any(_holds_order(read) or (intent.places and read.has_item_row) for read in reads)
    if not (intent.order or contents.own.orders_by_verb):
        return False
    return has_lines or (intent.order and any(repeated_order(text) for _, text in contents.own.left))


def _holds_order(read: BodyRead) -> bool:
    has_label = bool(read.fields.first("order_ref"))
    return read.has_clean_line or read.has_described_line or (has_label and read.has_item_line)


def names_goods(reads: Iterable[BodyRead], refs: frozenset[str] = frozenset()) -> bool:
    """Whether the reads hold anything that may be an order line, understood or not."""
    return any(read.lines or read.missed or any(may_order(text, refs) for _, text in read.left) for read in reads)


def names_counts(reads: Iterable[BodyRead]) -> bool:
    """Whether a line that was not understood holds a number that may count something: no date, phone or address."""
    return any(
        _COUNT.search(without_days(text)) is not None and not is_imprint(text)
        for read in reads
        for row, text in read.left
        if row < closing_at([one.raw for one in read.rows])
    )


def passed_on(head: Head, forwarded: Forwarded, own: frozenset[str], is_told: bool = False) -> Reading | None:
    """The order that somebody passed on, as one of its first sender; None if what is passed on is no order.

    `is_told`: who passes it on says that it is one.
    """
    intent = judge_words(forwarded.subject, "\n".join(forwarded.words))
    intent, judged = judge_documents(intent, Contents(forwarded.words, forwarded.reads[0], forwarded.reads[1:]))
    if intent.against or intent.doubt.startswith(("It asks", "It complains", "It returns")):
        return None
    if forwarded.sender in own:
        return None  # a mail of our own that comes back
    raw = "\n".join([forwarded.subject, *forwarded.words])
    if not order_in(intent, judged):
        may_be = intent.order and (is_told or names_goods(judged.reads))
        return quarantined("ENV-001", "It passes on an order of which no line can be read", raw) if may_be else None
    if not forwarded.sender:
        return quarantined("ENV-001", "It passes on an order, and does not say of whom", raw)
    doubt = "passed on" if _are_colleagues(head.sender, forwarded.sender, own) else "passed on by a stranger"
    passed = replace(
        head, subject=forwarded.subject, sender=forwarded.sender, language=forwarded.language, passed_on=doubt
    )
    orders = orders_of(judged.reads, passed)
    return Reading(EnvelopeKind.ORDERS, orders=orders, reason=f"Passed on by {head.sender}")


def _are_colleagues(sender: str, first: str, own: frozenset[str]) -> bool:
    """Whether who passes an order on is its sender, a colleague of theirs, or one of ours."""
    domain = sender.rpartition("@")[2]
    is_ours = any(address.rpartition("@")[2] == domain for address in own)
    is_theirs = domain == first.rpartition("@")[2] and domain not in PUBLIC_DOMAINS
    return sender == first or is_ours or is_theirs
