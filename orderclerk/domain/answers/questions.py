"""Answers to the questions of a hold: "20", "the blue one", "1) 20 2) next Friday", "第一项要20箱". In doubt: none."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orderclerk.domain.answers import patterns as p
from orderclerk.domain.answers.changes import Kind
from orderclerk.domain.answers.clauses import clauses_of, wish_of
from orderclerk.domain.answers.figures import NUMBER, UNIT, read_day, read_quantity, same_unit, unit_code
from orderclerk.domain.answers.targets import OfferedLine, find_lines
from orderclerk.domain.answers.whole import Verdict, is_conditional, judge_answer

_NUMBERED = re.compile(
    r"(?:^|(?<=[\s,;，；。.]))(?:\(?(?P<a>\d{1,2})(?:[):、）](?!\d)|\.(?=\s)|\)(?=\d))|(?:question|frage|no\.?|问题)\s*(?P<b>\d{1,2})\s*[:)])\s*"
)
_LETTER = re.compile(r"(?:option|choice|answer|variante|选项?|选择)?\s*\(?([a-h])\)?[.):]?")
_MEAN = re.compile(
    r"^(?:(?:we|i) (?:mean|meant|want|need|would like|take)|it(?:'s| is)|that(?:'s| is)|wir meinen|gemeint ist|要|是|我们要|应该是)\s*"
)
_ITEM = re.compile(r"(?=\S*\d)[a-z0-9][a-z0-9._/-]{1,39}")
_BOTH = re.compile(
    r"(?:yes|both(?: lines)?|twice|keep both|two times|ja|beide|zweimal|oui|les deux|deux fois|sí|ambas|是的?|两次|都要|两行都要|要两次)"
)
_ONCE = re.compile(
    r"(?:no|once|only once|just once|only one(?: of them)?|duplicate|by mistake|nein|nur einmal|einmal|non|une (?:seule )?fois|no,? only once|una vez|不|不是|一次|只要一次|重复了?|只要一行)"
)
_SKIP = re.compile(
    r"(?:skip|remove|delete|cancel|drop|streichen|取消|不要|删除)(?: sie)?\s*(?:it|this|this line|that line|this one|das|diese position|这[行个项]|了)?"
)
_WAIT = re.compile(
    r"(?:(?:ok,? ?)?(?:yes,? ?)?(?:we|i)(?:'ll| will| can)? )?wait(?: for it| until then)?|the new (?:date|day) is (?:ok|okay|fine)"
    r"|(?:wir )?warten|on attend|nous attendons|esperamos|(?:我们)?(?:可以)?等(?:待)?"
)
_SPLIT = re.compile(
    r"split(?: it| the order)?|send (?:us )?(?:what (?:you have|is there|is in stock)|the rest)(?: now)?|(?:part|partial|split) (?:delivery|shipment)"
    r"|teillieferung|livraison partielle|entrega parcial|分批(?:发货)?|先发(?:现货|一部分|有货的)"
)
_Q = re.compile(
    rf"(?:it should be |should be |qty|quantity|menge|数量|要|共|一共)?\s*:?\s*(?P<n>{NUMBER})\s*(?P<u>{UNIT})?"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers that we offered; `value` is what it sets, `names` how it is called in any language."""

    value: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was put: its `number` in the mail, the field it is about (quantity, item, date, address, price,
    twice, line, wait) and the line (None for the whole order)."""

    number: int
    field: str
    line: OfferedLine | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question; `is_removed`: the line is not wanted. `text` is the customer's words."""

    number: int
    text: str
    quantity: Decimal | None = None
    unit: str = ""
    day: date | None = None
    value: str = ""
    is_removed: bool = False


def read_replies(
    words: str, questions: Sequence[Question], lines: Sequence[OfferedLine], today: date
) -> dict[int, Reply]:
    """The answers found in `words`, by the question's number; what is not understood is missing."""
    text = unicodedata.normalize("NFKC", words).replace("’", "'").strip()
    numbered = _numbered(text, {question.number for question in questions})
    if numbered:
        found = [_reply(q, numbered[q.number], lines, today) for q in questions if q.number in numbered]
    elif len(questions) == 1:
        found = [_single(questions[0], text, lines, today)]
    else:
        found = _unnumbered(text, questions, lines, today)
    return {reply.number: reply for reply in found if reply}


