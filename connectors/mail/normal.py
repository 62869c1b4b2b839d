"""Text as it is compared: one width of characters, one kind of space, one kind of dash."""

import re
import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_GROUPING_SPACE = re.compile(r"(?<=\d)[\u00a0\u202f\u2009](?=\d{3}(?!\d))")


def plain_line(text: str) -> str:
    """`text` with fullwidth digits and marks as ASCII, and a narrow space between thousands as an apostrophe."""
    grouped = _GROUPING_SPACE.sub("'", text)
    folded = unicodedata.normalize("NFKC", grouped).translate(_DASHES)
    return re.sub(r"[^\S\t]+", " ", folded).strip(" \r\n")


def folded(text: str) -> str:
    """`plain_line` for comparing words: case does not matter either."""
    return plain_line(text).casefold()
