"""Days named from the day of writing: next Wednesday, 下周三, KW 50, by the end of next week, in 10 Tagen."""

import re
from calendar import monthrange
from datetime import date, timedelta

_WEEKDAYS = (
    "monday mon montag lundi lunes lunedì 一",
    "tuesday tue tues dienstag mardi martes martedì 二",
    "wednesday wed mittwoch mercredi miércoles mercoledì 三",
    "thursday thu thur thurs donnerstag jeudi jueves giovedì 四",
    "friday fri freitag vendredi viernes venerdì 五",
    "saturday sat samstag sonnabend samedi sábado sabato 六",
    "sunday sun sonntag dimanche domingo domenica 日 天",
)
_DAY_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_NAMES = "|".join(sorted(_DAY_NUMBERS, key=len, reverse=True))
_FIXED = {
    "today": 0, "heute": 0, "aujourd'hui": 0, "hoy": 0, "oggi": 0, "今天": 0, "今日": 0, "tomorrow": 1, "morgen": 1,
    "demain": 1, "mañana": 1, "domani": 1, "明天": 1, "明日": 1, "the day after tomorrow": 2, "übermorgen": 2,
    "après-demain": 2, "pasado mañana": 2, "dopodomani": 2, "后天": 2, "大后天": 3,
}  # fmt: skip
_THIS = r"this|diese[nrs]?|ce|cette|est[ea]|questo|本|这|这个"
_NEXT = r"next|(?:der |die )?(?:nächste[nr]?|kommende[nr]?)|(?:la )?(?:próxim[oa]|prochaine?)|(?:il |la )?prossim[oa]|下|下个"
_ON_WEEKDAY = re.compile(
    rf"(?:(?P<next>{_NEXT})|(?P<this>{_THIS}))?\s*(?:周|星期|礼拜)?(?P<day>{_NAMES})(?:\s(?P<after>next week|week|prochaine?|próximo|prossimo|nächster woche|de la semaine prochaine|de la próxima semana))?"
)
_WEEK = re.compile(
    rf"(?:(?:in |during )?(?:(?P<next>{_NEXT})|(?P<this>{_THIS}))\s*(?:week|woche|semaine|semana|settimana|周|星期)|"
    r"(?:la )?(?P<next2>semaine prochaine|semana que viene|semana próxima|settimana prossima|下周|下星期)|"
    r"(?P<this2>cette semaine|esta semana|本周|这周))(?:内|之?前)?"
)
_END = re.compile(
    r"(?:the )?(?:end of|ende|anfang|(?:la )?fin(?:e|al)?(?: de)?(?: la)?|(?:la )?fine (?:della|di))\s+(?:der |des |the )?(?P<what>.+)|"
    r"(?P<what2>下周|本周|这周|下个?月|本月|这个?月|\d{1,2}月)(?:末|底)"
)
_WEEK_NUMBER = re.compile(
    r"(?:in )?(?:(?:the )?(?:calendar )?week|kw|cw|wk|kalenderwoche|(?:la )?semaine|(?:la )?semana|settimana|第)\s*\.?\s*(?P<week>\d{1,2})(?:周)?(?:\s*[/ ]\s*(?P<year>20\d\d))?"
)
_AFTER_DAYS = re.compile(
    r"(?:in|within|innerhalb von|innerhalb|binnen|sous|dans(?: les)?|en|dentro de|entro|tra)?\s*(?P<n>\d{1,3})\s*(?P<working>working |business |werk|arbeits)?\s*(?P<unit>days?|tage?n?|jours?|días?|giorni|weeks?|wochen?|semaines?|semanas?|settimane|天|日|个?工作日|周|个?星期)\s*(?P<working2>ouvrés|ouvrables|hábiles|lavorativi)?(?:\s*(?:time|之?内|以内|后))?"
)
_THIS_MONTH = re.compile(r"(?:this|the|diese[ns]?|ce|este|questo)?\s*(?:month|monats?|mois|mes|mese)|本月|这个?月")
_NEXT_MONTH = re.compile(rf"(?:{_NEXT})\s*(?:month|monats?|mois|mes|mese|月)|mois prochain|mes que viene|下个?月")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio jan", "february februar février febrero febbraio feb",
            "march märz mars marzo mar", "april avril abril aprile apr", "may mai mayo maggio",
            "june juni juin junio giugno", "july juli juillet julio luglio", "august août agosto aug",
            "september septembre septiembre settembre sept", "october oktober octobre octubre ottobre oct okt",
            "november novembre noviembre nov", "december dezember décembre diciembre dicembre dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
