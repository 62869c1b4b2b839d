"""One clause with one quantity into an order line: which number says how many, what names the item, what is left.

Every number is a candidate with a rank by what stands around it (a label, a unit, "x", its place); the best one is the
quantity, an equal rival is a doubt or a Problem.
"""

import re
from decimal import Decimal

from connectors.mail.amounts import COUNT_UNIT
from connectors.mail.lines.describing import tidy
from connectors.mail.lines.figures import Figure, find_figures
from connectors.mail.lines.items import Item, find_item, is_barcode
from connectors.mail.lines.model import Span, TypedLine
from connectors.mail.lines.prices import CENT, find_price
from connectors.mail.lines.ranking import form_of, rank_of
from connectors.mail.numberwords import number_word
from connectors.mail.speech import Speech
from orderclerk.domain.reading import Problem

MAX_CLAUSE = 250  # characters; an order line in words is shorter
_WORTH_READING = re.compile(r"\d|[A-Z]{2}|[\u4e00-\u9fff]|[a-zß-ÿ]{3}")
_LETTERS = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")
_TIED = 5  # from this rank on two candidates contradict each other

_NAMED_PACK = re.compile(
    r"\s*(?:cajas?|bolsas?|paquetes?|sobres?|boîtes?|sachets?|paquets?|pochettes?|scatol[ae]|bust[ae]|pacc(?:o|hi)|"
    r"confezion[ei]|sacchett[oi]|barattol[oi])\s+(?!(?:d[eiu]|des|del|della|dei|con|à|a|per|par|por)\b|d')[a-zà-ÿ]{3,}",
    re.IGNORECASE,
)


_HUNDREDS = re.compile(r"\s?[CM]\s(?=\S)")  # 2 C AB-1234: two hundred, where traders count so
_BARE_NUMBER = re.compile(r"(?<![\w.,'/+-])\d{1,6}(?![\w.,'/%-])")
_IN_PACKS = re.compile(rf"(?:in |en |à )?{COUNT_UNIT}\s?(?:of|à|zu|je|mit|de|da|con)\s?\d+", re.IGNORECASE)


_SAYS_MORE = re.compile(  # a place of its own, a discount, one more count
    r"^(?:(?i:to|nach|für|for|pour|para|per|à|a) "
    r"(?:(?i:our|the|unsere[rn]?|die|den|das|notre|la|le|nuestr[oa]|el|nostr[oa]|il) )?[A-ZÄÖÜÉ][a-zß-ÿ])|"
    r"(?i:discount|rabatt|remise|descuento|sconto|dto|skonto|折).{0,6}\d+\s?%|"
    r"\d\s?%.{0,4}(?i:discount|off|rabatt|remise|descuento|sconto|dto)|"
    r"(?i:&|(?<!\w)(?:and|und|et|y|e)\s).{0,30}(?<![\w.,/+-])\d{1,6}(?![\w.,/%\"”″-]| ?(?:mm|cm|m|l|ml|g|kg)\b)"
)


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
    doubt_rest(line, speech)
    if text.rstrip().endswith(("?", "？")) and not is_prose and line.quantity is not None:
        line.doubts.add("remark beside it")  # 20? or is it 24?
    return line if line.names_item or line.description or line.freight else None


def _unless_counted(text: str, figures: list[Figure], item: Item | None) -> Item | None:
    """`item`, unless it is a bare number at the start that says how many: 1500 hex nuts, but not 4711: 10."""
    if (
        not item
        or item.is_labelled
        or not item.text.isdigit()
        or len(item.text) > 5
        or text[: item.start].strip(" ,、;:|(-")
    ):
        return item
    others = [one for one in figures if one.start >= item.end and not _is_bracketed_code(text, one)]
    is_counted = any(rank_of(text, one, others, item) >= _TIED for one in others)
    if is_counted:
        return item
    other = find_item(_blank(text, item.start, item.end))
    return other if other or _LETTERS.search(text[item.end :]) else item


def _is_bracketed_code(text: str, figure: Figure) -> bool:
    """`2400 washers (632100)`: a long number in brackets names the thing."""
    return figure.role == "bare" and len(figure.text) >= 5 and text[: figure.start].rstrip().endswith(("(", "["))


