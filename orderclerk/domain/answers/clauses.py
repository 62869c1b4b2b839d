"""An answer taken apart clause by clause. Every clause must be understood to its last word; what is not is a doubt."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orderclerk.domain.answers import patterns as p
from orderclerk.domain.answers.changes import AnswerRead, Change, Doubt, Kind, contradictory
from orderclerk.domain.answers.figures import read_day, read_quantity, same_unit, unit_code
from orderclerk.domain.answers.targets import OfferedLine, Target, find_lines, goods, is_rest, mentions_line
from orderclerk.domain.answers.whole import Verdict, is_conditional, is_whole, judge_answer

MAX_WORDS = 2000
_REFERENCE = re.compile(r"\[?so\d{6,}-\d+-[a-z2-7]{8}\]?")
_SENTENCE = re.compile(
    r"[\n;。；！!]+|(?<!\d)\.(?=\s|$)|(?<=\d)\.(?=\s+[a-z])|\.$|\s[-–—]\s|(?<=[?？])\s*|,(?=\s|[^\d])|，"
)
_CONTRAST = re.compile(r"\s+(?:but|however|aber|jedoch|mais|pero)\s+(?!not\b)|(?:但是?|不过|可是)")
_AND = re.compile(r"\s+(?:and|und|et|y)\s+|(?:并且?|和|以及|、)")
_ITEM_LIKE = re.compile(r"(?=[^\s]*\d)[a-z0-9][a-z0-9._/-]{1,39}")


@dataclass
class _Heard:
    """What the clauses said so far."""

    lines: Sequence[OfferedLine]
    today: date
    changes: list[Change] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    accepted: set[int] = field(default_factory=set)
    agreed: bool = False
    drops_rest: str = ""


def read_answer(words: str, lines: Sequence[OfferedLine], today: date) -> AnswerRead:
    """What `words` (quotation and signature gone) say about the offer of `lines`; `today` is the desk's.

    Anything but a plain yes or no, or changes understood to the last word, has doubts.
    """
    verdict = judge_answer(words)
    text = _normal(words)
    if is_whole(verdict, text) and not mentions_line(text, lines):
        return AnswerRead(verdict)
    if not text or len(text) > MAX_WORDS:
        return AnswerRead(Verdict.UNCLEAR, doubts=(Doubt(text[:200]),))
    heard = _Heard(lines, today)
    for clause in _clauses(text):
        _hear(clause, heard)
    return _concluded(heard, verdict)


def clauses_of(words: str) -> list[str]:
    """The clauses of `words`, lower case, each of which says one thing."""
    return _clauses(_normal(words))


def wish_of(words: str, lines: Sequence[OfferedLine], today: date) -> Change | None:
    """The one change that the clause `words` asks for; None where it asks for none, several, or unclearly."""
    heard = _Heard(lines, today)
    if not _date(words, heard) and not _understood(words, heard):
        return None
    return heard.changes[0] if len(heard.changes) == 1 and not heard.doubts else None


def _normal(words: str) -> str:
    text = unicodedata.normalize("NFKC", words).casefold().replace("’", "'").replace("，", ",")
    return _REFERENCE.sub(" ", text).strip()


def _clauses(text: str) -> list[str]:
    """Sentences, and in them what a comma or a "but" sets apart; days like 1. december stay whole."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    pieces = [piece for line in lines for piece in _SENTENCE.split(line)]
    return [clause.strip() for piece in pieces for clause in _CONTRAST.split(piece) if clause and clause.strip()]


def _hear(clause: str, heard: _Heard) -> None:
    words = p.TAIL.sub("", p.POLITE.sub("", clause)).strip(" ,.:;!?？")
    if p.NOISE.fullmatch(clause.strip(" ,.!?")) or not words or p.NOISE.fullmatch(words):
        return
    if _agrees(clause, heard.lines):
        heard.agreed = True
        return
    if _date(words, heard) or (not is_conditional(words) and _understood(words, heard)):
        return
    parts = [part for part in _AND.split(words) if part.strip()]
    if len(parts) > 1 and not is_conditional(words) and _in_parts(parts, heard):
        return
    heard.doubts.append(Doubt(clause))


