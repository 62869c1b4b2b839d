"""What suppliers answer, applied to their orders: confirmed, held for a person, or noted; one transaction a chunk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from orderclerk.database import purchase_supplies, purchasing, supplier_answers
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.supplier_answers import OpenAnswer
from orderclerk.domain.policy import Policy
from orderclerk.domain.purchasing import (
    Judged,
    OrderedLine,
    PurchaseLimits,
    SupplierAnswer,
    judge_supplier,
    read_supplier,
)
from orderclerk.domain.purchasing.judging import Objection
from orderclerk.domain.purchasing.stated import read_stated
from tasks.purchasing import local_day

CHUNK = 500
ANSWERS = ("PUR-001", "PUR-002", "PUR-003", "PUR-004", "PUR-005", "PUR-008", "PUR-009", "PUR-010")
"""What a later answer without objections settles."""
_WAITING = ("approved", "sent", "confirmed")


@dataclass(frozen=True)
class Heard:
    """An answer with what it says and what follows."""

    answer: OpenAnswer
    said: SupplierAnswer
    judged: Judged

    @property
    def is_held(self) -> bool:
        """Whether a person must decide before it counts."""
        return any(one.rule != "PUR-010" for one in self.judged.objections)


def apply_supplier_answers(engine: Engine, as_of: datetime, policy: Policy) -> Counter[str] | None:
    """Apply some open answers; counts by outcome, or None when none is left.

    What is confirmed stands beside what was ordered, and the supply is expected when the supplier says. A dearer price,
    a shortfall, a refusal, an unknown address and words that are not understood are held.
    """
    with engine.begin() as conn:
        claimed = supplier_answers.claim_supplier_answers(conn, CHUNK)
        if not claimed:
            return None
        lines = supplier_answers.ordered_lines(conn, {answer.po_id for answer in claimed if answer.po_id})
        heard = [_hear(answer, lines.get(answer.po_id, []), policy) for answer in claimed]
        _act(conn, [one for one in heard if one.answer.po_id], policy, as_of)
        outcomes = [(one.answer.id, _outcome(one), _told(one)) for one in heard]
        supplier_answers.close_supplier_answers(conn, outcomes)
        return Counter(outcome for _, outcome, _ in outcomes)


def _hear(answer: OpenAnswer, lines: Sequence[OrderedLine], policy: Policy) -> Heard:
    if not answer.po_id:
        return Heard(answer, SupplierAnswer(doubts=(f"there is no order {answer.po_no}",)), Judged())
    day = local_day(answer.at, policy.worktime.timezone)
    said = (
        read_stated(answer.stated, lines, answer.currency)
        if answer.stated is not None
        else read_supplier(answer.words, lines, day, answer.names)
    )
    if not (answer.is_trusted and answer.is_known_sender):
        reason = f"{answer.sender} answers; nothing of it was taken"
        return Heard(answer, said, Judged(objections=(Objection(0, "PUR-008", reason),)))
    if answer.state not in _WAITING and not said.says_nothing:
        reason = f"an answer to an order that is {answer.state}: {' '.join(answer.words.split())[:200]}"
        return Heard(answer, said, Judged(objections=(Objection(0, "PUR-003", reason),)))
    limits = PurchaseLimits(
        Decimal(str(policy.book.figure("PUR-001", "tolerance_percent"))),
        int(policy.book.figure("PUR-010", "late_days")),
    )
    return Heard(answer, said, judge_supplier(said, lines, limits, answer.transit_days))


def _act(conn: Connection, heard: Sequence[Heard], policy: Policy, as_of: datetime) -> None:
    answered = [one for one in heard if not one.said.says_nothing]
    supplier_answers.mark_answered(
        conn, [one.answer.po_id for one in answered if one.judged.lines or one.is_held], as_of
    )
    confirmed = [(one, line) for one in answered for line in one.judged.lines]
    supplier_answers.write_confirmed(
        conn,
        [(one.answer.po_id, line.line_no, line.quantity, line.unit_price, line.arrives) for one, line in confirmed],
    )
    days = [(one.answer.po_id, line.line_no, None, line.arrives) for one, line in confirmed if line.arrives]
    purchase_supplies.change_supplies(conn, days, as_of, "supplier")
    clear = [one.answer.po_id for one in answered if one.judged.lines and not one.is_held]
    purchasing.close_purchase_holds(
        conn, clear, as_of, state="resolved", by="orderclerk", note="a later answer settles it", rules=ANSWERS
    )
    moving = [one.answer.po_id for one in answered if one.answer.po_id in clear and one.answer.state == "sent"]
    purchasing.move_purchases(conn, moving, "confirmed", at=as_of, actor="supplier", kind="confirmed")
    others = [one for one in answered if one.answer.po_id not in moving]
    purchasing.record_purchase_events(
        conn, [(one.answer.po_id, as_of, "supplier", "answered", "", "", {"answer": one.answer.id}) for one in others]
    )
    objections = [
        (one.answer.po_id, o.line_no, o.rule, o.reason, {"answer": one.answer.id, "from": one.answer.sender})
        for one in answered for o in one.judged.objections
    ]  # fmt: skip
    purchasing.hold_purchases(conn, objections, policy.book, as_of)


def _outcome(heard: Heard) -> str:
    if not heard.answer.po_id or heard.is_held:
        return "held"
    return "applied" if heard.judged.lines else "noted"


def _told(heard: Heard) -> Mapping[str, Any]:
    """For the book: what the desk made of the words."""
    said = heard.said
    return {
        "confirmed": said.is_confirmed, "refused": said.is_refused, "doubts": list(said.doubts),
        "lines": [
            {name: str(value) for name in ("line_no", "quantity", "unit_price", "day", "is_ship_date")
             if (value := getattr(line, name)) not in (None, False)}
            for line in said.lines
        ],
        "rules": sorted({one.rule for one in heard.judged.objections}),
    }  # fmt: skip
