"""Smoothing recurrences over many series at once: one pass gives the forecast at every origin.

`y` has one row a series and one column a period, oldest first, NaN where nothing is known (before the first demand,
out of stock); an unknown period changes nothing. Each function returns one column more than it was given: column t is
the level forecast for the periods from t on, made from the columns before t; NaN until something is known.

statsforecast has the same formulas for one series at one origin; the tests hold these against it. Here a backtest over
every origin costs one pass: docs/decisions/forecasting.md has the figures.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_State = tuple[Floats, ...]


def smooth(y: Floats, alpha: float) -> Floats:
    """Simple exponential smoothing, started with the first known value."""

    def step(state: _State, value: Floats, known: NDArray[np.bool_]) -> _State:
        (level,) = state
        fresh = np.where(np.isnan(level), value, level + alpha * (value - level))
        return (np.where(known, fresh, level),)

    return _run(y, (_nothing(y),), step, lambda state: state[0])


def croston(y: Floats, alpha: float, *, corrected: bool = False) -> Floats:
    """Croston's size over interval, both smoothed at each demand; `corrected` as Syntetos and Boylan: 1 - alpha/2."""
    factor = 1 - alpha / 2 if corrected else 1.0

    def step(state: _State, value: Floats, known: NDArray[np.bool_]) -> _State:
        size, interval, waited = state
        waited = waited + known
        sold = known & (value > 0)
        first = np.isnan(size)
        size = np.where(sold, np.where(first, value, size + alpha * (value - size)), size)
        interval = np.where(sold, np.where(first, waited, interval + alpha * (waited - interval)), interval)
        return size, interval, np.where(sold, 0.0, waited)

    none = np.zeros(len(y))
    return _zero_until_sold(y, _run(y, (_nothing(y), _nothing(y), none), step, lambda s: factor * s[0] / s[1]))


def tsb(y: Floats, alpha: float, beta: float) -> Floats:
    """Teunter, Syntetos and Babai: the chance of demand is smoothed (beta) every period, its size (alpha) at demand."""

    def step(state: _State, value: Floats, known: NDArray[np.bool_]) -> _State:
        size, chance = state
        sold = known & (value > 0)
        size = np.where(sold, np.where(np.isnan(size), value, size + alpha * (value - size)), size)
        occurred = sold.astype(float)
        fresh = np.where(np.isnan(chance), occurred, chance + beta * (occurred - chance))
        return size, np.where(known, fresh, chance)

    return _zero_until_sold(y, _run(y, (_nothing(y), _nothing(y)), step, lambda s: s[0] * s[1]))


def moving_mean(y: Floats, window: int) -> Floats:
    """The mean of what is known of the last `window` periods; where they hold nothing known, the last such mean."""
    known = ~np.isnan(y)
    total = _behind(np.where(known, y, 0.0), window)
    count = _behind(known.astype(float), window)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _fill_forward(total / np.where(count > 0, count, np.nan))


def _behind(values: Floats, window: int) -> Floats:
    """Column t: the sum of the `window` columns before t."""
    total = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
    shifted = np.zeros_like(total)
    shifted[:, window:] = total[:, :-window] if window < total.shape[1] else 0.0
    behind: Floats = np.maximum(total - shifted, 0.0)
    return behind


def _fill_forward(values: Floats) -> Floats:
    place = np.where(np.isnan(values), 0, np.arange(values.shape[1]))
    filled: Floats = np.take_along_axis(values, np.maximum.accumulate(place, axis=1), axis=1)
    return filled


def _nothing(y: Floats) -> Floats:
    return np.full(len(y), np.nan)


def _run(
    y: Floats,
    state: _State,
    step: Callable[[_State, Floats, NDArray[np.bool_]], _State],
    forecast: Callable[[_State], Floats],
) -> Floats:
    result = np.empty((y.shape[0], y.shape[1] + 1))
    known = ~np.isnan(y)
    with np.errstate(invalid="ignore", divide="ignore"):
        for period in range(y.shape[1]):
            result[:, period] = forecast(state)
            state = step(state, y[:, period], known[:, period])
        result[:, -1] = forecast(state)
    return result


def _zero_until_sold(y: Floats, result: Floats) -> Floats:
    """Known periods without any demand yet are a forecast of none, not an unknown one."""
    seen = np.concatenate([np.zeros((len(y), 1), bool), np.logical_or.accumulate(~np.isnan(y), axis=1)], axis=1)
    return np.where(seen & np.isnan(result), 0.0, result)
