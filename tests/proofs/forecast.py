"""`make prove-forecast`: forecasts of real demand against what then came, beside naive, seasonal naive and exponential smoothing.

Honest: each forecast is made from the lines up to its day alone (also cancellations, bulk marks and the choice of method),
and measured on the days after it, cancellations netted there too. `--items N`: time and memory for N made-up items instead.
"""

import argparse
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from orderclerk.domain.demand import daily_demand
from orderclerk.planning.forecasting import demand_quantile, forecast_all, lead_time_demand
from tests.proofs.forecast_data import made_up_history, wholesale_lines
from tests.proofs.forecast_peers import PEERS, peer_forecasts
from tests.proofs.wholesale import shared_data

AHEAD, ORIGINS = 14, 5  # days ahead; forecasts a week apart, the last that still has its days
MEASURES = ("WAPE", "MASE", "RMSSE")
CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "new")
OURS, PLAIN = "ours", "exponential smoothing"
PAGE = Path(__file__).parents[2] / "docs" / "replenishment.md"
START, END = "<!-- forecast -->\n", "<!-- /forecast -->\n"
MOST_SECONDS, MOST_MB = {4_000: 30.0}, 2_000


def one_origin(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each series' errors of every forecaster for the AHEAD days from `as_of`, with their scales, in its own buckets."""
    history = daily_demand(net(lines[lines["known"] < as_of]))
    made = forecast_all(history, as_of.date())
    after = net(lines)
    after = after[(after["day"] >= as_of) & (after["day"] < as_of + timedelta(days=AHEAD))]
    parts = []
    for period_days, own in made[made["demand_class"] != "none"].groupby("period_days"):
        keys = own["item_id"].to_numpy()
        actual = matrix(after, keys, as_of, AHEAD // int(period_days), int(period_days))
        past = matrix(net(lines[lines["known"] < as_of]), keys, as_of, None, int(period_days))
        forecasts = {OURS: np.stack(own["per_period"].to_list())[:, : actual.shape[1]]}
        forecasts |= peer_forecasts(past, actual.shape[1], int(period_days))
        steps = np.where(np.isnan(past[:, 1:] - past[:, :-1]), np.nan, past[:, 1:] - past[:, :-1])
        frame = own[["item_id", "demand_class"]].assign(
            volume=actual.sum(axis=1), scale=np.nanmean(np.abs(steps), axis=1), scale2=np.nanmean(steps**2, axis=1)
        )
        for name, forecast in forecasts.items():
            error = forecast - actual
            frame[f"{name} abs"], frame[f"{name} sq"] = np.abs(error).sum(axis=1), (error**2).mean(axis=1)
        parts.append(frame.assign(periods=actual.shape[1], **coverage(own, after, keys)))
    return pd.concat(parts)


def coverage(own: pd.DataFrame, after: pd.DataFrame, keys: np.ndarray) -> dict[str, np.ndarray]:
    """Whether the demand of all AHEAD days stayed within the quantile of 90, 95 and 98 %."""
    mean, sd = lead_time_demand(own, AHEAD)
    total = after.groupby("item_id")["quantity_e3"].sum().reindex(keys).fillna(0).to_numpy() / 1_000
    return {f"within {level:.0%}": total <= np.ceil(demand_quantile(mean, sd, level)) for level in (0.9, 0.95, 0.98)}


def net(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines less what was cancelled of them (each cancellation line names its original): order lines with something left."""
    left = lines.groupby(["order_id", "line_no"], as_index=False).agg(
        item_id=("item_id", "first"),
        warehouse=("warehouse", "first"),
        day=("day", "first"),
        quantity_e3=("quantity_e3", "sum"),
    )
    return left[left["quantity_e3"] > 0]


def matrix(
    lines: pd.DataFrame, keys: np.ndarray, as_of: pd.Timestamp, periods: int | None, period_days: int
) -> np.ndarray:
    """Demand [series, period] from `as_of` on, or (periods None) before it, from the series' first demand on."""
    place = pd.Index(keys).get_indexer(lines["item_id"])
    days = (lines["day"] - as_of).dt.days.to_numpy()
    column = np.floor_divide(days, period_days)
    count = -column.min() if periods is None else periods
    column = column + (count if periods is None else 0)
    kept = (place >= 0) & (column >= 0) & (column < count)
    filled = np.zeros((len(keys), count))
    np.add.at(filled, (place[kept], column[kept]), lines["quantity_e3"].to_numpy()[kept] / 1_000)
    if periods is None:
        filled[np.logical_or.accumulate(filled > 0, axis=1) == 0] = np.nan
    return filled


def measured(errors: pd.DataFrame) -> pd.DataFrame:
    """[class and measure, forecaster]: WAPE by volume, MASE and RMSSE as means over the series that have a scale."""
    rows = {}
    for name in [c for c in CLASSES if (errors["demand_class"] == c).any()] + ["all"]:
        among = errors if name == "all" else errors[errors["demand_class"] == name]
        scaled = among[(among["scale"] > 0) & (among["scale2"] > 0)]
        for who in (*PEERS, OURS):
            wape = among[f"{who} abs"].sum() / among["volume"].sum()
            mase = (scaled[f"{who} abs"] / scaled["periods"] / scaled["scale"]).mean()
            rmsse = np.sqrt(scaled[f"{who} sq"] / scaled["scale2"]).mean()
            for measure, value in zip(MEASURES, (wape, mase, rmsse), strict=True):
                rows.setdefault((name, measure), {"forecasts": len(among)})[who] = value
    return pd.DataFrame.from_dict(rows, orient="index")


def backtest(folder: Path, console: Console, *, write: bool) -> list[str]:
    """The table, printed and written if asked; where ours is worse than plain exponential smoothing."""
    lines = wholesale_lines(folder)
    last = lines["day"].max() + timedelta(days=1) - timedelta(days=AHEAD)
    errors = pd.concat(one_origin(lines, last - timedelta(days=7 * back)) for back in range(ORIGINS))
    table = measured(errors)
    print_table(table, console)
    within = {name: errors[name].mean() for name in errors if name.startswith("within")}
    console.print(f"demand of {AHEAD} days " + ", ".join(f"{k}: {v:.1%}" for k, v in within.items()))
    if write:
        write_page(table, within)
    worse = table[table[OURS] > table[PLAIN] + 1e-9]
    return [f"{name}, {measure}: worse than exponential smoothing" for name, measure in worse.index]


def print_table(table: pd.DataFrame, console: Console) -> None:
    """The measures as people read them."""
    shown = Table(title=f"Error of forecasts {AHEAD} days ahead, {ORIGINS} origins a week apart")
    for head in ("class", "forecasts", "measure", *PEERS, OURS):
        shown.add_column(head, justify="right")
    for (name, measure), row in table.iterrows():
        shown.add_row(name, f"{row['forecasts']:,.0f}", measure, *(f"{row[who]:.3f}" for who in (*PEERS, OURS)))
    console.print(shown)


def write_page(table: pd.DataFrame, within: dict[str, float]) -> None:
    """Put the table between its marks in docs/replenishment.md."""
    heads = ("class", "forecasts", "measure", *PEERS, OURS)
    body = ["| " + " | ".join(heads) + " |\n", "|---" + "|---:" * (len(heads) - 1) + "|\n"]
    for (name, measure), row in table.iterrows():
        values = " | ".join(f"{row[who]:.3f}" for who in (*PEERS, OURS))
        body.append(f"| {name} | {row['forecasts']:,.0f} | {measure} | {values} |\n")
    body.append(
        f"\nDemand of {AHEAD} days stayed within the quantile "
        + ", ".join(f"of {k[7:]}: {v:.1%}" for k, v in within.items())
        + " of the time.\n"
    )
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(START)
    PAGE.write_text(before + START + "".join(body) + END + rest.split(END)[1], encoding="utf-8")


def at_size(items: int, console: Console) -> list[str]:
    """Forecast `items` made-up items over two years; what took too long or too much."""
    history = made_up_history(items, date(2026, 11, 30))
    began = time.perf_counter()
    made = forecast_all(history, date(2026, 11, 30))
    seconds, memory = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    console.print(
        f"{len(made):,} items, {len(history):,} days with demand: {seconds:.1f} s, imports included; peak {memory:,.0f} MB"
    )
    console.print(made["demand_class"].value_counts().to_dict())
    wrong = ["a forecast is missing"] if len(made) != items else []
    wrong += [f"{seconds:.0f} s"] if seconds > MOST_SECONDS.get(items, np.inf) else []
    return wrong + ([f"{memory:,.0f} MB"] if memory > MOST_MB else [])


def main() -> int:
    """The proof as a command; 1 if a promise is broken, 0 also where the material is absent."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=0, help="time and memory for so many made-up items")
    options.add_argument("--write", action="store_true", help="put the table into docs/replenishment.md")
    chosen = options.parse_args()
    console, folder = Console(), shared_data("uci-online-retail/by-day")
    if chosen.items:
        wrong = at_size(chosen.items, console)
    elif folder is None:
        console.print("the UCI files are not beside this project: nothing proved")
        return 0
    else:
        wrong = backtest(folder, console, write=chosen.write)
    for line in wrong:
        console.print(f"[red]{line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
