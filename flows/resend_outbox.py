"""By hand: the form that sends undeliverable messages again, to another address if need be."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import resend_messages
from tasks.forms import shown
from tasks.steps import deliver


@flow(name="resend-outbox", flow_run_name=run_name, persist_result=True)
def resend_outbox(
    messages: list[int] = shown(0, "Messages", "Their numbers, as the hold OUT-001 gives them"),
    recipient: str = shown(1, "Send to", "Another address; empty: the same", ""),
    as_of: datetime | None = shown(2, "Time", "Leave empty for now", None),
) -> int:
    """Make failed messages due again and deliver them."""
    now = moment(as_of)
    count = resend_messages(messages, recipient, now)
    deliver(now)
    return count
