"""One clause with one quantity into an order line: which number says how many, what names the item, what is left.

Every number is a candidate with a rank by what stands around it (a label, a unit, "x", its place); the best one is the
quantity, an equal rival is a doubt or a Problem.
"""

import re
from decimal import Decimal

from connectors.mail.lines.figures import Figure, find_figures
from connectors.mail.lines.items import Item, find_item, is_barcode
from connectors.mail.lines.model import Span, TypedLine
from connectors.mail.lines.prices import CENT, find_price
from connectors.mail.lines.words import FILLER
from connectors.mail.speech import Speech
from orderclerk.domain.reading import Problem

MAX_CLAUSE = 250  # characters; an order line in words is shorter
_WORTH_READING = re.compile(r"\d|[A-Z]{2}|[\u4e00-\u9fff]|[a-zà-ÿ]{3}")
_LETTERS = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")
_LEADING = re.compile(
    r"^(?:(?:of|de|des|du|d'|di|del|della|von|der|die|das|dem|den|the|these|those|le|la|les|los|las|el|our|your|"
    r"your usual|un|une|una|more|weitere[nr]?|mehr|autres?|más|altr[ie]|each|of the|x|的)(?![a-zà-ÿ])\s*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s*(?:的|,|;|\.|和)|(?:^|\s+)(?:please|bitte|svp|each|de|of|von|for|à|at|and|und|et|y|e|to|with|about|ca))+$",
    re.IGNORECASE,
)
_PACK_WORD = re.compile(r"(?<![a-zà-ÿ])(?:of|à|a|zu je|je|de|mit|with|x)\s*$", re.IGNORECASE)
_SEPARATOR_BEFORE = re.compile(r"[:,;|=\t/-]\s*$|\t\s*$|[(]\s*$")
_TIED = 5  # from this rank on two candidates contradict each other


def read_clause(text: str, speech: Speech, is_prose: bool = False) -> TypedLine | None:
    """The order line in `text` (already `plain_line`); None if it is none."""
    if len(text) > MAX_CLAUSE or not _WORTH_READING.search(text):
        return None
    price = find_price(text)
    rest = text
    for span in price.spans:
        rest = _blank(rest, span.start, span.end)
    figures = find_figures(rest, speech)
    item = find_item(_without_counts(rest, figures))
    line = TypedLine(text, "", None)
    item = _unless_counted(rest, figures, item)
    _name(line, item)
    chosen = _choose(rest, figures, item, line)
    if chosen is None and item and (price.words or _seems_counted(rest, figures, item)):
        said = price.words or rest[item.end :].strip()
        line.problems.append(Problem("LIN-001", "quantity", said[:40], f"{said[:40]!r} does not say how many"))
    elif chosen is None:
        return None
    if chosen:
        _count(line, chosen, figures, rest, item, is_prose)
    price.add_to(line, speech)
    _use_arithmetic(line)
    _describe(line, rest, chosen, item)
    return line if line.names_item or line.description or line.freight else None


def _unless_counted(text: str, figures: list[Figure], item: Item | None) -> Item | None:
    """`item`, unless it is a bare number at the start that says how many: 1500 hex nuts, but not 4711: 10."""
    if (
        not item
        or item.is_labelled
        or not item.text.isdigit()
        or len(item.text) > 5
        or text[: item.start].strip(" ,;:|(-")
    ):
        return item
    others = [one for one in figures if one.start >= item.end]
    is_counted = any(_rank(text, one, others, item) >= _TIED for one in others)
    if is_counted or not _LETTERS.search(text[item.end :]):
        return item
    return find_item(_blank(text, item.start, item.end))


def _seems_counted(text: str, figures: list[Figure], item: Item) -> bool:
    """Whether a line that begins with an item number has a figure, though none of which could be the quantity."""
    begins = not text[: item.start].strip(" ,;:|(-")
    return begins and (item.is_labelled or "-" in item.text) and any(one.start >= item.end for one in figures)


