"""The catalogue: series of articles in sizes and colours, named in six languages."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

from sandbox.corpus.entities import LANGUAGES, Item

HERE = Path(__file__).parent
RATES = {"EUR": "1", "GBP": "0.85", "USD": "1.1", "CNY": "7.8", "CHF": "0.95"}
DEALER = Decimal("0.95")  # the second price list, for those who buy much


@lru_cache(maxsize=1)
def catalogue() -> tuple[Item, ...]:
    """Every article; the last of every tenth series is no longer sold."""
    return tuple(item for nth, row in enumerate(_rows("products.csv", ";")) for item in _series(nth, row))


@lru_cache(maxsize=1)
def siblings() -> dict[str, tuple[Item, ...]]:
    """Series -> its articles that are sold."""
    found: dict[str, list[Item]] = {}
    for item in catalogue():
        if item.is_active:
            found.setdefault(item.series, []).append(item)
    return {series: tuple(items) for series, items in found.items()}


def price_of(item: Item, currency: str, price_list: str) -> Decimal:
    """What one unit costs in a currency, to the cent."""
    factor = Decimal(RATES[currency]) * (DEALER if price_list.startswith("dealer") else 1)
    return max((item.price_eur * factor).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("0.01"))


def colour_word(colour: str, language: str, form: str) -> str:
    """`form` is m, f, mp or fp where the language bends its adjectives."""
    row = _colours()[colour]
    return row[language] if language in row else row[f"{language}_{form}"]


def size_word(size: str, language: str) -> str:
    """The decimal point as the language writes it."""
    return size.replace(".", ",") if language in ("de", "fr", "es", "it") else size


@lru_cache(maxsize=1)
def _colours() -> dict[str, dict[str, str]]:
    return {row["colour"]: row for row in _rows("colours.csv", ",")}


def _rows(name: str, delimiter: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _series(nth: int, row: dict[str, str]) -> list[Item]:
    sizes, colours = row["sizes"].split("/"), row["colours"].split("/")
    pairs = [(size, colour) for size in sizes for colour in colours]
    return [_item(row, nth, place, size, colour, len(pairs)) for place, (size, colour) in enumerate(pairs)]


def _item(row: dict[str, str], nth: int, place: int, size: str, colour: str, count: int) -> Item:
    steps = 1 + place // max(1, len(row["colours"].split("/"))) * Decimal("0.6")  # bigger costs more
    price = (Decimal(row["price"]) * steps).quantize(Decimal("0.01"), ROUND_HALF_UP)
    serial = 10_000 + nth * 100 + place
    names = {language: _name(row, language, size, colour) for language in LANGUAGES}
    said = {language: _said(row, language, size, colour) for language in LANGUAGES}
    vague = {language: _words(row, language)[1] for language in LANGUAGES}
    return Item(
        item_no=_number(row["series"], place), series=row["series"], unit=row["unit"], pack=int(row["pack"]),
        weight_g=int(row["weight"]), price_eur=price, size=size, colour=colour,
        barcode=_ean13(f"4007123{serial:05d}"), names=names, said=said, vague=vague,
        is_active=not (nth % 10 == 9 and place == count - 1 and count > 2),
    )  # fmt: skip


def _number(series: str, place: int) -> str:
    """Each trade numbers its goods in its own way."""
    if series.isdigit():
        return f"{series}{2040 + 20 * place}"
    return {"T": f"{series}-{place + 1}", "E": f"{series[:2]}-{series[2:]}{place + 31}"}.get(
        series[0], f"{series}{place + 21}"
    )


def _ean13(twelve: str) -> str:
    """The twelve digits with their check digit (GS1 general specifications 7.9)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def _words(row: dict[str, str], language: str) -> tuple[str, str, str]:
    one, _, rest = row[language].partition("~")
    many, _, gender = rest.partition("~")
    return one, many or one, gender or "m"


def _name(row: dict[str, str], language: str, size: str, colour: str) -> str:
    """As the catalogue has it: Mug, blue, 300 ml."""
    one, _, gender = _words(row, language)
    hue = colour_word(colour, language, gender) if colour else ""
    size = size_word(size, language)
    if language == "zh_CN":
        return " ".join(part for part in (one, hue, size.replace(" ", "")) if part)
    first = one[0].upper() + one[1:]
    if language == "en":
        return ", ".join(part for part in (first, hue, size) if part)
    return " ".join(part for part in (first, hue, size) if part)


def _said(row: dict[str, str], language: str, size: str, colour: str) -> str:
    """As a sentence has it: blue mugs 300 ml."""
    _, many, gender = _words(row, language)
    if not gender.endswith("p") and many != _words(row, language)[0]:
        gender += "p"  # a word that has no plural keeps its adjective in the singular
    hue = colour_word(colour, language, gender) if colour else ""
    size = size_word(size, language)
    if language == "zh_CN":
        gap = " " if many[-1].isascii() and size[:1].isascii() else ""
        return f"{hue}{many}{gap}{size.replace(' ', '')}"
    if language == "en":
        parts = (hue, many, size)
    elif language == "de":
        parts = (hue if hue.endswith("ge") else hue + "e" if hue else "", many, size)
    else:
        parts = (many, hue, size)
    return " ".join(part for part in parts if part)
