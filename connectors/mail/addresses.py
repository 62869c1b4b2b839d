"""Postal addresses as mails write them: taken apart where the form is plain, left whole where it is not."""

import re
from dataclasses import dataclass, replace

from connectors.files.countries import country_named
from connectors.mail.chinese_addresses import HANZI, read_chinese
from connectors.mail.postal import Code, find_code, is_region, stands_first
from orderclerk.domain.reading import Address

_LEGAL_FORM = (
    r"g?GmbH|mbH|AG|KG|KGaA|OHG|GbR|UG|e\.? ?K(?:fm|fr)?\.?|e\.? ?[GV]\.?|Ltd\.?|Limited|PLC|plc|LLC|L\.L\.C\.|LLP|"
    r"Inc\.?|Incorporated|Corp\.?|Corporation|Co\.?|Company|Pty|S\.?[aà]\.?r\.?l\.?|SARL|EURL|SASU?|SNC|SCOP|"
    r"S\.? ?A\.?(?:[SU]\.?)?|S\.?A\.? de C\.?V\.?|S\. de R\.L\.(?: de C\.V\.)?|S\.? ?L\.?(?:[UL]\.?)?|"
    r"(?i:S\.? ?R\.? ?L\.?(?: ?S\.?)?|S\.? ?p\.? ?A\.?|S\.?n\.?c\.?|S\.?a\.?s\.?)|B\.?V\.?|N\.?V\.?|A/S|ApS|AB|Oy"
)
_FIRM = re.compile(rf".*\S[ ,](?:{_LEGAL_FORM})(?: \([^)]+\)| &? ?Co\.?(?: KG(?:aA)?)?)*")
_LEGAL = re.compile(rf"(?:{_LEGAL_FORM})(?: de C\.V\.)?")
_LABEL = re.compile(r"^[^\W\d][\w ./-]{1,24}:\s+")
_NO_PLACE = re.compile(
    r"(?:(?:tel|phone|fon|mob|cell|fax|tél)[^:]{0,12}[:.]?\s*)?\+?\(?\d[\d ()/.-]{7,}\d|\S+@\S+|"
    r"(?:e-?mail|www|https?)\b.*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:n[°ºr.o]{0,2} ?)?\d+ ?[a-z]?(?: ?(?:bis|ter))?|s/n", re.IGNORECASE
)  # of a house: its street stands before
_STREET = re.compile(  # what British and Irish streets end with
    r"\b(?:street|st|road|rd|lane|ln|avenue|ave|drive|way|close|court|place|square|park|estate|quay|wharf|row|mews|hill|terrace|"
    r"crescent|gardens|grove|walk|green|gate|parade|yard|house)\.?$",
    re.IGNORECASE,
)
_MARKS = " ,;·|"


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words between two commas, on one line."""

    line: int
    words: str


def read_address(text: str, recipient: str = "") -> Address:
    """The address in `text`, its parts on lines or between commas.

    What cannot be told apart stays together in `street`: complete for a courier, never guessed into other fields.
    """
    if HANZI.search(text):
        return read_chinese(text, recipient)
    pieces, country = _without_country(_pieces(text))
    place, code = _code(pieces, country)
    country = country or (code.country if code else "")
    if code is None:
        return _uncoded(pieces, country, recipient)
    before, town, region, after = _town(pieces, place, code, country)
    recipient, street = _who([*before, *after], recipient)
    return Address(recipient, street, town, region.strip("() "), code.value, country)


def is_firm(text: str) -> bool:
    """Whether `text` ends with a company's legal form."""
    return _FIRM.fullmatch(text) is not None


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for nth, line in enumerate(text.split("\n")):
        for words in re.split(r"[,;·|]|\t", line):
            words = _LABEL.sub("", words.strip(_MARKS))
            if not words or _NO_PLACE.fullmatch(words):
                continue
            if pieces and _LEGAL.fullmatch(words):  # Acme, S.L.
                pieces[-1] = replace(pieces[-1], words=f"{pieces[-1].words}, {words}")
            else:
                pieces.append(_Piece(nth, words))
    return pieces


