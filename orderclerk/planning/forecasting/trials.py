"""The backtest: every candidate method at every origin, its errors beside those of plain exponential smoothing."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from orderclerk.planning.forecasting.buckets import Buckets
from orderclerk.planning.forecasting.recurrences import Floats, croston, moving_mean, smooth, tsb

ORIGINS = 8  # a week apart, the last ones that still have something to be compared with
AHEAD_DAYS = 28
PLAIN = "ses"
_ALPHAS = tuple(step / 20 for step in range(1, 20))
DAYS_A_WEEK = 7
_PAIRS = (("ses 0.1", "sba 0.1"), ("ses 0.2", "mean 13"), ("mean 8", "tsb 0.1 0.1"), ("mean 4", "mean 26"))
Paths = dict[int, Floats]  # origin (week) -> [series, period ahead]


class Trial(NamedTuple):
    """What one candidate did: path [series, period] from as_of on, and errors summed over origins and periods ahead.

    `absolute`, `squared`, `signed` (forecast less actual) over `periods` comparisons; `summed` is the squared error of
    the demand of all periods ahead together, from `sums` origins; `plain_absolute` and `plain_squared` are plain
    exponential smoothing's on the same comparisons. All [series]; path NaN: no forecast.
    """

    method: str
    path: Floats
    periods: Floats
    absolute: Floats
    squared: Floats
    signed: Floats
    summed: Floats
    sums: Floats
    plain_absolute: Floats
    plain_squared: Floats


def plain_smoothing(y: Floats) -> Floats:
    """Simple exponential smoothing as it comes: at each origin with the alpha that fitted the series best so far."""
    best, least = np.full((len(y), y.shape[1] + 1), np.nan), np.full((len(y), y.shape[1] + 1), np.inf)
    for alpha in _ALPHAS:
        level = smooth(y, alpha)
        missed = np.nan_to_num((level[:, :-1] - y) ** 2)
        loss = np.concatenate([np.zeros((len(y), 1)), missed.cumsum(axis=1)], axis=1)
        better = loss < least
        best, least = np.where(better, level, best), np.where(better, loss, least)
    return best


def _levels(y: Floats) -> Iterator[tuple[str, Floats]]:
    """The weekly candidates that forecast one level, by name: [series, origin]."""
    for alpha in (0.05, 0.1, 0.2, 0.3):
        yield f"ses {alpha}", smooth(y, alpha)
    for weeks in (4, 8, 13, 26, 52):
        if weeks < y.shape[1]:
            yield f"mean {weeks}", moving_mean(y, weeks)
    for alpha in (0.1, 0.2):
        yield f"croston {alpha}", croston(y, alpha)
        yield f"sba {alpha}", croston(y, alpha, corrected=True)
    for alpha, beta in ((0.1, 0.05), (0.1, 0.1), (0.2, 0.1), (0.2, 0.2)):
        yield f"tsb {alpha} {beta}", tsb(y, alpha, beta)


def weekly_levels(y: Floats, columns: list[int]) -> dict[str, Floats]:
    """Every candidate's level at the origins `columns`, and means of pairs: errors of unlike methods partly cancel."""
    found = {method: level[:, columns] for method, level in _levels(y)}
    pairs = [(first, second) for first, second in _PAIRS if first in found and second in found]
    return found | {f"{first} + {second}": (found[first] + found[second]) / 2 for first, second in pairs}


def origins(weeks: int) -> list[int]:
    """Weeks (columns) from which the backtest forecasts."""
    return list(range(max(1, weeks - ORIGINS), weeks))


def ahead(buckets: Buckets, weeks: int, origin: int) -> Floats:
    """Usual demand of the periods from week `origin` of `weeks` on, as far as the backtest looks."""
    start = buckets.usual.shape[1] - (weeks - origin) * (DAYS_A_WEEK // buckets.period_days)
    return buckets.usual[:, start : start + AHEAD_DAYS // buckets.period_days]


def judge(method: str, path: Floats, made: Paths, plain: Paths, actual: Paths) -> Trial:
    """Errors of the forecasts `made` against `actual`, beside those of `plain` on the same periods."""
    totals = np.zeros((8, len(path)))
    for origin, forecast in made.items():
        truth = actual[origin]
        width = truth.shape[1]
        error, beside = forecast[:, :width] - truth, plain[origin][:, :width] - truth
        both = ~(np.isnan(error) | np.isnan(beside))
        error, beside, count = np.where(both, error, 0.0), np.where(both, beside, 0.0), both.sum(axis=1)
        totals += (
            count, np.abs(error).sum(axis=1), (error**2).sum(axis=1), error.sum(axis=1), error.sum(axis=1) ** 2,
            (count > 0), np.abs(beside).sum(axis=1), (beside**2).sum(axis=1),
        )  # fmt: skip
    return Trial(method, path, *totals)
