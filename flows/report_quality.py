"""Daily at half past seven: how good yesterday's data was, by mail to the team."""

from datetime import date, datetime

from prefect import flow

from tasks.clock import moment, run_name
from tasks.quality_steps import build_data_docs, mail_quality, show_quality, take_day
from tasks.reporting import report_run


@flow(name="report-quality", flow_run_name=run_name, persist_result=True)
def report_quality(day: date | None = None, as_of: datetime | None = None) -> dict[str, int]:
    """Take the figures of a day, compare them with those before, and mail the team what they say; once a day.

    Args:
        day: the local day to report on; empty for the last that is over
        as_of: the moment this run stands for; empty for now
    """
    now = moment(as_of)
    reported = take_day(day, now)
    docs = build_data_docs(reported, now)
    counts = mail_quality(reported, now, docs)
    show_quality(reported)
    return report_run("report-quality", counts, now)