def _agrees(words: str, lines: Sequence[OfferedLine]) -> bool:
    return is_whole(judge_answer(words), words) is Verdict.CONFIRM and not mentions_line(words, lines)


def _in_parts(parts: list[str], heard: _Heard) -> bool:
    """Each part as a clause; one without a verb takes that of the first: "only 20 of the blue and 10 of the red"."""
    trial = _Heard(heard.lines, heard.today)
    verb = re.match(r"(?:only|just|nur|change|add|remove|reduce|set|只要|取消|增加|ändern(?: sie)?)\s*", parts[0])
    for part in parts:
        given = p.TAIL.sub("", p.POLITE.sub("", part.strip())).strip()
        if _agrees(given, heard.lines):
            trial.agreed = True
        elif not _understood(given, trial) and not (verb and _understood(f"{verb[0]}{given}", trial)):
            return False
    heard.changes += trial.changes
    heard.doubts += trial.doubts
    heard.accepted |= trial.accepted
    heard.agreed |= trial.agreed
    heard.drops_rest = heard.drops_rest or trial.drops_rest
    return True


def _understood(words: str, heard: _Heard) -> bool:
    """Whether one of the forms fits; what it says is then in `heard`."""
    return any(read(words, heard) for read in (_rest, _except, _add, _more, _each, _quantity, _remove, _keep, _accept))


def _rest(words: str, heard: _Heard) -> bool:
    if p.REST.fullmatch(words):
        heard.drops_rest = words
        return True
    return False


def _date(words: str, heard: _Heard) -> bool:
    for form in p.DATE:
        if (found := form.fullmatch(words)) and (day := read_day(found["d"], heard.today)):
            heard.changes.append(Change(Kind.DATE, words, day=day))
            return True
    return False


def _except(words: str, heard: _Heard) -> bool:
    for form in p.EXCEPT:
        if (found := form.fullmatch(words)) and (meant := find_lines(found["t"], heard.lines)).lines:
            heard.changes += [Change(Kind.REMOVE, words, no) for no in meant.lines]
            heard.agreed = True
            return True
    return False


def _add(words: str, heard: _Heard) -> bool:
    for form in p.ADD:
        if not (found := form.fullmatch(words)) or (count := read_quantity(found["n"])) is None:
            continue
        known = find_lines(found["t"], heard.lines)
        unit = unit_code(found["u"] or "")
        if len(known.lines) == 1:
            return _set_quantity(known.lines[0], count, unit, words, heard, is_more=True)
        item = found["t"].strip()
        if not known.choices and _ITEM_LIKE.fullmatch(item):
            heard.changes.append(Change(Kind.ADD, words, quantity=count, item=item.upper(), unit=unit))
            return True
    return False


def _more(words: str, heard: _Heard) -> bool:
    for form in p.MORE:
        if not (found := form.fullmatch(words)) or (count := read_quantity(found["n"])) is None:
            continue
        less = found["sign"].startswith(("less", "fewer", "weniger", "reduce", "decrease", "lower", "减", "少"))
        meant = find_lines(found["t"], heard.lines)
        if len(meant.lines) == 1:
            unit = unit_code(found["u"] or "")
            return _set_quantity(meant.lines[0], -count if less else count, unit, words, heard, is_more=True)
    return False


def _each(words: str, heard: _Heard) -> bool:
    for form in p.EACH:
        if (found := form.fullmatch(words)) and (count := read_quantity(found["n"])) is not None:
            unit, trial = unit_code(found["u"] or ""), _Heard(heard.lines, heard.today)
            if all(_set_quantity(no, count, unit, words, trial) for no in goods(heard.lines)):
                heard.changes += trial.changes
                return True
    return False


