"""Countries by name, as addresses in mails and files write them."""

from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

_LANGUAGES = ("en", "de", "zh", "fr", "es", "it", "nl", "pt", "pl", "cs", "da", "sv")
_ALSO = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "ee. uu.": "US", "ee.uu.": "US",
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "großbritannien": "GB", "grande-bretagne": "GB", "angleterre": "GB",
    "gran bretaña": "GB", "inglaterra": "GB", "gran bretagna": "GB", "inghilterra": "GB", "republic of ireland": "IE",
    "eire": "IE", "the netherlands": "NL", "holland": "NL", "p.r. china": "CN", "pr china": "CN",
    "people's republic of china": "CN", "中华人民共和国": "CN", "czech republic": "CZ", "tschechische republik": "CZ",
    "hong kong": "HK", "香港": "HK", "macau": "MO", "méjico": "MX",
}  # fmt: skip


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 for a code or an exact country name; anything else comes back as it was written."""
    stated = text.strip()
    if len(stated) == 2 and stated.isascii() and stated.isalpha():
        return stated.upper()
    return _names().get(stated.casefold(), stated)


def country_named(text: str) -> str:
    """ISO 3166-1 alpha-2 for a name of a country, or its code in capitals; "" for anything else."""
    stated = text.strip()
    if len(stated) == 2:
        return stated if stated in _codes() else _names().get(stated.casefold(), "") if stated.isupper() else ""
    return _names().get(stated.casefold(), "")


@cache
def _names() -> Mapping[str, str]:
    """Every country's name in the languages of trade and in its own."""
    names: dict[str, str] = {}
    english = {code: name for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    for code in english:
        for language in get_official_languages(code, de_facto=True)[:4]:
            try:
                names.setdefault(str(Locale.parse(language).territories.get(code, "")).casefold(), code)
            except (UnknownLocaleError, ValueError):
                continue
    for language in reversed(_LANGUAGES):
        territories = Locale(language).territories
        names |= {str(name).casefold(): code for code, name in territories.items() if code in english}
    names.pop("", None)
    return names | _ALSO


@cache
def _codes() -> frozenset[str]:
    return frozenset(_names().values())
