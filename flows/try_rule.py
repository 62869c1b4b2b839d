"""By hand: a rule is tried on past orders before it is switched on or changed."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.reporting import show_trial


@flow(name="try-rule", flow_run_name=run_name, persist_result=True)
def try_rule(
    rule: str = shown(0, "Rule", "As in docs/rules.md, for example PRC-001"),
    changes: str = shown(1, "Changes", "As in orderclerk.toml, one a line: tolerance_percent = 2; empty: as it is", ""),
    days: int = shown(2, "Days", "How far back", 90),
    customer: str = shown(3, "Customer", "The number of one customer; empty: for the whole house", ""),
    as_of: datetime | None = shown(4, "Time", "Leave empty for now", None),
) -> str:
    """Show which orders a changed rule would have held and which it would have spared; nothing is changed."""
    return show_trial(rule, changes, days, customer, moment(as_of))
