"""Sentences that no order line was read in and that name goods all the same: they hold the order (LIN-009)."""

import re
from collections.abc import Sequence

from connectors.mail.amounts import COUNT_UNIT, unit_code
from connectors.mail.day_phrases import without_days
from connectors.mail.lines.items import find_item, is_barcode
from connectors.mail.lines.typed import read_line
from connectors.mail.lines.words import BULLET, NUMBERING, is_imprint
from connectors.mail.normal import plain_line
from connectors.mail.paragraphs import STRONG

MAX_SENTENCE = 120  # characters: a longer one tells something else
_COUNTED = re.compile(rf"(?<![\w.,/+-])\d{{1,5}}(?:\s?[/~]\s?\d{{1,5}})?\s?{COUNT_UNIT}(?![\w-])", re.IGNORECASE)
_ONCE_MORE = re.compile(r"再?来一(?:份|次|单|批)")  # of what was ordered before
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z0-9À-ÿ_?？.])(?:[?？]{1,3}|\.{3}|…|_{2,}|tb[acd]|n\.n\.|x{2,3}(?=\s))\s?(?=[^\W\d])|"
    r"(?<!\w)\d+\s?[?？](?=\s?[^\W\d])|[?？](?=[个件箱只台套盒包瓶卷双条打本支把])",
    re.IGNORECASE,
)


def is_missed(text: str, is_list: bool) -> bool:
    """Whether a sentence that was not read names goods all the same; `is_list`: it stands in a list of them."""
    return (is_list and _is_listed(text)) or _names_a_count(text) or _names_a_barcode(text)


def is_unread_row(text: str, is_within: bool) -> bool:
    """Whether a row that was not read may be an order line or a part of one; `is_within`: it stands between two."""
    if is_imprint(text):
        return False
    return _is_unit(text) or (re.search(r"\d", without_days(text)) if is_within else _COUNTED.search(text)) is not None


def _is_unit(text: str) -> bool:
    """Whether a row is a unit and nothing else: the end of a line that a mail program broke."""
    return bool(unit_code(text.strip(" .,;")))


def has_placeholder(text: str) -> bool:
    """Whether a number in `text` was left to be filled in: "... mugs", "tbc mugs", "20? mugs"."""
    return _PLACEHOLDER.search(text) is not None


def row_names_goods(cells: Sequence[str]) -> bool:
    """Whether a row that was not taken for an order line names an item all the same."""
    found = find_item(" ; ".join(plain_line(cell) for cell in cells))
    return (
        found is not None and (is_barcode(found.text) or not found.text.isdigit()) and not is_imprint(" ".join(cells))
    )


def _is_listed(text: str) -> bool:
    """Whether a sentence is a point of a list that names a number and a thing."""
    is_point = BULLET.match(text) or NUMBERING.match(text)
    return is_point is not None and re.search(r"\d", text[is_point.end() :]) is not None and not is_imprint(text)


def _names_a_barcode(text: str) -> bool:
    """Whether a sentence that was not read names goods by a number that proves itself."""
    item = find_item(text) if len(text) <= MAX_SENTENCE and not is_imprint(text) else None
    return item is not None and is_barcode(item.text) and len(item.text) > 8


def _names_a_count(text: str) -> bool:
    """Whether a sentence that was not taken for an order line names so many of something all the same."""
    if len(text) > MAX_SENTENCE or is_imprint(text):
        return False
    lines = read_line(_ONCE_MORE.sub(" ", text))
    return any(line.unit and line.quantity is not None and line.form in STRONG for line in lines)
