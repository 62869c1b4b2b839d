"""Quantities, units and days as customers write them in an answer. What has two readings has none."""

import re
from datetime import date, timedelta
from decimal import Decimal

_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "ein": 1, "eine": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "zwölf": 12, "zwanzig": 20, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4,
    "cinq": 5, "dix": 10, "douze": 12, "vingt": 20, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "diez": 10, "doce": 12, "veinte": 20,
}  # fmt: skip
_HANZI = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_DIGITS = r"\d(?:[\d.,']*\d)?"
HANZI = "[零〇一二两三四五六七八九十百千万]+"
NUMBER = rf"(?:{_DIGITS}|{HANZI}|(?:{'|'.join(_WORDS)})(?![a-zà-ÿ]))"

_CODES = {
    "EA": "pcs? pieces? pce ea each units? items? stück stk pièces? pièce pcs piezas? unidades unidad uds 个 件 只 支 条 块 张 把 根",
    "BX": "boxes box bx kartons? boîtes? cajas? 箱 盒", "CT": "cartons? ctn", "PK": "packs? pk packungen paquetes? 包",
    "SET": "sets? sätze juegos? 套", "PR": "pairs? paare? paires? pares? 双 对", "DZN": "dozens? dz dutzend douzaines? 打",
    "KGM": "kgs? kilos? kilograms? 公斤 千克", "GRM": "grams? gramm 克", "MTR": "m metres? meters? mètres? 米",
    "LTR": "l litres? liters? 升", "ROL": "rolls? rollen? rouleaux 卷", "BO": "bottles? flaschen? 瓶", "BG": "bags? beutel 袋",
}  # fmt: skip
_UNITS = {code: re.compile(f"(?:{'|'.join(words.split())})\\.?") for code, words in _CODES.items()}
UNIT = "(?:" + "|".join(
    f"(?:{'|'.join(sorted(words.split(), key=len, reverse=True))})(?![a-zà-ÿ])" for words in _CODES.values()
) + r")\.?"  # fmt: skip
_PIECES = frozenset({"", "EA", "PCE", "C62", "H87", "NAR", "XPP"})
_ALIKE = ({"BX", "CT", "XBX", "XCT", "CTN"}, {"PK", "PA", "XPK", "XPA"}, {"BG", "XBG"}, {"BO", "XBO"})


def read_quantity(text: str) -> Decimal | None:
    """The number `text` stands for; None where there is none or two (1,000 may be one or a thousand)."""
    text = text.strip()
    if text in _WORDS:
        return Decimal(_WORDS[text])
    if re.fullmatch(HANZI, text):
        return _hanzi(text)
    if not re.fullmatch(_DIGITS, text):
        return None
    if re.match(r"0\d", text):
        return None
    marks = re.findall(r"[.,']", text)
    if not marks:
        return Decimal(text)
    whole, _, last = text.rpartition(marks[-1])
    if len(set(marks)) == 1:
        if len(marks) == 1 and (len(last) != 3 or whole == "0") and marks[0] != "'":
            return Decimal(f"{whole}.{last}")
        grouped = re.fullmatch(r"\d{1,3}(?:[.,']\d{3})+", text)
        return Decimal(re.sub(r"[.,']", "", text)) if grouped and (len(marks) > 1 or marks[0] == "'") else None
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1 and re.fullmatch(r"\d{1,3}(?:[.,']\d{3})+", whole):
        return Decimal(re.sub(r"[.,']", "", whole) + "." + last)
    return None


def _hanzi(text: str) -> Decimal | None:
    total, digit = 0, 0
    for char in text:
        if char in _HANZI:
            if digit:
                return None
            digit = _HANZI[char]
        elif char == "万":
            total, digit = (total + digit) * 10000, 0
        else:
            total, digit = total + (digit or 1) * _TENS[char], 0
    return Decimal(total + digit) or None


def unit_code(text: str) -> str:
    """The UN/ECE code of a unit's word, EA for what only counts pieces; "" for none."""
    return next((code for code, words in _UNITS.items() if words.fullmatch(text.strip().rstrip("."))), "")


def same_unit(said: str, ordered: str) -> bool:
    """Whether a quantity said in `said` (a code, "" for none) may be taken for one in `ordered`."""
    if not said or said == ordered or {said, ordered} <= _PIECES:
        return True
    return any({said, ordered} <= group for group in _ALIKE)


