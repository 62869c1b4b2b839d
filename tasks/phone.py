"""The phone as one more channel: the form becomes an envelope like everything else that arrives."""

from datetime import datetime

from prefect import get_run_logger, task

from connectors.phone import check_phone_form, phone_envelope
from orderclerk.database import inbox
from tasks.desk import current_desk


class FormError(Exception):
    """The form cannot be taken as it is; one sentence a field, for the clerk who typed it."""


@task(task_run_name="enter-phone-order", persist_result=True)
def enter_phone_order(fields: dict[str, str], clerk: str, as_of: datetime) -> int | None:
    """Keep the order of a phone call; its batch, or None if the very same form was entered before. Raises FormError."""
    problems = check_phone_form(fields)
    if problems:
        raise FormError("The order was not entered. " + " ".join(problems))
    with current_desk().engine.begin() as conn:
        new = inbox.keep_once(conn, [phone_envelope(fields, clerk, as_of)], as_of)
        if not new:
            get_run_logger().warning("this very order is in the book already; nothing was entered")
        return inbox.open_batch(conn, "phone", as_of)
