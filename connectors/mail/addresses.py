"""Postal addresses as mails write them: taken apart where the form is plain, left whole where it is not."""

import re

from connectors.files.countries import country_code
from orderclerk.domain.reading import Address

_POSTAL = (
    r"[A-Z]\d[\dW]\s?[A-Z0-9]{4}(?![A-Z0-9])|"
    r"(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d"
)
_POSTAL_FIRST = re.compile(rf"(?P<postal>{_POSTAL})\s+(?P<city>[^\d,]+?)(?:,\s*(?P<region>[^\d,]+))?", re.IGNORECASE)
_POSTAL_LAST = re.compile(
    rf"(?P<city>[^\d,]+?)(?:,\s*(?P<region>[^\d,]+?))?[,\s]\s*(?P<postal>{_POSTAL})", re.IGNORECASE
)
_CHINA = re.compile(
    r"(?:中国)?\s*((?:北京|上海|天津|重庆)市?|[\u4e00-\u9fff]{2,7}?(?:省|自治区))?\s*"
    r"([\u4e00-\u9fff]{2,8}?(?:市|自治州))?\s*(.*)"
)
_STATE_LAST = re.compile(r"[A-Z]{2,3}\s+(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4})")
_STATES = ("US", "CA", "AU")  # whose towns are followed by the state's letters
_HANZI = re.compile(r"[\u4e00-\u9fff]")


def read_address(text: str, recipient: str = "") -> Address:
    """The address in `text`, its parts on lines or between commas.

    What cannot be told apart stays together in `street`: complete for a courier, never guessed into other fields.
    """
    parts = [part.strip(" ,;") for part in text.split("\n")]
    parts = [part for part in parts if part]
    if len(parts) == 1 and not _HANZI.search(text):
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    if not parts:
        return Address(recipient=recipient)
    country = country_code(parts[-1])
    is_named = len(country) == 2 and country.isalpha() and country.isupper() and len(parts) > 1
    rest = parts[:-1] if is_named else parts
    if not recipient and len(rest) > 2:
        recipient, rest = rest[0], rest[1:]
    town = _town(rest) if rest else None
    if town:
        street, city, region, postal_code = town
        state = re.fullmatch(r"(.+?),? ([A-Z]{2,3})", city) if country in _STATES else re.fullmatch(r"(.+) (\1)", city)
        if state and not region:
            city, region = state[1], state[2]
        return Address(recipient, street, city, region, postal_code, country if is_named else "")
    if not is_named and _HANZI.search(text):
        return _chinese(rest, recipient)
    return Address(recipient, ", ".join(rest), country=country if is_named else "")


def _town(parts: list[str]) -> tuple[str, str, str, str] | None:
    """Street, city, region and postal code, if the last part (or the last two, between commas) is a town's."""
    for length in (2, 1) if _STATE_LAST.fullmatch(parts[-1]) and len(parts) > 2 else (1, 2):
        last = ", ".join(parts[-length:])
        found = _POSTAL_FIRST.fullmatch(last) or _POSTAL_LAST.fullmatch(last)
        if found and len(parts) >= length:
            city, region = found["city"].strip(), (found["region"] or "").strip()
            if _HANZI.search(city) and (split := re.fullmatch(r"(.+?(?:省|自治区))(.+)", city)):
                region, city = split[1], split[2]
            return ", ".join(parts[:-length]), city, region, found["postal"].strip()
    return None


def _chinese(parts: list[str], recipient: str) -> Address:
    """`广东省深圳市南山区科技路1号 518000`: from the large to the small, on one line."""
    if len(parts) > 1 and not recipient and not re.search(r"\d|省|[市区县]", parts[0]):
        recipient, parts = parts[0], parts[1:]
    whole = " ".join(parts)
    postal = re.search(r"(?<!\d)(\d{6})(?!\d)", whole)
    where = whole.replace(postal[1], "").strip(" ,") if postal else whole
    found = _CHINA.match(where)
    if not found or not (found[1] or found[2]):
        return Address(recipient, where, postal_code=postal[1] if postal else "")
    region, city = found[1] or "", found[2] or ""
    if not city and region.rstrip("市") in ("北京", "上海", "天津", "重庆"):
        city = region
    return Address(recipient, found[3].strip(), city, region, postal[1] if postal else "", "CN")
