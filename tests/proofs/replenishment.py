"""`make prove-replenishment`: a real wholesaler's demand, bought for day by day by forecast and reorder.

From 1 February 2011 on each day's orders are served from the shelf, what is ordered comes after a lead time that
varies, and each evening is decided from what was known by then: forecasts are made anew each week from the orders up
to that day, never from later ones. The share served is compared with its target, and the stock it took with what the
rule that ERPs ship needs for the same share. `--items` measures time and memory of one night instead.
"""

import argparse
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from orderclerk.domain.demand import daily_demand, is_bulk_order
from orderclerk.domain.replenishing import BuyingRules
from orderclerk.planning.forecasting import forecast_all
from orderclerk.planning.replenishing.ordering import reorder
from tests.proofs.forecast_data import made_up_history, wholesale_lines
from tests.proofs.pages import write_section
from tests.proofs.replenishment_world import Decision, World, simulate
from tests.proofs.wholesale import shared_data

START, MEASURED, END = date(2011, 2, 1), date(2011, 2, 11), date(2011, 4, 1)
TARGETS = (0.90, 0.95, 0.98)
WITHIN = 0.02
MOST_ITEMS, MOST_SECONDS, MOST_GB = 4_000, 60.0, 2.0
ORDER_COST = 2.0
SAFETY_DAYS = (0, 2, 4, 7, 10, 14, 20, 25, 30, 40, 50, 70, 100)
AS_SHIPPED = (0, 7, 14)  # fixed in advance, as they are in practice


class Case(NamedTuple):
    """`lines` as known, `served` those that the shelf is to serve, `world` the same as an array a day and item."""

    lines: pd.DataFrame
    world: World


def build(lines: pd.DataFrame, prices: pd.Series, seed: int) -> Case:
    """Items that were ordered at least twice before START; lead times of 4 to 14 days, each spread by a fifth."""
    before = lines[(lines["known"] < pd.Timestamp(START)) & (lines["quantity_e3"] > 0)]
    known = before.groupby("item_id")["order_id"].nunique()
    items = np.sort(known[known >= 2].index.to_numpy())
    days = pd.date_range(START, END - timedelta(days=1))
    kept = lines[lines["item_id"].isin(items) & (lines["quantity_e3"] > 0) & lines["day"].isin(days)]
    demand = kept.pivot_table(index="day", columns="item_id", values="quantity_e3", aggfunc="sum", fill_value=0)
    demand = demand.reindex(index=days, columns=items, fill_value=0).to_numpy("float64") / 1000
    rng = np.random.default_rng(seed)
    lead = rng.integers(4, 15, len(items)).astype("float64")
    return Case(
        lines[lines["item_id"].isin(items)], World(items, demand, lead, lead * 0.2, prices.reindex(items).to_numpy())
    )


def known_by(lines: pd.DataFrame, day: date) -> pd.DataFrame:
    """What the book has of the lines at the start of `day`: cancellations that came later are not in it."""
    rows = lines[lines["known"] < pd.Timestamp(day)]
    net = rows.groupby(["order_id", "line_no", "item_id", "warehouse", "day"], as_index=False)["quantity_e3"].sum()
    return net[net["quantity_e3"] > 0]


def forecasts(case: Case) -> dict[date, pd.DataFrame]:
    """The forecast made at the start of each week, for all items of the world in their order."""
    made = {}
    day = START
    while day < END:
        frame = forecast_all(daily_demand(known_by(case.lines, day)), day)
        made[day] = frame.set_index("item_id").reindex(case.world.items).reset_index()
        day += timedelta(days=7)
    return made


def by_forecast(case: Case, made: dict[date, pd.DataFrame], rules: BuyingRules) -> Decision:
    """Levels and lots as `reorder` gives them from the week's forecast."""

    def decide(day: date) -> tuple[np.ndarray, np.ndarray]:
        frame = made[day]
        known = pd.DataFrame(
            {
                "item_id": case.world.items, "warehouse": "MAIN", "supplier_id": 1, "on_hand_e3": 0, "reserved_e3": 0, "incoming_e3": 0,
                "daily_mean": frame["daily_mean"].fillna(0.0), "daily_sd": frame["daily_sd"].fillna(0.0),
                "demand_class": frame["demand_class"].fillna("none"), "lead_days": case.world.lead_days,
                "lead_sd_days": case.world.lead_sd_days, "unit_price_e4": np.round(case.world.prices * 10_000),
            }
        )  # fmt: skip
        plan = reorder(known, day, rules)
        return plan["level_e3"].to_numpy() / 1000, plan["lot_e3"].to_numpy() / 1000

    return decide


def average_use(case: Case) -> dict[date, np.ndarray]:
    """Units a day of each item over all days so far, as the book has them at the start of each week."""
    found, day = {}, START
    while day < END:
        past = known_by(case.lines, day)
        total = past.groupby("item_id")["quantity_e3"].sum().reindex(case.world.items, fill_value=0).to_numpy()
        found[day] = total / 1000 / (day - past["day"].min().date()).days
        day += timedelta(days=7)
    return found


def by_min_max(case: Case, used: dict[date, np.ndarray], safety_days: float) -> Decision:
    """As ERPNext recommends it, and Odoo and Tryton take it: minimum = average use a day x (lead time + safety days).

    The span from minimum to maximum is the economic lot of that average, as in the other rule.
    """

    def decide(day: date) -> tuple[np.ndarray, np.ndarray]:
        use = used[day]
        lot = np.sqrt(2 * ORDER_COST * use * 365 / (BuyingRules.holding_rate * case.world.prices))
        return np.ceil(use * (case.world.lead_days + safety_days)), np.clip(lot, use, use * BuyingRules.horizon_days)

    return decide