def _without_country(pieces: list[_Piece]) -> tuple[list[_Piece], str]:
    """The pieces without the country that the last of them names, alone or after a town; its code."""
    if not pieces:
        return pieces, ""
    last = pieces[-1].words
    whole = country_named(last.strip("()"))
    if whole and len(pieces) > 1:
        return pieces[:-1], whole
    words = last.split()
    for nth in range(max(1, len(words) - 5), len(words)):
        named = country_named(" ".join(words[nth:]).strip("()"))
        is_name = len(" ".join(words[nth:]).strip("()")) > 2 and words[nth - 1] != "New"
        if named and is_name and any(c.isdigit() for c in last):
            rest = " ".join(words[:nth])
            is_town = (code := find_code(rest, named)) is not None and not code.before and not code.after
            return [*pieces[:-1], replace(pieces[-1], words=last if is_town and len(pieces) > 1 else rest)], named
    return pieces, ""


def _code(pieces: list[_Piece], country: str) -> tuple[int, Code | None]:
    """The last piece with a postal code; a number after words is one at the end only, or with a state before it."""
    for place in range(len(pieces) - 1, -1, -1):
        code = find_code(pieces[place].words, country)
        if code is None:
            continue
        if not code.before or not code.value.isdigit() or is_region(code.before.split()[-1], country):
            return place, code
        if place and (country or len(code.value) > 4) and all(_is_wordy(one) for one in pieces[place + 1 :]):
            return place, code
    return 0, None


def _is_wordy(piece: _Piece) -> bool:
    return not any(c.isdigit() for c in piece.words)


def _town(pieces: list[_Piece], place: int, code: Code, country: str) -> tuple[list[_Piece], str, str, list[_Piece]]:
    """What stands before the town, the town, its region, and what stands after both."""
    before, after = pieces[:place], pieces[place + 1 :]
    town, region = (code.before, code.after) if code.before and code.after else (code.before or code.after, "")
    if town and is_region(town, country) and before and _is_wordy(before[-1]) and not code.after:
        town, region = "", town  # Portland, OR 97205; below a street Madrid is the town and not its province
    if not town:
        is_below = after and (stands_first(country) or not before or (not country and _is_wordy(after[0])))
        if is_below:
            town, after = after[0].words, after[1:]
        elif before:
            if is_region(before[-1].words, country) and len(before) > 1 and not region:
                region, before = before[-1].words, before[:-1]
            town, before = before[-1].words, before[:-1]
            if not region and _is_town_above(before):
                region, town, before = town, before[-1].words, before[:-1]
    elif not region and not code.after and _is_county(before, pieces[place]):  # Leeds, West Yorkshire LS1 4DY
        town, region, before = before[-1].words, town, before[:-1]
    if not region and (split := re.fullmatch(r"(.+?) (\([^()]+\)|[A-Z]{2,3})", town)) and is_region(split[2], country):
        town, region = split[1], split[2]
    if (
        not region
        and after
        and _is_wordy(after[0])
        and (is_region(after[0].words, country) or after[0].line == pieces[place].line)
    ):
        region, after = after[0].words, after[1:]
    return before, town, region, after


def _is_county(before: list[_Piece], piece: _Piece) -> bool:
    """Whether the words before the code are a county: its town begins the line, the street stands above."""
    mine = [one for one in before if one.line == piece.line]
    return len(mine) == 1 and len(before) > 1 and _is_wordy(mine[0])


def _is_town_above(before: list[_Piece]) -> bool:
    """Whether a town stands on a line of its own below the street, and so what follows it is a county."""
    if len(before) < 2 or all(_is_wordy(one) for one in before if one.line == before[-2].line):
        return False
    return before[-1].line > before[-2].line and _is_wordy(before[-1]) and not _STREET.search(before[-1].words)


def _uncoded(pieces: list[_Piece], country: str, recipient: str) -> Address:
    """An address without a postal code: the town is told where the country follows it."""
    city = ""
    if country and len(pieces) > 1 and _is_wordy(pieces[-1]) and any(not _is_wordy(one) for one in pieces[:-1]):
        city, pieces = pieces[-1].words, pieces[:-1]
    recipient, street = _who(pieces, recipient)
    return Address(recipient, street, city, country=country)


def _who(pieces: list[_Piece], recipient: str) -> tuple[str, str]:
    """The recipient and the street: a firm by its legal form, else a first line of words above others."""
    firm = next((one for one in pieces if is_firm(one.words)), None)
    has_lines = len(pieces) > 1 and pieces[0].line < pieces[1].line
    if firm is None and not recipient and has_lines and _is_wordy(pieces[0]) and not _NUMBER.fullmatch(pieces[1].words):
        firm = pieces[0]
    street = [one.words for one in pieces if one is not firm and one.words != recipient]
    names = [firm.words if firm else "", recipient if not firm or recipient.casefold() != firm.words.casefold() else ""]
    return ", ".join(filter(None, names)), ", ".join(street)
