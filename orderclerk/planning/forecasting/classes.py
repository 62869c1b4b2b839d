"""Kinds of demand: how often something is wanted, and how much the quantities differ (Syntetos and Boylan, 2005)."""

import numpy as np
from numpy.typing import NDArray

from orderclerk.planning.forecasting.recurrences import Floats

ADI_CUT, CV2_CUT = 1.32, 0.49
LEAST_PERIODS, LEAST_DEMANDS = 8, 3
CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "new", "none")


def demand_class(weeks: Floats) -> NDArray[np.str_]:
    """The class of each row of weekly demand: one of CLASSES.

    ADI is known periods a period with demand, CV² the squared coefficient of variation of the periods with demand.
    `new` has fewer than LEAST_PERIODS known weeks or LEAST_DEMANDS with demand, `none` no demand at all.
    """
    known = (~np.isnan(weeks)).sum(axis=1)
    sizes = np.where(weeks > 0, weeks, 0.0)
    count = (sizes > 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sizes.sum(axis=1) / count
        spread = np.where(weeks > 0, (weeks / mean[:, None] - 1) ** 2, 0.0).sum(axis=1) / np.maximum(count - 1, 1)
        is_rare = known / count > ADI_CUT
    is_varied = spread > CV2_CUT
    names = np.where(is_rare, np.where(is_varied, "lumpy", "intermittent"), np.where(is_varied, "erratic", "smooth"))
    names = np.where((known < LEAST_PERIODS) | (count < LEAST_DEMANDS), "new", names)
    return np.where(count == 0, "none", names).astype(np.str_)
