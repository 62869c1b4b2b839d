"""By hand: quarantined documents are read again, when what they lacked has come."""

from datetime import datetime
from typing import Annotated

from prefect import flow
from pydantic import Field

from tasks.clock import moment, run_name
from tasks.decisions import retry_quarantined
from tasks.steps import check_orders, read_envelopes


@flow(name="retry-quarantine", flow_run_name=run_name, persist_result=True)
def retry_quarantine(
    person: Annotated[str, Field(title="Your name", json_schema_extra={"position": 0})],
    rule: Annotated[
        str,
        Field(
            title="Rule",
            description="Only documents quarantined for this rule, for example ENV-004; empty: all",
            json_schema_extra={"position": 1},
        ),
    ] = "",
    as_of: Annotated[
        datetime | None, Field(title="Time", description="Leave empty for now", json_schema_extra={"position": 2})
    ] = None,
) -> dict[str, int]:
    """Read quarantined documents again."""
    now = moment(as_of)
    retry_quarantined(rule, person, now)
    return read_envelopes(None, now) | check_orders(now)
