"""A demand history becomes forecasts: bucketed, classed, tried, chosen, and each with the error it was seen to make."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orderclerk.planning.forecasting.buckets import Buckets, Days, in_buckets, is_dense, read_days, select
from orderclerk.planning.forecasting.candidates import daily_trials, weekly_trials
from orderclerk.planning.forecasting.choosing import choose
from orderclerk.planning.forecasting.classes import demand_class
from orderclerk.planning.forecasting.recurrences import Floats
from orderclerk.planning.forecasting.spread import daily_sd
from orderclerk.planning.forecasting.trials import AHEAD_DAYS, DAYS_A_WEEK, Trial

COLUMNS = (
    "item_id", "warehouse", "made_on", "demand_class", "method", "period_days", "horizon_days", "daily_mean",
    "daily_sd", "per_period", "error", "demand_days", "last_demand",
)  # fmt: skip
_NEVER, _NO_DAY = 10**6, np.datetime64("NaT", "s")  # days ago


def forecast_all(
    history: pd.DataFrame, as_of: date, horizon_days: int = AHEAD_DAYS, *, fitted: bool = True
) -> pd.DataFrame:
    """One forecast for each item and warehouse of `history`: docs/contracts.md has both frames.

    Deterministic, and independent of the history's order. `fitted`: also try what a library fits series by series.
    Raises ValueError for a horizon below a day, KeyError for a missing column.
    """
    if horizon_days < 1:
        raise ValueError(f"a forecast of {horizon_days} days: the horizon is at least 1 day")
    made_on = pd.Timestamp(as_of).as_unit("s")
    whole_weeks = -(-horizon_days // DAYS_A_WEEK) * DAYS_A_WEEK
    days = read_days(history, made_on)
    dense = is_dense(days)
    parts = []
    for rows, period_days in ((np.flatnonzero(~dense), DAYS_A_WEEK), (np.flatnonzero(dense), 1)):
        if len(rows):
            parts.append(_forecast(select(days, rows), period_days, whole_weeks, fitted))
    if not parts:
        return pd.DataFrame({name: [] for name in COLUMNS})
    whole = pd.concat(parts).assign(made_on=made_on, horizon_days=whole_weeks)
    return whole.sort_values(["item_id", "warehouse"], ignore_index=True)[list(COLUMNS)]


def _forecast(days: Days, period_days: int, horizon_days: int, fitted: bool) -> pd.DataFrame:
    weekly = in_buckets(days, DAYS_A_WEEK)
    classes = demand_class(weekly.usual)
    if period_days == 1:
        buckets, trials = in_buckets(days, 1), list(daily_trials(days, horizon_days, fitted=fitted))
    else:
        buckets, trials = weekly, list(weekly_trials(weekly, horizon_days, fitted=fitted))
    known = ~np.isnan(buckets.usual)
    scale = np.nansum(buckets.usual, axis=1) / np.maximum(known.sum(axis=1), 1)
    number = choose(trials, classes, scale)
    best = _picked(trials, number)
    path = np.where(np.isnan(best.path), 0.0, best.path)
    sold = days.sold > 0
    last_age, today = np.full(len(days.keys), _NEVER), days.as_of.to_datetime64()
    np.minimum.at(last_age, days.series[sold], days.age[sold])
    return days.keys.assign(
        demand_class=classes,
        method=np.array([trial.method for trial in trials])[number],
        period_days=period_days,
        daily_mean=path.sum(axis=1) / horizon_days,
        daily_sd=np.where(classes == "none", 0.0, daily_sd(best, buckets, classes)),
        per_period=path.tolist(),
        error=_errors(best, buckets),
        demand_days=np.bincount(days.series[sold], minlength=len(days.keys)),
        last_demand=np.where(last_age < _NEVER, today - last_age.astype("timedelta64[D]"), _NO_DAY),
    )


def _picked(trials: Sequence[Trial], number: NDArray[np.int64]) -> Trial:
    """The trial whose every row is the chosen one's."""
    rows = np.arange(len(number))
    fields: list[Any] = [
        np.stack([trial[field] for trial in trials])[number, rows] for field in range(1, len(trials[0]))
    ]
    return Trial("", *fields)


def _errors(best: Trial, buckets: Buckets) -> list[dict[str, Any]]:
    """Each series' backtest as the contract names it, per period in the item's unit."""
    periods = np.maximum(best.periods, 1)
    steps = np.diff(buckets.usual, axis=1)
    count = np.maximum((~np.isnan(steps)).sum(axis=1), 1)
    per = {
        "mae": best.absolute / periods,
        "rmse": np.sqrt(best.squared / periods),
        "bias": best.signed / periods,
        "mase": _over(best.absolute / periods, np.nansum(np.abs(steps), axis=1) / count),
        "rmsse": _over(np.sqrt(best.squared / periods), np.sqrt(np.nansum(steps**2, axis=1) / count)),
        "mae_ses": best.plain_absolute / periods,
    }
    tested = best.sums > 0
    columns = {name: np.where(tested, values, np.nan).round(6).tolist() for name, values in per.items()}
    return [
        {"origins": int(origins), "periods": int(compared)}
        | {name: None if values[row] != values[row] else values[row] for name, values in columns.items()}
        for row, (origins, compared) in enumerate(zip(best.sums, best.periods, strict=True))
    ]


def _over(value: Floats, scale: Floats) -> Floats:
    ratio: Floats = np.divide(value, scale, out=np.full(len(value), np.nan), where=scale > 0)
    return ratio
