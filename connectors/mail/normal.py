"""Text as it is compared: one width of characters, one kind of space, one kind of dash."""

import re
import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_GROUPING_SPACE = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_SPACED_MONEY = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3}){1,3}(?=[,.]\d{2}(?!\d))")
_BLANKS = re.compile(r"[^\S\t]+")


def plain_line(text: str) -> str:
    """`text` with fullwidth digits and marks as ASCII, and a narrow space between thousands as an apostrophe."""
    text = _SPACED_MONEY.sub(lambda found: found[0].replace(" ", "'"), text)
    if text.isascii():
        return _BLANKS.sub(" ", text).strip(" \r\n")
    grouped = _GROUPING_SPACE.sub("'", text)
    folded = unicodedata.normalize("NFKC", grouped).translate(_DASHES)
    return _BLANKS.sub(" ", folded).strip(" \r\n")


def folded(text: str) -> str:
    """`plain_line` for comparing words: case does not matter either."""
    return plain_line(text).casefold()


def written_span(raw: str, start: int, end: int) -> tuple[int, int]:
    """Where the characters [start, end) of `plain_line(raw)` stand in `raw`."""
    if end <= len(raw) and plain_line(raw) == raw:
        return start, end
    places: list[int] = []
    was_blank = True
    for place, char in enumerate(raw):
        plain = unicodedata.normalize("NFKC", char)
        is_blank = plain.isspace() and char != "\t"
        if not (is_blank and was_blank):
            places += [place] * len(plain)
        was_blank = is_blank
    if not places:
        return 0, 0
    first = places[min(start, len(places) - 1)]
    last = places[min(max(end - 1, start), len(places) - 1)]
    return first, last + 1
