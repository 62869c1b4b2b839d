"""How much demand goes beyond a level, on average: the loss functions of the normal and the gamma distribution.

`first` is E[(D - y)+], `second` is E[((D - y)+)^2] / 2, whose difference over an interval is the integral of `first`.
Sources: Snyder and Shen, Fundamentals of Supply Chain Theory (2nd ed., 2019), appendix C; for the gamma distribution
partial moments, Burgin, The gamma distribution and inventory control (1975).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NEARLY_NORMAL = 0.1  # below this coefficient of variation a gamma distribution is a normal one, and its shape overflows


class Loss(NamedTuple):
    first: Floats
    second: Floats


def normal_loss(level: npt.ArrayLike, mean: npt.ArrayLike, sd: npt.ArrayLike) -> Loss:
    """Losses beyond `level` of normal demand; `sd` > 0."""
    from scipy.special import ndtr

    spread = np.asarray(sd, float)
    z = (np.asarray(level, float) - mean) / spread
    density, beyond = np.exp(-z * z / 2) / np.sqrt(2 * np.pi), ndtr(-z)
    return Loss(spread * (density - z * beyond), spread**2 * ((z * z + 1) * beyond - z * density) / 2)


def gamma_loss(level: npt.ArrayLike, mean: npt.ArrayLike, sd: npt.ArrayLike) -> Loss:
    """Losses beyond `level` of gamma demand; `mean` > 0, `sd` > 0. Below zero all demand is beyond."""
    from scipy.special import gammaincc, gammaln

    average, spread = np.asarray(mean, float), np.asarray(sd, float)
    level = np.asarray(level, float)
    shape, scale = (average / spread) ** 2, spread**2 / average
    y = np.maximum(level, 0.0)
    x = y / scale
    beyond = gammaincc(shape, x)
    with np.errstate(divide="ignore"):
        step = np.exp(shape * np.log(x) - x - gammaln(shape + 1))
    beyond_1 = beyond + step  # the incomplete gamma functions of shape + 1 and + 2, by recurrence
    beyond_2 = beyond_1 + step * x / (shape + 1)
    first = average * beyond_1 - y * beyond
    second = (average * (average + scale) * beyond_2 - 2 * y * average * beyond_1 + y * y * beyond) / 2
    below = np.maximum(-level, 0.0)  # D - y = D + below: no more is lost than all of it and the debt
    return Loss(np.maximum(first, 0) + below, np.maximum(second, 0) + below * average + below**2 / 2)


def demand_loss(level: npt.ArrayLike, mean: npt.ArrayLike, sd: npt.ArrayLike, is_normal: npt.ArrayLike) -> Loss:
    """Each row by its own distribution: normal where `is_normal` or the spread is small, else gamma."""
    mean, sd = np.asarray(mean, float), np.asarray(sd, float)
    normal = np.asarray(is_normal, bool) | (sd < NEARLY_NORMAL * mean)
    by_normal, by_gamma = normal_loss(level, mean, sd), gamma_loss(level, mean, np.where(normal, mean, sd))
    return Loss(np.where(normal, by_normal.first, by_gamma.first), np.where(normal, by_normal.second, by_gamma.second))


def demand_quantile(
    probability: npt.ArrayLike, mean: npt.ArrayLike, sd: npt.ArrayLike, is_normal: npt.ArrayLike
) -> Floats:
    """The level that demand stays below with `probability`, by the same choice of distribution."""
    from scipy.special import gammaincinv, ndtri

    mean, sd = np.asarray(mean, float), np.asarray(sd, float)
    normal = np.asarray(is_normal, bool) | (sd < NEARLY_NORMAL * mean)
    spread = np.where(normal, mean, sd)
    by_gamma = gammaincinv((mean / spread) ** 2, probability) * spread**2 / mean
    return np.asarray(np.where(normal, mean + ndtri(probability) * sd, by_gamma))
