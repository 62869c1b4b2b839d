"""Text in columns of equal width on the screen, where a Chinese character takes two places."""

import re
import unicodedata
from functools import lru_cache

_WIDE = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_WORDS = re.compile(rf"[ ]+|[{_WIDE}]|[^ {_WIDE}]+")


def width(text: str) -> int:
    """How many places `text` takes in a fixed-width font."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def pad(text: str, places: int) -> str:
    """`text` with spaces after it, `places` wide."""
    return text + " " * (places - width(text))


def pad_left(text: str, places: int) -> str:
    """`text` with spaces before it, `places` wide: for figures."""
    return " " * (places - width(text)) + text


def wrap(text: str, places: int) -> list[str]:
    """`text` in lines at most `places` wide, broken at spaces and between Chinese characters; at least one line.

    A word wider than a line is cut. `places` of at least 2.
    """
    if width(text) <= places:
        return [text]
    lines, line, used = [], "", 0
    for word in _WORDS.findall(text):
        size = width(word)
        if used and used + size > places:
            lines.append(line.rstrip())
            line, used = "", 0
        if word.isspace() and not used:
            continue
        while size > places and len(word) > 1:  # the line is empty here
            head = _fitting(word, places)
            lines.append(head)
            word = word[len(head) :]
            size = width(word)
        line, used = line + word, used + size
    return [*lines, line.rstrip()] if line.strip() else lines


def _fitting(word: str, places: int) -> str:
    """The longest beginning of `word` that fits, at least one character."""
    used = 0
    for index, char in enumerate(word):
        used += _char_width(char)
        if used > places and index:
            return word[:index]
    return word


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
