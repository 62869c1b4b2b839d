"""One typed order line in its simple forms: `10 x AB-1234`, `AB-1234: 10 pcs @ 12.50`, `货号 AB-1234 12 箱`.

Strict on purpose: a form that could mean something else is a line with a Problem, and prose is no line at all.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.mail.amounts import NUMBER, UNIT, counts_things, currency_code, read_number, unit_code
from connectors.mail.linewords import (
    BARE_PRICE_TAIL,
    BETWEEN_ITEMS,
    BULLET,
    ITEM_LABEL,
    NUMBERING,
    ORDER_VERB,
    PRICE_TAIL,
    QUANTITY_LABEL,
    TOTAL_TAIL,
    WORDED_PRICE_TAIL,
)
from orderclerk.domain.reading import Problem

MAX_LINE = 250  # characters; an order line in words is shorter
_TOKEN = r"[A-Za-z0-9](?:[A-Za-z0-9._/+#-]*[A-Za-z0-9])?"  # noqa: S105
_TIMES = r"(?:x|×|\*|mal)"
_OF = r"(?:(?:of|de|von|d')\s*)?"
_HANZI_NUMBER = r"[一二两三四五六七八九十百千万几数半若干]+"

_COUNT_FIRST = re.compile(
    rf"(?P<q>-?{NUMBER})\s*(?:(?P<u>{UNIT})\s*{_TIMES}?|{_TIMES})\s*{_OF}(?P<rest>\S.*)", re.IGNORECASE
)
_BARE_FIRST = re.compile(rf"(?P<q>-?{NUMBER})\s+(?P<rest>[A-Za-z]\S*.*)")
_ITEM_FIRST = re.compile(rf"(?P<i>{_TOKEN})(?P<rest>(?:[\s:,;|=(/-].*|[^\x00-\x7f].*)?)")
_LAST_NUMBER = re.compile(
    rf"(?P<d>.*?)(?P<sep>{QUANTITY_LABEL}|\s{_TIMES}\s|{_TIMES}|[:=|\t]|(?<![\w.,'])-?)\s*(?P<q>(?<![\w.,']){NUMBER})\s*(?P<u>{UNIT})?[\s.,;|)]*",
    re.IGNORECASE,
)
_LAST_WORDS = re.compile(
    rf"(?P<d>.*?)(?:(?:{QUANTITY_LABEL}|[:=|\t])\s*(?P<q>[^:=|\t]{{1,25}}?)\s*(?P<u>{UNIT})?|(?P<q2>{_HANZI_NUMBER})\s*(?P<u2>{UNIT}))[\s.,;|]*",
    re.IGNORECASE,
)
_WORDS_FIRST = re.compile(
    rf"(?P<q>[^\s:|@]{{1,12}}(?: [^\s:|@]{{1,12}}){{0,2}})\s+(?P<u>{UNIT}|x|×)\s+{_OF}(?P<rest>\S.*)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(rf"(?P<d>[^()]+?)\s*\((?P<label>[^()\s]*?[.:#\s]*)(?P<i>{_TOKEN})\)(?P<d2>.*)")
_WORTH_READING = re.compile(r"\d|[A-Z]{2}")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_SIZE = re.compile(rf"{NUMBER}\s*{UNIT}|{NUMBER}(?:mm|cm|ml|km|kw|w|v|hz|gb|mb|%|x\d+)", re.IGNORECASE)


@dataclass(slots=True)
class TypedLine:
    """A line as typed. `quantity` None with a Problem where it could not be read; `item` "" where none is named."""

    raw: str
    item: str
    quantity: Decimal | None
    unit: str = ""
    description: str = ""
    barcode: str = ""
    price: Decimal | None = None
    currency: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Item and quantity both understood."""
        return bool(self.item) and self.quantity is not None


def read_line(line: str) -> list[TypedLine]:
    """The order lines in one line of text (already `plain_line`); [] if it is none."""
    if len(line) > MAX_LINE or not _WORTH_READING.search(line):
        return []
    words = _stripped(line)
    pieces = [piece for piece in BETWEEN_ITEMS.split(words) if piece]
    read = [_read_one(_stripped(piece)) for piece in pieces] if len(pieces) > 1 else []
    if sum(found is not None and found.is_clean for found in read) > 1:
        return _several(pieces, read)
    found = _read_one(words)
    return [found] if found else []


def _several(pieces: list[str], read: list[TypedLine | None]) -> list[TypedLine]:
    lines: list[TypedLine] = []
    for piece, found in zip(pieces, read, strict=True):
        if found is not None and found.is_clean:
            lines.append(found)
        elif lines:
            lines[-1].description = f"{lines[-1].description}, {piece}".strip(", ")
    return lines


