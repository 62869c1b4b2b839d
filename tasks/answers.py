"""The customer's word: answers applied, offers reminded and expired, one transaction a chunk."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd

from orderclerk.database import answers, checking, moves, questions, reserving, revisions
from orderclerk.database.amendments import cancel_orders
from orderclerk.database.answers import BookLine, OpenAnswer
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.database.questions import AskedQuestion
from orderclerk.domain.answers import (
    AnswerRead,
    Change,
    Situation,
    Step,
    Verdict,
    decide,
    find_lines,
    read_answer,
    without_signature,
)
from orderclerk.domain.answers.changes import Kind
from orderclerk.domain.checks import HOLD
from orderclerk.domain.policy import Policy
from tasks.delays import follow_choices
from tasks.line_changes import Wish, apply_wishes, listed
from tasks.promising import promise_orders
from tasks.questions import answer_questions
from tasks.verification import check_claimed

CHUNK = 1000
_KINDS = {str(kind): kind for kind in Kind}
_TAKES = (Step.CHANGE, Step.TAKE_UP, Step.CANCEL, Step.DECLINE)
_MOVES = {Step.CONFIRM: ("confirmed", "confirmation"), Step.DECLINE: ("declined", "declined")}


@dataclass(frozen=True)
class Heard:
    """An answer with what it says and what follows; `rule` puts it to a person."""

    answer: OpenAnswer
    read: AnswerRead
    step: Step
    rule: str


def apply_answers(engine: Engine, as_of: datetime, policy: Policy | None = None) -> Counter[str] | None:
    """Apply some open answers, of each order the first; counts by verdict, or None when none is left.

    An answer counts only for the revision it was asked about and only from an address of the customer's.
    """
    policy = policy or Policy()
    with engine.begin() as conn:
        claimed = answers.claim_answers(conn, CHUNK)
        if not claimed:
            return None
        ids = [answer.order_id for answer in claimed]
        lines, asked = answers.book_lines(conn, ids), questions.open_questions(conn, ids)
        today = as_of.astimezone(ZoneInfo(policy.worktime.timezone)).date()
        heard = [_hear(a, lines.get(a.order_id, []), asked.get(a.order_id, []), policy, today) for a in claimed]
        heard = _act(conn, heard, lines, asked, policy, as_of)
        answers.close_answers(
            conn, [(h.answer.id, "held" if h.rule else "applied", str(h.step), _understood(h.read)) for h in heard]
        )
        return Counter(str(h.step) for h in heard)


def _hear(answer: OpenAnswer, lines: list[BookLine], asked: list[AskedQuestion], policy: Policy, today: date) -> Heard:
    offered = tuple(book.line for book in lines)
    wish = next((q for q in asked if q.field == "change"), None)
    read = _completed_wish(answer, wish, lines) if wish else None
    read = read or read_answer(without_signature(answer.words, answer.names, offered), offered, today)
    here = Situation(
        answer.state, answer.is_known_sender, answer.answered_revision == answer.revision,
        answer.agreed_revision is not None,
        bool(asked) and wish is None, wish is not None, policy.accept_reductions, _is_delayed(asked),
    )  # fmt: skip
    step, rule = decide(here, read, offered)
    return Heard(answer, read, step, rule)


def _is_delayed(asked: Iterable[AskedQuestion]) -> bool:
    return any(question.field == "wait" for question in asked)


def _completed_wish(answer: OpenAnswer, asked: AskedQuestion, lines: list[BookLine]) -> AnswerRead | None:
    """The wish whose line we asked for, with the line that is answered; None where the answer names none of them."""
    meant = find_lines(
        without_signature(answer.words, answer.names).casefold(),
        [b.line for b in lines if str(b.line.line_no) in {c["value"] for c in asked.choices}],
    )
    if len(meant.lines) != 1:
        return None
    changes = [_change_from(one, meant.lines[0]) for one in asked.about["changes"]]
    return AnswerRead(Verdict.CHANGE, tuple(changes))


def _act(
    conn: Connection,
    heard: list[Heard],
    lines: Mapping[int, list[BookLine]],
    asked: Mapping[int, list[AskedQuestion]],
    policy: Policy,
    as_of: datetime,
) -> list[Heard]:
    """Do what follows from the answers, all of them at once; those that turned out to be for a person say so."""
    of = {step: [h for h in heard if h.step is step] for step in Step}
    _lock_stock(conn, [h for h in heard if h.step in _TAKES or _is_delayed(asked.get(h.answer.order_id, ()))], lines)
    for step, (state, mail) in _MOVES.items():
        apply_verdict(conn, [h.answer.order_id for h in of[step]], state, mail, policy, as_of, actor="customer")
    cancel_orders(
        conn, [h.answer.order_id for h in of[Step.CANCEL]], at=as_of, actor="customer", why="the customer wrote so"
    )
    apply_wishes(
        conn, [Wish(h.answer, h.read.changes, lines[h.answer.order_id]) for h in of[Step.CHANGE]], policy, as_of
    )
    dearer = _take_up(conn, of[Step.TAKE_UP], lines, as_of)
    _ask_which(conn, of[Step.ASK], lines, policy, as_of)
    _close_wishes(conn, heard, asked, as_of)
    today = as_of.astimezone(ZoneInfo(policy.worktime.timezone)).date()
    answered = [(h.answer, asked[h.answer.order_id], lines.get(h.answer.order_id, [])) for h in of[Step.ANSWER]]
    rules = answer_questions(conn, answered, today, as_of)
    follow_choices(conn, [h.answer for h in of[Step.ANSWER]], lines, asked, policy, as_of)
    rules |= {h.answer.id: "ANS-004" for h in dearer}
    heard = [Heard(h.answer, h.read, h.step, rules.get(h.answer.id) or h.rule) for h in heard]
    _put_to_a_person(conn, [(h.answer, h.rule) for h in heard if h.rule], as_of)
    settled = [h.answer.order_id for h in heard if h.step in (Step.CHANGE, Step.TAKE_UP) and not h.rule]
    moves.resolve_holds(conn, settled, as_of, "a later answer settles it", rules=("ANS-001", "ANS-002"))
    check_now(conn, [*settled, *(h.answer.order_id for h in of[Step.ANSWER])], policy, as_of)
    return heard


def _lock_stock(conn: Connection, heard: Iterable[Heard], lines: Mapping[int, list[BookLine]]) -> None:
    """Everything that may come back or be taken, in one go and in key order: what follows then waits for nobody."""
    reserving.lock_stock(conn, {b.item_id for h in heard for b in lines.get(h.answer.order_id, ()) if b.item_id})


def apply_verdict(
    conn: Connection, ids: Collection[int], state: str, mail: str, policy: Policy, as_of: datetime, *, actor: str
) -> None:
    """Confirm or decline offers; what is confirmed is promised anew, as of now."""
    if state != "confirmed":
        reserving.release_orders(conn, ids, at=as_of, actor=actor, cause=state)
    moves.withdraw_messages(conn, ids)
    moves.move_orders(conn, "commercial", ids, state, at=as_of, actor=actor, kind=state)
    enqueue_order_mails(conn, mail, ids, as_of)
    if state == "confirmed":
        promise_orders(conn, ids, policy, as_of)


def _take_up(conn: Connection, heard: list[Heard], lines: Mapping[int, list[BookLine]], as_of: datetime) -> list[Heard]:
    """Lapsed offers accepted after all: agreed to as they were offered; those whose price is another today."""
    priced = [(h, b) for h in heard for b in lines[h.answer.order_id] if b.item_id and not b.line.is_charge]
    then = listed(conn, [(b, b.line.quantity) for _, b in priced])
    now = listed(conn, [(b, b.line.quantity) for _, b in priced], f"{as_of:%Y-%m-%d}")
    dearer = {h.answer.id for (h, _), old, new in zip(priced, then, now, strict=True) if old != new}
    ids = [h.answer.order_id for h in heard if h.answer.id not in dearer]
    take_up(conn, ids, as_of, "customer", "accepted after it had lapsed")
    return [h for h in heard if h.answer.id in dearer]


def take_up(conn: Connection, ids: Collection[int], as_of: datetime, actor: str, why: str) -> None:
    """Orders that were over are agreed to as they are, if the check that follows finds nothing against it."""
    moves.move_orders(
        conn, "commercial", ids, "received", at=as_of, actor=actor, kind="taken up again", cause={"why": why}
    )
    revisions.agree(conn, ids)
    questions.due_for_check(conn, ids)


def check_now(conn: Connection, ids: Collection[int], policy: Policy, as_of: datetime) -> None:
    """Check these orders in this transaction: the stock they gave back is still theirs to take."""
    wanted = sorted(set(ids))
    if wanted:
        check_claimed(conn, checking.claim_unchecked(conn, len(wanted), wanted), policy, as_of)


def _ask_which(
    conn: Connection, heard: list[Heard], lines: Mapping[int, list[BookLine]], policy: Policy, as_of: datetime
) -> None:
    """Ask which of their lines customers mean; the rest of the wish waits in the question."""
    asked = [_which(h, lines[h.answer.order_id], document) for h, document in
             zip(heard, questions.documents_of(conn, [h.answer.order_id for h in heard]), strict=True)]  # fmt: skip
    if asked:
        questions.ask(conn, asked, as_of, policy.deadlines(as_of), "orderclerk")


def _close_wishes(
    conn: Connection, heard: list[Heard], asked: Mapping[int, list[AskedQuestion]], as_of: datetime
) -> None:
    """Questions about a wish are over with the next answer, whether it named the line or not."""
    over = [(h, q) for h in heard for q in asked.get(h.answer.order_id, ()) if q.field == "change"]
    closed = (
        (q.id, "answered" if h.step is Step.CHANGE else "withdrawn", h.answer.envelope_id, h.answer.words)
        for h, q in over
    )
    questions.close_questions(conn, closed, as_of)


def _which(heard: Heard, lines: list[BookLine], document_id: int) -> AskedQuestion:
    doubt = heard.read.doubts[0]
    choices = [
        {"value": str(b.line.line_no), "names": [*b.line.names[:1], *b.line.refs[:1]]}
        for b in lines
        if b.line.line_no in doubt.choices
    ]
    changes = [_change_dict(change) for change in (*heard.read.changes, doubt.change) if change]
    return AskedQuestion(
        heard.answer.order_id, heard.answer.revision, document_id, 1, 1, 0, "ANS-002", "change", choices,
        {"changes": changes, "read": doubt.text},
    )  # fmt: skip


def _put_to_a_person(conn: Connection, objections: list[tuple[OpenAnswer, str]], as_of: datetime) -> None:
    rows = [
        (a.order_id, 0, rule, f"the customer wrote: {' '.join(a.words.split())[:200]}",
         {"from": a.sender, "words": a.words[:2000], "about revision": a.answered_revision})
        for a, rule in objections
    ]  # fmt: skip
    moves.open_holds(conn, pd.DataFrame(rows, columns=HOLD), as_of)


def _understood(read: AnswerRead) -> dict[str, object]:
    """For the book: what the desk made of the words."""
    return {
        "verdict": str(read.verdict),
        "changes": [_change_dict(change) for change in read.changes],
        "doubts": [doubt.text for doubt in read.doubts],
    }


def _change_dict(change: Change) -> dict[str, object]:
    return {name: str(value) for name, value in asdict(change).items() if value not in (None, "", 0)}


def _change_from(told: Mapping[str, str], line_no: int) -> Change:
    """A change as `_change_dict` wrote it; one without a line gets `line_no`."""
    return Change(
        kind=_KINDS[told["kind"]], text=told["text"], line_no=int(told.get("line_no", line_no)),
        quantity=Decimal(told["quantity"]) if "quantity" in told else None, item=told.get("item", ""),
        unit=told.get("unit", ""),
        day=date.fromisoformat(told["day"]) if "day" in told else None,
    )  # fmt: skip


def settle_answer(conn: Connection, order_id: int, verdict: str, person: str, as_of: datetime, policy: Policy) -> None:
    """A person's reading of an answer the desk did not understand: `confirm` or `decline`."""
    state = questions.state_of(conn, order_id)
    if verdict == "confirm" and state in ("expired", "declined"):
        take_up(conn, [order_id], as_of, person, "accepted after it was over")
        check_now(conn, [order_id], policy, as_of)
    elif verdict == "decline" and state == "confirmed":
        cancel_orders(conn, [order_id], at=as_of, actor=person, why="the customer wants it no more")
    elif state == "offered":
        moved, mail = _MOVES[Step(verdict)]
        apply_verdict(conn, [order_id], moved, mail, policy, as_of, actor=person)


