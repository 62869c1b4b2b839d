"""Whether numbers of companies and people can be what they say: VAT and company numbers, phone numbers.

Stands on `python-stdnum` and `phonenumbers`. A number whose kind cannot be told is no fault. Reasons are shown in
tables that many see: names, numbers and addresses stand in the evidence alone.
"""

import re
from functools import lru_cache
from typing import Any

import pandas as pd
import phonenumbers
from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError

from orderclerk.domain.checks import HOLD

_EU = {"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT",
       "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"}  # fmt: skip
_COUNTRY_OF = {"EL": "GR", "XI": "GB", "CHE": "CH", "GB": "GB", "NO": "NO", "CH": "CH"}
_KIND = {"CN": "uscc", "CH": "uid", "GB": "vat", "NO": "mva"}
_REGISTERS = ("HRA", "HRB", "RCS", "EORI")  # other numbers of companies, which begin as a country does
_LABEL = re.compile(
    r"^(?:VAT|UST-?ID(?:NR)?|TVA|NIF|CIF|P\.?IVA|BTW|统一社会信用代码|税号)[\s.:：#-]*(?:NO|NR|NUMBER)?[\s.:：#-]*",
    re.IGNORECASE,
)


def party_number_holds(orders: pd.DataFrame) -> pd.DataFrame:
    """TAX-001, TAX-002, ADR-007: `orders` has vat_number and customer_phone as stated, home_vat_number, home_country
    and country. The number on file counts where the order states none; each distinct number is looked at once."""
    number = orders["vat_number"].where(orders["vat_number"] != "", orders["home_vat_number"])
    country = orders["home_country"].where(orders["home_country"] != "", orders["country"])
    keys = list(zip(number, country, orders["customer_phone"], strict=True))
    verdicts = {key: (*vat_findings(key[0], key[1]), *phone_findings(key[2], key[1])) for key in set(keys)}
    rows = [
        (order_id, 0, rule, reason, {"number": key[2] if rule == "ADR-007" else key[0], "country": key[1]})
        for order_id, key in zip(orders["order_id"], keys, strict=True)
        for rule, reason in verdicts[key]
    ]
    return pd.DataFrame(rows, columns=HOLD)


@lru_cache(maxsize=10_000)
def vat_findings(number: str, country: str) -> tuple[tuple[str, str], ...]:
    """(rule, reason) for what is wrong with a VAT or company number of a customer in `country`."""
    compact = _LABEL.sub("", number.strip()).replace(" ", "").replace(".", "").replace("-", "").upper()
    if not compact:
        return ()
    stated = _stated_country(compact)
    judged = stated or country
    if not _may_be(compact, judged, bool(stated)):
        return (("TAX-001", "the number is not a valid one" + (f" of {judged}" if judged else "")),)
    if stated and country and stated != country:
        return (("TAX-002", f"the number is of {stated}, the customer of {country}"),)
    return ()


@lru_cache(maxsize=10_000)
def phone_findings(number: str, country: str) -> tuple[tuple[str, str], ...]:
    """ADR-007 for a phone number that cannot be dialled; new number blocks are believed."""
    if not number.strip():
        return ()
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not number.strip().startswith(
            "+"
        ):
            return ()  # a national number of nobody knows where
        return (("ADR-007", "that is no phone number"),)
    length = phonenumbers.is_possible_number_with_reason(parsed)
    is_local = length == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY and not number.strip().startswith("+")
    if length == phonenumbers.ValidationResult.IS_POSSIBLE or is_local:
        return ()
    return (("ADR-007", "the number has not the length of a phone number"),)


def _stated_country(compact: str) -> str:
    """The country whose letters stand before the number; "" for none."""
    if compact.startswith(_REGISTERS):
        return ""
    letters = re.match(r"[A-Z]{2,3}(?=[A-Z]?\d)", compact)
    prefix = letters[0] if letters else compact[:2] if compact[:2] in _EU else ""
    for length in (3, 2):
        head = prefix[:length]
        if head in _COUNTRY_OF:
            return _COUNTRY_OF[head]
        if length == 2 and head in _EU:
            return head
    return ""


def _may_be(compact: str, country: str, is_marked: bool) -> bool:
    """False where the number contradicts the rules of its country. One without the country's letters may be of another
    kind: only a wrong check digit is held against it."""
    try:
        if country in _EU:
            own = "EL" if country == "GR" else country
            eu_vat.validate(compact if compact.startswith(own) else own + compact)
        elif module := _module(compact, country):
            module.validate(compact.removeprefix("XI"))
    except InvalidChecksum:
        return False
    except ValidationError:
        return not is_marked and country != "CN"
    return True


def _module(compact: str, country: str) -> Any:
    """The rules of a country's numbers; None where nothing is known of them."""
    if country == "CH" and not compact[-1:].isdigit():
        return get_cc_module("ch", "vat")  # CHE-107.787.577 IVA
    return get_cc_module(country.lower(), _KIND.get(country, "vat")) if country else None