def measure(case: Case) -> tuple[list[str], bool]:
    """The table: ours at each target, beside min/max at that share (safety days chosen afterwards), and as shipped."""
    used, made = average_use(case), forecasts(case)
    tried = {days: simulate(case.world, by_min_max(case, used, days), START, MEASURED) for days in SAFETY_DAYS}
    shares = [one.share for one in tried.values()]
    rows, held = [], True
    for target in TARGETS:
        rules = BuyingRules(service_level=target, order_cost=ORDER_COST)
        ours = simulate(case.world, by_forecast(case, made, rules), START, MEASURED)
        value, days = (np.interp(ours.share, shares, of) for of in ([one.value for one in tried.values()], SAFETY_DAYS))
        held &= abs(ours.share - target) <= WITHIN
        rows.append(
            f"| ours, target {target:.0%} | {ours.share:.1%} | {ours.lines:.1%} | {ours.value:,.0f} | {value:,.0f} ({days:.0f} days) "
            f"| {ours.value / value - 1:+.0%} |"
        )
        print(rows[-1], flush=True)
    for days in AS_SHIPPED:
        one = tried[days]
        rows.append(f"| min/max, {days} safety days | {one.share:.1%} | {one.lines:.1%} | {one.value:,.0f} | | |")
        print(rows[-1], flush=True)
    return rows, held


def prove(write: bool, half: int | None) -> int:
    """The simulation on all items, or those of even (0) or odd (1) number; 1 where a target is missed by more than WITHIN."""
    folder = shared_data("uci-online-retail/by-day")
    if folder is None:
        print("the UCI files are not beside this project: nothing proved")
        return 0
    lines = wholesale_lines(folder)
    sold = lines[lines["quantity_e3"] > 0]
    is_bulk = is_bulk_order(sold).to_numpy()
    bulk_orders = sold.loc[is_bulk, ["order_id", "item_id"]].drop_duplicates().assign(is_bulk=True)
    usual = lines.merge(bulk_orders, on=["order_id", "item_id"], how="left")
    in_half = (usual["item_id"] % 2 == half) if half is not None else True
    usual = usual[usual["is_bulk"].isna() & in_half].drop(columns="is_bulk")
    case = build(usual, purchase_prices(folder), seed=7)
    table = [
        "| rule | served, by value | order days in full | average stock, value | min/max for the same share (its safety days, chosen afterwards) | ours beside it |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    rows, held = measure(case)
    table += rows
    share = sold.loc[is_bulk, "quantity_e3"].sum() / sold["quantity_e3"].sum()
    days = len(case.world.demand) - (MEASURED - START).days
    table += ["", f"{len(case.world.items):,} items, {days} days counted; left out: {is_bulk.sum()} one-off bulk lines of "
              f"{len(sold):,} (`orderclerk/domain/demand.py`), {share:.0%} of the units."]  # fmt: skip
    print("\n".join(table))
    print("every target met within two points" if held else "a target was missed by more than two points")
    if write:
        write_section(Path(__file__).parents[2] / "docs" / "replenishment.md", "Simulation", table)
    return 0 if held else 1


def purchase_prices(folder: Path) -> pd.Series:
    """Six tenths of each item's median price in the files, by the item ids of `wholesale_lines`."""
    parts = [
        pd.read_csv(file, usecols=["StockCode", "UnitPrice"], dtype={"StockCode": "str"})
        for file in sorted(folder.glob("*.csv"))
    ]
    rows = pd.concat(parts)
    rows = rows[rows["StockCode"].str[:1].str.isdigit() & (rows["UnitPrice"] > 0)]
    code = rows["StockCode"].str.upper()
    return rows.groupby(code.rank(method="dense").astype("int64"))["UnitPrice"].median() * 0.6


def one_night(items: int) -> int:
    """Time and memory of forecasting and reordering `items` items with two years of history, in this one process.

    4,000 have a minute; any number 2 GB.
    """
    as_of = date(2026, 1, 3)
    history = made_up_history(items, as_of)
    begun = time.perf_counter()
    made = forecast_all(history, as_of)
    forecast_s = time.perf_counter() - begun
    rng = np.random.default_rng(5)
    begun = time.perf_counter()
    on_hand = (made["daily_mean"] * rng.uniform(0, 40, len(made))).round().astype("int64") * 1000
    columns = ["item_id", "warehouse", "daily_mean", "daily_sd", "demand_class", "demand_days"]
    known = made[columns].assign(
        supplier_id=1, on_hand_e3=on_hand, reserved_e3=0, incoming_e3=0, lead_days=rng.uniform(3, 30, len(made)),
        lead_sd_days=2.0, unit_price_e4=20_000, multiple_e3=6_000,
    )  # fmt: skip
    plan = reorder(known, as_of)
    reorder_s = time.perf_counter() - begun
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(made):,} items, {len(history):,} days with demand: forecast {forecast_s:.1f} s, reorder {reorder_s:.1f} s "
        f"({(plan['quantity_e3'] > 0).sum():,} lines with their reasons), peak memory {peak_gb:.2f} GB, "
        f"CPU in all {time.process_time():.0f} s"
    )
    too_long = items <= MOST_ITEMS and forecast_s + reorder_s > MOST_SECONDS
    return 1 if too_long or peak_gb > MOST_GB or len(made) != items else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, help="measure one night of so many made-up items instead")
    parser.add_argument("--write", action="store_true", help="put the table into docs/replenishment.md")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only items of even (0) or odd (1) number")
    chosen = parser.parse_args(arguments)
    return one_night(chosen.items) if chosen.items else prove(chosen.write, chosen.half)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
