"""What is unlike before: the figures of a day beside those of the days before it, judged robustly.

A figure alarms when it is both far from its history for chance (its modified z-score, from median and MAD, exceeds 3.5:
Iglewicz and Hoaglin 1993) and far enough for a person to care. Counts are compared as 2 * sqrt(x + 3/8) (Anscombe),
where chance has the same spread everywhere, price levels as logarithms. MAD counts as no less than chance alone gives.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

FAR = 3.5
WEEKS, LEAST_WEEKS = 12, 6
DAYS, LEAST_DAYS = 28, 8
LEAST_CASES = 10  # fewer cases a day say nothing about a share or a price level
_MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, slots=True)
class Alarm:
    """`value` today, `usual` the median of `days` earlier days, their middle half from `low` to `high`."""

    rule: str
    scope: str
    measure: str
    subject: str
    value: float
    usual: float
    low: float
    high: float
    days: int
    cases: int


@dataclass(frozen=True, slots=True)
class Watch:
    """How one measure is judged: its scale, the least change worth a word, the rules by direction."""

    scale: str  # count, share, log (a level on a log scale) or level
    least: float
    falls: str
    rises: str
    same_weekday: bool = False


WATCHED = {
    "orders": Watch("count", 0.4, "DQ-101", "DQ-102", same_weekday=True),
    "filled": Watch("share", 0.15, "DQ-103", ""),
    "held": Watch("share", 0.10, "", "DQ-105"),
    "letters": Watch("share", 0.15, "DQ-106", "DQ-106"),
    "quarantined": Watch("share", 0.10, "", "DQ-108"),
    "price level": Watch("log", 0.05, "DQ-104", "DQ-104"),
    "confidence": Watch("level", 0.05, "DQ-107", ""),
}


def find_drift(figures: pd.DataFrame, day: np.datetime64) -> list[Alarm]:
    """What of `day` is unlike the days before it, the gravest first.

    `figures`: day (datetime64), scope, measure, subject, value, cases; one row a figure. A channel without a row on a
    day that has any row brought nothing then. `price level` is a ratio to the list, `orders` a count, the rest shares.
    """
    whole = _with_zeros(with_silence(figures[figures["day"] <= day]))
    watched = whole[whole["measure"].isin(list(WATCHED))]
    alarms = [
        alarm
        for (scope, measure, subject), rows in watched.groupby(["scope", "measure", "subject"], sort=True)
        if (alarm := judge(scope, measure, subject, rows, day)) is not None
    ]
    grave = {"DQ-101": 0, "DQ-104": 1, "DQ-103": 2}
    return sorted(_one_holiday(alarms, whole, day), key=lambda a: (grave.get(a.rule, 3), a.scope, a.measure, a.subject))


def with_silence(figures: pd.DataFrame) -> pd.DataFrame:
    """`figures` with a zero for every channel on each measured day, from its first on, that has none of its orders."""
    counts = figures[figures["measure"] == "orders"]
    if counts.empty:
        return figures
    wide = counts.pivot_table(index="day", columns="scope", values="value", aggfunc="sum")
    wide = wide.reindex(sorted(figures["day"].unique()))
    begun = wide.notna().cummax()
    long = wide.fillna(0.0).where(begun).stack().dropna().rename("value").reset_index()
    long = long.assign(measure="orders", subject="", cases=long["value"].astype("int64"))
    return pd.concat([figures[figures["measure"] != "orders"], long[figures.columns]], ignore_index=True)


def _with_zeros(figures: pd.DataFrame) -> pd.DataFrame:
    """`figures` with a zero for each rule or kind that did not occur on a day on which its like was counted."""
    sparse = figures["measure"].isin(("held", "letters"))
    parts = [figures[~sparse]]
    for (scope, measure), rows in figures[sparse].groupby(["scope", "measure"]):
        wide = rows.pivot_table(index="day", columns="subject", values="value", aggfunc="sum").fillna(0.0)
        long = wide.stack().rename("value").reset_index().assign(scope=scope, measure=measure)
        parts.append(long.assign(cases=long["day"].map(rows.groupby("day")["cases"].max()))[figures.columns])
    return pd.concat(parts, ignore_index=True)


def judge(scope: str, measure: str, subject: str, rows: pd.DataFrame, day: np.datetime64) -> Alarm | None:
    """The alarm that one figure's history gives on `day`, if any."""
    watch = WATCHED[measure]
    now = rows[rows["day"] == day]
    before = rows[rows["day"] < day].sort_values("day")
    if watch.same_weekday:
        weeks = (day - before["day"].to_numpy()) / np.timedelta64(7, "D")
        before = before[(weeks % 1 == 0) & (weeks <= WEEKS)]
    else:
        before = before[(before["day"] >= day - np.timedelta64(DAYS, "D")) & (before["cases"] >= LEAST_CASES)]
    enough = LEAST_WEEKS if watch.same_weekday else LEAST_DAYS
    if now.empty or len(before) < enough or (not watch.same_weekday and now["cases"].iloc[0] < LEAST_CASES):
        return None
    value, cases = float(now["value"].iloc[0]), int(now["cases"].iloc[0])
    usual = float(before["value"].median())
    rule = watch.falls if value < usual else watch.rises
    if not rule or _change(value, usual, watch) < watch.least or abs(_score(value, cases, before, watch)) < FAR:
        return None
    low, high = before["value"].quantile([0.25, 0.75])
    return Alarm(rule, scope, measure, subject, value, usual, float(low), float(high), len(before), cases)


