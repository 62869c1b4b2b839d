"""The steps of buying as Prefect sees them, and the tables they leave for people to look at."""

from datetime import datetime

from prefect import task
from prefect.artifacts import create_table_artifact

from orderclerk.database import purchase_views
from orderclerk.domain.rules import RULES
from tasks.chasing import chase_suppliers
from tasks.desk import current_desk
from tasks.receiving import post_receipts, read_counts
from tasks.steps import in_words, is_transient, until_done
from tasks.supplier_answers import apply_supplier_answers

SHOWN = 200


@task(task_run_name="hear-suppliers", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def hear_suppliers(as_of: datetime) -> dict[str, int]:
    """Apply suppliers' answers to their orders; counts by outcome."""
    desk = current_desk()
    counts = until_done("supplier answers", lambda: apply_supplier_answers(desk.engine, as_of, desk.policy))
    return {f"answers {name}": count for name, count in counts.items()}


@task(task_run_name="post-receipts", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def receive_reported(as_of: datetime) -> dict[str, int]:
    """Post what warehouses reported into stock; counts by outcome."""
    desk = current_desk()
    return read_counts(until_done("receipts", lambda: post_receipts(desk.engine, as_of, desk.policy)))


@task(task_run_name="chase-suppliers", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def chase(as_of: datetime) -> dict[str, int]:
    """Ask suppliers who are silent or late; counts."""
    desk = current_desk()
    return in_words(lambda: chase_suppliers(desk.engine, as_of, desk.policy, desk.buying))


@task(task_run_name="show-purchases")
def show_purchases(as_of: datetime) -> int:
    """Publish the open purchase orders and what holds them; how many are open."""
    with current_desk().engine.connect() as conn:
        rows = purchase_views.list_purchases(conn, is_open=True, limit=SHOWN)
        held = purchase_views.open_purchase_holds(conn, SHOWN)
    create_table_artifact(
        table=[{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
        or [{"open purchase orders": "none"}],
        key="purchase-orders",
        description=f"# Open purchase orders, {as_of:%Y-%m-%d %H:%M} UTC\nThe newest first. "
        "Those in *waiting* are above the limit: approve them with the deployment **approve-purchase**.",
    )
    for one in held:
        one["next step"] = RULES[one["rule"]].next_step
    create_table_artifact(
        table=[{name: "" if value is None else str(value) for name, value in row.items()} for row in held]
        or [{"held": "none"}],
        key="held-purchases",
        description=f"# Held purchases and receipts, {as_of:%Y-%m-%d %H:%M} UTC\nDecide with the deployment "
        "**approve-purchase**: give it the number in the column *order*.",
    )
    return len(rows)
