"""What the desk does about an answer: pure, from who wrote, what was offered, and what the words say."""

from dataclasses import dataclass
from enum import StrEnum

from orderclerk.domain.answers.changes import AnswerRead, leaves_nothing
from orderclerk.domain.answers.targets import OfferedLine
from orderclerk.domain.answers.whole import Verdict


class Step(StrEnum):
    """What follows from an answer; the value is the answer's verdict in the book."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    CHANGE = "change"
    TAKE_UP = "take up"  # an offer that lapsed is accepted after all
    ANSWER = "answered"  # questions of ours
    ASK = "ask"  # which of several lines a wish is about
    REPEAT = "repeated"
    PERSON = "held"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the order stands when an answer of its customer comes. `has_questions`: some of ours are open."""

    state: str
    is_known_sender: bool
    is_current: bool  # it is about the revision the book has
    was_agreed: bool  # both sides had agreed to an earlier revision
    has_questions: bool
    was_asked: bool  # which line a wish is about has been asked before
    accepts_reductions: bool
    is_delayed: bool = False  # we asked what to do as their goods come later


def decide(here: Situation, read: AnswerRead, lines: tuple[OfferedLine, ...]) -> tuple[Step, str]:
    """The step, and the rule that puts the answer to a person ("" for none)."""
    if not here.is_known_sender:
        return Step.PERSON, "ANS-003"
    if here.has_questions and here.is_current and read.verdict is not Verdict.DECLINE:
        return Step.ANSWER, ""
    if read.is_understood and read.verdict is Verdict.CHANGE and leaves_nothing(lines, read.changes):
        read = AnswerRead(Verdict.DECLINE)
    if _repeats(here, read):
        return Step.REPEAT, ""
    if not here.is_current:
        return Step.PERSON, "ANS-002" if read.verdict is not Verdict.UNCLEAR else "ANS-001"
    if read.is_understood:
        step = _STEPS.get((here.state, read.verdict), Step.PERSON)
        return (step, "") if _may(step, here) else (Step.PERSON, _rule_of(read))
    if here.state == "offered" and not here.was_asked and read.doubts and all(d.change for d in read.doubts):
        return Step.ASK, ""
    return Step.PERSON, _rule_of(read)


_STEPS = {
    ("received", Verdict.DECLINE): Step.CANCEL,
    ("offered", Verdict.CONFIRM): Step.CONFIRM,
    ("offered", Verdict.DECLINE): Step.DECLINE,
    ("offered", Verdict.CHANGE): Step.CHANGE,
    ("confirmed", Verdict.DECLINE): Step.CANCEL,
    ("confirmed", Verdict.CHANGE): Step.CHANGE,
    ("expired", Verdict.CONFIRM): Step.TAKE_UP,
    ("expired", Verdict.CHANGE): Step.CHANGE,
}


def _may(step: Step, here: Situation) -> bool:
    """What was agreed to is called off only where policy lets customers do so, or we deliver late."""
    if step is Step.CANCEL and here.state == "confirmed":
        return here.accepts_reductions or here.is_delayed
    return step is not Step.PERSON and not (step is Step.DECLINE and here.was_agreed)


def _repeats(here: Situation, read: AnswerRead) -> bool:
    """Whether the answer says what is settled already."""
    settled = {
        ("confirmed", Verdict.CONFIRM),
        ("declined", Verdict.DECLINE),
        ("expired", Verdict.DECLINE),
        ("cancelled", Verdict.DECLINE),
    }
    return here.is_current and read.is_understood and (here.state, read.verdict) in settled


def _rule_of(read: AnswerRead) -> str:
    return "ANS-002" if read.verdict is Verdict.CHANGE else "ANS-001"