FRIDAY = 4


def relative_day(words: str, sent_on: date) -> date | None:
    """The day that `words` (lower case, without "by" and "until") name as seen on `sent_on`; None for none.

    A week means its Friday, the last day on which a delivery in that week can come. "Next Wednesday" is that of the
    next calendar week.
    """
    if words in _FIXED:
        return sent_on + timedelta(days=_FIXED[words])
    for read in (_weekday, _week, _numbered_week, _some_days, _end, _day_of_month):
        if (day := read(words, sent_on)) is not None:
            return day
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weekday(words: str, sent_on: date) -> date | None:
    found = _ON_WEEKDAY.fullmatch(words)
    if not found or (len(found["day"]) == 1 and not re.search("[周星期礼拜]", words)):
        return None
    number = _DAY_NUMBERS[found["day"]]
    if found["next"] or (found["after"] and found["after"] != "week"):
        return _monday(sent_on) + timedelta(days=7 + number)
    if found["this"] and number >= sent_on.weekday():
        return _monday(sent_on) + timedelta(days=number)
    ahead = (number - sent_on.weekday() - 1) % 7 + 1
    return sent_on + timedelta(days=ahead + (7 if found["after"] == "week" else 0))


def _week(words: str, sent_on: date) -> date | None:
    found = _WEEK.fullmatch(words)
    if not found:
        return None
    later = 7 if found["next"] or found["next2"] else 0
    return _monday(sent_on) + timedelta(days=later + FRIDAY)


def _numbered_week(words: str, sent_on: date) -> date | None:
    found = _WEEK_NUMBER.fullmatch(words)
    if not found:
        return None
    week, this = int(found["week"]), sent_on.isocalendar()
    year = int(found["year"]) if found["year"] else this.year + (week < this.week)
    try:
        return date.fromisocalendar(year, week, FRIDAY + 1)
    except ValueError:
        return None


def _some_days(words: str, sent_on: date) -> date | None:
    found = _AFTER_DAYS.fullmatch(words)
    if not found:
        return None
    number, unit = int(found["n"]), found["unit"]
    if found["working"] or found["working2"] or "工作" in unit:
        return _after_working_days(sent_on, number)
    is_week = unit.startswith(("week", "woche", "sem", "sett")) or unit.endswith(("周", "星期"))
    return sent_on + timedelta(days=number * (7 if is_week else 1))


def _after_working_days(day: date, number: int) -> date:
    for _ in range(min(number, 300)):
        day += timedelta(days=1)
        while day.weekday() > FRIDAY:
            day += timedelta(days=1)
    return day


def _end(words: str, sent_on: date) -> date | None:
    found = _END.fullmatch(words)
    if not found or words.startswith("anfang"):
        return None
    what = (found["what"] or found["what2"] or "").strip()
    if (week := _week(what, sent_on)) is not None:
        return week
    if what in ("week", "woche", "the week", "semaine", "semana", "settimana"):
        return _monday(sent_on) + timedelta(days=FRIDAY)
    if _NEXT_MONTH.fullmatch(what):
        return _month_end(sent_on.year + sent_on.month // 12, sent_on.month % 12 + 1)
    if _THIS_MONTH.fullmatch(what):
        return _month_end(sent_on.year, sent_on.month)
    month = _MONTHS.get(what, int(what[:-1]) if what[:-1].isdecimal() and what.endswith("月") else 0)
    return _month_end(sent_on.year + (month < sent_on.month), month) if 1 <= month <= 12 else None


def _day_of_month(words: str, sent_on: date) -> date | None:
    """`the 15th`, `15号`: the next one."""
    found = re.fullmatch(r"(?:the )?(\d{1,2})(?:st|nd|rd|th|号|日|\.)", words)
    for ahead in range(2) if found else ():
        month = sent_on.month + ahead
        try:
            day = date(sent_on.year + (month > 12), (month - 1) % 12 + 1, int(found[1])) if found else sent_on
        except ValueError:
            continue
        if day >= sent_on:
            return day
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