def _stripped(line: str) -> str:
    """Without bullet, numbering and the verb that orders."""
    words = BULLET.sub("", line, count=1) if BULLET.match(line) else line
    words = NUMBERING.sub("", words, count=1) if NUMBERING.match(words) else words
    words = ORDER_VERB.sub("", words, count=1) if ORDER_VERB.match(words) else words
    return words.strip()


def _read_one(words: str) -> TypedLine | None:
    rest, price = _without_price(words)
    for read in (_count_first, _item_first, _words_first, _bare_first):
        found = read(rest)
        if found is not None:
            found.raw = words
            price.add_to(found)
            return found
    return None


@dataclass(slots=True)
class _Price:
    text: str = ""
    currency: str = ""
    words: str = ""
    total: str = ""

    def add_to(self, line: TypedLine) -> None:
        line.currency = currency_code(self.currency)
        if self.words:
            line.problems.append(Problem("LIN-002", "unit_price", self.words, f"{self.words!r} is no price"))
        try:
            line.price = read_number(self.text) if self.text else None
        except ValueError as error:
            line.problems.append(Problem("LIN-002", "unit_price", self.text, str(error)))
        self._check_total(line)

    def _check_total(self, line: TypedLine) -> None:
        if not self.total or line.price is None or line.quantity is None:
            return
        try:
            total = read_number(self.total)
        except ValueError as error:
            line.problems.append(Problem("LIN-002", "line_total", self.total, str(error)))
            return
        if abs(line.price * line.quantity - total) > Decimal("0.005"):
            reason = f"{line.quantity} times {line.price} is not {total}"
            line.problems.append(Problem("LIN-002", "line_total", self.total, reason))


def _without_price(words: str) -> tuple[str, _Price]:
    """What stands before the price, and the price as written."""
    price = _Price()
    if total := TOTAL_TAIL.search(words):
        words, price.total = words[: total.start()], total["total"]
    if found := PRICE_TAIL.search(words):
        price.text, price.currency = found["price"], found["cur1"] or found["cur2"] or ""
    elif found := BARE_PRICE_TAIL.search(words):
        price.text = found["price1"] or found["price2"]
        price.currency = found["cur1"] or found["cur2"] or ""
    elif found := WORDED_PRICE_TAIL.search(words):
        price.words = found["words"].strip() or "?"
    return (words[: found.start()] if found else words).strip().rstrip(" \t,;|-"), price


def _count_first(words: str) -> TypedLine | None:
    """`10 x AB-1234 Blue mug`, `5 pcs of AB-1234`, `10 pcs Blue mug (AB-1234)`, `10 x blue mug`."""
    found = _COUNT_FIRST.fullmatch(words)
    if not found:
        found = re.fullmatch(rf"(?P<q>-?{NUMBER})\s*(?:(?P<u>{UNIT})|{_TIMES})(?P<rest>)\s*", words, re.IGNORECASE)
    if not found:
        return None
    item, description = _item_and_description(found["rest"])
    line = _line(item, found["q"], found["u"] or "", description)
    if not item:
        line.problems.append(Problem("LIN-003", "item_ref", words[:100], "The line names no item number"))
    return line


def _item_first(words: str) -> TypedLine | None:
    """`AB-1234 10 pcs`, `AB-1234: 10`, `AB-1234 Blue mug: 10 pcs`, `货号 AB-1234 12 箱`."""
    label = ITEM_LABEL.match(words)
    words = words.rstrip(" .;")
    found = _ITEM_FIRST.fullmatch(words[label.end() :] if label else words)
    if not found or not is_item(found["i"], is_labelled=label is not None):
        return None
    counted = _LAST_NUMBER.fullmatch(found["rest"])
    if counted and _is_quantity(counted):
        return _line(found["i"], counted["q"], counted["u"] or "", counted["d"])
    worded = _LAST_WORDS.fullmatch(found["rest"])
    if worded and not (worded["q"] or "").strip().isdigit():
        return _unreadable(
            found["i"], (worded["q"] or worded["q2"] or "").strip(), worded["u"] or worded["u2"] or "", worded["d"]
        )
    if counted and (label or "-" in found["i"]):
        return _unreadable(found["i"], counted["q"], counted["u"] or "", counted["d"], "may be part of the description")
    return None


