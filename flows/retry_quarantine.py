"""By hand: quarantined documents are read again, when what they lacked has come."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import retry_quarantined
from tasks.forms import shown
from tasks.steps import check_orders, read_envelopes


@flow(name="retry-quarantine", flow_run_name=run_name, persist_result=True)
def retry_quarantine(
    person: str = shown(0, "Your name", "Stands beside the documents"),
    rule: str = shown(1, "Rule", "Only documents quarantined for this rule, such as ENV-004; empty: all", ""),
    as_of: datetime | None = shown(2, "Time", "Leave empty for now", None),
) -> dict[str, int]:
    """Read quarantined documents again."""
    now = moment(as_of)
    retry_quarantined(rule, person, now)
    return read_envelopes(None, now) | check_orders(now)
