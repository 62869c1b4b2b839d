"""Working days, working hours and public holidays of orderclerk.toml, for the domain."""

from collections.abc import Container, Iterator
from datetime import date, time

from orderclerk.domain.worktime import MailHours, WorkTime
from orderclerk.settings_sections import DeskSettings, PolicySettings

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def work_time(desk: DeskSettings, policy: PolicySettings) -> WorkTime:
    """When the house works, and how its deadlines count. Raises ValueError for a country without known holidays."""
    opens, closes = _span(desk.working_hours)
    days = frozenset(_DAYS.index(day) for day in desk.working_days)
    return WorkTime(desk.timezone, days, opens, closes, _holidays(desk.holidays), policy.count)


def mail_hours(desk: DeskSettings, policy: PolicySettings) -> MailHours | None:
    """When customers may be written to; None for always."""
    if not policy.mail_hours:
        return None
    opens, closes = _span(policy.mail_hours)
    return MailHours(work_time(desk, policy), opens, closes if closes > opens else time.max)


def wrong_hours(desk: DeskSettings, policy: PolicySettings) -> Iterator[str]:
    """What cannot be worked by, in words."""
    if not desk.working_days:
        yield "[desk] working_days is empty: then no deadline ever ends"
    for name, span in (("[desk] working_hours", desk.working_hours), ("[policy] mail_hours", policy.mail_hours)):
        if span and span[-5:] != "24:00" and span[:5] >= span[-5:]:
            yield f"{name} = {span!r} ends before it begins"
    try:
        _holidays(desk.holidays)
    except ValueError as error:
        yield str(error)


def _span(text: str) -> tuple[time, time]:
    opens, _, closes = text.partition("-")
    return time.fromisoformat(opens), time(0) if closes == "24:00" else time.fromisoformat(closes)


def _holidays(country: str) -> Container[date]:
    if not country:
        return frozenset()
    import holidays  # 0.1 s, and only where it is asked for

    name, _, part = country.partition("-")
    try:
        found: Container[date] = holidays.country_holidays(name, subdiv=part or None)
    except (NotImplementedError, KeyError) as error:
        raise ValueError(f'[desk] holidays = {country!r} is no country we know: write "GB", or "GB-SCT"') from error
    return found
