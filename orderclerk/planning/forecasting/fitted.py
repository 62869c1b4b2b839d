"""Candidates that a library fits series by series: Theta, and exponential smoothing with trend (statsforecast).

They cost milliseconds a fit where the recurrences cost microseconds: only the densest series are tried, at few origins.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orderclerk.planning.forecasting.recurrences import Floats

ORIGINS_FITTED = 3
LEAST_WEEKS = 16  # known, with demand in three of four
MOST_SERIES = {"theta": 400, "ets": 100}  # the densest: at two years a fit takes 2 and 13 ms
YEAR_WEEKS = 52  # a yearly season is looked for in two years and more


def has_library() -> bool:
    """Whether statsforecast is installed; Python 3.13 does without it: docs/decisions/forecasting.md."""
    return find_spec("statsforecast") is not None


def worth_fitting(y: Floats) -> NDArray[np.int64]:
    """Rows of weekly `y` that are known long enough, the densest first."""
    known, sold = (~np.isnan(y)).sum(axis=1), (y > 0).sum(axis=1)
    rows = np.flatnonzero((known >= LEAST_WEEKS) & (sold >= 0.75 * known))
    densest: NDArray[np.int64] = rows[np.argsort(-sold[rows], kind="stable")][: max(MOST_SERIES.values())]
    return densest


def fitted_paths(
    y: Floats, rows: NDArray[np.int64], ends: list[int], length: int
) -> Iterator[tuple[str, dict[int, Floats]]]:
    """For each model its forecasts of `length` weeks made from the columns before each of `ends`.

    NaN for series that are not in `rows` or that the library cannot fit. A forecast is never below 0.
    """
    from statsforecast.models import AutoETS, Theta  # its import costs seconds

    for method, most in MOST_SERIES.items():
        made = {end: np.full((len(y), length), np.nan) for end in ends}
        for end in ends:
            for row in rows[:most]:
                known = y[row, :end][~np.isnan(y[row, :end])]
                season = YEAR_WEEKS if len(known) >= 2 * YEAR_WEEKS else 1
                model = Theta(season_length=season) if method == "theta" else AutoETS(season_length=1, model="AZN")
                made[end][row] = _fit(model, known, length)
        yield method, made


def _fit(model: Any, known: Floats, length: int) -> Floats:
    nothing = np.full(length, np.nan)
    if len(known) < LEAST_WEEKS - ORIGINS_FITTED or not known.any():
        return nothing
    scale = known.mean()  # so that the fit's tolerances mean the same for pieces and for thousands
    try:
        mean = np.asarray(model.forecast(known / scale, h=length)["mean"], dtype="float64")
    except (ValueError, ArithmeticError, IndexError):
        return nothing  # the library has no such model for this series: it is no candidate there
    return np.maximum(mean, 0.0) * scale if np.isfinite(mean).all() else nothing
