"""Days as people write them in mails. What could be two days is none."""

import re
from datetime import date

_MONTH_NAMES = (
    "january jan januar jän janvier enero ene",
    "february feb februar février fév febrero",
    "march mar märz mär mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août agosto ago",
    "september sept sep septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:of |de )?([^\W\d_]{3,10})\.?,?\s+(?:de )?(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_AROUND = re.compile(
    r"^(?:by|on|until|latest|bis|am|zum|le|el|avant le|vor dem|before|[a-zäöüéí]{3,10}(?:day|tag|di)),?\s+"
)
_NO_DAY = re.compile(
    r"a\.?s\.?a\.?p\.?|as soon as possible|urgent(?:ly)?|immediately|at once|(?:so )?schnellst(?:möglich|ens)|"
    r"so bald wie möglich|sofort|umgehend|dès que possible|au plus vite|lo antes posible|尽快|越快越好|加急|-|n/?a|\s*",
)


def read_day(text: str) -> date | None:
    """The day `text` names, None where it says "as soon as possible". Raises ValueError saying why it cannot be told.

    01.02.2026 is the first of February, as dotted dates are everywhere; 01/02/2026 is refused, 13/02/2026 is not.
    """
    words = text.strip().strip(".,;!。").casefold()
    if _NO_DAY.fullmatch(words):
        return None
    words = _AROUND.sub("", words)
    year, month, day = _parts(words, text)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no day of the calendar") from None


def _parts(words: str, text: str) -> tuple[int, int, int]:
    if found := _YEAR_FIRST.fullmatch(words):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.fullmatch(words):
        return int(found[3]), int(found[2]), int(found[1])
    if (found := _DAY_FIRST.fullmatch(words)) and found[2] in _MONTHS:
        return int(found[3]), _MONTHS[found[2]], int(found[1])
    if (found := _MONTH_FIRST.fullmatch(words)) and found[1] in _MONTHS:
        return int(found[3]), _MONTHS[found[1]], int(found[2])
    if found := _SLASHED.fullmatch(words):
        first, second = int(found[1]), int(found[2])
        if first > 12:
            return int(found[3]), second, first
        if second > 12 or first == second:
            return int(found[3]), first, second
        raise ValueError(f"{text[:40]!r} may be two different days")
    raise ValueError(f"{text[:40]!r} is not a date")
