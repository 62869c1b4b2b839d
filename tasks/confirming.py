"""What people say of items in a form: which one a line means, and which wording was learned wrongly."""

from datetime import datetime

from prefect import task

from orderclerk.database import confirming
from tasks.desk import current_desk


@task(task_run_name="confirm-item-{hold_id}")
def confirm_one(hold_id: int, item_no: str, person: str, remember: bool, as_of: datetime) -> str:
    """Say which item the line of a hold means; one sentence that says what was done. Raises ConfirmError."""
    with current_desk().engine.begin() as conn:
        return confirming.confirm_hold(conn, hold_id, item_no, person, remember, as_of)


@task(task_run_name="forget-wording")
def forget_one(customer_no: str, wording: str, person: str, as_of: datetime) -> str:
    """Unlearn a wording; one sentence with the orders that were accepted by it. Raises ConfirmError."""
    with current_desk().engine.begin() as conn:
        orders = confirming.forget_wording(conn, customer_no, wording, person, as_of)
    return f"forgotten; accepted by it: {', '.join(orders) or 'no order'}"
