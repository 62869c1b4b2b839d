"""Quantities, prices and column titles as they stand in a line or a table."""

import csv
from functools import lru_cache
from pathlib import Path
from random import Random

from sandbox.corpus.entities import Draft, Wish
from sandbox.corpus.writing import decimal_text, fullwidth, in_words, money, spoken_unit, unit_word


def unit_of(wish: Wish, draft: Draft, rng: Random) -> str:
    """The word for the unit of a line, "" where none is written."""
    return unit_word(wish.written_unit, draft.language, wish.quantity, rng) if wish.written_unit else ""


def number(wish: Wish, draft: Draft, rng: Random) -> str:
    """The quantity in digits; big ones are grouped now and then, Chinese ones full-width now and then."""
    if wish.quantity_text:
        return wish.quantity_text
    text = decimal_text(wish.quantity, draft.language, draft.customer.country, grouped=rng.random() < 0.4)
    return fullwidth(text) if draft.language == "zh_CN" and rng.random() < 0.15 else text


def counted(wish: Wish, draft: Draft, rng: Random) -> str:
    """A quantity with its unit, as somebody types it: 24 pcs, 3箱, 2 dz, ein Dutzend, 十箱."""
    language, unit = draft.language, wish.written_unit
    word = unit_of(wish, draft, rng)
    if wish.quantity_text:
        return f"{wish.quantity_text} {word}".strip()
    if language == "zh_CN":
        if wish.quantity <= 20 and rng.random() < 0.2:
            return in_words(wish.quantity, language) + (word or "个")
        return number(wish, draft, rng) + rng.choice(("", "", " ")) * bool(word) + word
    if unit == "DZ" and wish.quantity == 1:
        return {"en": "a dozen", "de": "ein Dutzend", "fr": "une douzaine", "es": "una docena", "it": "una dozzina"}[
            language
        ]
    return f"{number(wish, draft, rng)} {word}".strip()


def spoken(wish: Wish, draft: Draft, rng: Random) -> str:
    """A quantity in a sentence, often as a word, with a preposition where the language wants one after a unit."""
    language, unit, count = draft.language, wish.written_unit, wish.quantity
    word = in_words(count, language) if rng.random() < 0.35 and not wish.quantity_text else ""
    digits = wish.quantity_text or decimal_text(count, language, draft.customer.country, grouped=False)
    if language == "zh_CN":
        measure = unit_word(unit or wish.item.unit, language, count, rng)
        return (word or digits) + measure
    if unit in ("", "EA"):
        return word if word and count > 1 else digits
    if count == 1:
        article = {"en": "a", "de": "ein", "fr": "un", "es": "un", "it": "un"}[language]
        feminine = (unit == "DZ" and language != "de") or (unit in ("BX", "RO", "RM") and language == "de")
        feminine |= (language, unit) in {
            ("fr", "PR"),
            ("fr", "BX"),
            ("fr", "RM"),
            ("es", "CT"),
            ("es", "BX"),
            ("es", "RM"),
            ("it", "BX"),
            ("it", "RM"),
        }
        word = article + {"de": "e", "fr": "e", "es": "a", "it": "a"}.get(language, "") * feminine
    noun = spoken_unit(unit, language, count)
    of = {"en": " of", "fr": " de", "es": " de", "it": " di"}.get(language, "")
    return f"{word or digits} {noun}" + ("" if unit == "DZ" and language == "en" else of)


def price(wish: Wish, draft: Draft, style: int) -> str:
    """The unit price in one style, "" where none is stated."""
    if wish.price_text:
        return wish.price_text
    if wish.price is None:
        return ""
    return money(wish.price, draft.currency, draft.language, draft.customer.country, style)


def amount(wish: Wish, draft: Draft, style: int) -> str:
    """What the line comes to."""
    if wish.price is None or not wish.quantity_known:
        return ""
    return money(wish.price * wish.quantity, draft.currency, draft.language, draft.customer.country, style)


def total(draft: Draft, style: int) -> str:
    """What the order comes to."""
    value = draft.total if draft.total is not None else line_sum(draft)
    return money(value, draft.currency, draft.language, draft.customer.country, style)


def line_sum(draft: Draft):
    """The sum of the lines with a price."""
    return sum(wish.price * wish.quantity for wish in draft.wishes if wish.price is not None)


def title(key: str, language: str, rng: Random) -> str:
    """A column title or a form's label."""
    return rng.choice(_titles()[key, language])


def item_key(draft: Draft) -> str:
    """The title key of the column with the item number, by whose number it is."""
    way = draft.wishes[0].named_by.partition("+")[0] if draft.wishes else "ours"
    return {"theirs": "their_no", "barcode": "barcode"}.get(way, "item_no")


@lru_cache(maxsize=1)
def _titles() -> dict[tuple[str, str], list[str]]:
    with (Path(__file__).parent / "titles.csv").open(encoding="utf-8", newline="") as file:
        return {(row[0], row[1]): row[2].split("|") for row in csv.reader(file, delimiter=";")}
