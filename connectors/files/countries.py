"""Countries by name, as addresses in files write them."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

_LANGUAGES = ("en", "de", "zh", "fr", "es", "it", "nl")


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 for a code or an exact country name; anything else comes back as it was written."""
    stated = text.strip()
    if len(stated) == 2 and stated.isascii() and stated.isalpha():
        return stated.upper()
    return _names().get(stated.casefold(), stated)


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        territories = Locale(language).territories
        names |= {str(name).casefold(): code for code, name in territories.items() if len(code) == 2 and code.isalpha()}
    return names | {"usa": "US", "uk": "GB", "great britain": "GB"}