def _numbered(text: str, numbers: set[int]) -> dict[int, str]:
    """Parts after 1) ... 2) ...; {} unless every mark is a question of ours, each once and rising."""
    marks = list(_NUMBERED.finditer(text))
    at = [int(mark["a"] or mark["b"]) for mark in marks]
    if not at or at != sorted(set(at)) or not set(at) <= numbers or text[: marks[0].start()].count("\n") > 3:
        return {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {no: text[mark.end() : end].strip(" \n,;，；") for no, mark, end in zip(at, marks, ends, strict=True)}


def _single(question: Question, text: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    """The whole mail as the answer to the only question, else the one clause of it that is one."""
    if reply := _reply(question, text, lines, today):
        return reply
    found = {clause: _reply(question, clause, lines, today) for clause in clauses_of(text)}
    replies = [reply for reply in found.values() if reply]
    beside = [clause for clause, reply in found.items() if reply is None]
    return replies[0] if len(replies) == 1 and all(map(_is_harmless, beside)) else None


def _is_harmless(clause: str) -> bool:
    """Whether a clause beside an answer takes nothing away from it: no figure, question, condition or contrast."""
    is_plain = not re.search(r"\d|[?？]|\b(?:but|only|not|instead|aber|nur|nicht|mais|pero)\b|但|只|不", clause)
    return p.NOISE.fullmatch(clause) is not None or (is_plain and not is_conditional(clause))


def _unnumbered(
    text: str, questions: Sequence[Question], lines: Sequence[OfferedLine], today: date
) -> list[Reply | None]:
    """One line an answer in the order of the questions; else each clause to the one question that it can answer."""
    rows = [row for row in (line.strip() for line in text.split("\n")) if row and not p.NOISE.fullmatch(row.casefold())]
    if len(rows) == len(questions):
        replies = [_reply(question, row, lines, today) for question, row in zip(questions, rows, strict=True)]
        if all(replies):
            return list(replies)
    found: dict[int, list[Reply]] = {}
    for clause in clauses_of(text):
        fitting = [reply for question in questions if (reply := _reply(question, clause, lines, today))]
        if len(fitting) == 1:
            found.setdefault(fitting[0].number, []).append(fitting[0])
        elif not _is_harmless(clause):
            return []
    return [replies[0] for replies in found.values() if len(replies) == 1]


def _reply(question: Question, text: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    """`text` as the answer to `question`; None where it is none or says more than that."""
    if question.field == "address" and not question.choices:
        return _address(question, text)
    words = _tidy(text)
    if question.field == "wait" and (choice := _wait(question, words, lines, today)):
        return choice  # 等 alone waits, and would be a condition
    if not words or (is_conditional(words) and question.field not in ("date", "twice")):
        return None
    if question.choices:
        if chosen := _chosen(question, words, text):
            return chosen
        if question.field == "address":
            return _address(question, text)
    reader = {"quantity": _quantity, "item": _item, "date": _date, "price": _price, "twice": _twice, "line": _line,
              "wait": _wait}  # fmt: skip
    return reader[question.field](question, words, lines, today)


def _tidy(text: str) -> str:
    words = " ".join(text.casefold().split()).strip(" .,;:!")
    words = p.TAIL.sub("", p.POLITE.sub("", words)).strip(" .,;:!\"'")
    return _MEAN.sub("", words)


def _chosen(question: Question, words: str, text: str) -> Reply | None:
    """The one of the choices that is meant: by letter, by place, by number or name."""
    if letter := _LETTER.fullmatch(words):
        place = ord(letter[1]) - ord("a")
        if place < len(question.choices):
            return Reply(question.number, text, value=question.choices[place].value)
    offered = [OfferedLine(no, refs=(c.value,), names=c.names) for no, c in enumerate(question.choices, start=1)]
    meant = find_lines(words, offered).lines
    if len(meant) == 1:
        return Reply(question.number, text, value=question.choices[meant[0] - 1].value)
    return None


def _quantity(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    ordered = question.line.unit if question.line else ""
    if found := _Q.fullmatch(words):
        count, unit = read_quantity(found["n"]), unit_code(found["u"] or "")
        fits = count is not None and (not ordered or same_unit(unit, ordered))
        return _counted(question, words, count, unit) if fits else None
    if _SKIP.fullmatch(words):
        return Reply(question.number, words, is_removed=True)
    asked = question.line.line_no if question.line else 0
    known = [line if line.line_no != asked else _any_unit(line, words) for line in lines]
    wish = wish_of(words, known, today)
    if wish is None or wish.line_no != asked:
        return None
    if wish.kind is Kind.REMOVE:
        return Reply(question.number, words, is_removed=True)
    return _counted(question, words, wish.quantity, _unit_in(words)) if wish.kind is Kind.QUANTITY else None


def _any_unit(line: OfferedLine, words: str) -> OfferedLine:
    """A line whose unit nobody knows yet takes the one that is said."""
    if line.unit:
        return line
    return OfferedLine(line.line_no, line.quantity, _unit_in(words), line.refs, line.names, line.is_charge)


def _unit_in(words: str) -> str:
    found = re.search(rf"{NUMBER}\s*({UNIT})", words)
    return unit_code(found[1]) if found else ""


def _counted(question: Question, words: str, count: Decimal | None, unit: str) -> Reply | None:
    if count is None:
        return None
    ordered = question.line.unit if question.line else ""
    return Reply(question.number, words, count or None, ordered or unit, is_removed=not count)


def _item(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    return Reply(question.number, words, value=words.upper()) if _ITEM.fullmatch(words) else None


def _date(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    day = read_day(words, today)
    if day is None:
        wish = wish_of(words, lines, today)
        day = wish.day if wish and wish.kind is Kind.DATE else None
    return Reply(question.number, words, day=day) if day else None


def _price(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    agreed = judge_answer(words) is Verdict.CONFIRM
    return Reply(question.number, words, value="ours") if agreed else None


def _twice(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    if _ONCE.fullmatch(words):
        return Reply(question.number, words, value="once", is_removed=True)
    return Reply(question.number, words, value="both") if _BOTH.fullmatch(words) else None


def _wait(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    """What to do about a delay; a plain yes takes the new day. Only what was offered can be chosen."""
    value = "split" if _SPLIT.fullmatch(words) else ""
    if _WAIT.fullmatch(words) or judge_answer(words) is Verdict.CONFIRM:
        value = "wait"
    is_offered = value in {choice.value for choice in question.choices}
    return Reply(question.number, words, value=value) if is_offered else None


def _line(question: Question, words: str, lines: Sequence[OfferedLine], today: date) -> Reply | None:
    """A whole line anew: 20 x IT-3, IT-3: 20 boxes."""
    q, item = rf"(?P<n>{NUMBER})\s*(?P<u>{UNIT})?", r"(?P<i>(?=\S*\d)[a-z0-9][a-z0-9._/-]{1,39})"
    for form in (rf"{q}\s*(?:x|×|\*|of|von|de)?\s+{item}", rf"{item}\s*(?:x|×|\*|:|,)?\s*{q}"):
        if (found := re.fullmatch(form, words)) and (count := read_quantity(found["n"])):
            return Reply(question.number, words, count, unit_code(found["u"] or ""), value=found["i"].upper())
    return None


def _address(question: Question, text: str) -> Reply | None:
    """Something with a number and words in it; whoever takes it over reads its parts."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    lines = [line for line in lines if not p.NOISE.fullmatch(line.casefold().strip(" ,.!"))]
    whole = "\n".join(lines)
    is_one = 12 <= len(whole) <= 300 and len(lines) <= 7 and re.search(r"\d", whole) and "?" not in whole
    chinese = re.search(r"[省市区县路街号]", whole) is not None and len(whole) >= 8 and "?" not in whole
    return Reply(question.number, whole, value=whole) if is_one or chinese else None
