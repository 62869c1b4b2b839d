"""Demand over a lead time, from forecasts made per period."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from orderclerk.planning.forecasting.recurrences import Floats

_MOST_DEVIATION = 3.0  # times the mean


def lead_time_demand(forecasts: pd.DataFrame, days: ArrayLike, sd_days: ArrayLike = 0.0) -> tuple[Floats, Floats]:
    """Mean and standard deviation, in units, of demand over `days` days from `made_on` on; `sd_days` is their spread.

    Both are one number or one for each row; fractions of a day count in proportion. Beyond the horizon demand continues
    at its mean. Raises ValueError for a negative time.
    """
    size = len(forecasts)
    length = np.broadcast_to(np.asarray(days, dtype="float64"), size)
    spread = np.broadcast_to(np.asarray(sd_days, dtype="float64"), size)
    if (length < 0).any() or (spread < 0).any():
        raise ValueError("a lead time and its spread are never below 0 days")
    daily = forecasts["daily_mean"].to_numpy(dtype="float64")
    sd = np.sqrt(length * forecasts["daily_sd"].to_numpy(dtype="float64") ** 2 + (daily * spread) ** 2)
    mean = np.zeros(size)
    for period_days, rows in forecasts.reset_index(drop=True).groupby("period_days"):
        place = rows.index.to_numpy()
        paths = np.stack(rows["per_period"].map(np.asarray).to_list())
        so_far = np.concatenate([np.zeros((len(place), 1)), paths.cumsum(axis=1)], axis=1)
        within = np.minimum(length[place] / int(period_days), paths.shape[1])
        whole = np.minimum(within.astype("int64"), paths.shape[1] - 1)
        row = np.arange(len(place))
        mean[place] = so_far[row, whole] + (within - whole) * paths[row, whole]
        mean[place] += np.maximum(length[place] - paths.shape[1] * int(period_days), 0.0) * daily[place]
    return mean, sd


def demand_quantile(mean: ArrayLike, sd: ArrayLike, level: ArrayLike) -> Floats:
    """The quantity that demand with this mean and standard deviation stays within with probability `level`.

    Gamma: never below 0, skewed where the deviation is large; the mean itself where mean or deviation is 0. A mean far
    below its deviation is a forecast that has forgotten: it counts as a third of the deviation, or the quantile were 0.
    Raises ValueError for a level that is not between 0 and 1.
    """
    from scipy.stats import gamma  # its import costs half a second

    expected, deviation, share = np.broadcast_arrays(*(np.asarray(v, dtype="float64") for v in (mean, sd, level)))
    if ((share <= 0) | (share >= 1)).any():
        raise ValueError("a service level is above 0 and below 1")
    varies = (expected > 0) & (deviation > 0)
    expected = np.where(varies, np.maximum(expected, deviation / _MOST_DEVIATION), expected)
    shape = np.where(varies, (expected / np.where(varies, deviation, 1.0)) ** 2, 1.0)
    quantile: Any = gamma.ppf(share, shape, scale=np.where(varies, expected, 1.0) / shape)
    result: Floats = np.where(varies, quantile, np.maximum(expected, 0.0))
    return result
