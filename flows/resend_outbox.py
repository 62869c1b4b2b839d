"""By hand: the form that sends undeliverable messages again, to another address if need be."""

from datetime import datetime
from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.clock import moment, run_name
from tasks.decisions import resend_messages
from tasks.steps import deliver


@flow(name="resend-outbox", flow_run_name=run_name, persist_result=True)
def resend_outbox(
    messages: Annotated[
        list[int],
        Field(
            title="Messages",
            description="Their numbers in the table of undeliverable messages",
            json_schema_extra={"position": 0},
        ),
    ],
    recipient: Annotated[
        str, Field(title="Send to", description="Another address; empty: the same", json_schema_extra={"position": 1})
    ] = "",
    as_of: Annotated[
        datetime | None, Field(title="Time", description="Leave empty for now", json_schema_extra={"position": 2})
    ] = None,
) -> int:
    """Make failed messages due again and deliver them."""
    now = moment(as_of)
    count = resend_messages(messages, recipient, now)
    deliver(now)
    return count
