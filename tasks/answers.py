"""The customer's word: answers applied, offers reminded and expired, one transaction a chunk."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from orderclerk.database import answers, moves
from orderclerk.database.answers import OpenAnswer
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.domain.answers import Verdict, judge_answer
from orderclerk.domain.checks import HOLD
from orderclerk.domain.policy import Policy

CHUNK = 1000
_MOVES = {Verdict.CONFIRM: ("confirmed", "confirmation"), Verdict.DECLINE: ("declined", "declined")}


def apply_answers(engine: Engine, as_of: datetime) -> Counter[str] | None:
    """Apply some open answers: confirm, decline, or put to a person; counts by verdict, or None when none is left.

    An answer counts only for the revision it was asked about and only from an address of the customer's.
    """
    with engine.begin() as conn:
        claimed = answers.claim_answers(conn, CHUNK)
        if not claimed:
            return None
        judged = _judged(claimed)
        for verdict, (state, mail) in _MOVES.items():
            _apply(conn, [a.order_id for a, v, _ in judged if v == verdict], state, mail, as_of, actor="customer")
        _put_to_a_person(conn, [(a, rule) for a, _, rule in judged if rule], as_of)
        answers.close_answers(conn, [(a.id, "held" if rule else "applied", verdict) for a, verdict, rule in judged])
        return Counter(verdict for _, verdict, _ in judged)


def _judged(claimed: Iterable[OpenAnswer]) -> list[tuple[OpenAnswer, str, str]]:
    """Each answer with its verdict and the rule that holds it up, if any; one that repeats another changes nothing."""
    decided: dict[int, str] = {}  # states that earlier answers of this chunk lead to
    judged = []
    for answer in claimed:
        verdict, state = judge_answer(answer.words), decided.get(answer.order_id, answer.state)
        rule = _objection(answer, verdict, state)
        if rule or state != "offered":
            judged.append((answer, "held" if rule else "repeated", rule))
            continue
        decided[answer.order_id] = _MOVES[verdict][0]
        judged.append((answer, str(verdict), ""))
    return judged


def _objection(answer: OpenAnswer, verdict: Verdict, state: str) -> str:
    """The rule that puts the answer to a person; "" where it settles an offer, or repeats what is settled."""
    if not answer.is_known_sender:
        return "ANS-003"
    if verdict is Verdict.UNCLEAR:
        return "ANS-001"
    if verdict is Verdict.CHANGE or answer.answered_revision != answer.revision:
        return "ANS-002"
    return "" if state in ("offered", _MOVES[verdict][0]) else "ANS-001"


def _apply(conn: Connection, ids: list[int], state: str, mail: str, as_of: datetime, *, actor: str) -> None:
    if state != "confirmed":
        moves.release_stock(conn, ids, at=as_of, actor=actor, cause=state)
    moves.withdraw_messages(conn, ids)
    moves.move_orders(conn, "commercial", ids, state, at=as_of, actor=actor, kind=state)
    enqueue_order_mails(conn, mail, ids, as_of)


def _put_to_a_person(conn: Connection, objections: list[tuple[OpenAnswer, str]], as_of: datetime) -> None:
    rows = [
        (a.order_id, 0, rule, f"the customer wrote: {' '.join(a.words.split())[:200]}",
         {"from": a.sender, "words": a.words[:2000], "about revision": a.answered_revision})
        for a, rule in objections
    ]  # fmt: skip
    moves.open_holds(conn, pd.DataFrame(rows, columns=HOLD), as_of)


def settle_answer(conn: Connection, order_id: int, verdict: str, person: str, as_of: datetime) -> None:
    """A person's reading of an answer the desk did not understand: `confirm` or `decline`."""
    state, mail = _MOVES[Verdict(verdict)]
    _apply(conn, [order_id], state, mail, as_of, actor=person)


def remind(engine: Engine, policy: Policy, as_of: datetime) -> int:
    """Remind customers once of offers they have not answered; how many reminders were put into the outbox."""
    with engine.begin() as conn:
        ids = answers.claim_to_remind(conn, as_of, CHUNK)
        answers.mark_reminded(conn, ids, as_of)
        return enqueue_order_mails(conn, "reminder", ids, as_of)


def expire(engine: Engine, as_of: datetime) -> int:
    """Close offers whose time is over: stock back, customer told; how many."""
    with engine.begin() as conn:
        ids = answers.claim_unanswered(conn, as_of, CHUNK)
        moves.release_stock(conn, ids, at=as_of, actor="orderclerk", cause="no answer in time")
        moves.withdraw_messages(conn, ids)
        enqueue_order_mails(conn, "expiry", ids, as_of)
        return moves.move_orders(conn, "commercial", ids, "expired", at=as_of, actor="orderclerk", kind="expired")
