"""The orders of a mail from all that was read in it: one, several by their numbers, or one told twice."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from connectors.mail.evidence import LABELLED, TOLD, line_evidence
from connectors.mail.lines.items import is_item
from connectors.mail.normal import folded, plain_line
from connectors.mail.order_fields import (
    Fact,
    Facts,
    read_amount,
    read_currency,
    read_customer,
    read_delivery,
    read_order_date,
    read_payment,
    read_requested_date,
    told_facts,
)
from connectors.mail.parts import BodyRead, Placed
from connectors.mail.prose import differs, repeated_order
from connectors.mail.repeated import changes_of_repeat
from connectors.mail.text_fields import order_ref_in
from connectors.mail.unread_words import unread_words
from orderclerk.domain.reading import Evidence, LineRead, OrderRead, Problem

MAX_REMARKS = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Head:
    """The mail around its orders. `sender` is who orders: of a forwarded order its first sender."""

    subject: str
    sender: str
    message_ref: str
    language: str = ""
    sent_at: datetime | None = None
    thread_ref: str = ""
    passed_on: str = ""  # the doubt that it was


@dataclass(slots=True)
class _Section:
    """One order's share of a mail."""

    ref: str = ""
    lines: list[tuple[str, Placed]] = field(default_factory=list)  # with their part
    facts: list[Fact] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: BodyRead | None = None


def orders_of(reads: Sequence[BodyRead], head: Head) -> tuple[OrderRead, ...]:
    """The orders that the parts of a mail state together; () if none of them has a line or repeats an order.

    Parts with the same lines are one order, also without lines but with values. Parts with other lines are one order
    with ORD-008, unless each has an order number of its own.
    """
    sections = [section for read in reads for section in _sections(read)]
    whole = [section for section in sections if section.lines]
    if not whole:
        repeated = _repeated(reads)
        whole = [_Section(read=reads[0])] if repeated and reads else []
    shared = [section for section in sections if not section.lines]
    refs = list(dict.fromkeys(folded(section.ref) for section in whole if section.ref))
    if len(refs) > 1 and all(section.ref for section in whole):
        groups = [[section for section in whole if folded(section.ref) == ref] for ref in refs]
    else:
        groups = [whole] if whole else []
    orders = [_joined(group) for group in groups]
    many = len(orders) > 1
    return tuple(_order(section, shared, reads, head, is_one_of_many=many) for section in orders)


def _sections(read: BodyRead) -> list[_Section]:
    """A part taken apart at its order numbers, where each has lines below it; what stands above is shared."""
    stated = [one for one in read.fields.stated if one.name == "order_ref"]
    distinct = list(dict.fromkeys(folded(one.value) for one in stated))
    starts = [next(one.place for one in stated if folded(one.value) == ref) for ref in distinct]
    bounds = list(pairwise([*starts, 10**9]))
    has_lines = [any(start <= one.row < end for one in read.lines) for start, end in bounds]
    facts = [Fact(one.name, one.value, read, one.place) for one in read.fields.stated] + told_facts(read)
    if len(distinct) < 2 or not all(has_lines):
        ref = stated[0].value if len(distinct) == 1 else ""
        lines = [(read.part, one) for one in read.lines]
        return [_Section(ref, lines, facts, [text for _, text in read.left], read=read)]
    sections = [_Section(facts=[fact for fact in facts if fact.row < starts[0]], read=read)]
    for nth, (start, end) in enumerate(bounds):
        first = 0 if nth == 0 else start
        ref = next(one.value for one in stated if one.place == start)
        sections.append(
            _Section(
                ref,
                [(read.part, one) for one in read.lines if first <= one.row < end],
                [fact for fact in facts if start <= fact.row < end],
                [text for row, text in read.left if first <= row < end],
                read=read,
            )
        )
    return sections


def _joined(group: list[_Section]) -> _Section:
    """Several writings of one order as one."""
    first = max(group, key=lambda section: (sum(one.line.is_clean for _, one in section.lines), len(section.lines)))
    joined = replace(first, facts=list(first.facts), left=list(first.left), problems=list(first.problems))
    for other in group:
        if other is first:
            continue
        joined.facts += other.facts
        joined.left += other.left
        mine, theirs = _content(first), _content(other)
        if mine == theirs or not theirs - mine:
            continue
        if not any((item, "") for item, _ in theirs if item in {name for name, _ in mine}):
            joined.lines = [*joined.lines, *other.lines]
        joined.problems.append(_contradiction(first, other))
    return joined


def _content(section: _Section) -> "Counter[tuple[str, str]]":
    return Counter((_key(one), str(one.line.quantity)) for _, one in section.lines)


def _key(placed: Placed) -> str:
    return folded(placed.line.item or placed.line.barcode or placed.line.description)


def _contradiction(first: _Section, other: _Section) -> Problem:
    parts = [section.lines[0][0] for section in (first, other)]
    told = [
        "; ".join(f"{one.line.quantity or '?'} x {_key(one)}" for _, one in section.lines[:3])
        for section in (first, other)
    ]
    reason = f"{parts[0]} orders {told[0]}, and {parts[1]} orders {told[1]}"
    return Problem("ORD-008", "lines", " / ".join(parts), reason[:300])


def _repeated(reads: Iterable[BodyRead]) -> str:
    return next((ref for read in reads for _, text in read.left if (ref := repeated_order(text))), "")


