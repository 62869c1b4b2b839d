"""Numbers, money, dates, units and counted words as the people of six languages write them."""

import csv
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CNY": "¥"}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag",
    "fr": "lundi mardi mercredi jeudi vendredi",
    "es": "lunes martes miércoles jueves viernes",
    "it": "lunedì martedì mercoledì giovedì venerdì",
    "zh_CN": "一 二 三 四 五",
}
COUNTED = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn zwanzig",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf vingt",
    "es": "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte",
    "it": "un due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti",
    "zh_CN": "一 两 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十",
}
TENS = {
    "en": {30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 100: "one hundred"},
    "de": {30: "dreißig", 40: "vierzig", 50: "fünfzig", 60: "sechzig", 100: "hundert"},
    "fr": {30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 100: "cent"},
    "es": {30: "treinta", 40: "cuarenta", 50: "cincuenta", 60: "sesenta", 100: "cien"},
    "it": {30: "trenta", 40: "quaranta", 50: "cinquanta", 60: "sessanta", 100: "cento"},
    "zh_CN": {30: "三十", 40: "四十", 50: "五十", 60: "六十", 100: "一百"},
}


def decimal_text(value: Decimal | int, language: str, country: str = "", grouped: bool = True) -> str:
    """1,234.50 in English and Chinese, 1.234,50 in German, Spanish and Italian, 1 234,50 in French, 1'234.50 Swiss."""
    plain = f"{value:,}" if grouped else f"{value}"
    if country == "CH":
        return plain.replace(",", "'")
    marks = {"de": ".,", "es": ".,", "it": ".,", "fr": "\u00a0,"}.get(language, ",.")
    return plain.translate(str.maketrans({",": marks[0], ".": marks[1]}))


def money(value: Decimal, currency: str, language: str, country: str, style: int) -> str:
    """An amount in one of five styles: bare, code before, code after, symbol, and as spoken in Chinese."""
    number = decimal_text(value, language, country)
    symbol = SYMBOLS.get(currency, currency)
    if language == "zh_CN":
        return (number, f"{currency} {number}", f"{number}{'元' if currency == 'CNY' else currency}",
                f"¥{number}" if currency == "CNY" else f"{currency}{number}", f"人民币{number}元")[style % 5]  # fmt: skip
    if language == "en":
        return (number, f"{currency} {number}", f"{number} {currency}", f"{symbol}{number}", f"{symbol} {number}")[style % 5]  # fmt: skip
    return (number, f"{currency} {number}", f"{number} {currency}", f"{number} {symbol}", f"{number}{symbol}")[
        style % 5
    ]


def fullwidth(text: str) -> str:
    """Digits as a Chinese input method leaves them."""
    return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def in_words(number: int, language: str) -> str:
    """The number as a word; "" where nobody would write it out."""
    if 1 <= number <= 20:
        return COUNTED[language].split()[number - 1]
    return TENS[language].get(number, "")


def unit_word(unit: str, language: str, number: int, rng: Random) -> str:
    """One of the words or abbreviations for a unit, bent to the number."""
    one, many = _units()[unit, language]
    words = one if number == 1 else many
    return rng.choice(words)


def spoken_unit(unit: str, language: str, number: int) -> str:
    """The full word for a unit, as in a sentence."""
    one, many = _units()[unit, language]
    return {"de": {"EA": "Stück", "CT": "Karton" if number == 1 else "Kartons"}}.get(language, {}).get(
        unit, next((word for word in (one if number == 1 else many) if len(word) > 4), (one if number == 1 else many)[0])
    )  # fmt: skip


def date_text(when: date, language: str, country: str, rng: Random) -> str:
    """A day of the year in one of the ways that leave no doubt in that country."""
    d, m, y = when.day, when.month, when.year
    if language == "zh_CN":
        return rng.choice(
            (f"{y}年{m}月{d}日", f"{m}月{d}日", f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}.{m:02}.{d:02}")
        )
    month = MONTHS[language].split()[m - 1]
    ways = {
        "en": (f"{month} {d}, {y}", f"{y}-{m:02}-{d:02}", f"{month[:3]} {d}", f"{m:02}/{d:02}/{y}")
        if country == "US"
        else (f"{d} {month} {y}", f"{d} {month[:3]} {y}", f"{y}-{m:02}-{d:02}", f"{ordinal(d)} {month}", f"{d:02}/{m:02}/{y}"),
        "de": (f"{d:02}.{m:02}.{y}", f"{d}.{m}.{y}", f"{d}. {month} {y}", f"{d:02}.{m:02}.", f"{d:02}.{m:02}.{y % 100}"),
        "fr": (f"{d:02}/{m:02}/{y}", f"{d} {month} {y}", f"{d} {month}", f"{d:02}.{m:02}.{y}"),
        "es": (f"{d:02}/{m:02}/{y}", f"{d} de {month} de {y}", f"{d} de {month}", f"{d:02}-{m:02}-{y}"),
        "it": (f"{d:02}/{m:02}/{y}", f"{d} {month} {y}", f"{d} {month}", f"{d:02}.{m:02}.{y}"),
    }[language]  # fmt: skip
    if d <= 12:  # the all-digit ways could be read as the other day; people who write so are another trap
        ways = tuple(way for way in ways if language not in ("en",) or "/" not in way)
    return rng.choice(ways)


def ordinal(number: int) -> str:
    """1st, 2nd, 23rd."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def weekday_text(when: date, language: str) -> str:
    """The named day of next week, said late in this one."""
    name = WEEKDAYS[language].split()[when.weekday()]
    return {
        "en": f"next {name}", "de": f"nächsten {name}", "fr": f"{name} prochain", "es": f"el próximo {name}",
        "it": f"{name} prossimo", "zh_CN": f"下周{name}",
    }[language]  # fmt: skip


def week_text(week: int, language: str) -> str:
    """A calendar week."""
    return {"en": f"week {week}", "de": f"KW {week}", "fr": f"semaine {week}", "es": f"semana {week}", "it": f"settimana {week}",
            "zh_CN": f"第{week}周"}[language]  # fmt: skip


@lru_cache(maxsize=1)
def _units() -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    with (Path(__file__).parent / "units.csv").open(encoding="utf-8", newline="") as file:
        return {(r["unit"], r["language"]): (r["one"].split("|"), r["many"].split("|")) for r in csv.DictReader(file)}
