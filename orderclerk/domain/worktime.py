"""When the house works: deadlines counted in its time, and the hours in which customers may be written to."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Count = Literal["hours", "working-days", "working-hours"]
_FAR = 1000  # days within which any deadline lies


@dataclass(frozen=True)
class WorkTime:
    """`days`: 0 for Monday. `count`: which hours of a deadline count: all of them, those of working days, or those of
    working hours. A deadline never ends outside working hours. The plain WorkTime works round the clock."""

    timezone: str = "UTC"
    days: frozenset[int] = frozenset(range(7))
    opens: time = time(0)
    closes: time = time(0)  # 00:00: the day's end
    holidays: Container[date] = frozenset()
    count: Count = "hours"

    def after(self, start: datetime, hours: float) -> datetime:
        """The moment `hours` after `start`, moved on to the next working hour; aware, in UTC as `start` is."""
        left = timedelta(hours=hours)
        if self.count == "hours":
            return self._open_from(start + left)
        windows = self._windows(start, whole_days=self.count == "working-days")
        for begins, ends in windows:
            begins = max(begins, start)
            if begins + left <= ends:
                return self._open_from(begins + left)
            left -= max(ends - begins, timedelta())
        raise ValueError(f"no working time within {_FAR} days of {start}")

    def _open_from(self, moment: datetime) -> datetime:
        """`moment` if the house works then, else when it opens next."""
        for begins, ends in self._windows(moment, whole_days=False):
            if moment <= ends:
                return max(moment, begins)
        raise ValueError(f"no working time within {_FAR} days of {moment}")

    def _windows(self, start: datetime, *, whole_days: bool) -> Iterator[tuple[datetime, datetime]]:
        """The working times of each day from that of `start` on."""
        zone = ZoneInfo(self.timezone)
        first = start.astimezone(zone).date()
        for day in (first + timedelta(days=n) for n in range(_FAR)):
            if day.weekday() in self.days and day not in self.holidays:
                opens, closes = (time(0), time(0)) if whole_days else (self.opens, self.closes)
                last = day + timedelta(days=1) if closes <= opens else day
                ends = (datetime.combine(day, opens, zone), datetime.combine(last, closes, zone))
                yield ends[0].astimezone(start.tzinfo), ends[1].astimezone(start.tzinfo)


@dataclass(frozen=True)
class MailHours:
    """The hours of working days in which customers are written to."""

    work: WorkTime
    opens: time
    closes: time

    def allow(self, moment: datetime) -> bool:
        """Whether a mail may go out at `moment`."""
        local = moment.astimezone(ZoneInfo(self.work.timezone))
        works = local.weekday() in self.work.days and local.date() not in self.work.holidays
        return works and self.opens <= local.time() < self.closes