def _order(
    section: _Section, shared: Sequence[_Section], reads: Sequence[BodyRead], head: Head, is_one_of_many: bool
) -> OrderRead:
    own = section.facts
    common = [fact for other in shared for fact in other.facts if fact.name not in {one.name for one in own}]
    speech = section.read.speech if section.read else reads[0].speech
    facts = Facts([*own, *common], speech)
    facts.problems += section.problems
    left = section.left if is_one_of_many else [text for read in reads for _, text in read.left]
    order_ref = _reference(facts, section, head, left, is_one_of_many)
    repeats = repeated_order("\n".join(left)) if left else ""
    lines = _lines(section, head)
    if repeats and (lines or any(map(differs, left))):
        reason = "It repeats an earlier order and names goods of its own: are they all, or changes of it?"
        changes = "" if lines else changes_of_repeat(left)
        about = ("repeats", changes) if changes else ("lines", repeats)
        facts.problems.append(Problem("ORD-008", *about, reason))
    facts.problems += unread_words(reads, left, order_ref, head.subject, facts)
    currency = read_currency(facts, [one.line.currency for _, one in section.lines])
    customer, delivery, payment = read_customer(facts, head.sender), read_delivery(facts), read_payment(facts)
    requested, ordered = read_requested_date(facts), read_order_date(facts)
    total, tax, freight, discount = (read_amount(facts, name) for name in ("total", "tax", "freight", "discount"))
    if total is None and freight is None and discount is None and not any(one.line.freight for _, one in section.lines):
        total = read_amount(facts, "subtotal")  # of nothing but the goods: it must be their sum
    remarks = [*(fact.value for fact in facts.of("remarks")), *facts.remarks]
    remarks += [text for text in left if _may_matter(text, order_ref)]
    return OrderRead(
        source=f"mail:{head.sender}",
        order_ref=order_ref or head.message_ref,
        has_own_ref=bool(order_ref),
        customer=customer,
        customer_po=order_ref,
        currency=currency,
        language=head.language,
        order_date=ordered,
        requested_date=requested,
        delivery=delivery,
        payment_method=payment,
        remarks="\n".join(dict.fromkeys(remarks))[:MAX_REMARKS],
        version_at=head.sent_at,
        lines=lines,
        problems=tuple(facts.problems),
        repeats=repeats,
        thread_ref=head.thread_ref,
        confidence=round(facts.confidence * (0.9 if head.passed_on else 1.0), 4),
        evidence=tuple(facts.evidence),
        total=total,
        tax=tax,
        freight=freight,
        discount=discount,
    )


def _reference(facts: Facts, section: _Section, head: Head, left: Sequence[str], is_one_of_many: bool) -> str:
    """The order number: by label, else from the subject, else from a sentence that names exactly one."""
    labelled = list(dict.fromkeys(fact.value for fact in facts.of("order_ref")))
    titled = order_ref_in(plain_line(head.subject))
    again = folded(repeated_order("\n".join(left))) if left else ""
    told = [
        ref
        for ref in order_ref_in("\n".join([*left, *(one.line.description for _, one in section.lines)]))
        if folded(ref) != again
    ]
    if is_one_of_many:
        facts.first("order_ref")
        return section.ref
    stated = labelled or titled or (told if len(told) == 1 else [])
    if not stated:
        return ""
    if labelled:
        facts.first("order_ref")
    else:
        part, confidence = ("subject", LABELLED) if titled else (section.read.part if section.read else "body", TOLD)
        start = max(0, head.subject.find(stated[0])) if titled else 0
        facts.evidence.append(Evidence("order_ref", part, part, start, start + len(stated[0]), stated[0], confidence))
    others = [ref for ref in [*labelled, *titled] if not _is_same_ref(ref, stated[0])]
    facts.problems += [
        Problem("ORD-005", "order_ref", ref, f"The mail names {stated[0]!r} and {ref!r} as its order number")
        for ref in dict.fromkeys(others)
    ]
    return stated[0]


def _is_same_ref(one: str, other: str) -> bool:
    """Whether two order numbers differ in nothing but the word before them: PO-4703 and 4703."""
    return len({re.sub(r"^po\W?(?=\d)", "", folded(ref)) for ref in (one, other)}) == 1


def _lines(section: _Section, head: Head) -> tuple[LineRead, ...]:
    lines = []
    for nth, (part, placed) in enumerate(section.lines, start=1):
        if head.passed_on:
            placed.line.doubts.add(head.passed_on)
        lines.append(line_read(nth, part, placed))
    return tuple(lines)


def line_read(nth: int, part: str, placed: Placed) -> LineRead:
    """A typed line in its place in an order."""
    line = placed.line
    problems = list(line.problems)
    if not line.names_item and not line.description:
        problems.append(Problem("LIN-003", "item_ref", line.raw[:100], "The line names no item"))
    return LineRead(
        line_ref=str(nth),
        item_ref=line.item,
        quantity=line.quantity,
        unit_price=line.price,
        description=line.description,
        barcode=line.barcode,
        unit=line.unit,
        row=placed.place,
        problems=tuple(problems),
        line_total=line.total,
        confidence=line.confidence,
        evidence=line_evidence(part, placed),
    )


def _may_matter(line: str, order_ref: str) -> bool:
    """Whether a line that was not understood holds a figure or an item; a greeting, or the order number, is neither."""
    rest = line.replace(order_ref, " ") if order_ref else line
    return bool(re.search(r"\d", rest)) or any(is_item(word, is_labelled=False) for word in rest.split())
