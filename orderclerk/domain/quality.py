"""What a day's figures say, channel by channel and day by day: pure reshaping of the rows that are kept."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from orderclerk.domain.drift import WEEKS

TREND_DAYS = 28


def channel_days(figures: pd.DataFrame, day: date) -> list[dict[str, Any]]:
    """Each channel that brought something on `day` or usually does: documents, orders, lines, held, quarantined, usual.

    `usual` is the median of the same weekday in the weeks before, None where there is none.
    """
    today = np.datetime64(day)
    channels = _channels(figures)
    found = [_channel_day(str(scope), rows, today) for scope, rows in channels.groupby("scope")]
    return [one for one in found if one["documents"] or one["orders"] or one["usual"]]


def _channel_day(scope: str, rows: pd.DataFrame, today: np.datetime64) -> dict[str, Any]:
    now = rows[rows["day"] == today].set_index("measure")
    value, cases = now["value"].to_dict(), now["cases"].to_dict()
    orders = rows[rows["measure"] == "orders"]
    before = orders[(today - orders["day"].to_numpy()) / np.timedelta64(7, "D") % 1 == 0]
    before = before[(before["day"] < today) & (before["day"] >= today - np.timedelta64(7 * WEEKS, "D"))]
    return {
        "channel": scope.removeprefix("channel:"),
        **{name: round(value.get(name, 0)) for name in ("documents", "orders", "lines")},
        "held": round(value.get("held", 0) * cases.get("held", 0)),
        "quarantined": round(value.get("quarantined", 0) * cases.get("quarantined", 0)),
        "usual": float(before["value"].median()) if len(before) else None,
    }


def trend(figures: pd.DataFrame, day: date, days: int = TREND_DAYS) -> list[dict[str, Any]]:
    """The last `days` up to `day` of which there are figures: orders by channel, and how many of all were held."""
    since = np.datetime64(day) - np.timedelta64(days, "D")
    channels = _channels(figures)
    recent = channels[(channels["day"] > since) & (channels["day"] <= np.datetime64(day))]
    looked_at = figures.loc[(figures["day"] > since) & (figures["day"] <= np.datetime64(day)), "day"]
    return [_trend_day(one, recent[recent["day"] == one]) for one in sorted(looked_at.unique())]


def _trend_day(day: Any, rows: pd.DataFrame) -> dict[str, Any]:
    orders = rows[rows["measure"] == "orders"]
    held = rows[rows["measure"] == "held"]
    by_channel = {str(scope).removeprefix("channel:"): round(count) for scope, count in _pairs(orders)}
    return {
        "day": pd.Timestamp(day).date(),
        "orders": by_channel,
        "held": round(float((held["value"] * held["cases"]).sum())),
    }


def _pairs(orders: pd.DataFrame) -> Iterator[tuple[Any, float]]:
    yield from zip(orders["scope"], orders["value"], strict=True)


def _channels(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures of whole channels: not by field, rule or kind."""
    return figures[figures["scope"].str.startswith("channel:") & (figures["subject"] == "")]
