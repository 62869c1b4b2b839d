"""By hand: quarantined documents are read again, when what they lacked has come."""

from datetime import datetime
from typing import Annotated

from prefect import flow

from tasks.clock import moment, run_name
from tasks.decisions import retry_quarantined
from tasks.forms import shown
from tasks.steps import check_orders, read_envelopes

Person = Annotated[str, shown(0, "Your name")]
RuleId = Annotated[str, shown(1, "Rule", "Only documents quarantined for this rule, such as ENV-004; empty: all")]
AsOf = Annotated[datetime | None, shown(2, "Time", "Leave empty for now")]


@flow(name="retry-quarantine", flow_run_name=run_name, persist_result=True)
def retry_quarantine(person: Person, rule: RuleId = "", as_of: AsOf = None) -> dict[str, int]:
    """Read quarantined documents again."""
    now = moment(as_of)
    retry_quarantined(rule, person, now)
    return read_envelopes(None, now) | check_orders(now)
