"""Days as people write them in mails. What could be two days is none."""

import re
from datetime import date, timedelta

from connectors.mail.normal import plain_line
from connectors.mail.relative_days import relative_day

_MONTH_NAMES = (
    "january jan januar jän janvier janv enero ene gennaio gen",
    "february feb februar febr février fév févr febrero febbraio",
    "march mar märz mär mrz mars marzo",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag",
    "june jun juni juin junio giugno giu",
    "july jul juli juillet juil julio luglio lug",
    "august aug août agosto ago",
    "september sept sep septembre septiembre settembre set",
    "october oct oktober okt octobre octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic dicembre",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?\s?(\d{4}|(?<=\.)\d{2})?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
_HANZI = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_DAY_FIRST = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:of |de |di )?([^\W\d_]{3,10})\.?,?(?:[\s-]+(?:de )?(\d{4}))?"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?\s+(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"sonnabend|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|"
    r"domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|mo|di|mi|do|fr|sa|so"
)
_AROUND = re.compile(
    r"^(?:not later than|no later than|at the latest|latest by|(?:by|on|until|till|before|for|latest|arriving)(?: the)?|"
    r"spätestens(?: (?:am|zum|bis))?|bis(?: (?:spätestens|zum))?|am|zum|vor dem|ab|"
    r"(?:pour|avant|d'ici|au plus tard) le|le|avant|para el|antes del?|a más tardar el|el|entro(?: il)?|per il|il|à partir du|a partir del|from|"
    r"最晚|不晚于|请?于|在)\s*(?=[\w])"
)
_WEEKDAY = re.compile(rf"^(?:{_DAYS})\.?,?\s+(?:the |den |dem |le |el )?(?=[\w])")
_AFTER = re.compile(r"\s*(?:at the latest|latest|or earlier|spätestens|au plus tard|之?前(?:到货|送到|交货)?|以前|"
                    r"\((?:" + _DAYS + r"|[一二三四五六日天周星期]{1,3})\.?\)?|(?:am|pm|uhr)|到货|交货)\s*$")  # fmt: skip
_NO_DAY = re.compile(
    r"a\.?s\.?a\.?p\.?|(?:as )?soon(?:est)?(?: as possible)?|urgent(?:ly)?|immediately|at once|"
    r"(?:so )?schnellst(?:möglich|ens)|so (?:bald|schnell|rasch) wie möglich|sofort|umgehend|dringend|"
    r"dès que possible|au plus vite|le plus vite possible|urgente?|lo antes posible|cuanto antes|"
    r"il prima possibile|尽快|越快越好|加急|急|马上|-|n/?a|\s*",
)
_PAST_DAYS = 14  # a day without a year that is this long past is meant this year all the same


def read_day(text: str, sent_on: date | None = None, language: str = "") -> date | None:
    """The day `text` names, None where it says "as soon as possible". Raises ValueError saying why it cannot be told.

    `sent_on` is the day of writing where the writer was: days without a year, weekdays and weeks are reckoned from it.
    01.02.2026 is the first of February, as dotted dates are everywhere; 01/02/2026 is refused unless the language
    settles it, 13/02/2026 is not.
    """
    words = plain_line(" ".join(text.casefold().split())).strip(".,;:!。，（）() ")
    if _NO_DAY.fullmatch(words):
        return None
    words = _bare(words)
    if found := _parts(words, text, language):
        year, month, day = found
        return _dated(year, month, day, text, sent_on)
    relative = relative_day(words, sent_on) if sent_on else None
    if relative is None:
        raise ValueError(f"{text[:40]!r} is not a date")
    return relative


def _bare(words: str) -> str:
    for _ in range(3):
        shorter = _AFTER.sub("", _AROUND.sub("", words)).strip(" ,.")
        if shorter == words:
            break
        words = shorter
    without_day = _WEEKDAY.sub("", words)
    return without_day if re.search(r"\d", without_day) else words


def _dated(year: int | None, month: int, day: int, text: str, sent_on: date | None) -> date:
    try:
        if year is not None:
            return date(year, month, day)
        if sent_on is None:
            raise ValueError(f"{text[:40]!r} names no year")
        this_year = date(sent_on.year, month, day)
        is_past = this_year < sent_on - timedelta(days=_PAST_DAYS)
        return date(sent_on.year + 1, month, day) if is_past else this_year
    except ValueError as error:
        if "names no year" in str(error):
            raise
        raise ValueError(f"{text[:40]!r} is no day of the calendar") from None


def _parts(words: str, text: str, language: str) -> tuple[int | None, int, int] | None:
    """Year (None: not stated), month and day; None if `words` are no calendar day. Raises ValueError for two days."""
    if found := _YEAR_FIRST.fullmatch(words) or _COMPACT.fullmatch(words):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.fullmatch(words):
        return _year(found[3]), int(found[2]), int(found[1])
    if found := _HANZI.fullmatch(words):
        return None, int(found[1]), int(found[2])
    if (found := _DAY_FIRST.fullmatch(words)) and found[2] in _MONTHS:
        return _year(found[3]), _MONTHS[found[2]], int(found[1])
    if (found := _MONTH_FIRST.fullmatch(words)) and found[1] in _MONTHS:
        return _year(found[3]), _MONTHS[found[1]], int(found[2])
    if found := _SLASHED.fullmatch(words):
        return _slashed(_year(found[3]), int(found[1]), int(found[2]), text, language)
    return None


def _slashed(year: int | None, first: int, second: int, text: str, language: str) -> tuple[int | None, int, int]:
    if first > 12 or first == second or language in ("de", "fr", "es", "it"):
        return year, second, first
    if second > 12 or language.startswith("zh"):
        return year, first, second
    raise ValueError(f"{text[:40]!r} may be two different days")


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)
