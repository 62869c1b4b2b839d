"""The steps of replenishing as Prefect sees them, and the tables they leave for people to look at."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from prefect import task
from prefect.artifacts import create_table_artifact

from orderclerk.planning.replenishing.sentences import amount
from tasks.desk import current_desk
from tasks.purchasing import local_day
from tasks.replenishing import Night, make_forecasts, replenish_stock
from tasks.steps import in_words, is_transient

SHOWN = 500


@task(task_run_name="forecast-demand", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def forecast_demand(as_of: datetime) -> dict[str, int]:
    """Forecast every item and warehouse from the days that are over."""
    desk = current_desk()
    zone, days = desk.settings.desk.timezone, desk.replenishing.history_days
    return in_words(lambda: {"forecasts": make_forecasts(desk.engine, local_day(as_of, zone), days, zone)})


@task(task_run_name="buy-and-move", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def buy_and_move(as_of: datetime) -> dict[str, int]:
    """Draft purchase orders and transfers, and show them, the doubts and the surplus; counts."""
    desk = current_desk()
    zone = desk.settings.desk.timezone
    night = in_words(lambda: replenish_stock(desk.engine, as_of, zone, desk.replenishing, desk.buying))
    _show(night, f"{as_of:%Y-%m-%d %H:%M} UTC")
    return {
        "purchase orders": len(night.orders),
        "lines to buy": len(night.bought),
        "transfers": night.transfers,
        "doubts": len(night.doubts),
        "surplus": len(night.surplus),
    }


def _show(night: Night, when: str) -> None:
    _table("to-buy", f"Lines to buy, {when}", len(night.bought), (
        {"item": row.item_no, "warehouse": row.warehouse, "quantity": amount(row.quantity_e3), "why": row.why}
        for row in night.bought.head(SHOWN).itertuples()))  # fmt: skip
    _table("buying-doubts", f"What a person should look at before it runs out, {when}", len(night.doubts), (
        {"item": row.item_no, "warehouse": row.warehouse, "doubt": row.doubt, "why": row.why}
        for row in night.doubts.head(SHOWN).itertuples()))  # fmt: skip
    _table("surplus", f"Too much or unsold, the dearest first, {when}", len(night.surplus), (
        {"item": row.item_no, "warehouse": row.warehouse, "what": row.kind, "surplus": amount(row.surplus_e3),
         "what to do": row.advice}
        for row in night.surplus.head(SHOWN).itertuples()))  # fmt: skip


def _table(key: str, title: str, count: int, rows: Iterable[dict[str, Any]]) -> None:
    cut = f"\nThe first {SHOWN} of {count:,}." if count > SHOWN else ""
    create_table_artifact(
        key=key, description=f"# {title}{cut}", table=list(rows) or [{title.partition(",")[0]: "none"}]
    )
