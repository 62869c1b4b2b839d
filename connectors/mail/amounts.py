"""Numbers, currencies and units as people type them. What has two readings has none."""

import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

NUMBER = r"\d(?:[\d.,']*\d)?"
_GROUPED = re.compile(r"\d{1,3}(?:[.,']\d{3})+")
_ONE_GROUP = re.compile(r"\d{1,3}[.,]\d{3}")
_EDGE = r"(?<![\d.,'/:-])"
_DECIMAL_COMMA = re.compile(rf"{_EDGE}(?:\d{{1,3}}(?:[.']\d{{3}})+,\d{{1,2}}|\d{{1,6}},\d{{2}})(?![\d.,/:-]*\d)")
_DECIMAL_POINT = re.compile(
    rf"{_EDGE}(?!\d{{1,2}}\.(?:0[1-9]|1[0-2])\.)(?:\d{{1,3}}(?:[,']\d{{3}})+\.\d{{1,2}}|\d{{1,6}}\.\d{{2}})(?![\d.,/:-]*\d)"
)
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR", "£": "GBP", "gbp": "GBP", "us$": "USD",
    "usd": "USD", "美元": "USD", "美金": "USD", "cny": "CNY", "rmb": "CNY", "元": "CNY", "人民币": "CNY", "块": "CNY",
    "hkd": "HKD", "hk$": "HKD", "港币": "HKD", "chf": "CHF", "sfr": "CHF", "jpy": "JPY", "日元": "JPY", "cad": "CAD",
    "aud": "AUD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "sgd": "SGD", "inr": "INR",
    "mxn": "MXN", "brl": "BRL", "twd": "TWD", "krw": "KRW", "zar": "ZAR", "nzd": "NZD", "aed": "AED", "try": "TRY",
    "$": "", "¥": "", "￥": "",  # several currencies: the customer's stands
}  # fmt: skip


def _alternatives(words: list[str]) -> str:
    """A pattern for any of `words`, the longest first; a Latin one must end where it ends."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (r"(?![A-Za-zÀ-ÿ])" if word[-1].isascii() and word[-1].isalpha() else "")
                    for word in ordered)  # fmt: skip


CURRENCY = f"(?:{_alternatives(list(_CURRENCIES))})"


def read_number(text: str, decimal: str = "") -> Decimal:
    """The number `text` stands for. Raises ValueError saying why there is none, or why there are two.

    The last of two different marks is the decimal mark, a mark that comes twice separates thousands. One mark before
    exactly three digits may be either (1,000): refused, unless the figure begins with 0 or the mark is not `decimal`,
    the decimal mark of this writing where it is known ("" where not). SAP prints one piece as 1,000 in German.
    """
    figure = text.strip()
    if not re.fullmatch(NUMBER, figure) or len(figure) > 30:
        raise ValueError(f"{text[:40]!r} is not a number")
    marks = re.findall(r"[.,']", figure)
    if may_be_thousands(figure):
        if not decimal or marks[0] == decimal:
            raise ValueError(f"{text!r} may be a thousand or a fraction")
        return Decimal(figure.replace(marks[0], ""))
    if not marks or (len(marks) == 1 and marks[0] != "'"):
        return Decimal(figure.replace(",", "."))
    last = marks[-1]
    whole, _, fraction = figure.rpartition(last)
    if marks.count(last) > 1 or last == "'":
        whole, fraction = figure, ""
    if not _GROUPED.fullmatch(whole) or len(set(re.findall(r"[.,']", whole))) > 1:
        raise ValueError(f"{text[:40]!r} is not a number")
    return Decimal(re.sub(r"[.,']", "", whole) + ("." + fraction if fraction else ""))


def may_be_thousands(figure: str) -> bool:
    """Whether a figure is a thousand in one writing and a fraction in another: 1,000 and 1.250."""
    return bool(_ONE_GROUP.fullmatch(figure)) and not figure.startswith("0")


def decimal_mark(text: str, language: str) -> tuple[str, bool]:
    """The decimal mark that the figures of `text` show, else the language's; and whether figures showed it.

    ("", False) where the figures contradict each other.
    """
    commas, points = len(_DECIMAL_COMMA.findall(text)), len(_DECIMAL_POINT.findall(text))
    if commas and points:
        return "", False
    if commas or points:
        return ("," if commas else "."), True
    return ("," if language in ("de", "fr", "es", "it") else "."), False


def currency_code(text: str) -> str:
    """ISO 4217 of a currency's sign, code or name; "" for none or one that several countries share."""
    return _CURRENCIES.get(text.strip().lower().rstrip("."), "")


@cache
def _units() -> dict[str, tuple[str, bool]]:
    with Path(__file__).with_name("units.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: (row["code"], row["counts"] == "1") for row in csv.DictReader(file)}


def unit_code(word: str) -> str:
    """The UN/ECE Recommendation 20 code of a unit's word; "" for none."""
    return _units().get(word.strip().lower().rstrip("."), ("", False))[0]


def counts_things(word: str) -> bool:
    """Whether the unit counts things (pcs, 箱) rather than measuring them (kg, m), as sizes in descriptions do."""
    return _units().get(word.strip().lower().rstrip("."), ("", False))[1]


UNIT = f"(?:(?:{_alternatives(list(_units()))})\\.?)"
COUNT_UNIT = f"(?:(?:{_alternatives([word for word, (_, counts) in _units().items() if counts])})\\.?)"
