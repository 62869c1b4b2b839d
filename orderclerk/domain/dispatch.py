"""When goods leave a warehouse and when they are at the door: working days, cut-off times, handling, the courier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from orderclerk.domain.worktime import WorkTime

Days = np.ndarray[Any, np.dtype[np.datetime64]]
_AHEAD = 800  # days of holidays looked up; what lies beyond counts weekdays alone


@dataclass(frozen=True)
class Dispatch:
    """How one warehouse works. `cut_off` is local: what is ready later leaves as if it had come the next working day.

    `handling_days` are working days from ready to parcel, `receiving_days` from arrival of a supply to ready.
    `transit` is the courier's working days to a country (ISO), `transit_days` to any other.
    """

    work: WorkTime
    cut_off: time = time(15)
    handling_days: int = 0
    receiving_days: int = 1
    transit: Mapping[str, int] = field(default_factory=dict)
    transit_days: int = 3

    def first_day(self, at: datetime) -> date:
        """The day, maybe not a working one, as of which goods that are here at `at` count as ready."""
        local = at.astimezone(ZoneInfo(self.work.timezone))
        return local.date() if local.time() < self.cut_off else local.date() + timedelta(days=1)

    def holds_until(self, at: datetime) -> datetime:
        """Until when what is said at `at` about goods that are here leads to the same day: the next cut-off."""
        zone = ZoneInfo(self.work.timezone)
        day = self.first_day(at)
        while day.weekday() not in self.work.days or day in self.work.holidays:
            day += timedelta(days=1)
        return datetime.combine(day, self.cut_off, zone).astimezone(at.tzinfo)


def leave_and_arrive(pieces: pd.DataFrame, dispatches: Mapping[str, Dispatch], as_of: datetime) -> pd.DataFrame:
    """`pieces` (warehouse, country, expected_date: NaT for what is on hand) with ship_date and arrive_date.

    A supply that should have come already is expected today. Raises KeyError for a warehouse without a Dispatch.
    """
    found = pieces.assign(ship_date=pd.NaT, arrive_date=pd.NaT).astype(
        {"ship_date": "datetime64[s]", "arrive_date": "datetime64[s]"}
    )
    for code, own in pieces.groupby("warehouse", sort=False):
        dispatch = dispatches[str(code)]
        week, off = _calendar(dispatch.work, as_of)

        def later(days: Any, count: Any, week: list[bool] = week, off: Days = off) -> Days:
            found: Days = np.busday_offset(days, count, roll="forward", weekmask=week, holidays=off)
            return found

        today = np.datetime64(dispatch.first_day(as_of), "D")
        expected = own["expected_date"].to_numpy(dtype="datetime64[D]")
        here = np.isnat(expected)
        arrived = np.where(here, today, np.maximum(expected, today))
        ready = np.where(here, today, later(arrived, dispatch.receiving_days))
        ship = later(ready, dispatch.handling_days)
        transit = own["country"].map(lambda to, d=dispatch: d.transit.get(to, d.transit_days)).to_numpy(dtype=int)
        found.loc[own.index, "ship_date"] = ship
        found.loc[own.index, "arrive_date"] = later(ship, transit)
    return found


def _calendar(work: WorkTime, as_of: datetime) -> tuple[list[bool], Days]:
    """numpy's week mask, and the holidays from `as_of` on."""
    first = as_of.date() - timedelta(days=1)
    off = [day for n in range(_AHEAD) if (day := first + timedelta(days=n)) in work.holidays]
    return [day in work.days for day in range(7)], np.array(off, dtype="datetime64[D]")
