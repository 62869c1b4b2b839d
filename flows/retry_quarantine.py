"""By hand: quarantined documents are read again, when what they lacked has come."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.forms import shown
from tasks.repairing import Cause, Repair, read_quarantined, show_quarantine
from tasks.steps import check_orders, read_envelopes


@flow(name="retry-quarantine", flow_run_name=run_name, persist_result=True)
def retry_quarantine(
    person: str = shown(0, "Your name", "Stands beside the documents"),
    rule: str = shown(1, "Rule", "Only documents quarantined for this rule, such as ENV-004; empty: any", ""),
    sender: str = shown(2, "Sender", "Only this sender, as the table quarantine names it; empty: any", ""),
    channel: str = shown(3, "Channel", "Only this channel, such as files; empty: any", ""),
    number: int = shown(4, "Number", "Only this one, by its number in the table quarantine; 0: any", 0),
    dry_run: bool = shown(5, "Only try", "Say what would come of it, and change nothing", False),
    as_of: datetime | None = shown(6, "Time", "Leave empty for now", None),
) -> dict[str, int]:
    """Read quarantined documents again: all, or those that fit everything you give."""
    now = moment(as_of)
    counts = read_quarantined(Cause(number, rule, sender, channel), Repair(), person, "", now, dry_run)
    if dry_run:
        return counts
    done = read_envelopes(None, now) | check_orders(now)
    show_quarantine(now)
    return done