def remind(engine: Engine, as_of: datetime) -> int:
    """Remind customers once of offers and questions they have not answered; how many reminders are in the outbox."""
    with engine.begin() as conn:
        ids = answers.claim_to_remind(conn, as_of, CHUNK)
        answers.mark_reminded(conn, ids, as_of)
        return enqueue_order_mails(conn, "reminder", ids, as_of) + questions.remind_questions(conn, as_of)


def expire(engine: Engine, as_of: datetime, policy: Policy | None = None) -> int:
    """Close offers and questions whose time is over, customers told; how many offers.

    An offer to change what was agreed gives way to the agreement: that stands again.
    """
    with engine.begin() as conn:
        questions.expire_questions(conn, as_of)
        claimed = answers.claim_unanswered(conn, as_of, CHUNK)
        agreed = revisions.undoable(conn, claimed, to_agreed=True)
        ids = [order_id for order_id in claimed if order_id not in agreed]
        reserving.release_orders(conn, ids, at=as_of, actor="orderclerk", cause="no answer in time")
        moves.withdraw_messages(conn, ids)
        enqueue_order_mails(conn, "expiry", ids, as_of)
        expired = moves.move_orders(conn, "commercial", ids, "expired", at=as_of, actor="orderclerk", kind="expired")
        if agreed:
            bring_back(conn, agreed, policy or Policy(), as_of, "orderclerk", "the change was not confirmed in time")
        return expired + len(agreed)


def bring_back(
    conn: Connection, events: Mapping[int, int], policy: Policy, as_of: datetime, actor: str, why: str
) -> None:
    """Undo an event of each order: lines as before, stock if it is still there, else a hold; the customer is told."""
    agreed = revisions.restore(conn, events, as_of, actor, why)
    check_now(conn, list(events), policy, as_of)
    enqueue_order_mails(conn, "taken-up", questions.still_open(conn, agreed), as_of)
