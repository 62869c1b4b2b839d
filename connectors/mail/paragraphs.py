"""Lines of words as people break them: joined where a sentence runs on, read sentence by sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.mail.addresses import read_address
from connectors.mail.day_phrases import without_days
from connectors.mail.lines.model import Span, TypedLine
from connectors.mail.lines.typed import read_line
from connectors.mail.lines.words import BULLET, LEGAL, NUMBERING, STREET, VERB_WITHIN
from connectors.mail.prose import repeated_order, sentences
from connectors.mail.speech import Speech

MAX_TEXT = 1_000  # characters of a sentence or paragraph that are read: longer ones order nothing a clerk could check
MAX_JOINED = 12  # lines of one paragraph
FULL_LINE = 50  # characters: a shorter line was ended by its writer
_GOES_ON = re.compile(r"(?:[,，、]|\b(?:and|of|und|von|et|de|y|e|di|plus)|和|及)$", re.IGNORECASE)
STRONG = frozenset(
    {"counted description", "count times description", "described and labelled count", "description then count"}
)


@dataclass(slots=True)
class Paragraph:
    """Lines joined to one text; `starts` are the places in it where each of `length` rows begins."""

    text: str
    row: int
    length: int
    starts: list[int] = field(default_factory=list)

    def row_at(self, place: int) -> int:
        """The row in which the character at `place` stands."""
        return self.row + max((nth for nth, start in enumerate(self.starts) if start <= place), default=0)


def paragraph_at(lines: Sequence[str], place: int, used: set[int]) -> Paragraph:
    """The paragraph that begins at `place`: following lines belong to it while the writer's lines run full."""
    text, starts, end = lines[place], [0], place + 1
    while end < len(lines) and end - place < MAX_JOINED and len(text) < MAX_TEXT and _runs_on(lines, end, used):
        starts.append(len(text) + 1)
        text = f"{text} {lines[end]}"
        end += 1
    return Paragraph(text, place, end - place, starts)


def _runs_on(lines: Sequence[str], place: int, used: set[int]) -> bool:
    """Whether the line at `place` goes on with the sentence of the one above."""
    above, line = lines[place - 1], lines[place]
    if len(above) + len(line) > MAX_TEXT or not line or place in used or "\t" in above + line or "|" in line:
        return False
    if above.endswith((":", ".", "!", "?", "：", "。", "！", "？", ";")) or BULLET.match(line) or NUMBERING.match(line):
        return False
    if BULLET.match(above) or NUMBERING.match(above):
        return len(above) >= FULL_LINE and line[:1].islower() and not _is_line(line)
    if len(above) < FULL_LINE and not above.endswith((",", "、", "，")):
        return False
    if (_is_line(above) or _is_line(line)) and not VERB_WITHIN.search(above) and not _GOES_ON.search(above):
        return line[:1].islower() and not _is_line(line)
    if _is_line(above) and _is_line(line):
        return VERB_WITHIN.search(above) is not None or _GOES_ON.search(above) is not None
    return len(above) >= FULL_LINE or line[:1].islower()


def _is_line(line: str) -> bool:
    """Whether a line of text is an order line by itself; `10 AB-1234` is one, be the 10 a count or a position."""
    return not LEGAL.search(line) and any(
        (found.quantity is not None and (found.names_item or found.form in STRONG))
        or (found.maybe is not None and found.form == "count then item")
        for found in read_line(line)
    )


def lines_of_prose(
    paragraph: Paragraph, speech: Speech, is_list: bool
) -> tuple[list[tuple[int, TypedLine]], list[tuple[int, str]]]:
    """The order lines of a paragraph with their rows, and its sentences that hold none."""
    found: list[tuple[int, TypedLine]] = []
    left: list[tuple[int, str]] = []
    if _is_address(paragraph.text):
        return [], [(paragraph.row, paragraph.text)]
    for sentence in sentences(paragraph.text):
        row = paragraph.row_at(sentence.start)
        lines, dropped = _lines_of(sentence.text, speech, is_list or bool(found))
        for line in lines:
            start = line.spans[0].start if line.spans else 0
            at = paragraph.row_at(sentence.start + start)
            _shift(line.spans, sentence.start - paragraph.starts[at - paragraph.row])
            found.append((at, line))
        for line in lines[-1:] if dropped else ():
            line.doubts.add("two counts")
        if not lines or repeated_order(sentence.text):
            left.append((row, sentence.text))
    return found, left


def _shift(spans: list[Span], by: int) -> None:
    for span in spans:
        span.start, span.end = max(0, span.start + by), max(0, span.end + by)


def _lines_of(sentence: str, speech: Speech, is_list: bool) -> tuple[list[TypedLine], bool]:
    """The order lines of one sentence, or of one line that is no sentence; and whether one more may stand in it."""
    if len(sentence) > MAX_TEXT or LEGAL.search(sentence):
        return [], False
    text = without_days(sentence)
    verb = VERB_WITHIN.search(text)
    bulleted = BULLET.match(text) or NUMBERING.match(text)
    read = read_line(text, speech)
    lines = [line for line in read if _counts(line, is_list or bool(bulleted), bool(verb))]
    if verb and verb.start() and (not lines or any(line.form == "no quantity" for line in lines)):
        behind = " " * verb.end() + text[verb.end() :]
        later = [line for line in _behind(behind, speech) if _counts(line, True, True)]
        lines = later or lines
    counted = [one for one in read if one.quantity is not None and one.unit]
    is_dropped = bool(lines) and (
        len(lines) < len(counted) or not {one.quantity for one in counted} <= _counts_of(lines)
    )
    if verb and len(sentence.split()) > 6:
        for line in lines:
            line.doubts.add("prose")
    return lines, is_dropped


def _counts_of(lines: Sequence[TypedLine]) -> set[Decimal | None]:
    return {number for line in lines for number in (line.quantity, line.maybe, line.pack)}


def _is_address(sentence: str) -> bool:
    """Whether a line is a firm's whole address, from its name to its country."""
    if sentence.count(",") < 3 or not re.search(r"\d", sentence):
        return False
    told = read_address(sentence)
    return all((told.recipient, told.street, told.city, told.postal_code, told.country))


def _behind(text: str, speech: Speech) -> list[TypedLine]:
    """The lines behind the verb of a sentence, with spans counted from its beginning."""
    start = len(text) - len(text.lstrip())
    lines = read_line(text[start:], speech, is_prose=True)
    for line in lines:
        _shift(line.spans, start)
    return lines


def _counts(line: TypedLine, is_list: bool, has_verb: bool) -> bool:
    """Whether what was read is an order line here: one that names no item needs something around it that orders."""
    if line.names_item:
        return True
    if not line.description or line.form == "no quantity" or (not line.unit and STREET.search(line.description)):
        return False
    if line.form in ("counted description", "count times description", "described and labelled count"):
        return is_list or has_verb or line.price is not None
    if line.form == "description then count":
        return is_list and not has_verb
    return is_list or has_verb
