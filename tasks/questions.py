"""What only the customer can say: asked by mail, and their answers put into the order."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from connectors.mail.addresses import read_address
from orderclerk.database import moves, questions, revisions
from orderclerk.database.answers import BookLine, OpenAnswer
from orderclerk.database.delays import keep_choice
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.questions import AskedQuestion, FieldSet, OpenHold
from orderclerk.database.releasing import waive
from orderclerk.domain.answers import Choice, OfferedLine, Question, Reply, read_replies, without_signature
from orderclerk.domain.asking import ASKED, asked_field
from orderclerk.domain.policy import Policy

PAGE = 1000
MOST = 9  # questions in one mail: whoever leaves more open is better called
ACTOR = "orderclerk"
_ADDRESS = ("recipient", "street", "city", "region", "postal_code", "country")


def ask_customers(engine: Engine, policy: Policy, as_of: datetime) -> Counter[str]:
    """Take back questions that are settled, and ask about every order that only its customer can complete; counts."""
    with engine.begin() as conn:
        counts = Counter(questions_withdrawn=questions.withdraw_settled(conn, as_of))
    after = 0
    while policy.ask_customers:
        with engine.begin() as conn:
            holds = questions.claim_to_ask(conn, tuple(ASKED), after, PAGE)
            if not holds:
                break
            asked = [question for of in _by_order(holds) for question in questions_of(of, policy)]
            counts["asked"] += questions.ask(conn, asked, as_of, policy.deadlines(as_of), ACTOR) if asked else 0
            after = holds[-1].order_id
    return +counts


def ask_about(conn: Connection, order_id: int, policy: Policy, person: str, as_of: datetime) -> int:
    """Ask about one order because a person wants it, whatever else holds it; how many questions."""
    holds = questions.claim_to_ask(conn, tuple(ASKED), 0, 1, order_id)
    asked = questions_of(holds, policy, all_or_none=False)
    if asked:
        questions.ask(conn, asked, as_of, policy.deadlines(as_of), person)
    return len(asked)


def _by_order(holds: Sequence[OpenHold]) -> Iterable[list[OpenHold]]:
    return (list(of) for _, of in groupby(holds, key=lambda hold: hold.order_id))


def questions_of(holds: Sequence[OpenHold], policy: Policy, *, all_or_none: bool = True) -> list[AskedQuestion]:
    """One question a hold, numbered; [] where one of them cannot be asked, or they are too many for a mail."""
    holds = _once_twice(holds)
    fields = [asked_field(hold.rule, hold.evidence, prices=policy.ask_prices or not all_or_none) for hold in holds]
    fields = [field if _can_say(field, hold) else "" for field, hold in zip(fields, holds, strict=True)]
    if len(holds) > MOST or (all_or_none and not all(fields)):
        return []
    asked = [(field, hold) for field, hold in zip(fields, holds, strict=True) if field]
    return [_question(number, field, hold) for number, (field, hold) in enumerate(asked, start=1)]


def _once_twice(holds: Sequence[OpenHold]) -> list[OpenHold]:
    """Of lines that repeat each other only the last is asked about, of several doubts about one field the first."""
    last = max((hold.line_no for hold in holds if hold.rule == "LIN-005"), default=0)
    kept: dict[tuple[int, str], OpenHold] = {}
    for hold in holds:
        if hold.rule != "LIN-005" or hold.line_no == last:
            kept.setdefault((hold.line_no, ASKED[hold.rule]), hold)
    return list(kept.values())


def _can_say(field: str, hold: OpenHold) -> bool:
    return field != "price" or bool(_our_price(hold))


def _our_price(hold: OpenHold) -> str:
    price = hold.evidence.get("list_price") or (hold.unit_price if hold.rule != "PRC-001" else None)
    return str(price) if price else ""


def _question(number: int, field: str, hold: OpenHold) -> AskedQuestion:
    evidence = hold.evidence
    about = {
        "item": evidence.get("description") or evidence.get("item") or hold.item,
        "read": _first(evidence, "read", "value", "quantity", "wanted"),
        "limit": _first(evidence, "least", "pack", "earliest"),
        "own_unit": evidence.get("item's unit", ""),
        "quantity": str(hold.quantity) if hold.quantity is not None else "",
        "unit": hold.unit, "price": _our_price(hold) if field == "price" else "",
        "their_price": evidence.get("price", ""), "currency": hold.currency,
    }  # fmt: skip
    choices = [
        {"value": one["item_no"], "names": [one["name"]]} for one in evidence.get("choices", ()) if field == "item"
    ]
    if field == "address":
        choices = [
            {"value": json.dumps({n: a[n] for n in _ADDRESS}), "names": [f"{a['street']} {a['city']}"]}
            for a in hold.addresses
        ]
    return AskedQuestion(
        hold.order_id, hold.revision, hold.document_id, hold.round, number, hold.line_no, hold.rule, field, choices,
        {name: str(value) for name, value in about.items() if value},
    )  # fmt: skip


def _first(evidence: Mapping[str, Any], *names: str) -> Any:
    """The first of these that is known."""
    return next((evidence[name] for name in names if evidence.get(name)), "")


def answer_questions(
    conn: Connection,
    given: Sequence[tuple[OpenAnswer, list[AskedQuestion], list[BookLine]]],
    today: date,
    as_of: datetime,
) -> dict[int, str]:
    """Complete orders with what their customers answered; answer id -> the rule that puts it to a person, or "".

    What is not understood is closed as well, to be asked once more; the second time a person reads the answer.
    """
    read = [(answer, asked, _replies(answer, asked, lines, today)) for answer, asked, lines in given]
    _complete(conn, read, {answer.order_id: lines for answer, _, lines in given}, as_of)
    questions.close_questions(
        conn,
        ((q.id, "answered" if q.number in replies else "withdrawn", answer.envelope_id, answer.words)
         for answer, asked, replies in read for q in asked),
        as_of,
    )  # fmt: skip
    return {answer.id: _rule(asked, replies) for answer, asked, replies in read}


def _rule(asked: Sequence[AskedQuestion], replies: Mapping[int, Reply]) -> str:
    missed = len(replies) < len(asked)
    is_last = any(question.round > 1 or question.field == "wait" for question in asked)
    return "ANS-001" if missed and is_last else ""


def _replies(
    answer: OpenAnswer, asked: Sequence[AskedQuestion], lines: Sequence[BookLine], today: date
) -> dict[int, Reply]:
    by_no = {book.line.line_no: book.line for book in lines}
    put = [Question(q.number, q.field, _line_of(q, by_no), _choices(q)) for q in asked]
    return read_replies(without_signature(answer.words, answer.names), put, list(by_no.values()), today)


def _line_of(question: AskedQuestion, by_no: Mapping[int, OfferedLine]) -> OfferedLine | None:
    """The line a question is about, in the unit it asks for where that is not the one it was ordered in."""
    line, own = by_no.get(question.line_no), question.about.get("own_unit", "")
    return replace(line, unit=own) if line and own and question.rule == "QTY-004" else line


def _choices(question: AskedQuestion) -> tuple[Choice, ...]:
    return tuple(Choice(one["value"], tuple(one["names"])) for one in question.choices)


Read = Sequence[tuple[OpenAnswer, list[AskedQuestion], dict[int, Reply]]]


def _complete(conn: Connection, read: Read, lines: Mapping[int, list[BookLine]], as_of: datetime) -> None:
    """Lines that change make a new revision; an order that is complete or not is checked again in any case."""
    fields = [
        _field(a, q, r[q.number])
        for a, asked, r in read
        for q in asked
        if q.number in r and _is_of_line(q, r[q.number])
    ]
    touched = {field.order_id for field in fields}
    removed = {
        (a.order_id, q.line_no) for a, asked, r in read for q in asked if q.number in r and r[q.number].is_removed
    }
    answers = {a.order_id: a for a, _, _ in read}
    revised = sorted(touched | {order_id for order_id, _ in removed})
    revisions.begin_revisions(
        conn,
        [
            revisions.Revision(no, answers[no].envelope_id, f"answer:{answers[no].id}", {"why": "questions answered"})
            for no in revised
        ],
        as_of,
        "customer",
    )
    questions.set_line_fields(conn, fields)
    _remove(conn, removed, lines)
    for answer, asked, replies in read:
        for question in asked:
            if question.number in replies:
                _complete_order(conn, answer, question, replies[question.number], as_of)
    moves.record_events(
        conn,
        ((a.order_id, as_of, "customer", "answered", {"answered": sorted(r), "words": a.words[:2000]},
          {"order": a.order_id, "envelope": a.envelope_id, "question": [q.id for q in asked]}) for a, asked, r in read),
    )  # fmt: skip
    questions.due_for_check(conn, [a.order_id for a, _, _ in read])


def _is_of_line(question: AskedQuestion, reply: Reply) -> bool:
    return bool(question.line_no) and question.field not in ("twice", "wait") and not reply.is_removed


def _field(answer: OpenAnswer, question: AskedQuestion, reply: Reply) -> FieldSet:
    evidence = {
        "field": question.field, "part": "answer", "place": f"envelope {answer.envelope_id}", "start": 0,
        "end": len(reply.text), "text": reply.text, "confidence": 1.0,
    }  # fmt: skip
    return FieldSet(
        answer.order_id, question.line_no, reply.quantity, reply.unit or None,
        reply.value if question.field in ("item", "line") else None,
        question.field == "price", (question.rule,), evidence,
    )  # fmt: skip


def _remove(conn: Connection, removed: set[tuple[int, int]], lines: Mapping[int, list[BookLine]]) -> None:
    """Drop lines that are not wanted, the rest numbered anew."""
    orders = sorted({order_id for order_id, _ in removed})
    kept = [
        revisions.NewLine(order_id, no, number, None)
        for order_id in orders
        for number, no in enumerate(
            (b.line.line_no for b in lines[order_id] if (order_id, b.line.line_no) not in removed), start=1
        )
    ]
    if orders:
        revisions.write_lines(conn, orders, kept)


def _complete_order(
    conn: Connection, answer: OpenAnswer, question: AskedQuestion, reply: Reply, as_of: datetime
) -> None:
    """What an answer sets on the order as a whole."""
    if question.field == "date":
        questions.set_header_fields(conn, answer.order_id, question.rule, {"requested_date": reply.day})
    elif question.field == "address":
        questions.set_header_fields(conn, answer.order_id, question.rule, _address(reply.value))
    elif question.field == "wait":
        keep_choice(conn, question.id, reply.value)
    elif question.field == "twice" and not reply.is_removed:
        waive(conn, answer.order_id, question.rule, "customer", reply.text, as_of)


def _address(value: str) -> dict[str, Any]:
    if value.startswith("{"):
        return dict(json.loads(value))
    address = read_address(value)
    return {name: getattr(address, name) for name in _ADDRESS}
