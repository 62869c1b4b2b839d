"""Whether two writings of a postal address mean the same place."""

import re
import unicodedata

from rapidfuzz import fuzz

_WORDS = {
    "street": "st", "str": "st", "strasse": "st", "straße": "st", "road": "rd", "avenue": "ave", "av": "ave",
    "avenida": "ave", "lane": "ln", "drive": "dr", "boulevard": "blvd", "bd": "blvd", "place": "pl", "platz": "pl",
    "square": "sq", "court": "ct", "building": "bldg", "unit": "", "suite": "", "floor": "fl", "rue": "r", "via": "v",
    "calle": "c", "c/": "c", "north": "n", "south": "s", "east": "e", "west": "w", "saint": "st", "sankt": "st",
    "no": "", "nr": "", "num": "",
}  # fmt: skip
_JOINED = re.compile(r"(?<=[a-z]{3})(?:strasse|straße|str)\b")
_CHINESE_NOISE = re.compile(r"中国|省|市|区|县|镇|街道|路|号|栋|幢|室|楼|层|座|单元")
_HANZI = re.compile(r"[\u4e00-\u9fff]")
ALIKE = 86  # of 100: a typing error or an abbreviation, not another street


def is_same_place(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether two (street, city, postal code) are one place: numbers agree, words are alike, nothing contradicts."""
    (street, city, code), (street2, city2, code2) = one, other
    if _code(code) and _code(code2) and _code(code) != _code(code2):
        return False
    whole, whole2 = normal_place(f"{street} {city}"), normal_place(f"{street2} {city2}")
    if whole == whole2:
        return True
    if _numbers(street) != _numbers(street2):
        return False
    if _HANZI.search(whole) or _HANZI.search(whole2):
        return bool(fuzz.partial_ratio(whole, whole2) >= ALIKE)
    return bool(fuzz.token_set_ratio(normal_place(street), normal_place(street2)) >= ALIKE)


def names_place(stated: str, place: tuple[str, str, str]) -> bool:
    """Whether the words of an address, in whatever order or parts, hold all of a place on file and no other number."""
    street, city, code = place
    if not street or not (city or code):
        return False
    if _HANZI.search(street):
        whole = normal_place(stated)
        parts = [normal_place(part) for part in (street, city, code)]
        rest = whole
        for part in parts:
            if part not in rest:
                return False
            rest = rest.replace(part, "", 1)
        return not re.search(r"\d", rest)
    have, want = normal_place(stated).split(), normal_place(f"{street} {city} {_spaced(code)}").split()
    left = list(have)
    for word in want:
        if word not in left:
            return False
        left.remove(word)
    return not any(word[0].isdigit() for word in left)


def normal_place(text: str) -> str:
    """`text` in the one form places are compared in: no case, accents, marks or usual abbreviations."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    if _HANZI.search(plain):
        return re.sub(r"[^\w]", "", _CHINESE_NOISE.sub("", plain))
    words = re.findall(r"[\w/]+", _JOINED.sub(" st", plain))
    return " ".join(word for word in (_WORDS.get(word, word) for word in words) if word)


def _numbers(text: str) -> list[str]:
    """House numbers and the like, `12a` with its letter."""
    return sorted(re.findall(r"\d+[a-z]?", unicodedata.normalize("NFKC", text).casefold().replace(" ", "")))


def _code(text: str) -> str:
    return re.sub(r"\W", "", _spaced(text)).casefold()


def _spaced(code: str) -> str:
    """A postal code without its country's letters: D-50667."""
    return re.sub(r"^[A-Za-z]{1,3}-(?=\d)", "", code.strip())
