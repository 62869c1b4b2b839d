"""Charts for mails: small PNGs that are readable at a phone's width, on a light ground of their own whatever the theme.

They carry figures, days and channel names only, so that no font beyond matplotlib's own is needed; what they mean
stands in the mail's text beside them. The same facts give the same bytes.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import ConciseDateFormatter, DayLocator, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from orderclerk.documents.quality_facts import TrendDay

WIDTH, HEIGHT, DPI = 4.8, 2.3, 200  # 480 places wide in the mail, and sharp on a phone
# Okabe and Ito's colours, told apart by every eye
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
INK, RULE, GROUND = "#1f2933", "#d5dbe1", "#fbfcfd"
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
    "axes.edgecolor": RULE,
}
_LEGEND: Any = {"loc": "outside upper left", "frameon": False, "fontsize": 8, "handlelength": 1, "columnspacing": 1}


def orders_chart(trend: Sequence[TrendDay]) -> Figure:
    """Orders a day, stacked by channel, the busiest at the bottom."""
    sums: dict[str, int] = {}
    for day in trend:
        for channel, count in day.orders.items():
            sums[channel] = sums.get(channel, 0) + count
    channels = sorted(sums, key=lambda name: (-sums[name], name))
    figure, axes = _blank(trend)
    base = [0] * len(trend)
    for place, channel in enumerate(channels):
        heights = [day.orders.get(channel, 0) for day in trend]
        axes.bar(_days(trend), heights, 0.8, base, color=COLOURS[place % len(COLOURS)], label=channel[:18])
        base = [low + high for low, high in zip(base, heights, strict=True)]
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_ylim(0, max([1, *base]) * 1.08)
    if channels:
        figure.legend(ncols=min(len(channels), 4), **_LEGEND)
    return figure


def passed_chart(trend: Sequence[TrendDay]) -> Figure:
    """The share of each day's orders that needed no person; days without orders are gaps."""
    figure, axes = _blank(trend)
    shares = [_share(day) for day in trend]
    axes.plot(_days(trend), shares, color=COLOURS[2], linewidth=1.8, marker="o", markersize=3.5)
    known = [share for share in shares if share == share]
    axes.set_ylim(max(0.0, min(known, default=0.0) - 0.05), 1.01)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    if known and shares[-1] == known[-1]:
        place = (_days(trend)[-1], known[-1])
        axes.annotate(f"{known[-1]:.0%}", place, (0, -13), textcoords="offset points", ha="right", fontweight="bold")
    return figure


def png(figure: Figure) -> bytes:
    """`figure` as a PNG, without a word about the program or the time."""
    out = BytesIO()
    with matplotlib.rc_context(_STYLE):
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
    return out.getvalue()


def _share(day: TrendDay) -> float:
    orders = sum(day.orders.values())
    return 1 - day.held / orders if orders else float("nan")


def _days(trend: Sequence[TrendDay]) -> list[float]:
    return [float(date2num(day.day)) for day in trend]


def _blank(trend: Sequence[TrendDay]) -> tuple[Figure, Axes]:
    with matplotlib.rc_context(_STYLE):
        figure = Figure((WIDTH, HEIGHT), dpi=DPI, layout="constrained", facecolor=GROUND)
        axes = figure.add_subplot(facecolor=GROUND)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.grid(axis="y", color=RULE, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.xaxis_date()
        locator = DayLocator(interval=max(1, len(trend) // 5))
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, formats=["%m-%d"] * 6, zero_formats=["%m-%d"] * 6,
                                                            offset_formats=[""] * 6))  # fmt: skip
        if trend:
            first, last = _days(trend)[0], _days(trend)[-1]
            axes.set_xlim(min(first, last - 6) - 0.6, last + 0.6)
    return figure, axes
