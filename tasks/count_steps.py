"""The steps of stocktaking as Prefect sees them, and the tables they leave for people to look at."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from prefect import task
from prefect.artifacts import create_table_artifact

from orderclerk.database import counting
from orderclerk.domain.counting import accuracy
from tasks.counting import decide_one, enter_one, judge_open, plan_day, shown_rows
from tasks.desk import current_desk
from tasks.steps import in_words, is_transient

REPORTED_DAYS = 90


@task(task_run_name="plan-counts", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def plan_counts(as_of: datetime) -> dict[str, int]:
    """Plan what is due to be counted on the day of `as_of` and send the sheets; how many are new."""
    desk = current_desk()
    day = as_of.astimezone(ZoneInfo(desk.settings.desk.timezone)).date()
    settings = desk.settings.counting
    return in_words(lambda: plan_day(desk.engine, day, desk.counting, as_of, settings.mail_to))


@task(task_run_name="judge-counts", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient)
def judge_counts(as_of: datetime) -> dict[str, int]:
    """Judge what was counted, and ask for recounts; lines by state."""
    desk = current_desk()
    return in_words(lambda: judge_open(desk.engine, desk.counting, as_of, desk.settings.counting.mail_to))


@task(task_run_name="count-{count_no}-{line}")
def enter_counted(count_no: str, line: str, quantity: str, person: str, as_of: datetime) -> str:
    """Write down one line that was counted. Raises StockError."""
    desk = current_desk()
    with desk.engine.begin() as conn:
        return enter_one(conn, count_no, line, quantity, person, as_of, desk.counting)


@task(task_run_name="decide-{count_no}")
def decide_count(
    count_no: str, decision: str, line: str, cause: str, difference: str, person: str, note: str, as_of: datetime
) -> str:
    """A person's word on a count. Raises StockError."""
    with current_desk().engine.begin() as conn:
        return decide_one(conn, count_no, decision, line, cause, difference, person, note, as_of)


@task(task_run_name="show-counts")
def show_counts(as_of: datetime) -> int:
    """Publish the open counts and how right the book was; how many are open."""
    with current_desk().engine.connect() as conn:
        rows = counting.open_counts(conn)
        told = counting.counted_lines(conn, as_of.date() - timedelta(days=REPORTED_DAYS))
    create_table_artifact(
        table=shown_rows(rows),
        key="counts",
        description=f"# Open counts, {as_of:%Y-%m-%d %H:%M} UTC\nThose in *waiting* are counted: say why lines "
        "differ and post them with the deployment **approve-count**.",
    )
    found = accuracy(told).round(2).to_dict("records") if len(told) else []
    create_table_artifact(
        table=[{str(name): str(value) for name, value in row.items()} for row in found] or [{"counted": "nothing"}],
        key="count-accuracy",
        description=f"# How right the book was, {REPORTED_DAYS} days to {as_of:%Y-%m-%d}\nLines that agreed, and what "
        "the differences were worth, by warehouse and class.",
    )
    return len(rows)
