"""The price and the total of a line, as written."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.mail.amounts import currency_code, may_be_thousands, read_number
from connectors.mail.lines.model import Span, TypedLine
from connectors.mail.lines.words import BARE_PRICE, EACH_PRICE, LABELLED_PRICE, TOTAL, WORDED_PRICE
from connectors.mail.speech import Speech
from orderclerk.domain.reading import Problem

_DIVISORS = {"100": 100, "1000": 1000, "hundred": 100, "thousand": 1000}
_DECIMAL_CELLS = re.compile(
    r"(?<=[|\t])\s*(?P<price>\d+[.,](?:\d{2}|\d{4}))(?!\d)\s*(?:[|\t]\s*(?P<total>[\d.,']{1,12}[.,]\d{2})\s*)?[|\t]?\s*$"
)
_MONEY_LIKE = re.compile(r"[.,]\d\d?$")
CENT = Decimal("0.005")


@dataclass(slots=True)
class Price:
    """What a line says of money; `spans` are the characters it takes."""

    text: str = ""
    total: str = ""
    currency: str = ""
    words: str = ""
    per: int = 1
    spans: list[Span] = field(default_factory=list)

    def add_to(self, line: TypedLine, speech: Speech) -> None:
        """Give `line` its price, total and currency, or a Problem (LIN-002) for what cannot be read."""
        line.currency = currency_code(self.currency)
        line.spans += [span for span in self.spans if span.name]
        if self.words:
            line.problems.append(Problem("LIN-002", "unit_price", self.words, f"{self.words!r} is no price"))
        line.total = _read(line, "line_total", self.total, speech)
        price = _read(line, "unit_price", self.text, speech, line.total)
        line.price = price / self.per if price is not None else None


def _read(line: TypedLine, name: str, text: str, speech: Speech, total: Decimal | None = None) -> Decimal | None:
    if not text:
        return None
    try:
        return read_number(text, speech.decimal)
    except ValueError as error:
        if (agreed := _agreed(text, line.quantity, total)) is not None:
            return agreed
        line.problems.append(Problem("LIN-002", name, text, str(error)))
    return None


def _agreed(text: str, quantity: Decimal | None, total: Decimal | None) -> Decimal | None:
    """The one way of reading a figure with which quantity times price is the total."""
    if not may_be_thousands(text):
        return None
    values = (Decimal(text.replace(",", ".")), Decimal(text.replace(",", "").replace(".", "")))
    fits = [one for one in values if None not in (quantity, total) and abs(one * quantity - total) <= CENT]  # type: ignore[operator]
    return fits[0] if len(set(fits)) == 1 else None


def find_price(text: str) -> Price:
    """The money in `text`. A sum after an "=" or a word for totals is the line's total, another its price."""
    price = Price()
    rest = _take_total(text, price)
    if found := next((one for one in LABELLED_PRICE.finditer(rest) if _is_money(one, rest)), None):
        _take(price, found, "price", found["cur1"] or found["cur2"] or "")
        rest = _blank(rest, found.start(), found.end())
    elif found := BARE_PRICE.search(rest) or EACH_PRICE.search(rest):
        groups = found.groupdict()
        name = next(name for name in ("price1", "price2", "price") if groups.get(name))
        _take(price, found, name, groups.get("cur1") or groups.get("cur2") or "")
        rest = _blank(rest, found.start(), found.end())
    elif cells := _DECIMAL_CELLS.search(rest):
        _take(price, cells, "price", "")
        if cells["total"]:
            price.total = cells["total"]
    elif found := WORDED_PRICE.search(rest):
        price.words = found["words"].strip() or "?"
        price.spans.append(Span("", found.start(), found.end()))
    if price.text and not price.total and (second := BARE_PRICE.search(rest)):
        price.total = second["price1"] or second["price2"]
        price.spans.append(Span("line_total", second.start(), second.end()))
    return price


def _take_total(text: str, price: Price) -> str:
    """`text` without the total that it labels, if it has a price as well."""
    for found in TOTAL.finditer(text):
        has_currency = bool(found["c1"] or found["c2"])
        if not (has_currency or _MONEY_LIKE.search(found["total"])) or not re.search(r"\d", text[: found.start()]):
            continue
        price.total, price.currency = found["total"], found["c1"] or found["c2"] or ""
        price.spans.append(Span("line_total", found.start(), found.end()))
        return _blank(text, found.start(), found.end())
    return text


def _is_money(found: "re.Match[str]", text: str) -> bool:
    """Whether what stands behind a word like "at" or "for" is a price: with a currency, decimals, "each" or a label."""
    label = text[found.start() : found.start("price")].casefold().strip(" .:=")
    if found["cur1"] or found["cur2"] or found["per"] or _MONEY_LIKE.search(found["price"]):
        return not (
            label in ("a", "for", "je")
            and not re.search(r"[.,]", found["price"])
            and not (found["cur1"] or found["cur2"])
        )
    if label in ("a", "for", "zu", "at", "à", "je"):
        is_each = re.search(r"(?:each|ea\.?|apiece|c/u)\s*$", found[0], re.IGNORECASE)
        return bool(is_each) or (label in ("at", "à", "zu") and not text[found.end() :].strip(" .)"))
    return not re.match(r"\s?(?:%|[A-Za-zÀ-ÿ\u4e00-\u9fff])", text[found.end() :])


def _take(price: Price, found: "re.Match[str]", name: str, currency: str) -> None:
    price.text, price.currency = found[name], currency or price.currency
    price.per = _DIVISORS.get((found.groupdict().get("per") or "").casefold(), 1)
    price.spans.append(Span("unit_price", found.start(), found.end()))


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"
