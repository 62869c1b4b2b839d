"""The steps of the quality report as Prefect sees them."""

from base64 import b64encode
from datetime import date, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.settings import get_current_settings

from orderclerk.documents.quality_facts import QualityFacts
from tasks.data_docs import keep_data_docs
from tasks.delivery import desk_facts
from tasks.desk import current_desk
from tasks.quality import gather_facts, reported_day, take_figures
from tasks.quality_mail import enqueue_report, mailed_report


@task(task_run_name="take-figures")
def take_day(day: date | None, as_of: datetime) -> date:
    """Take the figures of `day` (the last that is over, if none is given) and of earlier days that have none."""
    desk = current_desk()
    zone = desk.settings.desk.timezone
    reported = day or reported_day(as_of, zone)
    with desk.engine.begin() as conn:
        taken = take_figures(conn, reported, zone, as_of)
    get_run_logger().info("%s: %s figures taken", reported, taken)
    return reported


@task(task_run_name="build-data-docs")
def build_data_docs(day: date, as_of: datetime) -> str:
    """Build the Data Docs of a day and forget those of a month ago; their page, "" if they could not be built."""
    desk = current_desk()
    try:
        with desk.engine.connect() as conn:
            return keep_data_docs(conn, desk.settings, day)
    except Exception:  # an extra: the report goes out without it
        get_run_logger().warning("the Data Docs of %s could not be built", day, exc_info=True)
        return ""


@task(task_run_name="mail-quality")
def mail_quality(day: date, as_of: datetime, data_docs: str) -> dict[str, int]:
    """Put the report into the outbox, unless one about that day is there."""
    desk = current_desk()
    own = desk.settings.desk
    api = (get_current_settings().api.url or "").removesuffix("/api")
    links = {"prefect_url": f"{api}/artifacts" if api else "", "data_docs": data_docs}
    with desk.engine.begin() as conn:
        facts = gather_facts(conn, day, own.timezone, as_of, **links)
        new = enqueue_report(conn, facts, own.language, as_of)
    counts = {"orders": facts.orders, "held": facts.stopped, "alarms": len(facts.drift), "faults": len(facts.faults)}
    counts["quarantined"] = sum(cause.count for cause in facts.quarantine)
    get_run_logger().info("%s: %s, %s", day, "reported" if new else "reported already", counts)
    return counts | {"reports": int(new)}


@task(task_run_name="show-quality")
def show_quality(day: date) -> None:
    """Publish the report that was mailed in the Prefect UI as well: tables, and the charts."""
    desk = current_desk()
    with desk.engine.connect() as conn:
        facts = mailed_report(conn, day)
    if facts is not None:
        language = desk.settings.desk.language
        create_markdown_artifact(quality_markdown(facts, language, desk_facts(desk)), key="quality-report")


def quality_markdown(facts: QualityFacts, language: str, house: Any) -> str:
    """The report as Markdown."""
    from orderclerk.documents.charts import orders_chart, passed_chart, png
    from orderclerk.documents.quality_view import quality_view

    view = quality_view(house, facts, language)
    draw = {"orders": orders_chart, "passed": passed_chart}
    lines = [f"# {view.headline}", "", *view.lines]
    for section in view.sections:
        lines += ["", f"## {section.heading}", "", *section.lines]
        for chart in section.charts:
            picture = b64encode(png(draw[chart.name](facts.trend))).decode()
            lines += ["", chart.caption, "", f"![{chart.alt}](data:image/png;base64,{picture})"]
        if section.rows:
            lines += ["", f"| | {' | '.join(('', *section.head))} |", f"|---|---{'|---:' * len(section.head)}|"]
            lines += [f"| {' | '.join(map(_cell, (row.label, row.small, *row.figures)))} |" for row in section.rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
