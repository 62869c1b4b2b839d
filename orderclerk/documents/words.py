"""The words of one language: phrases from phrases/<language>.toml, units from units.csv, dates and figures by Babel.

A new language is one more TOML file and one more column of units.csv. Unit codes: UN/ECE Recommendation 20, those of
Recommendation 21 (packages) with and without their X, and PCE, which older EDIFACT writes for a piece.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, is_currency
from jinja2 import Environment, StrictUndefined, Template

from orderclerk.documents.cleaning import clean_line

NOT_KNOWN = "–"
_HERE = Path(__file__).parent
_PHRASES = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain text, escaped where it is shown


def language_of(code: str) -> str:
    """The language a mail is written in for a customer of language `code`: English unless we have theirs.

    `zh`, `zh-CN`, `zh_Hans_SG` are zh_CN; traditional Chinese is not ours to write, so it is English.
    """
    first, *rest = code.strip().casefold().replace("-", "_").split("_")
    is_simplified = first == "zh" and not {"tw", "hk", "mo", "hant"} & set(rest)
    return "zh_CN" if is_simplified else "en"


@dataclass(frozen=True)
class Words:
    """One language's phrases, units and ways to write a figure or a date."""

    language: str
    locale: Locale
    html_lang: str
    phrases: dict[str, dict[str, Any]]  # section -> name -> phrase, or a tuple of them for a list
    units: dict[str, tuple[str, str]]  # code -> for one, for any other quantity

    def say(self, section: str, name: str, **values: str | int) -> str:
        """The phrase as plain text. Raises KeyError for one there is not, UndefinedError for a missing variable."""
        return _said(self.phrases[section][name], values)

    def say_all(self, section: str, name: str, **values: str) -> list[str]:
        """The paragraphs of a phrase that is a list."""
        return [_said(phrase, values) for phrase in self.phrases[section][name]]

    @property
    def labels(self) -> dict[str, str]:
        """Headings and the names of fields: phrases without variables."""
        return self.phrases["labels"]

    def decimal(self, value: Decimal | None) -> str:
        """All its digits, none added: 1,234.5."""
        return _decimal(value, self.locale)

    def money(self, value: Decimal | None, currency: str) -> str:
        """With the currency's sign, at least its usual decimals and never fewer than the value has."""
        return _money(value, currency, self.locale)

    def quantity(self, value: Decimal | None, unit: str) -> str:
        """`200 pcs`; a unit without words is shown by its code. A dash alone where the figure is not known."""
        if value is None or not value.is_finite():
            return NOT_KNOWN
        one, many = self.units.get(unit.strip().upper(), (clean_line(unit, 20),) * 2)
        return f"{self.decimal(value)} {one if value == 1 else many}".rstrip()

    def unit(self, code: str) -> str:
        """What the unit is called beside a quantity; one without words is shown by its code."""
        return self.units.get(code.strip().upper(), ("", clean_line(code, 20)))[1]

    def day(self, value: date) -> str:
        """Thursday, 26 November 2026."""
        return _day(value, self.locale)

    def moment(self, value: datetime, timezone: str) -> str:
        """Day, time and the timezone by name; `value` is aware."""
        local = value.astimezone(ZoneInfo(timezone))
        time, zone = _time_and_zone(local.replace(second=0, microsecond=0), timezone, self.locale)
        return self.say("moment", "text", day=self.day(local.date()), time=time, zone=zone)


@cache
def words_for(language: str) -> Words:
    """The words of `language`, one of those that `language_of` returns."""
    phrases = _HERE / "phrases"
    found: dict[str, Any] = {}
    for path in (phrases / f"{language}.toml", *sorted(phrases.glob(f"*/{language}.toml"))):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    locale = Locale.parse(found.pop("locale"))
    return Words(language, locale, found.pop("html_lang"), _compiled(found), _units(language))


def _compiled(sections: dict[str, dict[str, str | list[str]]]) -> dict[str, dict[str, Any]]:
    return {
        section: {
            name: _phrase(text) if isinstance(text, str) else tuple(map(_phrase, text)) for name, text in texts.items()
        }
        for section, texts in sections.items()
    }


def _phrase(text: str) -> str | Template:
    """A template only where there is something to fill in: most phrases are as they are."""
    return _PHRASES.from_string(text) if "{" in text else text


def _said(phrase: str | Template, values: Mapping[str, str | int]) -> str:
    return phrase if isinstance(phrase, str) else phrase.render(values)


def _units(language: str) -> dict[str, tuple[str, str]]:
    with (_HERE / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: (row.get(f"{language}_one") or row[language], row[language]) for row in rows}


@lru_cache(maxsize=16_384)
def _decimal(value: Decimal | None, locale: Locale) -> str:
    if value is None or not value.is_finite():
        return NOT_KNOWN
    # "or" makes -0 the 0 it equals: what is cached must not depend on which came first
    return format_decimal(value or Decimal(0), locale=locale, decimal_quantization=False)


@lru_cache(maxsize=16_384)
def _money(value: Decimal | None, currency: str, locale: Locale) -> str:
    if value is None or not value.is_finite():
        return NOT_KNOWN
    if not _is_currency(currency):
        return f"{_decimal(value, locale)} {clean_line(currency, 10)}".rstrip()
    return format_currency(value or Decimal(0), currency, locale=locale, decimal_quantization=False)


@lru_cache(maxsize=1024)
def _is_currency(code: str) -> bool:
    return is_currency(code)


@lru_cache(maxsize=4096)
def _day(value: date, locale: Locale) -> str:
    return format_date(value, "full", locale=locale)


@lru_cache(maxsize=4096)
def _time_and_zone(local: datetime, timezone: str, locale: Locale) -> tuple[str, str]:
    """`timezone` is part of the key: equal instants in two zones are equal datetimes."""
    return format_time(local, "short", locale=locale), get_timezone_name(local, locale=locale)
