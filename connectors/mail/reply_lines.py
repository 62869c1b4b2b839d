"""The goods and quantities that the words of an answer name: "yes, but only 20 of the blue ones"."""

import re
from datetime import datetime

from connectors.mail.amounts import decimal_mark
from connectors.mail.body import read_body
from connectors.mail.lines.model import TypedLine
from connectors.mail.lines.typed import read_line
from connectors.mail.normal import plain_line
from connectors.mail.orders import line_read
from connectors.mail.parts import Placed
from connectors.mail.prose import sentences
from connectors.mail.speech import Speech
from orderclerk.domain.reading import LineRead

MAX_WORDS = 20_000  # characters
MAX_LINES = 200
_ONLY = re.compile(
    r"(?:^|[\s,;，])(?:but|only|just|instead|rather|make (?:it|that)|please|nur|aber|lieber|stattdessen|bitte|jedoch|mais|seulement|plutôt|"
    r"pero|solo|sólo|solamente|mejor|ma|soltanto|piuttosto|但是?|只要?|只需|改成|改为|换成|仅)\s*(?=[\d一二两三四五六七八九十]|(?:one|two|three|ten|zehn|zwei|deux|dix|dos|diez|due|dieci)\b)",
    re.IGNORECASE,
)


def read_reply_lines(text: str, language: str, sent_at: datetime | None = None) -> tuple[LineRead, ...]:
    """The lines in the words of an answer, each with its evidence (part "reply"); () if they name none.

    Beside whole order lines also what follows "only", "but" and the like; an item may be only described.
    """
    own = text[:MAX_WORDS].split("\n")
    read = read_body(own, language, sent_at.date() if sent_at else None)
    placed = list(read.lines)
    taken = {one.row for one in placed}
    decimal, is_shown = decimal_mark(plain_line(text[:MAX_WORDS]), language)
    speech = Speech(language, decimal, is_shown, sent_at.date() if sent_at else None)
    for row, line in enumerate(own[:MAX_LINES]):
        if row not in taken:
            placed += [Placed(row, f"line {row + 1}", line, found) for found in _after_only(plain_line(line), speech)]
    return tuple(line_read(nth, "reply", one) for nth, one in enumerate(placed[:MAX_LINES], start=1))


def _after_only(text: str, speech: Speech) -> list[TypedLine]:
    lines: list[TypedLine] = []
    for sentence in sentences(text):
        if found := _ONLY.search(sentence.text):
            start = sentence.start + found.end()
            for line in read_line(sentence.text[found.end() :], speech, is_prose=True):
                for span in line.spans:
                    span.start, span.end = span.start + start, span.end + start
                lines.append(line)
    return [line for line in lines if line.quantity is not None]
