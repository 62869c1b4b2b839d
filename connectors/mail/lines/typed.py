"""One typed line into its order lines: `10 x AB-1234`, `20 of the blue mugs 300 ml and 5 cartons of green tea`."""

import re

from connectors.mail.amounts import COUNT_UNIT
from connectors.mail.lines.clause import MAX_CLAUSE, doubt_rest, read_clause
from connectors.mail.lines.describing import tidy
from connectors.mail.lines.model import TypedLine
from connectors.mail.lines.words import BETWEEN_ITEMS, BULLET, FILLER, NUMBERING, ORDER_VERB
from connectors.mail.numberwords import number_word
from connectors.mail.speech import PLAIN, Speech

MAX_SENTENCE = 1_000  # characters
MAX_PIECES = 60
_SIZE_AND_CODE = re.compile(r"\s*[^\W_]{1,4}\s*[(\[][^()\[\]]+[)\]][^\w]*(?:@.*)?$")
_MAY_COUNT = re.compile(
    r"(?<![\w.,/-])\d+\s+(?!mm|cm|m\b|ml|l\b|g\b|kg|[vVwW]\b|x\b|er\b)[^\W\d_]{2}|"
    rf"(?<![A-Za-z0-9])(?=[\dOoIl]*\d)[\dOoIl]{{1,6}}\s?{COUNT_UNIT}(?![A-Za-z0-9])"  # 4O件: letters for digits
)


def read_line(line: str, speech: Speech = PLAIN, is_prose: bool = False) -> list[TypedLine]:
    """The order lines in one line of text (already `plain_line`); [] if it is none. Spans count from its start."""
    if len(line) > MAX_SENTENCE:
        return []
    words, has_verb = _stripped(line)
    has_verb = has_verb or NUMBERING.match(line) is not None
    start = len(line) - len(words)
    pieces = _pieces(words)
    is_prose = is_prose or has_verb
    read = [read_clause(_stripped(text)[0], speech, is_prose) for _, text in pieces] if len(pieces) > 1 else []
    if read:
        pieces[0], read[0] = _from_count(pieces[0], read[0])
    alone = [found for found in read if found is not None and _stands_alone(found)]
    if len(alone) > 1 and not _belong_together(alone):
        return _several(pieces, read, start, speech)
    if len(words) > MAX_CLAUSE:
        return []
    found = read_clause(words, speech, is_prose)
    return [_moved(found, start)] if found else []


def _belong_together(alone: list[TypedLine]) -> bool:
    """`18 units Vacuum flask, white, 0.75 l (HW1825)`: whether the second of two is only a measure of the first."""
    first, second = alone[0], alone[-1]
    is_measure = "measured" in second.doubts and "measured" not in first.doubts
    if len(alone) == 2 and not first.names_item and second.names_item and _SIZE_AND_CODE.match(second.raw):
        return True  # 18 pairs Safety shoes S3 size, 39 (SG5221)
    return len(alone) == 2 and is_measure and not first.names_item and (second.names_item or not second.description)


def _stands_alone(line: TypedLine) -> bool:
    has_count = line.quantity is not None or line.maybe is not None or bool(line.problems)
    return has_count and (line.names_item or (bool(line.description) and line.form != "no quantity"))


def _pieces(words: str) -> list[tuple[int, str]]:
    pieces: list[tuple[int, str]] = []
    place = 0
    for found in BETWEEN_ITEMS.finditer(words):
        if len(pieces) >= MAX_PIECES:
            break
        pieces.append((place, words[place : found.start()]))
        place = found.end()
    return [(start, text) for start, text in [*pieces, (place, words[place:])] if text.strip()]


def _several(
    pieces: list[tuple[int, str]], read: list[TypedLine | None], start: int, speech: Speech
) -> list[TypedLine]:
    """The lines of the pieces that name a quantity; what stands between goes to the description before it."""
    lines: list[TypedLine] = []
    is_left_out = False
    for (place, text), found in zip(pieces, read, strict=True):
        if not lines and (found is None or not _stands_alone(found)) and _has_number(text, speech.language):
            is_left_out = True
        if found is not None and _stands_alone(found):
            lines.append(_moved(found, start + place + len(text) - len(_stripped(text)[0])))
        elif lines and len(lines[-1].description) < MAX_CLAUSE:
            lines[-1].description = tidy(f"{lines[-1].description}, {tidy(text)}")
            if _MAY_COUNT.search(text):
                lines[-1].doubts.add("two counts")
            doubt_rest(lines[-1], speech)
    if lines and is_left_out:
        lines[0].doubts.add("two counts")
    return lines


def _has_number(text: str, language: str) -> bool:
    """Whether a number above one stands in `text`, in figures or as a word: veinte velas."""
    words = (number_word(text, found.start(), language) for found in re.finditer(r"(?<!\w)[^\W\d_]{3}", text))
    return re.search(r"\d", text) is not None or any(word is not None and (word[0] or 0) > 1 for word in words)


def _from_count(piece: tuple[int, str], found: TypedLine | None) -> tuple[tuple[int, str], TypedLine | None]:
    """`Could you send 180 flat brushes, 80 vests`: where the first piece is no line, what follows its number may be."""
    place, text = piece
    first = re.search(r"(?<![^\W_])\d|(?<=[\u4e00-\u9fff])\d", text)
    if first is None or (found is not None and _stands_alone(found)):
        return piece, found
    line = read_clause(text[first.start() :], PLAIN, is_prose=True)
    if line is None or not (line.names_item or line.form == "counted description"):
        return piece, found
    return (place + first.start(), text[first.start() :]), line


def _moved(line: TypedLine, by: int) -> TypedLine:
    for span in line.spans:
        span.start, span.end = span.start + by, span.end + by
    return line


def without_marks(line: str) -> str:
    """`line` without bullet and numbering."""
    for pattern in (BULLET, NUMBERING):
        if found := pattern.match(line):
            line = line[found.end() :]
    return line.strip()


def _stripped(line: str) -> tuple[str, bool]:
    """Without bullet, numbering and the verb that orders; and whether there was such a verb."""
    words = line.lstrip("¿¡ ")
    for pattern in (BULLET, NUMBERING):
        if found := pattern.match(words):
            words = words[found.end() :]
    verb = None
    for _ in range(4):
        if found := ORDER_VERB.match(words.lstrip()):
            verb, words = found, words.lstrip()[found.end() :]
        elif (found := FILLER.match(words.lstrip())) and found.end():
            words = words.lstrip()[found.end() :]
        else:
            break
    return words.lstrip(), verb is not None
