"""Every half hour: counts are planned for the day, what was counted is judged, recounts are asked for."""

from datetime import datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.count_steps import judge_counts, plan_counts, show_counts
from tasks.reporting import report_run


@flow(name="count-stock", flow_run_name=run_name, persist_result=True)
def count_stock(as_of: datetime | None = None) -> dict[str, int]:
    """Plan the day's counts, judge what was counted, have differences counted again by somebody else.

    Args:
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    counts = plan_counts(now) | judge_counts(now)
    show_counts(now)
    return report_run("count-stock", counts, now)
