"""The numbers of a line, written as figures or words, with what stands around each of them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from connectors.mail.amounts import COUNT_UNIT, NUMBER, UNIT, counts_things, may_be_thousands, read_number, unit_code
from connectors.mail.lines.items import is_barcode
from connectors.mail.lines.words import (
    AND,
    APPROXIMATE,
    BETWEEN,
    MONTH,
    NOT_GOODS,
    PACK_BEFORE,
    QUANTITY_LABEL,
    RANGE_AFTER,
    RANGE_SIGN,
    SIZE_BEFORE,
)
from connectors.mail.numberwords import DOZEN, HANZI_NUMBER, VAGUE, number_word
from connectors.mail.speech import Speech

_FIGURE = re.compile(
    rf"(?:(?<=[\s(][x×X*])|(?<=^[x×X*])|(?<![A-Za-z0-9_À-ÿ./#&+-])(?<!\d[,'])(?<!^[,'])(?<!⁄))(?P<sign>-?)(?P<n>{NUMBER})(?![\d])(?![A-Za-z]*[_/][A-Za-z0-9])"
)
_UNIT_AFTER = re.compile(rf"\s?(?P<u>{UNIT})(?!\d|-\d)(?:\s?\(s\))?", re.IGNORECASE)
_TIMES_AFTER = re.compile(r"\s?(?:x|×|\*|mal)(?=\s|[A-Z\d\u4e00-\u9fff]|$)", re.IGNORECASE)
_TIMES_BEFORE = re.compile(r"(?:^|[\s\u4e00-\u9fff)])(?:x|×|\*|mal)\s?$", re.IGNORECASE)
_LABEL_BEFORE = re.compile(rf"(?:(?<![A-Za-zÀ-ÿ]){QUANTITY_LABEL})\s*$", re.IGNORECASE)
_SIZE_AFTER = re.compile(
    r"(?:\s?(?:mm|cm|dm|ml|cl|dl|µm|mg|kw|kwh|watt|volt|amp|ah|mah|hz|khz|mhz|ghz|gb|mb|tb|inch(?:es)?|zoll|pouces?|pulgadas?|"
    r"in|ft|feet|yd|yards?|oz|lbs?|gal|gsm|g/m[2²]|m[2²³]|°c?|bar|psi|nm|dpi|ppm|rpm|lumens?|lm|kelvin|ply|lagig|mm²|qm|sqm|毫米|厘米|"
    r"毫升|寸|英寸|瓦|伏|目)(?![A-Za-zÀ-ÿ])|[\"”″'](?=[\s,;)]|$))|[vVwWaAkK](?![A-Za-zÀ-ÿ])",
    re.IGNORECASE,
)
_PACK_AFTER = re.compile(
    r"\s?-?(?:er(?![a-z])|ers(?![a-z])|-?pack(?![a-z])|-?pk(?![a-z])|个装|支装|只装|件装|片装|装)", re.IGNORECASE
)
_FRACTION = re.compile(r"\s?\d{0,2}⁄|\s\d{1,2}/\d{1,2}(?!\d)")  # 1 1/2, 2½
_REFERS = re.compile(  # what was ordered, offered or invoiced under a number
    r"(?:\b(?:(?:our|your|the|this|unsere[rnms]?|ihre[rnms]?|der|die|zur|zum|notre|votre|la|nuestr[oa]|vuestr[oa]|su|el|al|nostr[oa]|vostr[oa]|all') ?"
    r"(?:purchase )?(?:order|p\.?o\.?|bestellung|auftrag|commande|pedido|ordine)|quot(?:e|ation)|offer|invoice|delivery note|angebot|rechnung|lieferschein|"
    r"devis|facture|oferta|presupuesto|factura|offerta|preventivo|fattura)\b|订单号?|报价单?号?|发票号?)"
    r"\s*(?:number|no|nr|nummer|n°|nº|núm|num|n|ref)?\s*[.:#]?\s*(?:[A-Z]{1,4}-?)?$",
    re.IGNORECASE,
)
_DOZENS = re.compile(DOZEN, re.IGNORECASE)
_RANGE = re.compile(rf"\s?-\s?(?P<high>\d{{1,6}})\s?(?:{UNIT}|x\s)", re.IGNORECASE)
_GLUED = re.compile(r"[A-Za-zÀ-ÿ_]|[-/][A-Za-z0-9]|\.\d|:\d\d")
_ARTICLE_UNIT = re.compile(
    rf"(?P<a>(?i:an?|ein(?:e[nr]?)?|une?|un[oa]?))\s(?P<u>(?!(?i:lots?|par)\b|paar\b)(?i:{COUNT_UNIT}))"
)
_MISTYPED = re.compile(
    rf"(?<![A-Za-z0-9])(?=[\dOoI]*\d)(?=[\dOoI]*[OoI])[\dOoI]{{2,6}}(?=\s(?i:{UNIT}|x\s)|(?<=^[\dOoI]{{2}})\s[A-Za-zÀ-ÿ]|(?<=^[\dOoI]{{3}})\s[A-Za-zÀ-ÿ]|[\])]?\s*$)"
)
_ASKED = re.compile(
    r"(?:^|(?<=[:=(×])|(?<=[:=(×]\s)|(?<=\sx\s))\?{1,3}(?=[\s)]|$)|(?<=[(\[])\s?(?:\.{2,4}|_{2,})?\s?(?=[)\]])"
)
_DATED = re.compile(
    r"\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d(?!\d)|\d{1,2}\s?月\s?\d{1,2}\s?[日号]?|"
    rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s(?:of |de )?{MONTH}(?: ?(?:de )?20\d\d)?|"
    rf"(?<![a-zß-ÿ]){MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?![\d])(?:,? 20\d\d)?|"
    r"\d{1,2}[:.]\d{2}(?=\s?(?:uhr|h|am|pm|-))|\d{1,2}:\d{2}(?![\d\u4e00-\u9fff])|(?:kw|cw|week|woche|semaine)\s?\d{1,2}|\+\d[\d /().-]{6,20}\d",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Figure:
    """A number at [start, end) of a text; `unit_end` is where its unit ends, `label_start` where its label begins.

    `role`: labelled, counted, times, measured, size, pack, bare, other. `value` None with `why` where it has none.
    """

    start: int
    end: int
    text: str
    role: str
    value: Decimal | None
    why: str = ""
    unit: str = ""
    unit_end: int = 0
    label_start: int = 0
    doubts: frozenset[str] = frozenset()
    is_negative: bool = False


def find_figures(text: str, speech: Speech) -> list[Figure]:
    """The figures of `text` from left to right; dates, times and telephone numbers are none."""
    taken = [found.span() for found in _DATED.finditer(text)]
    figures: list[Figure] = []
    for start, end, value, is_word in _numbers(text, speech):
        is_dated = any(left < end and start < right for left, right in taken)
        if not is_dated and not (figures and start < max(figures[-1].end, figures[-1].unit_end)):
            seen = " " * figures[-1].unit_end + text[figures[-1].unit_end :] if figures else text
            figure = _figure(seen, start, end, value, is_word, speech)
            if figure:
                figures.append(figure)
    figures = [one for one in figures if one.role == "labelled" or not _REFERS.search(text[: one.start])]
    for low, high in pairwise(figures):
        _join_range(text, low, high)
        _doubt_groups(text, low, high)
    return figures


def _join_range(text: str, low: Figure, high: Figure) -> None:
    """`20 to 30 boxes`, `entre 20 y 30 cajas`: neither end says how many."""
    between, opening = text[low.unit_end : high.start], BETWEEN.search(text[: low.start])
    is_range = RANGE_SIGN.fullmatch(between) or (opening and AND.fullmatch(between))
    if not is_range or high.role not in ("counted", "bare") or low.role not in ("counted", "bare", "pack"):
        return
    low.role, low.label_start = "bare", opening.start() if opening else low.label_start
    for end in (low, high):
        end.value, end.why = None, f"{end.text[:40]!r} is one end of a range"


def _doubt_groups(text: str, low: Figure, high: Figure) -> None:
    """`2 500 boxes`: two thousand and five hundred, or the second line, 500 boxes?"""
    are_groups = re.fullmatch(r"[1-9]\d{0,2}", low.text) and re.fullmatch(r"[1-9]\d\d", high.text)
    if are_groups and low.unit_end == low.end and text[low.end : high.start] == " ":
        for one in (low, high):
            one.value, one.why = None, f"{text[low.start : high.end]!r} may be one number or two"


def _numbers(text: str, speech: Speech) -> list[tuple[int, int, Decimal | None, bool]]:
    found: list[tuple[int, int, Decimal | None, bool]] = []
    for match in _FIGURE.finditer(text):
        if match["n"].isdigit() and len(match["n"]) >= 8 and not _is_counted(text, match.start("n"), match.end()):
            continue  # a barcode, an item number, a telephone number
        dozen = re.compile(rf"\s?(?:{DOZEN})", re.IGNORECASE).match(text, match.end())
        word = number_word(text, match.start(), speech.language) if dozen else None
        found.append((match.start(), word[1], word[0], True) if word else (match.start(), match.end(), None, False))
    figures_at = {start for start, *_ in found}
    for match in re.finditer(rf"(?<![A-Za-zÀ-ÿ\d'])(?<![A-Za-zÀ-ÿ\d]-)(?:[A-Za-zÀ-ÿ]|(?={HANZI_NUMBER}|半))", text):
        if match.start() in figures_at:
            continue
        word = number_word(text, match.start(), speech.language) or _article(text, match.start())
        if word:
            found.append((match.start(), word[1], word[0], True))
    found += [(one.start(), one.end(), None, True) for one in _MISTYPED.finditer(text)]
    found += [(one.start(), one.end(), None, True) for one in _ASKED.finditer(text)]
    for vague in VAGUE.finditer(text):
        if vague[0].endswith("Paar"):  # ein Paar is a pair, ein paar are some
            continue
        if vague.start() == 0 or not text[vague.start() - 1].isalpha() or not text[vague.start() - 1].isascii():
            found.append((vague.start(), vague.end(), None, True))
    return sorted(found, key=lambda one: (one[0], -one[1]))


def _is_counted(text: str, start: int, end: int) -> bool:
    """Whether a long number says how many, absurd as that is: roundness, a label before it, a unit or nothing behind."""
    if end - start >= 12 and is_barcode(text[start:end]):
        return False
    unit = _UNIT_AFTER.match(text, end)
    is_alone = not text[:start].strip() and not text[end:].strip()
    is_round = text[start:end].endswith("0000") and not text[start:end].startswith("0")
    return (
        is_alone
        or is_round
        or bool(unit and counts_things(unit["u"]))
        or _LABEL_BEFORE.search(text[:start]) is not None
    )


def _article(text: str, start: int) -> tuple[Decimal, int] | None:
    """`a box of`, `eine Kiste`: one, where a unit follows."""
    found = _ARTICLE_UNIT.match(text, start)
    return (Decimal(1), found.end("a")) if found else None


def _figure(text: str, start: int, end: int, value: Decimal | None, is_word: bool, speech: Speech) -> Figure | None:
    before, after = text[:start], text[end:]
    is_negative = text[start] == "-"
    figure = Figure(start, end, text[start:end], "bare", value, unit_end=end, label_start=start)
    figure.is_negative = is_negative and (not before.strip() or before.rstrip().endswith((":", "=")))
    if is_word:
        return _worded(figure, before, after)
    _value(figure, text[start:end].lstrip("-"), speech)
    if fraction := _FRACTION.match(after):
        figure.value, figure.why = None, f"{text[start:end] + fraction[0]!r} begins a fraction"
    if unit := _UNIT_AFTER.match(after):
        figure.unit, figure.unit_end = unit_code(unit["u"]), end + unit.end()
        figure.role = "counted" if counts_things(unit["u"]) else "measured"
    elif pack := _PACK_AFTER.match(after):
        figure.role, figure.unit_end = "pack", end + pack.end()
        if unit := _UNIT_AFTER.match(after, pack.end()):
            figure.unit, figure.unit_end = unit_code(unit["u"]), end + unit.end()
    elif re.match(r"[x×*]\d{1,3}(?!\d)", after):
        figure.role = "size"  # 76x76 mm
    elif _TIMES_AFTER.match(after):
        figure.role, figure.unit_end = "times", end + len(_TIMES_AFTER.match(after)[0])  # type: ignore[index]
    elif after.startswith("?"):
        figure.why, figure.value, figure.unit_end = f"{figure.text + '?'!r} is asked, not said", None, end + 1
        if unit := _UNIT_AFTER.match(after, 1):
            figure.role, figure.unit, figure.unit_end = "counted", unit_code(unit["u"]), end + unit.end()
    elif (span := _range(figure, after)) and (after[0] == "-" or not before.strip(" ,;:|-(")):
        figure.role, figure.unit_end, figure.value = "counted", end + span.end(), None
        figure.why = f"{figure.text + span[0]!r} is a range"
    elif _SIZE_AFTER.match(after):
        figure.role = "size"
    elif NOT_GOODS.match(after):
        figure.role = "other"
    elif _GLUED.match(after):
        return None
    return _seen_from_the_left(figure, before, after)


def _range(figure: Figure, after: str) -> "re.Match[str] | None":
    """The rest of `20-30 boxes`; None for `632040 - 600 boxes`: no range falls."""
    span = _RANGE.match(after)
    return span if span and not (figure.text.isdigit() and int(figure.text) > int(span["high"])) else None


def _worded(figure: Figure, before: str, after: str) -> Figure | None:
    """A number in words counts only where it can be nothing else: before a unit, or at the start."""
    is_article = figure.value == 1 and figure.text.casefold() not in ("one", "eins", "一")
    figure.doubts = frozenset({"article as one"} if is_article else {"number word"})
    if figure.value is None:
        figure.why = f"{figure.text[:40]!r} is not a number"
    if unit := _UNIT_AFTER.match(after):
        figure.unit, figure.unit_end = unit_code(unit["u"]), figure.end + unit.end()
        figure.role = "counted" if counts_things(unit["u"]) else "measured"
    elif _DOZENS.search(figure.text):
        figure.role, figure.unit = "counted", "EA"
    elif _TIMES_AFTER.match(after) and figure.value is not None:
        figure.role, figure.unit_end = "times", figure.end + len(_TIMES_AFTER.match(after)[0])  # type: ignore[index]
    elif NOT_GOODS.match(after) or (re.match(r"[\u4e00-\u9fff]", figure.text) and not _LABEL_BEFORE.search(before)):
        return None
    return _seen_from_the_left(figure, before, after)


def _value(figure: Figure, written: str, speech: Speech) -> None:
    if may_be_thousands(written) and speech.decimal:
        figure.doubts = frozenset({"grouping as shown" if speech.is_shown else "grouping by convention"})
    try:
        figure.value = read_number(written, speech.decimal)
    except ValueError as error:
        figure.why = str(error)


def _seen_from_the_left(figure: Figure, before: str, after: str) -> Figure:
    if APPROXIMATE.search(before) and figure.role in ("counted", "bare", "times"):
        figure.value, figure.why = None, f"{figure.text[:40]!r} is only about how many"
        figure.label_start = len(before) - len(APPROXIMATE.search(before)[0])  # type: ignore[index]
    elif figure.role in ("counted", "bare") and RANGE_AFTER.match(after) and not re.match(r"\s+-\s+", after):
        figure.value, figure.why = None, f"{figure.text[:40]!r} is one end of a range"
    if label := _LABEL_BEFORE.search(before):
        figure.role, figure.label_start = "labelled", label.start()
    elif figure.role in ("counted", "bare", "measured") and SIZE_BEFORE.search(before):
        figure.role = "size"
    elif figure.role in ("counted", "bare", "times", "measured") and _TIMES_BEFORE.search(before):
        figure.label_start = len(before) - len(_TIMES_BEFORE.search(before)[0].lstrip())  # type: ignore[index]
        figure.role = "timed" if figure.role in ("bare", "counted") else figure.role
    elif figure.role in ("counted", "bare") and PACK_BEFORE.search(before):
        figure.role = "pack"
    return figure
