"""Words that take back, doubt, condition, split or repeat what stands beside them: they hold the order (LIN-009).

An order line is read by its form alone; whether "ignore the second line" or "10 now, 10 in January" changes it, a
person decides. The phrases stand in second_thoughts.csv, each a regular expression with its language.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from connectors.mail.normal import plain_line
from connectors.mail.parts import BodyRead
from connectors.mail.prose import repeated_order, sentences
from connectors.mail.quoting import closing_at

MAX_TEXT = 400  # characters of a row that are looked at
MAX_NAMED = 3
SHORT = 600  # characters of a mail whose language cannot be told from so few words: all are tried
_TELL_US = re.compile(
    r"\b(?:let (?:me|us) know|(?:inform|tell|notify|advise|contact|call) (?:me|us)|"
    r"bescheid|informieren|melden|benachrichtigen|mitteilen|"
    r"(?:inform|prév|averti|contact|appel)\w*[ -]nous|nous (?:inform|prév|averti|contact|tenir)\w*|"
    r"(?:faites|fais)[ -]\w*[ -]?savoir|"
    r"av[ií]s\w*|inf[oó]rm\w*|comun[ií]c\w*|avvis\w*|fate(?:ci|mi) sapere)\b|告知|通知|联系|说一声",
    re.IGNORECASE,
)
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_WORDY = re.compile(r"(?<![^\W_])[^\W\d_]{2,}(?![^\W_])|\d\s?\+|[~<\u4e00-\u9fff]")


def second_thoughts(read: BodyRead) -> list[str]:
    """The rows of a part, above its closing formula, that may change what its order lines say."""
    rows = list(dict.fromkeys(text for text in _rows(read) if _WORDY.search(text)))
    language = read.speech.language if sum(map(len, rows)) > SHORT else ""
    return [text for text in rows if has_second_thought(text, language)][:MAX_NAMED]


def has_second_thought(text: str, language: str = "") -> bool:
    """Whether `text` (already `plain_line`) holds such words; to repeat an order, or to ask for news, is none.

    `language`: whose words are looked for besides English ones; "" for all.
    """
    text = text[:MAX_TEXT]
    return _stands_in(text, language) and any(
        _stands_in(one.text, language) and not _is_harmless(one.text) for one in sentences(text)
    )


def _stands_in(text: str, language: str) -> bool:
    patterns = _patterns(language[:2], has_hanzi=_HANZI.search(text) is not None)
    return any(pattern.search(text) is not None for pattern in patterns)


def _is_harmless(sentence: str) -> bool:
    return repeated_order(sentence) != "" or (_TELL_US.search(sentence) is not None and not re.search(r"\d", sentence))


def _rows(read: BodyRead) -> Iterator[str]:
    end = closing_at([row.raw for row in read.rows])
    for row in read.rows[:end]:
        if row.grid:
            yield from (
                plain_line(" ; ".join(cell for cell in cells if _WORDY.search(cell))) for cells in row.grid.rows
            )
        elif row.raw.strip():
            yield plain_line(row.raw)


@cache
def _patterns(language: str, *, has_hanzi: bool) -> tuple["re.Pattern[str]", "re.Pattern[str]"]:
    """What begins with a word, and what may begin anywhere: of `language`, in English, in none; all for ""."""
    spoken = {language, "en", "any"} if language else {"de", "fr", "es", "it", "en", "any"}
    spoken |= {"zh"} if has_hanzi else set()
    with Path(__file__).with_name("second_thoughts.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["language"] in spoken]
    word, free = ("|".join(row["pattern"] for row in rows if row["begins"] == begins) for begins in ("word", "any"))
    return re.compile(rf"(?<!\w)(?=[^\W\d_])(?:{word})", re.IGNORECASE), re.compile(free, re.IGNORECASE)
