"""All candidates of weekly and of daily series, tried: weekly paths, which daily series spread over the weekdays."""

from collections.abc import Iterator

import numpy as np

from orderclerk.planning.forecasting.buckets import DAILY_HISTORY, Buckets, Days, in_buckets
from orderclerk.planning.forecasting.fitted import ORIGINS_FITTED, fitted_paths, has_library, worth_fitting
from orderclerk.planning.forecasting.recurrences import Floats
from orderclerk.planning.forecasting.trials import (
    AHEAD_DAYS,
    DAYS_A_WEEK,
    PLAIN,
    Paths,
    Trial,
    ahead,
    judge,
    origins,
    plain_smoothing,
    weekly_levels,
)
from orderclerk.planning.forecasting.weekdays import weekday_profile


def weekly_trials(weekly: Buckets, horizon_days: int, *, fitted: bool = True) -> Iterator[Trial]:
    """Candidates for series in weekly buckets, plain exponential smoothing first. `fitted`: the library's too."""
    weeks = weekly.sold.shape[1]
    at = origins(weeks)
    actual = {origin: ahead(weekly, weeks, origin) for origin in at}
    raw = plain_smoothing(weekly.usual)[:, [*at, weeks]]
    length = max(horizon_days, AHEAD_DAYS) // DAYS_A_WEEK
    plain = {origin: _level(raw[:, place], length) for place, origin in enumerate([*at, weeks])}
    for method, made in [(PLAIN, plain), *_weekly_paths(weekly, at, length, fitted)]:
        path = made[weeks][:, : horizon_days // DAYS_A_WEEK]
        yield judge(method, path, _without(made, weeks), plain, actual)


def daily_trials(days: Days, horizon_days: int, *, fitted: bool = True) -> Iterator[Trial]:
    """Candidates for series in daily buckets, plain exponential smoothing of days first."""
    weekly, daily = in_buckets(days, DAYS_A_WEEK), in_buckets(days, 1, DAILY_HISTORY)
    weeks, until = weekly.sold.shape[1], daily.sold.shape[1]
    end = {origin: until - (weeks - origin) * DAYS_A_WEEK for origin in [*origins(weeks), weeks]}
    end = {origin: day for origin, day in end.items() if day >= DAYS_A_WEEK}
    at = [origin for origin in end if origin < weeks]
    warehouses = np.asarray(days.keys["warehouse"].factorize()[0], dtype="int64")
    profile = {origin: weekday_profile(daily.usual[:, :day], warehouses) for origin, day in end.items()}
    actual = {origin: ahead(daily, weeks, origin) for origin in at}
    length = max(horizon_days, AHEAD_DAYS)
    raw = plain_smoothing(daily.usual)
    plain = {origin: _level(raw[:, day], length) for origin, day in end.items()}
    last_week = {origin: _tile(daily.usual[:, day - DAYS_A_WEEK : day], length) for origin, day in end.items()}
    yield judge(PLAIN, plain[weeks][:, :horizon_days], _without(plain, weeks), plain, actual)
    yield judge("seasonal naive", last_week[weeks][:, :horizon_days], _without(last_week, weeks), plain, actual)
    for method, made in _weekly_paths(weekly, at, length // DAYS_A_WEEK, fitted):
        spread = {
            o: np.repeat(path / DAYS_A_WEEK, DAYS_A_WEEK, axis=1) * _tile(profile[o], length)
            for o, path in made.items()
        }
        path = spread[weeks][:, :horizon_days]
        yield judge(f"{method} by weekday", path, _without(spread, weeks), plain, actual)


def _weekly_paths(weekly: Buckets, at: list[int], length: int, fitted: bool) -> Iterator[tuple[str, Paths]]:
    """Each candidate's path of `length` weeks from each of the weeks `at` and from the end."""
    weeks = weekly.usual.shape[1]
    columns = [*at, weeks]
    for method, level in weekly_levels(weekly.usual, columns).items():
        yield method, {origin: _level(level[:, place], length) for place, origin in enumerate(columns)}
    rows = worth_fitting(weekly.usual)
    if fitted and len(rows) and has_library():
        yield from fitted_paths(weekly.usual, rows, columns[-1 - ORIGINS_FITTED :], length)


def _without(made: Paths, weeks: int) -> Paths:
    return {origin: path for origin, path in made.items() if origin != weeks}


def _level(values: Floats, periods: int) -> Floats:
    return np.repeat(values[:, None], periods, axis=1)


def _tile(week: Floats, length: int) -> Floats:
    return np.tile(week, (1, length // DAYS_A_WEEK))