def _quantity(words: str, heard: _Heard) -> bool:
    """A form with a clear target wins over one that leaves several."""
    unsure: Doubt | None = None
    for form in p.QUANTITY:
        if not (found := form.fullmatch(words)) or (count := read_quantity(found["n"])) is None:
            continue
        unit = unit_code(found["u"] or "")
        meant = find_lines(found.groupdict().get("t") or "", heard.lines)
        if len(meant.lines) == 1:
            return _set_quantity(meant.lines[0], count, unit, words, heard)
        if meant.choices and unsure is None:
            unsure = Doubt(words, meant.choices, Change(Kind.QUANTITY, words, quantity=count, unit=unit))
    if unsure is not None:
        heard.doubts.append(unsure)
    return unsure is not None


def _set_quantity(line_no: int, count: Decimal, unit: str, words: str, heard: _Heard, *, is_more: bool = False) -> bool:
    """False where the unit is another than the line's, or less than nothing would be left."""
    line = next(line for line in heard.lines if line.line_no == line_no)
    if not same_unit(unit, line.unit) or (is_more and line.quantity is None):
        return False
    quantity = (line.quantity or Decimal(0)) + count if is_more else count
    if quantity < 0:
        return False
    heard.changes.append(Change(Kind.QUANTITY if quantity else Kind.REMOVE, words, line_no, quantity or None))
    return True


def _remove(words: str, heard: _Heard) -> bool:
    for form in p.REMOVE:
        if found := form.fullmatch(words):
            meant = find_lines(found["t"], heard.lines)
            if meant.lines and len(meant.lines) < len(goods(heard.lines)) + 1:
                heard.changes += [Change(Kind.REMOVE, words, no) for no in meant.lines]
                return True
            if meant.choices:
                heard.doubts.append(Doubt(words, meant.choices, Change(Kind.REMOVE, words)))
                return True
    return False


def _keep(words: str, heard: _Heard) -> bool:
    for form in p.KEEP:
        if (found := form.fullmatch(words)) and (meant := _lines(found["t"], heard)).lines:
            heard.accepted |= set(meant.lines)
            heard.drops_rest = words
            return True
    return False


def _accept(words: str, heard: _Heard) -> bool:
    for form in p.ACCEPT:
        if found := form.fullmatch(words):
            named = found["t"] or found.groupdict().get("t2") or ""
            if (meant := _lines(named, heard)).lines:
                heard.accepted |= set(meant.lines)
                return True
    return False


def _lines(text: str, heard: _Heard) -> Target:
    return Target() if is_rest(text) else find_lines(text, heard.lines)


def _concluded(heard: _Heard, verdict: Verdict) -> AnswerRead:
    """The changes as a whole: what was not named goes if the answer says so, and is asked about if it is left open."""
    touched = {change.line_no for change in heard.changes}
    left = [no for no in goods(heard.lines) if no not in heard.accepted | touched]
    if heard.drops_rest and heard.accepted | touched - {0}:
        heard.changes += [Change(Kind.REMOVE, heard.drops_rest, no) for no in left]
    elif heard.drops_rest or (heard.accepted and left and not heard.agreed):
        heard.doubts.append(Doubt(heard.drops_rest or "nothing is said about the other lines"))
    if contradictory(heard.changes):
        heard.doubts.append(Doubt("one line is wished for in two ways"))
    unique = tuple({(c.kind, c.line_no, c.item): c for c in heard.changes}.values())
    if unique or any(doubt.change for doubt in heard.doubts):
        return AnswerRead(Verdict.CHANGE, unique, tuple(heard.doubts))
    if not heard.doubts and (heard.agreed or heard.accepted):
        return AnswerRead(Verdict.CONFIRM)
    return AnswerRead(verdict if verdict is Verdict.CHANGE else Verdict.UNCLEAR, (), tuple(heard.doubts))