def _is_quantity(counted: "re.Match[str]") -> bool:
    """Whether the last number of a line says how many, and not how big the thing is."""
    if re.search(rf"[|\t]\s*{NUMBER}\s*[|\t]", counted["d"] + counted["sep"]):
        return False  # a row of a table without a header: which cell is the quantity?
    separator, unit, before = counted["sep"].strip().lower(), counted["u"] or "", counted["d"].strip(" ,;:|-()")
    if not before or counts_things(unit):
        return True
    if separator in ("x", "×", "*", "mal"):
        return not re.search(r"\d\S*$", before)  # M6 x 20 is a size
    return bool(separator.strip("-")) or (not unit and counted["d"].rstrip().endswith((",", ":", "|")))


def _words_first(words: str) -> TypedLine | None:
    """`a few x AB-1234`: a quantity in words."""
    found = _WORDS_FIRST.fullmatch(words)
    if not found or re.fullmatch(NUMBER, found["q"]):
        return None
    item, description = _item_and_description(found["rest"])
    first = found["q"].split(" ")[0]
    is_mistyped = re.fullmatch(r"[\dOoIl]+", first) is not None  # 1O for 10
    if not item or (is_item(first, is_labelled=False) and not is_mistyped) or first.lower() in _NO_QUANTITY:
        return None
    return _unreadable(item, found["q"], found["u"], description)


_NO_QUANTITY = frozenset(
    {"the", "this", "that", "these", "those", "your", "our", "my", "all", "each", "any", "no", "not"}
)


def _bare_first(words: str) -> TypedLine | None:
    """`10 AB-1234`: the number may be a quantity or a position."""
    found = _BARE_FIRST.fullmatch(words)
    if not found:
        return None
    token = re.match(_TOKEN, found["rest"])
    if not token or not is_item(token[0], is_labelled=False):
        return None
    description = found["rest"][token.end() :]
    return _unreadable(token[0], found["q"], "", description, "may be a quantity or the number of the line")


def _item_and_description(rest: str) -> tuple[str, str]:
    label = ITEM_LABEL.match(rest)
    begin = label.end() if label else 0
    token = re.match(_TOKEN, rest[begin:])
    if (
        token
        and is_item(token[0], label is not None)
        and re.match(r"$|[\s,;:|(.)/-]|[^\x00-\x7f]", rest[begin + token.end() :])
    ):
        return token[0], rest[begin + token.end() :]
    if (found := _IN_BRACKETS.fullmatch(rest)) and is_item(found["i"], is_labelled=True):
        return found["i"], found["d"] + found["d2"]
    items = [
        token for token in re.findall(rf"(?<![\w./-]){_TOKEN}(?![\w/-])", rest) if is_item(token, is_labelled=False)
    ]
    if len(items) == 1 and rest.rstrip(" .,;").endswith(items[0]):
        return items[0], rest.rstrip(" .,;").removesuffix(items[0])
    return "", rest


def is_item(token: str, is_labelled: bool) -> bool:
    """Whether `token` may be an item number: letters and digits of some length, no date, no size, no bare amount."""
    if not 2 <= len(token) <= 40 or _DATE.fullmatch(token):
        return False
    if token.isdigit():
        return len(token) >= 4
    if re.fullmatch(r"\d{2,}[-/]\d{3,}(?:[-/]\d+)*", token) and not re.fullmatch(r"\d{2}[-/](?:19|20)\d\d", token):
        return True
    if re.fullmatch(r"[A-Z]{2,}(?:[-_/][A-Z0-9]+)+", token):
        return True
    if not any(char.isdigit() for char in token) or re.fullmatch(r"[\d.,/-]+", token):
        return is_labelled and any(char.isdigit() for char in token)
    return is_labelled or (len(token) >= 4 and not _SIZE.fullmatch(token))


def _line(item: str, quantity: str, unit: str, description: str) -> TypedLine:
    line = TypedLine("", item, None, unit_code(unit), _tidy(description))
    try:
        amount = read_number(quantity.lstrip("-"))
    except ValueError as error:
        line.problems.append(Problem("LIN-001", "quantity", quantity, str(error)))
        return line
    if quantity.startswith("-"):
        line.problems.append(Problem("LIN-007", "quantity", quantity, "A negative quantity in an order"))
        return line
    line.quantity = amount
    return line


def _unreadable(item: str, quantity: str, unit: str, description: str, why: str = "is not a number") -> TypedLine:
    problem = Problem("LIN-001", "quantity", quantity[:40], f"{quantity[:40]!r} {why}")
    return TypedLine("", item, None, unit_code(unit), _tidy(description), problems=[problem])


def _tidy(description: str) -> str:
    return " ".join(description.split()).strip(" ,;:|-=()")[:200]