def _without_counts(text: str, figures: list[Figure]) -> str:
    for figure in figures:
        if figure.role in ("counted", "labelled", "times", "timed", "measured"):
            text = _blank(text, figure.label_start, figure.unit_end)
    return text


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _name(line: TypedLine, item: Item | None) -> None:
    if item:
        line.barcode, line.item = (item.text, "") if is_barcode(item.text) else ("", item.text)
        line.spans.append(Span("barcode" if line.barcode else "item_ref", item.begin, item.end))


def _choose(text: str, figures: list[Figure], item: Item | None, line: TypedLine) -> Figure | None:
    """The figure that says how many; problems and doubts about it go to `line`."""
    free = _beside(figures, item)
    ranked = sorted(((_rank(text, figure, free, item), figure) for figure in free), key=lambda pair: -pair[0])
    ranked = [(rank, figure) for rank, figure in ranked if rank > 0]
    if not ranked:
        return None
    best, figure = ranked[0]
    rivals = [other for rank, other in ranked[1:] if rank >= max(best - 1, _TIED)]
    is_told_twice = any(other.value != figure.value for other in rivals) and not _is_pack(text, figure, rivals, line)
    if is_told_twice:
        line.doubts.add("two counts")
        if best == _rank(text, rivals[0], free, item):
            reason = f"{figure.text!r} and {rivals[0].text!r} may both say how many"
            line.problems.append(Problem("LIN-001", "quantity", text[:60].strip(), reason))
    if line.pack is not None:
        figure = max((figure, *rivals), key=lambda one: one.value or 0) if rivals else figure
    return figure


def _beside(figures: list[Figure], item: Item | None) -> list[Figure]:
    """The figures that are no part of the item number."""
    return [one for one in figures if not item or one.end <= item.start or one.start >= item.end]


def _is_pack(text: str, figure: Figure, rivals: list[Figure], line: TypedLine) -> bool:
    """Whether of two counts one is the other in packs: 60 pcs (5 cartons)."""
    if len(rivals) != 1 or figure.role != "counted" or rivals[0].role != "counted" or figure.unit == rivals[0].unit:
        return False
    small, large = sorted((figure, rivals[0]), key=lambda one: one.value or Decimal(0))
    if not small.value or not large.value or large.value % small.value or large.unit != "EA":
        return False
    if small.start < large.start and "=" not in text[small.unit_end : large.start]:
        return False  # 5 boxes (100 pcs): in each of them, or in all?
    line.pack = large.value / small.value
    line.doubts.add("pack stated")
    line.spans.append(Span("pack_size", small.start, small.unit_end))
    return True


def _rank(text: str, figure: Figure, figures: list[Figure], item: Item | None) -> int:
    before, after = text[: figure.label_start].strip(" ,;:|-()\t"), text[figure.unit_end :].strip(" .,;:|)\t")
    at_start = not before
    if figure.role == "labelled":
        return 10
    if figure.role == "counted":
        return 9
    if figure.role == "times":
        return 8 if at_start != (not after) else 0
    if figure.role == "timed":
        only_item = item is not None and before.endswith(item.text)
        is_size = not only_item and re.search(r"(?:^|[\s(])[A-Za-z]?\d+(?:[.,]\d+)?$", before) is not None
        return 0 if is_size or at_start or (after and not item) else 8
    if figure.role == "measured":
        return _measured_rank(text, figure, figures, item, before, after)
    return _bare_rank(text, figure, item, before, after) if figure.role == "bare" else 0


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


def _count(
    line: TypedLine, figure: Figure, figures: list[Figure], text: str, item: Item | None, is_prose: bool
) -> None:
    line.unit = figure.unit
    line.doubts |= figure.doubts
    line.form = _form(text, figure, item)
    line.spans.append(Span("quantity", figure.start, figure.end))
    if figure.unit:
        line.spans.append(Span("unit", figure.end, figure.unit_end))
    if figure.role == "measured":
        line.doubts.add("measured")
    _add_pack(
        line, figure, [one for one in figures if not item or one.end <= item.start or one.start >= item.end], text
    )
    if figure.is_negative:
        line.problems.append(Problem("LIN-007", "quantity", figure.text, "A negative quantity in an order"))
    elif figure.value is None:
        line.problems.append(Problem("LIN-001", "quantity", figure.text[:40], figure.why))
    elif not any(problem.field == "quantity" for problem in line.problems):
        _accept(line, figure, text, item, is_prose)


