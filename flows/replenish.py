"""Nightly: what will be wanted, what is bought for it, what moves between warehouses."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.purchase_steps import show_purchases
from tasks.replenish_steps import buy_and_move, forecast_demand
from tasks.reporting import report_run
from tasks.transferring import show_transfers


@flow(name="replenish", flow_run_name=run_name, persist_result=True)
def replenish(as_of: datetime | None = None) -> dict[str, int]:
    """Forecast each item and warehouse, draft transfers and purchase orders, report what there is too much of.

    Args:
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    counts = forecast_demand(now) | buy_and_move(now)
    show_purchases(now)
    show_transfers(now)
    return report_run("replenish", counts, now)
