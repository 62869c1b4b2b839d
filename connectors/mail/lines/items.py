"""Item numbers and barcodes among the words of a line."""

import re
from dataclasses import dataclass

from connectors.mail.amounts import NUMBER, UNIT
from connectors.mail.lines.words import ITEM_LABEL

TOKEN = r"[A-Za-z0-9](?:[A-Za-z0-9._/+#-]*[A-Za-z0-9])?"  # noqa: S105
_FREE_TOKEN = re.compile(rf"(?<![A-Za-z0-9À-ÿ_./+#@&-]){TOKEN}(?![A-Za-z0-9À-ÿ_@]|[./+#-][A-Za-z0-9])")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_SIZE = re.compile(
    rf"{NUMBER}\s*{UNIT}|{NUMBER}-?(?:mm|cm|ml|cl|dl|km|kw|w|v|a|hz|gb|mb|tb|inch|in|er|ers|ply|pack|pk|pcs|d|k|mp|%)|"
    r"(?:\d{1,4}(?:[.,]\d+)?[x×*]){1,2}\d{1,4}(?:[.,]\d+)?(?:mm|cm|m|in)?|m\d{1,2}(?:[.,]\d)?(?:x\d{1,4})?|[a-z]{1,2}\d{1,2}|ip\d{2}|din\d*|iso\d*|"
    r"\d+/\d+(?:mm|cm|in|w|v)?|\d+g/m2?|ral\d{4}|a[2-6]\d{2,3}g(?:sm)?|1[89]\d\d|20[0-4]\d|\d+-?(?:fach|teilig|lagig)|covid-?\d+|usb-?[a-c]|\d{1,2}:\d\d|4x4",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"[(\[]\s*(?:[A-Za-zÀ-ÿ.#]{{1,12}}(?:[:# ]|\.:?\s)\s?)?(?P<i>{TOKEN})\s*[)\]]")


@dataclass(frozen=True, slots=True)
class Item:
    """An item number in a text. `start` is that of its label, `begin` its own."""

    text: str
    start: int
    begin: int
    end: int
    is_labelled: bool


def is_item(token: str, is_labelled: bool) -> bool:
    """Whether `token` may be an item number: letters and digits of some length, no date, no size, no bare amount."""
    if not 2 <= len(token) <= 40 or _DATE.fullmatch(token):
        return False
    if token.isdigit():
        return len(token) >= 4 and not re.fullmatch(r"[1-9]\d{0,2}0{6,}", token)  # so many millions
    if re.fullmatch(r"\d{2,}[-/]\d{3,}(?:[-/]\d+)*", token) and not re.fullmatch(r"\d{2}[-/](?:19|20)\d\d", token):
        return True
    if re.fullmatch(r"(?!(?:19|20)\d\d-)\d{4,}-\d{1,3}", token):
        return True
    if re.fullmatch(r"[A-Z]{2,}(?:[-_/][A-Z0-9]+)+", token):
        return len(token) >= 6 and (is_labelled or bool(re.search(r"\d\d", token)))
    if not any(char.isdigit() for char in token) or re.fullmatch(r"[\d.,/-]+", token):
        return is_labelled and any(char.isdigit() for char in token)
    return is_labelled or (len(token) >= 4 and not _SIZE.fullmatch(token))


def is_barcode(token: str) -> bool:
    """Whether `token` is a GTIN: 8, 12, 13 or 14 digits, the last of which checks the others."""
    if not token.isdigit() or len(token) not in (8, 12, 13, 14):
        return False
    weighted = sum(int(digit) * (3 if nth % 2 == 0 else 1) for nth, digit in enumerate(reversed(token[:-1])))
    return (weighted + int(token[-1])) % 10 == 0


def find_item(text: str) -> Item | None:
    """The item number of `text`, from which quantities and prices are blanked out.

    A labelled one, else one at its beginning, else one in brackets, else the only one that cannot be a size.
    """
    for label in ITEM_LABEL.finditer(text):
        if label.start() and text[label.start() - 1].isalnum() and text[label.start() - 1].isascii():
            continue
        token = re.compile(TOKEN).match(text, label.end())
        if token and is_item(token[0], is_labelled=True) and not _SIZE.fullmatch(token[0]):
            return Item(token[0], label.start(), token.start(), token.end(), True)
    tokens = [found for found in _FREE_TOKEN.finditer(text) if is_item(found[0], is_labelled=False)]
    first = re.search(r"[^\s,、;:|=(\[-]", text)
    if tokens and first and tokens[0].start() == first.start():
        return _item(tokens[0])
    bracketed = _IN_BRACKETS.search(text)
    if bracketed and is_item(bracketed["i"], is_labelled=True) and not _SIZE.fullmatch(bracketed["i"]):
        return Item(bracketed["i"], bracketed.start(), bracketed.start("i"), bracketed.end("i"), True)
    strong = [found for found in tokens if not _is_weak(found[0])]
    return _item(strong[0]) if len({found[0] for found in strong}) == 1 else None


def names_items(text: str) -> bool:
    """Whether `text` holds one item number or several, letters among them."""
    numbers = [found[0] for found in _FREE_TOKEN.finditer(text) if is_item(found[0], is_labelled=False)]
    return any(not _is_weak(number) and re.search(r"[A-Za-z]", number) for number in numbers)


def _is_weak(token: str) -> bool:
    """Whether a token inside a description may well be part of it."""
    return _SIZE.fullmatch(token) is not None or (token.isdigit() and len(token) < 5) or not re.search(r"\d\d", token)


def _item(found: "re.Match[str]") -> Item:
    return Item(found[0], found.start(), found.start(), found.end(), False)
