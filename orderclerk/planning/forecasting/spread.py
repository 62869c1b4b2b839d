"""How far demand strays from its forecast, as the backtest measured it."""

import numpy as np
from numpy.typing import NDArray

from orderclerk.planning.forecasting.buckets import Buckets
from orderclerk.planning.forecasting.recurrences import Floats
from orderclerk.planning.forecasting.trials import Trial

_PRIOR_PERIODS = 8.0  # the demand's own variance weighs as much as so many periods of the backtest
_PRIOR_OWN = 4.0  # and the usual relation of variance to mean as so many periods of history


def daily_sd(trial: Trial, buckets: Buckets, classes: NDArray[np.str_]) -> Floats:
    """Standard deviation of a sum of days' demand about its forecast, divided by the root of their number.

    The squared error of one period, drawn towards the variance of the series' demand (times what the class's errors are
    to it), times the class's relation of a sum's squared error to its periods': errors of one level add up.
    """
    demand, mean = _own_variance(buckets.usual)
    size = np.where(mean > 0, mean, 1.0) ** 2
    variance = np.zeros(len(mean))
    for name in np.unique(classes):
        among = classes == name
        squared, summed = trial.squared[among] / size[among], trial.summed[among] / size[among]
        expected = (trial.periods[among] * demand[among] / size[among]).sum()
        relation = squared.sum() / expected if expected > 0 else 1.0
        adding_up = max(summed.sum() / squared.sum(), 1.0) if squared.sum() > 0 else 1.0
        drawn = trial.squared[among] + _PRIOR_PERIODS * relation * demand[among]
        variance[among] = adding_up * drawn / (trial.periods[among] + _PRIOR_PERIODS)
    result: Floats = np.sqrt(variance / buckets.period_days)
    return result


def _own_variance(y: Floats) -> tuple[Floats, Floats]:
    """Variance and mean of each series' known periods; short histories lean on the usual variance for such a mean."""
    count = (~np.isnan(y)).sum(axis=1)
    mean = np.nansum(y, axis=1) / np.maximum(count, 1)
    deviations = np.nansum((y - mean[:, None]) ** 2, axis=1)
    is_long = (count > _PRIOR_OWN) & (mean > 0)
    usual = float(np.median(deviations[is_long] / count[is_long] / mean[is_long] ** 2)) if is_long.any() else 1.0
    return (deviations + _PRIOR_OWN * usual * mean**2) / (count + _PRIOR_OWN), mean
