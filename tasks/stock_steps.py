"""The steps of watching stock as Prefect sees them."""

from datetime import datetime

from prefect import task

from orderclerk.database import reserving
from tasks.backorders import refill_orders
from tasks.delays import remake_promises, tell_delays
from tasks.desk import current_desk
from tasks.steps import in_words, is_transient


@task(task_run_name="expire-reservations", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def expire_reservations(as_of: datetime) -> dict[str, int]:
    """Give back what was reserved for a time that is over; how many reservations."""
    desk = current_desk()

    def work() -> int:
        with desk.engine.begin() as conn:
            return len(reserving.expire_soft(conn, as_of))

    return {"reservations expired": in_words(work)}


@task(task_run_name="plan-backorders", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def plan_backorders(as_of: datetime) -> dict[str, int]:
    """Find orders that lost a supply other goods; how many got any, how many still lack some."""
    desk = current_desk()
    return dict(in_words(lambda: refill_orders(desk.engine, desk.policy, as_of)))


@task(task_run_name="renew-promises", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def renew_promises(as_of: datetime) -> dict[str, int]:
    """Make the promises anew that hang on supplies, tell the customers of those that slipped; counts."""
    desk = current_desk()
    slipped = in_words(lambda: remake_promises(desk.engine, desk.policy, as_of))
    return dict(slipped + in_words(lambda: tell_delays(desk.engine, desk.policy, as_of)))
