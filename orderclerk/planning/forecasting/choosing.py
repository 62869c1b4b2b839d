"""Which candidate forecasts a series: the backtest's best, doubted until it has beaten plain smoothing often enough.

A series alone has too few periods to tell its best method from the luckiest. So each candidate's errors are taken
relative to plain exponential smoothing's, and drawn towards what that relation is over all series of the demand class.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orderclerk.planning.forecasting.recurrences import Floats
from orderclerk.planning.forecasting.trials import Trial

PRIOR_PERIODS = 60.0  # the class weighs as much as so many comparisons of the series' own
MARGIN = 0.02  # a candidate must be better than plain smoothing by so much


def choose(trials: Sequence[Trial], classes: NDArray[np.str_], scale: Floats) -> NDArray[np.int64]:
    """The number of each series' candidate; 0, plain smoothing, unless another has earned it.

    `scale` is each series' mean demand a period: large series do not outvote small ones. A candidate is judged by the
    worse of its two relations, of absolute and of squared errors.
    """
    scores = np.stack([_score(trial, classes, np.where(scale > 0, scale, 1.0)) for trial in trials])
    scores[0] = 1 - MARGIN
    usable = np.stack([~np.isnan(trial.path[:, 0]) for trial in trials])
    usable[0] = True
    number: NDArray[np.int64] = np.where(usable, scores, np.inf).argmin(axis=0)
    return number


def _score(trial: Trial, classes: NDArray[np.str_], scale: Floats) -> Floats:
    absolute = _drawn(trial.absolute, trial.plain_absolute, trial.periods, scale, classes)
    squared = _drawn(trial.squared, trial.plain_squared, trial.periods, scale**2, classes)
    return np.maximum(absolute, np.sqrt(squared))


def _drawn(own: Floats, plain: Floats, periods: Floats, scale: Floats, classes: NDArray[np.str_]) -> Floats:
    """The relation of the candidate's errors to plain smoothing's, each series' drawn towards its class's.

    The class's is the worse of two: every series counting alike, and every unit of demand counting alike.
    """
    result = np.ones(len(own))
    for name in np.unique(classes):
        among = classes == name
        count, size = periods[among].sum(), scale[among]
        error, beside = own[among] / size, plain[among] / size
        if count and beside.sum() > 0:
            relation = max(error.sum() / beside.sum(), own[among].sum() / plain[among].sum())
            usual = PRIOR_PERIODS * beside.sum() / count
            result[among] = (error + usual * relation) / (beside + usual)
    return result
