"""The steps of replenishing as Prefect sees them, and the tables they leave for people to look at."""

from datetime import datetime

from prefect import task
from prefect.artifacts import create_table_artifact

from orderclerk.planning.replenishing.sentences import amount
from tasks.desk import current_desk
from tasks.purchasing import local_day
from tasks.replenishing import Night, make_forecasts, replenish_stock
from tasks.steps import is_transient

SHOWN = 500


@task(task_run_name="forecast-demand", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def forecast_demand(as_of: datetime) -> dict[str, int]:
    """Forecast every item and warehouse from the days that are over."""
    desk = current_desk()
    zone = desk.settings.desk.timezone
    rules = desk.settings.replenish_rules()
    return {"forecasts": make_forecasts(desk.engine, local_day(as_of, zone), rules.history_days, zone)}


@task(task_run_name="buy-and-move", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def buy_and_move(as_of: datetime) -> dict[str, int]:
    """Draft purchase orders and transfers, and show them, the doubts and the surplus; counts."""
    desk = current_desk()
    night = replenish_stock(
        desk.engine, as_of, desk.settings.desk.timezone, desk.settings.replenish_rules(), desk.buying
    )
    _show(night)
    return {
        "purchase orders": len(night.orders),
        "lines": len(night.bought) if night.orders else 0,
        "transfers": night.transfers,
        "doubts": len(night.doubts),
        "surplus": len(night.surplus),
    }


def _show(night: Night) -> None:
    bought = night.bought.head(SHOWN)
    create_table_artifact(
        key="bought",
        description=f"{len(night.bought)} lines bought" + (f", the first {SHOWN}" if len(night.bought) > SHOWN else ""),
        table=[
            {"item": row.item_no, "warehouse": row.warehouse, "quantity": amount(row.quantity_e3), "why": row.why}
            for row in bought.itertuples()
        ],
    )
    create_table_artifact(
        key="buying-doubts",
        description="What a person should look at",
        table=[
            {"item": row.item_no, "warehouse": row.warehouse, "doubt": row.doubt, "why": row.why}
            for row in night.doubts.head(SHOWN).itertuples()
        ],
    )
    create_table_artifact(
        key="surplus",
        description="Too much or unsold, the dearest first",
        table=[
            {
                "item": row.item_no,
                "warehouse": row.warehouse,
                "what": row.kind,
                "surplus": amount(row.surplus_e3),
                "what to do": row.advice,
            }
            for row in night.surplus.head(SHOWN).itertuples()
        ],
    )
