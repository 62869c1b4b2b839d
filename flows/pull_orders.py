"""Every five minutes, one deployment a channel: what is new there comes onto the desk."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment
from tasks.steps import announce, fetch_orders, open_batch


@flow(name="pull-orders", flow_run_name="pull-{channel}", persist_result=True)
def pull_orders(channel: str, as_of: datetime | None = None) -> int | None:
    """Bring the new orders of one channel onto the desk and announce the batch.

    Args:
        channel: mail, files, or a shop's name in orderclerk.toml
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    fetch_orders(channel, now)
    batch_id = open_batch(channel, now)  # also what a run that died half-way left behind
    if batch_id is not None:
        announce(batch_id, channel)
    return batch_id