_MONTHS = (
    "january jan januar janvier enero", "february feb februar février febrero", "march mar märz mars marzo",
    "april apr avril abril", "may mai mayo", "june jun juni juin junio", "july jul juli juillet julio",
    "august aug août agosto", "september sept sep septembre septiembre", "october oct oktober okt octobre octubre",
    "november nov novembre noviembre", "december dec dezember dez décembre diciembre",
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_WEEKDAYS = (
    "monday mon montag lundi lunes 一", "tuesday tue tues dienstag mardi martes 二", "wednesday wed mittwoch mercredi miércoles 三",
    "thursday thu thurs donnerstag jeudi jueves 四", "friday fri freitag vendredi viernes 五",
    "saturday sat samstag samedi sábado 六", "sunday sun sonntag dimanche domingo 日 天",
)  # fmt: skip
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_LATIN_DAYS = "|".join(
    sorted((n for n in _WEEKDAY if n.isalpha() and not "\u4e00" <= n <= "\u9fff"), key=len, reverse=True)
)
_LATIN_MONTHS = "|".join(sorted(_MONTH, key=len, reverse=True))
_NEXT = r"(?:next|coming|this|nächsten?|kommenden?|diesen|prochaine?|próximo)"
_DAY = re.compile(
    rf"(?:(?:on|by|until|am|bis|zum|le|el|den|the)\s+)*(?:"
    rf"(?P<y>\d{{4}})[-/.年](?P<m>\d{{1,2}})[-/.月](?P<d>\d{{1,2}})[日号]?|"
    rf"(?P<d2>\d{{1,2}})\.\s?(?P<m2>\d{{1,2}})\.\s?(?P<y2>\d{{4}})?|"
    rf"(?P<m3>\d{{1,2}})月(?P<d3>\d{{1,2}})[日号]?|"
    rf"(?:the\s+)?(?P<d4>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?(?P<mn>{_LATIN_MONTHS})\.?(?:,?\s+(?P<y4>\d{{4}}))?|"
    rf"(?P<mn2>{_LATIN_MONTHS})\.?\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y5>\d{{4}}))?|"
    rf"(?:the\s+)?(?P<d6>\d{{1,2}})(?:st|nd|rd|th)|(?P<d7>\d{{1,2}})[号日]|"
    rf"(?:(?P<nx>{_NEXT})\s+)?(?P<wd>{_LATIN_DAYS})(?:\s+(?P<nx2>prochain|próximo))?|"
    rf"(?P<wk>下下|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<wd2>[一二三四五六日天])|"
    rf"(?P<rel>tomorrow|morgen|demain|mañana|明天|后天)"
    rf")"
)
DAY = _DAY.pattern.replace("(?P<", "(?P<day_")


def read_day(text: str, today: date) -> date | None:
    """The day `text` names, seen from `today`; None for no day, one of the past, or one that could be two.

    "Friday" is the coming one; "next Friday" too, unless that is less than three days away: then it could be two.
    """
    found = _DAY.fullmatch(" ".join(text.split()).strip(" .,"))
    if not found:
        return None
    part = {name: value for name, value in found.groupdict().items() if value}
    day = _named_day(part, today)
    return day if day and day >= today else None


def _named_day(part: dict[str, str], today: date) -> date | None:
    if rel := part.get("rel"):
        return today + timedelta(days=2 if rel == "后天" else 1)
    if weekday := part.get("wd") or part.get("wd2"):
        return _weekday(_WEEKDAY[weekday], part, today)
    number = next(int(part[name]) for name in ("d", "d2", "d3", "d4", "d5", "d6", "d7") if name in part)
    year = next((int(part[name]) for name in ("y", "y2", "y4", "y5") if name in part), 0)
    month = next((int(part[name]) for name in ("m", "m2", "m3") if name in part), 0)
    month = month or next((_MONTH[part[name]] for name in ("mn", "mn2") if name in part), 0)
    return _calendar_day(year, month, number, today)


def _weekday(weekday: int, part: dict[str, str], today: date) -> date | None:
    ahead = (weekday - today.weekday()) % 7 or 7
    if week := part.get("wk"):  # Chinese counts calendar weeks
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=weekday + 7 * {"这": 0, "本": 0, "下": 1, "下下": 2}[week])
    if part.get("nx", "").startswith(("next", "nächst", "prochain")) and ahead < 3:
        return None
    return today + timedelta(days=ahead)


def _calendar_day(year: int, month: int, day: int, today: date) -> date | None:
    """The first such day from `today` on, where year or month are left out."""
    for months in range(13 if not year else 1):
        index = today.month - 1 + months
        of_year, of_month = (year, month) if year else (today.year + index // 12, index % 12 + 1)
        if month and of_month != month:
            continue
        try:
            found = date(of_year, of_month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