def _seems_counted(text: str, figures: list[Figure], item: Item) -> bool:
    """Whether a line that begins with an item number has a figure, though none of which could be the quantity."""
    begins = not text[: item.start].strip(" ,、;:|(-")
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
    ranked = sorted(((rank_of(text, figure, free, item), figure) for figure in free), key=lambda pair: -pair[0])
    ranked = [(rank, figure) for rank, figure in ranked if rank > 0]
    if not ranked:
        return None
    best, figure = ranked[0]
    rivals = [other for rank, other in ranked[1:] if rank >= max(best - 1, _TIED)]
    is_told_twice = any(other.value != figure.value for other in rivals) and not _is_pack(text, figure, rivals, line)
    if is_told_twice:
        line.doubts.add("two counts")
        if best == rank_of(text, rivals[0], free, item):
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


def _count(
    line: TypedLine, figure: Figure, figures: list[Figure], text: str, item: Item | None, is_prose: bool
) -> None:
    line.unit = figure.unit
    line.doubts |= figure.doubts
    line.form = form_of(text, figure, item)
    line.spans.append(Span("quantity", figure.start, figure.end))
    if figure.unit:
        line.spans.append(Span("unit", figure.end, figure.unit_end))
    if figure.role == "measured":
        line.doubts.add("measured")
    if _is_part_of_name(text[figure.end :]) if figure.unit else _HUNDREDS.match(text[figure.end :]):
        line.doubts.add("unit or name")
    _add_pack(
        line, figure, [one for one in figures if not item or one.end <= item.start or one.start >= item.end], text
    )
    if figure.is_negative:
        line.problems.append(Problem("LIN-007", "quantity", figure.text, "A negative quantity in an order"))
    elif figure.value is None:
        line.problems.append(Problem("LIN-001", "quantity", figure.text[:40], figure.why))
    elif not any(problem.field == "quantity" for problem in line.problems):
        _accept(line, figure, text, item, is_prose)


def _is_part_of_name(behind: str) -> bool:
    """`six cajas organizadoras`: a Romance word for a pack that no "de" follows may belong to the thing's name."""
    return _NAMED_PACK.match(behind) is not None


def _accept(line: TypedLine, figure: Figure, text: str, item: Item | None, is_prose: bool) -> None:
    """Take the figure's value, or leave it open where it may be a line number or a part of the description."""
    if item and line.form == "count then item" and not is_prose and not text[figure.end : item.start].strip():
        _leave_open(line, figure, "may be a quantity or the number of the line")
    elif item and _may_be_turned(figure, item):
        _leave_open(line, figure, f"may be how many, or what, as {item.text!r} may")
        line.doubts.add("two counts")
    elif item and line.form == "no quantity":
        _leave_open(line, figure, "may be part of the description")
    else:
        line.quantity = figure.value


def _may_be_turned(figure: Figure, item: Item) -> bool:
    """`1000 652060`: two bare numbers, of which the one taken for the quantity is longer than the one for the item."""
    are_bare = figure.role == "bare" and figure.text.isdigit() and item.text.isdigit() and not item.is_labelled
    return are_bare and len(figure.text) >= 5 and len(figure.text) > len(item.text)


def doubt_rest(line: TypedLine, speech: Speech) -> None:
    """What stands beside the quantity and speaks against it: another number in words, its shares, a pack."""
    count = line.maybe if line.quantity is None else line.quantity
    word = number_word(line.description, 0, speech.language)
    if word and word[0] not in (None, count) and word[1] == len(line.description):
        line.doubts.add("two counts")  # 30 (forty)
    shares = [Decimal(found) for found in _BARE_NUMBER.findall(line.description)]
    if len(shares) > 1 and sum(shares) == count:
        line.doubts.add("two counts")  # 20: 10 in blue, 10 in red
    if line.names_item and _SAYS_MORE.search(line.description):
        line.doubts.add("remark beside it")
    if not line.unit and _IN_PACKS.fullmatch(line.description):
        line.doubts.add("pack stated")  # 3 x AB-1234, packs of 25


def _leave_open(line: TypedLine, figure: Figure, why: str) -> None:
    line.maybe = figure.value
    line.problems.append(Problem("LIN-001", "quantity", figure.text[:40], f"{figure.text[:40]!r} {why}"))


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
