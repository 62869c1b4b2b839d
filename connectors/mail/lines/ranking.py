"""Which number of a clause says how many, by what stands around it, and what the form is called."""

import re

from connectors.mail.lines.figures import Figure
from connectors.mail.lines.items import Item

_ENDS_IN_SIZE = re.compile(r"(?:^|[\s(])[A-Za-z]?\d+(?:[.,]\d+)?$")
_SEPARATOR_BEFORE = re.compile(r"[:,、;|=\t/-]\s*$|\t\s*$|[(\[]\s*$")


def rank_of(text: str, figure: Figure, figures: list[Figure], item: Item | None) -> int:
    """How much speaks for `figure` being the quantity: 10 a label, 9 a unit, 8 a times sign ... 0 nothing."""
    before, after = text[: figure.label_start].strip(" ,、;:|-()[\t"), text[figure.unit_end :].strip(" .,、;:|)]\t")
    at_start = not before
    if figure.role == "labelled":
        return 10
    if figure.role == "counted":
        return 9
    if figure.role == "times":
        return 8 if at_start != (not after) else 0
    if figure.role == "timed":
        only_item = item is not None and before.endswith(item.text)
        is_size = not only_item and not _is_told_apart(text, figure, after) and _ENDS_IN_SIZE.search(before) is not None
        return 0 if is_size or at_start or (after and not item) else 8
    if figure.role == "measured":
        return _measured_rank(text, figure, figures, item, before, after)
    return _bare_rank(text, figure, item, before, after) if figure.role == "bare" else 0


def _is_told_apart(text: str, figure: Figure, after: str) -> bool:
    """`white C6 x2000`: the sign stands with the number at the line's end, apart from the size before it."""
    return not after and not text[figure.start - 1].isspace() and text[: figure.label_start].endswith(" ")


def _measured_rank(text: str, figure: Figure, figures: list[Figure], item: Item | None, before: str, after: str) -> int:
    if not before:
        return 7
    if item and before.endswith(item.text):
        return 6
    is_alone = not any(other.role in ("counted", "labelled", "times", "timed") for other in figures)
    return 5 if is_alone and not after and re.search(r"[:|=\t]\s*$|\s-\s*$", text[: figure.start]) else 0


def _bare_rank(text: str, figure: Figure, item: Item | None, before: str, after: str) -> int:
    if not before:
        return 6 if after else 0
    if (
        item
        and re.search(r"[|\t]\s*$", text[: figure.start])
        and (not after or re.match(r"\s*[|\t]", text[figure.end :]))
    ):
        return 6
    if after:
        return 0
    if item and before.endswith(item.text):
        return 6
    if _SEPARATOR_BEFORE.search(text[: figure.start]):
        return 5
    return 2 if item else 0


def _is_cell(text: str, figure: Figure) -> bool:
    return re.search(r"[|\t]\s*$", text[: figure.start]) is not None


def _ends_cell(text: str, figure: Figure) -> bool:
    return re.match(r"\s*[|\t]", text[figure.end :]) is not None


def form_of(text: str, figure: Figure, item: Item | None) -> str:
    """The name of the way a line was read, as in confidence.csv."""
    at_start = not text[: figure.label_start].strip(" ,、;:|-(")
    if figure.role == "labelled":
        return "item and labelled count" if item else "described and labelled count"
    if figure.role == "times":
        return "count times item" if item else "count times description"
    if figure.role == "timed":
        return "item times count" if item else "description then count"
    if figure.role in ("counted", "measured"):
        if item:
            return "counted item" if at_start else "item and counted"
        return "counted description" if at_start else "description then count"
    if at_start:
        is_next = item is not None and not text[figure.end : item.start].strip()
        return "count then item" if is_next else "counted item" if item else "bare count first"
    before = text[: figure.start].rstrip()
    if item and (_SEPARATOR_BEFORE.search(text[: figure.start]) or before.strip(" ,、;:|-()").endswith(item.text)):
        is_cell = _is_cell(text, figure) and _ends_cell(text, figure)
        return "row of cells" if is_cell else "item then count"
    return "no quantity" if item else "description then count"
