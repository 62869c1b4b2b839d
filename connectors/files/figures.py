"""Numbers and dates from text, exactly or not at all."""

import re
from datetime import date, datetime
from decimal import Decimal

_FULLWIDTH = str.maketrans("０１２３４５６７８９．，－＋−／", "0123456789.,-+-/")
_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}")
_LONGEST = 40  # characters; no figure of a trading order is longer


def parse_plain(text: str, marks: str = ".") -> Decimal:
    """A number without thousands separators, its decimal mark any of `marks`. Raises ValueError saying why not."""
    figure = text.strip().translate(_FULLWIDTH)
    if "," in marks:
        figure = figure.replace(",", ".")
    if len(figure) > _LONGEST or not _PLAIN.fullmatch(figure):
        raise ValueError(f"{shown(text)} is not a number")
    return Decimal(figure)


def parse_number(text: str, decimal: str = ".") -> Decimal:
    """A number as a table writes it. Raises ValueError saying why not.

    `decimal` is the decimal mark, or thousands separator and decimal mark (".,"). With the mark alone, the other mark
    separates thousands only where no second reading exists: `1.234,50` and `1,234,567.00` are numbers, `1,234` is not.
    """
    figure = text.strip().translate(_FULLWIDTH)
    mark = decimal[-1:] or "."
    group = decimal[:-1] or {".": ",", ",": "."}.get(mark, ",")
    if group in figure:
        figure = _ungrouped(figure, group, mark, is_configured=len(decimal) > 1)
    if mark != "." and "." in figure:
        raise ValueError(f"{shown(text)} is not a number with the decimal mark {mark!r}")
    return parse_plain(figure.replace(mark, "."))


def _ungrouped(figure: str, group: str, mark: str, is_configured: bool) -> str:
    whole, _, fraction = figure.partition(mark)
    if not re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", whole) or group in fraction:
        raise ValueError(f"{shown(figure)} is not a number with the decimal mark {mark!r}")
    if not is_configured and mark not in figure and whole.count(group) == 1:
        raise ValueError(f"{shown(figure)} may be a thousand or a fraction: say `decimal` for this sender")
    return figure.replace(group, "")


def parse_date(text: str, formats: tuple[str, ...] = ()) -> date:
    """A day in one of `formats` (as strptime) or ISO; a time after it is left out. Raises ValueError saying why not."""
    stated = text.strip().translate(_FULLWIDTH)
    for pattern in formats:
        try:
            return datetime.strptime(stated, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    day = re.split(r"[T ]", stated, maxsplit=1)[0]
    if _ISO.fullmatch(day):
        try:
            return date.fromisoformat(day)
        except ValueError:
            raise ValueError(f"{shown(text)} is no day of the calendar") from None
    raise ValueError(f"{shown(text)} is not a date in a known format")


def shown(text: str) -> str:
    """`text` quoted and short enough for a sentence."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
