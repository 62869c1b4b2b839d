"""Every item number of a part accounted for: what looks like those that were read and stands in no order line.

The senders of one mail write their numbers alike. A further number of the same build (`632040` beside `612040`) is an
order line that was not understood, whatever the reason, unless it is told otherwise: a label, a date, a firm's imprint.
"""

import re
from collections.abc import Iterator

from connectors.mail.day_phrases import without_days
from connectors.mail.lines.items import TOKEN, is_item
from connectors.mail.lines.words import is_imprint
from connectors.mail.normal import folded, plain_line
from connectors.mail.parts import BodyRead, Placed
from connectors.mail.quoting import is_closing

_TOKENS = re.compile(rf"(?<![A-Za-z0-9À-ÿ_./+#@&-]){TOKEN}(?![A-Za-z0-9À-ÿ_@]|[./+#-][A-Za-z0-9])")
_LETTER, _DIGIT = re.compile(r"[A-Za-z]"), re.compile(r"\d")
_PHONE = re.compile(r"\+\d[\d /().-]{6,20}\d")
MAX_ROW = 300  # characters of a row that are looked at
MAX_NAMED = 5


def unaccounted(read: BodyRead, known: frozenset[str] = frozenset()) -> list[str]:
    """The rows of a part with an item number that no order line took; `known`: the mail's own numbers, folded."""
    taken = known | {folded(name) for one in read.lines for name in _names(one)}
    taken |= {folded(word) for one in read.fields.stated for word in one.value.split()}
    builds = {_build(name) for one in read.lines for name in _names(one)}
    if not builds:
        return []
    found = [text for text in _rows(read) if any(_is_new(token, builds, taken) for token in _numbers(text))]
    return list(dict.fromkeys(found))[:MAX_NAMED]


def _names(placed: Placed) -> list[str]:
    return [name for name in (placed.line.item, placed.line.barcode) if name]


def _rows(read: BodyRead) -> Iterator[str]:
    """What stands in the part above its closing formula and beside its labelled values, row by row."""
    for place, row in enumerate(read.rows):
        cells = [" ; ".join(row) for row in row.grid.rows] if row.grid else [row.raw]
        if not row.grid and is_closing(row.raw):
            return
        if place not in read.fields.used or row.grid:
            yield from (plain_line(text[:MAX_ROW]) for text in cells)


def _numbers(text: str) -> list[str]:
    if is_imprint(text):
        return []
    text = _PHONE.sub(" ", without_days(text))
    return [
        found[0]
        for found in _TOKENS.finditer(text)
        if is_item(found[0], is_labelled=False) and (not found[0].isdigit() or _counts_beside(text, found))
    ]


def _counts_beside(text: str, number: "re.Match[str]") -> bool:
    """Whether another figure stands in the row: digits alone may be a town's postal code."""
    return re.search(r"\d", text[: number.start()] + text[number.end() :]) is not None


def _is_new(token: str, builds: set[str], taken: frozenset[str]) -> bool:
    return folded(token) not in taken and _build(token) in builds


def _build(number: str) -> str:
    """How a number is built: SG5623 is AA9999."""
    return _DIGIT.sub("9", _LETTER.sub("A", number))