def _accept(line: TypedLine, figure: Figure, text: str, item: Item | None, is_prose: bool) -> None:
    """Take the figure's value, or leave it open where it may be a line number or a part of the description."""
    if item and line.form == "count then item" and not is_prose and not text[figure.end : item.start].strip():
        _leave_open(line, figure, "may be a quantity or the number of the line")
    elif item and line.form == "no quantity":
        _leave_open(line, figure, "may be part of the description")
    else:
        line.quantity = figure.value


def _leave_open(line: TypedLine, figure: Figure, why: str) -> None:
    line.maybe = figure.value
    line.problems.append(Problem("LIN-001", "quantity", figure.text[:40], f"{figure.text[:40]!r} {why}"))


def _form(text: str, figure: Figure, item: Item | None) -> str:
    at_start = not text[: figure.label_start].strip(" ,;:|-(")
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
    if item and (_SEPARATOR_BEFORE.search(text[: figure.start]) or before.strip(" ,;:|-()").endswith(item.text)):
        is_cell = _is_cell(text, figure) and _ends_cell(text, figure)
        return "row of cells" if is_cell else "item then count"
    return "no quantity" if item else "description then count"


def _add_pack(line: TypedLine, figure: Figure, figures: list[Figure], text: str) -> None:
    """`5 cartons of 12`: the pack stays beside the quantity. `5 x 12 AB-1234` has two meanings."""
    following = next((other for other in figures if other.start >= figure.unit_end), None)
    if following is None or line.pack is not None:
        return
    between = text[figure.unit_end : following.start].strip(" (")
    if following.role == "pack" and following.value is not None and len(between) <= 12:
        line.pack, line.unit = following.value, line.unit or following.unit
        line.doubts.add("pack stated")
        line.spans.append(Span("pack_size", following.start, following.unit_end))
    elif figure.role == "times" and not between and following.role in ("timed", "counted", "bare", "times"):
        reason = f"{text[figure.start : following.unit_end].strip()!r} may be packs or a size"
        line.problems.append(Problem("LIN-001", "quantity", text[:60].strip(), reason))


def _use_arithmetic(line: TypedLine) -> None:
    """Let quantity times price settle what was open, and say so where it contradicts."""
    if line.price is None or line.total is None:
        return
    if line.quantity is None and line.maybe is not None and abs(line.maybe * line.price - line.total) <= CENT:
        line.settle(line.maybe)
    if line.quantity is None:
        return
    if abs(line.price * line.quantity - line.total) <= CENT:
        line.doubts.add("arithmetic agrees")
    else:
        line.doubts.add("columns contradict")


def _describe(line: TypedLine, text: str, figure: Figure | None, item: Item | None) -> None:
    rest = text
    if item:
        rest = _blank(rest, item.start, item.end)
    if figure:
        rest = _blank(rest, figure.label_start, figure.unit_end)
    if line.pack is not None:
        for span in (span for span in line.spans if span.name == "pack_size"):
            rest = re.sub(r"\b(?:of|à|a|zu|je|de|mit|with)\s*$", " ", rest[: span.start]) + " " + rest[span.end :]
    description = tidy(rest)
    if _LETTERS.search(description):
        line.description = description
        start = text.find(description.split(" ")[0])
        line.spans.append(Span("description", max(start, 0), max(start, 0) + len(description)))


def tidy(words: str) -> str:
    """The description in `words`: no fillers, connecting words, separators or empty brackets around it."""
    words = re.sub(r"[(\[]\s*[)\]]|\|", " ", FILLER.sub(" ", words))
    words = " ".join(words.split()).strip(" ,;:|-=()/*")
    words = _TRAILING.sub("", _LEADING.sub("", words)).strip(" ,;:|-=/*。")
    missing = words.count("(") - words.count(")")
    if missing > 0:
        words = words.rstrip("( ") if words.endswith("(") else words + ")" * missing
    elif missing < 0:
        words = words.replace(")", "")
    return words[:200]
