"""When what is there, and what is coming, can leave: cut-off, handling and working days, from the domain's calendar."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pandas as pd

from orderclerk.domain.dispatch import Dispatch, leave_and_arrive
from orderclerk.domain.worktime import WorkTime


def with_ship_dates(warehouses: pd.DataFrame, dispatches: Mapping[str, Dispatch], as_of: datetime) -> pd.DataFrame:
    """`warehouses` with ship_date, when stock asked for now leaves, and next_ship_date, the working day after that."""
    today = _leaving(warehouses.assign(expected_date=pd.NaT), dispatches, as_of)
    works = [dispatches[str(code)].work for code in warehouses["warehouse"]]
    following = [_working_day_after(day, work) for day, work in zip(today, works, strict=True)]
    return warehouses.assign(ship_date=today, next_ship_date=following)


def supplies_with_ship_dates(
    supplies: pd.DataFrame, dispatches: Mapping[str, Dispatch], as_of: datetime
) -> pd.DataFrame:
    """`supplies` (warehouse, expected_date) with ship_date; those of warehouses that send nothing are left out."""
    sent = supplies[supplies["warehouse"].isin(list(dispatches))].reset_index(drop=True)
    dated = sent.assign(expected_date=pd.to_datetime(sent["expected_date"]))
    return sent.assign(ship_date=_leaving(dated, dispatches, as_of))


def _leaving(pieces: pd.DataFrame, dispatches: Mapping[str, Dispatch], as_of: datetime) -> "pd.Series[date]":
    found = leave_and_arrive(pieces.assign(country="").reset_index(drop=True), dispatches, as_of)
    return pd.Series(found["ship_date"].dt.date.to_numpy(), index=pieces.index, dtype="object")


def _working_day_after(day: date, work: WorkTime) -> date:
    day += timedelta(days=1)
    while day.weekday() not in work.days or day in work.holidays:
        day += timedelta(days=1)
    return day
