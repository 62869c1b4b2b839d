"""How a week's demand spreads over its days."""

import numpy as np
from numpy.typing import NDArray

from orderclerk.planning.forecasting.recurrences import Floats

_PRIOR_WEEKS = 4.0  # the warehouse's common profile weighs as much as so many weeks of the item's own


def weekday_profile(days: Floats, warehouses: NDArray[np.int64]) -> Floats:
    """[series, 7], mean 1 each: a day's demand relative to the average day's.

    `days` [series, day] is whole weeks long, NaN where unknown; `warehouses` numbers each series' warehouse.
    Each series' own weekdays are drawn towards those of all series of its warehouse.
    """
    weeks = days.reshape(len(days), -1, 7)
    count = (~np.isnan(weeks)).sum(axis=1)
    own = np.nansum(weeks, axis=1) / np.maximum(count, 1)
    mean = own.mean(axis=1, keepdims=True)
    own = np.divide(own, mean, out=np.ones_like(own), where=mean > 0)
    common = np.zeros((warehouses.max(initial=0) + 1, 7))
    np.add.at(common, warehouses, own)
    common /= np.maximum(np.bincount(warehouses, minlength=len(common)), 1)[:, None]
    profile = (count * own + _PRIOR_WEEKS * common[warehouses]) / (count + _PRIOR_WEEKS)
    result: Floats = profile / profile.mean(axis=1, keepdims=True)
    return result