def _change(value: float, usual: float, watch: Watch) -> float:
    """How much it changed: relative for counts (a rise by half as much) and price levels, absolute for shares."""
    if watch.scale == "count":
        return (usual - value) / usual if value < usual else (value - usual) / max(usual, 1.0) / 2
    if watch.scale == "log":
        return abs(value / usual - 1) if usual else np.inf
    return abs(value - usual)


def _score(value: float, cases: int, before: pd.DataFrame, watch: Watch) -> float:
    """The modified z-score of `value`, its spread never less than what chance alone gives."""
    now, then = _even(np.array([value]), watch)[0], _even(before["value"].to_numpy(float), watch)
    middle = np.median(then)
    spread = _MAD_TO_SIGMA * np.median(np.abs(then - middle))
    chance = _chance(cases, float(before["value"].median()), watch)
    return float((now - middle) / np.hypot(max(spread, chance), chance / np.sqrt(len(then))))


def _even(values: Any, watch: Watch) -> Any:
    """`values` on a scale where chance spreads them evenly."""
    if watch.scale == "count":
        return 2 * np.sqrt(values + 0.375)
    return np.log(np.maximum(values, 1e-9)) if watch.scale == "log" else values


def _chance(cases: int, usual: float, watch: Watch) -> float:
    """The standard deviation of one figure from `cases` that chance alone gives on the even scale."""
    if watch.scale == "count":
        return 1.0
    share = (usual * cases + 0.5) / (cases + 1)  # a share that was always 0 or 1 is not certain to stay so
    one_case = {"share": share * (1 - share), "log": 0.05**2, "level": 0.2**2}[watch.scale]
    return float(np.sqrt(one_case / max(cases, 1)))


def _one_holiday(alarms: list[Alarm], figures: pd.DataFrame, day: np.datetime64) -> list[Alarm]:
    """When every channel falls at once it is one thing, a holiday or a fault of ours: said once."""
    fell = [alarm for alarm in alarms if alarm.rule == "DQ-101"]
    channels = figures.loc[(figures["measure"] == "orders") & (figures["day"] == day), "scope"].nunique()
    if len(fell) < 2 or len(fell) < channels:
        return alarms
    every = Alarm(
        "DQ-101", "channel:all", "orders", "", sum(a.value for a in fell), sum(a.usual for a in fell),
        sum(a.low for a in fell), sum(a.high for a in fell), min(a.days for a in fell), sum(a.cases for a in fell),
    )  # fmt: skip
    return [every, *(alarm for alarm in alarms if alarm.rule != "DQ-101")]
