"""A supplier's words into what they confirm. Every figure must be accounted for, or a person reads the answer.

A sentence is cut into marks: lines of the order it names, quantities, prices, days. What the marks mean follows from the
words around them; a figure that is none of these, a condition, a question or a refusal beside figures is a doubt.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from orderclerk.domain.answers.figures import DAY, NUMBER, UNIT, read_day, read_quantity, same_unit, unit_code
from orderclerk.domain.answers.signing import without_signature
from orderclerk.domain.answers.targets import OfferedLine
from orderclerk.domain.purchasing import words as w
from orderclerk.domain.purchasing.answers import AnsweredLine, OrderedLine, SupplierAnswer

_OUR_NUMBER = re.compile(r"\bpo\d{6,}(?:-\d{1,4}(?:-[a-z2-7]{8})?)?\b")
_SENTENCE = re.compile(
    r"(?<=[.!;])\s+(?=\S)|(?<=[。！；])|[;!！。；]|(?<=[?？])|\s(?=(?:but|however|aber|jedoch)\b)|(?=但是?|不过)"
)
_DAY = re.compile(rf"(?<![a-z0-9à-ÿ/-])(?<!\d[.,])(?:{DAY})(?![a-z0-9à-ÿ/-])(?!\.\d)")
_OF_ORDER = re.compile(rf"{w.OF_ORDER}(?:{DAY.replace('(?P<day_', '(?P<of_')})")
_POSITION = re.compile(
    r"(?:\b(?:line|position|pos\.?|item|zeile)\s*(?:no\.?|nr\.?|#)?\s*|第)(\d{1,3})(?![\d.,]|\s*(?:pc|pcs|件|个))(?:\s*[行项条])?"
)
_MONEY = re.compile(rf"{w.CURRENCY}\s*(\d[\d.,']*\d|\d)|(\d[\d.,']*\d|\d)\s*{w.CURRENCY}(?![a-z])")
_OF_TOTAL = re.compile(rf"({NUMBER})\s*(?:{UNIT})?\s*(?:/|of(?: the)?|von|out of)\s*({NUMBER})(?![\d.,])")
_COUNT = re.compile(rf"(?<![a-z0-9à-ÿ_])(?<!\d[.,])({NUMBER})(?![\d.,]*\d)\s*({UNIT})?")
_MARK = re.compile(r"⟦(\d+)⟧")


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str  # line, quantity, price, day
    value: Any
    text: str


@dataclass(slots=True)
class _Heard:
    lines: Sequence[OrderedLine]
    today: date
    marks: list[_Mark] = field(default_factory=list)
    said: dict[int, AnsweredLine] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    is_confirmed: bool = False
    is_refused: bool = False
    is_acknowledged: bool = False

    def mark(self, kind: str, value: Any, text: str) -> str:
        self.marks.append(_Mark(kind, value, text))
        return f" ⟦{len(self.marks) - 1}⟧ "


def read_supplier(text: str, lines: Sequence[OrderedLine], today: date, names: Collection[str] = ()) -> SupplierAnswer:
    """What `text` (the supplier's own words, without what they quote) says about the order's `lines`.

    `today` is the day it was written; `names` are the supplier's, which may stand below the words.
    """
    offered = [OfferedLine(line.line_no, line.quantity, line.unit, line.refs, line.names) for line in lines]
    heard = _Heard(lines, today)
    for sentence in _sentences(without_signature(text, names, offered)):
        _hear(sentence, heard)
    if not (heard.is_confirmed or heard.is_refused or heard.said or heard.is_acknowledged or heard.doubts):
        heard.doubts.append(text.strip()[:200])
    confirmed = heard.is_confirmed or bool(heard.said)
    return SupplierAnswer(
        confirmed and not heard.is_refused, heard.is_refused, tuple(heard.said[no] for no in sorted(heard.said)),
        tuple(heard.doubts),
    )  # fmt: skip


def _sentences(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("|", " ")
    rows = [w.NUMBERED.sub(" order ", _OUR_NUMBER.sub(" ", " ".join(row.split()))) for row in plain.split("\n")]
    return [piece.strip() for row in rows for piece in _SENTENCE.split(row) if piece and piece.strip()]


def _hear(sentence: str, heard: _Heard) -> None:
    heard.marks = []
    text = _marked(sentence, heard)
    marks = [heard.marks[int(found[1])] for found in _MARK.finditer(text)]
    rest = _MARK.sub(" ", text)
    figures = [mark for mark in marks if mark.kind != "line"]
    if re.search(r"\d", rest):
        heard.doubts.append(sentence)
    elif w.REFUSE.search(rest):
        _refuse(sentence, text, marks, heard)
    elif w.HEDGE.search(_without_only(rest)):
        heard.doubts.append(sentence)
    elif figures:
        _take(sentence, text, marks, heard)
    elif w.DELAY.search(rest) or w.APOLOGY.search(rest):
        heard.doubts.append(sentence)
    elif w.CONFIRM.search(rest):
        heard.is_confirmed = True
    elif w.ACKNOWLEDGE.search(rest):
        heard.is_acknowledged = True


def _without_only(rest: str) -> str:
    return re.sub(r"\b(?:not (?:before|earlier than|later than)|no later than)\b", " ", rest)


def _marked(sentence: str, heard: _Heard) -> str:
    """`sentence` with everything that is a figure or names a line replaced by its mark."""
    text = _name_lines(_OF_ORDER.sub(" order ", sentence), heard)
    text = _DAY.sub(lambda found: _day(found, heard), text)
    text = _MONEY.sub(lambda found: _price(found[1] or found[2], found[0], heard), text)
    text = _OF_TOTAL.sub(lambda found: _share(found, heard), text)
    return _outside(_COUNT, text, heard)


def _outside(form: "re.Pattern[str]", text: str, heard: _Heard) -> str:
    """`form` applied between the marks only."""
    pieces = re.split(r"(⟦\d+⟧)", text)
    out = []
    for place, piece in enumerate(pieces):
        if _MARK.fullmatch(piece):
            out.append(piece)
            continue
        before = "".join(pieces[:place])
        out.append(form.sub(lambda found, piece=piece, before=before: _count(found, before, piece, heard), piece))
    return "".join(out)


def _name_lines(text: str, heard: _Heard) -> str:
    for line in heard.lines:
        for ref in sorted(filter(None, line.refs), key=len, reverse=True):
            known = re.escape(unicodedata.normalize("NFKC", ref).casefold())
            text = re.sub(rf"(?<![\w-]){known}(?![\w-])", lambda _, no=line.line_no: heard.mark("line", no, ""), text)  # type: ignore[misc]
    numbers = {line.line_no for line in heard.lines}
    return _POSITION.sub(
        lambda found: heard.mark("line", int(found[1]), found[0]) if int(found[1]) in numbers else found[0], text
    )


def _day(found: "re.Match[str]", heard: _Heard) -> str:
    day = read_day(found[0], heard.today)
    return heard.mark("day", day, found[0]) if day else found[0]


def _price(digits: str, text: str, heard: _Heard) -> str:
    value = _amount(digits)
    return heard.mark("price", value, text) if value is not None else text


def _amount(digits: str) -> Decimal | None:
    """A price: 1.234 is read as one and a bit only where it can be nothing else."""
    value = read_quantity(digits)
    if value is None and re.fullmatch(r"0[.,]\d+", digits):
        value = Decimal(digits.replace(",", "."))
    return value


def _share(found: "re.Match[str]", heard: _Heard) -> str:
    """80 of 100, where 100 is what was ordered."""
    part, whole = read_quantity(found[1]), read_quantity(found[2])
    if part is None or whole not in {line.quantity for line in heard.lines} or part > (whole or 0):
        return found[0]
    return heard.mark("quantity", (part, "", True), found[0])


def _count(found: "re.Match[str]", before: str, piece: str, heard: _Heard) -> str:
    value, unit = read_quantity(found[1]), unit_code(found[2] or "")
    is_word = not re.search(r"\d", found[1])
    if value is None or (is_word and not unit):
        return found[0]  # "one" is mostly no figure
    ahead = before + piece[: found.start()]
    is_price = not unit and _is_priced(ahead, piece[found.end() :])
    if is_price or (not unit and value not in {line.quantity for line in heard.lines} and _is_a_price(value, heard)):
        return heard.mark("price", value, found[0])
    return heard.mark("quantity", (value, unit, bool(w.ONLY.search(ahead))), found[0])


def _is_priced(before: str, after: str) -> bool:
    near = re.split(r"[,⟦⟧]", before)[-1]
    return bool(w.PRICED.search(near) or w.PRICED.match(after.strip()))


def _is_a_price(value: Decimal, heard: _Heard) -> bool:
    return value in {line.unit_price for line in heard.lines} and value != value.to_integral_value()


def _refuse(sentence: str, text: str, marks: Sequence[_Mark], heard: _Heard) -> None:
    """ "We cannot deliver 100, only 80" is a quantity; a named line that cannot come is none of it; else all is refused."""
    if any(mark.kind == "quantity" and mark.value[2] for mark in marks):
        _take(sentence, text, [mark for mark in marks if not _is_ordered(mark, heard)], heard)
    elif any(mark.kind in ("quantity", "price", "day") for mark in marks) or w.CONFIRM.search(w.REFUSE.sub("", text)):
        heard.doubts.append(sentence)
    elif named := [mark.value for mark in marks if mark.kind == "line"]:
        for no in named:
            _say(AnsweredLine(no, quantity=Decimal(0)), sentence, heard)
    else:
        heard.is_refused = True


def _is_ordered(mark: _Mark, heard: _Heard) -> bool:
    return mark.kind == "quantity" and not mark.value[2] and mark.value[0] in {one.quantity for one in heard.lines}


def _take(sentence: str, text: str, marks: Sequence[_Mark], heard: _Heard) -> None:
    """The figures of a sentence, each given to the lines it belongs to; a doubt where that is not clear."""
    named = list(dict.fromkeys(mark.value for mark in marks if mark.kind == "line"))
    every = [line.line_no for line in heard.lines]
    found: list[AnsweredLine] = []
    for kind in ("quantity", "price", "day"):
        values = [mark.value for mark in marks if mark.kind == kind]
        if not values:
            continue
        if kind == "day" and not (
            w.SHIPS.search(text) or w.ARRIVES.search(text) or w.CONFIRM.search(text) or w.DATED.search(text)
        ):
            heard.doubts.append(sentence)
            return
        pairs = _paired(values, named, every, is_for_all=kind == "day" or w.ALL_LINES.search(text) is not None)
        answered = [_answered(kind, no, value, text, heard) for no, value in pairs]
        if not pairs or None in answered:
            heard.doubts.append(sentence)
            return
        found += [one for one in answered if one]
    for one in found:
        _say(one, sentence, heard)
    if w.CONFIRM.search(text):
        heard.is_confirmed = True


def _paired(values: list[Any], named: list[int], every: list[int], *, is_for_all: bool) -> list[tuple[int, Any]]:
    """Which line each value is for; [] where that cannot be told."""
    targets = named or (every if len(every) == 1 or is_for_all else [])
    if len(values) == 1:
        return [(no, values[0]) for no in targets]
    return list(zip(named, values, strict=True)) if len(values) == len(named) else []


def _answered(kind: str, no: int, value: Any, text: str, heard: _Heard) -> AnsweredLine | None:
    line = next(line for line in heard.lines if line.line_no == no)
    if kind == "quantity":
        count, unit, _ = value
        return AnsweredLine(no, quantity=count) if same_unit(unit, line.unit) and count <= line.quantity else None
    if kind == "price":
        return AnsweredLine(no, unit_price=value) if value > 0 else None
    is_ship = bool(w.SHIPS.search(text)) and not w.ARRIVES.search(text)
    return AnsweredLine(no, day=value, is_ship_date=is_ship)


def _say(new: AnsweredLine, sentence: str, heard: _Heard) -> None:
    """Add to what is known of the line; two different figures for one thing are a doubt."""
    old = heard.said.get(new.line_no, AnsweredLine(new.line_no))
    for name in ("quantity", "unit_price"):
        given, known = getattr(new, name), getattr(old, name)
        if given is not None and known is not None and given != known:
            heard.doubts.append(sentence)
            return
    if new.day and old.day and new.day != old.day and new.is_ship_date == old.is_ship_date:
        heard.doubts.append(sentence)
        return
    takes_day = new.day is not None and (old.day is None or old.is_ship_date)  # an arrival tells more than a departure
    heard.said[new.line_no] = AnsweredLine(
        new.line_no,
        _first((new.quantity, old.quantity)),
        _first((new.unit_price, old.unit_price)),
        new.day if takes_day else old.day,
        new.is_ship_date if takes_day else old.is_ship_date,
    )


def _first(values: Iterable[Decimal | None]) -> Decimal | None:
    return next((value for value in values if value is not None), None)
