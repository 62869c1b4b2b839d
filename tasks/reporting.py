"""What a run leaves for people to look at in the Prefect UI: the held orders, and what the run did."""

from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.runtime import flow_run

from orderclerk.database import desk_view
from orderclerk.database.letters import open_letters
from orderclerk.domain.rules import RULES
from tasks.desk import current_desk
from tasks.rule_trial import Trial, change_of, summary, try_rule

SHOWN = 200


@task(task_run_name="show-held-orders")
def show_held_orders(as_of: datetime) -> int:
    """Publish the table of held orders with their reasons and next steps; how many holds it shows."""
    with current_desk().engine.connect() as conn:
        rows = desk_view.held_orders(conn, SHOWN)
        total = desk_view.open_hold_count(conn)
    for row in rows:
        row["next step"] = RULES[row["rule"]].next_step
    create_table_artifact(
        table=rows or [{"held orders": "none"}],
        key="held-orders",
        description=f"# Held orders, {as_of:%Y-%m-%d %H:%M} UTC\n{len(rows)} of {total} shown, those due first. "
        "Release one with the deployment **release-hold**: give it the number in the column *hold*.",
    )
    return len(rows)


@task(task_run_name="show-open-letters")
def show_open_letters(as_of: datetime) -> int:
    """Publish the table of letters that wait for somebody; how many it shows."""
    with current_desk().engine.connect() as conn:
        rows = open_letters(conn, SHOWN)
        counts = desk_view.count_by(conn, "open_letters_by_kind")
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "none"
    create_table_artifact(
        table=rows or [{"open letters": "none"}],
        key="open-letters",
        description=f"# Open letters, {as_of:%Y-%m-%d %H:%M} UTC\n{listed}; {len(rows)} of {counts.total()} shown, "
        "the oldest first. File one with the deployment **file-letter**: give it the number in the column *letter*.",
    )
    return len(rows)


@task(task_run_name="report-{flow}")
def report_run(flow: str, counts: dict[str, int], as_of: datetime) -> dict[str, int]:
    """Put the run on record and publish what it did; gives `counts` back."""
    with current_desk().engine.begin() as conn:
        desk_view.keep_run(conn, flow, str(flow_run.id or ""), counts, as_of)
        states = desk_view.count_by(conn, "orders_by_state")
        held = desk_view.count_by(conn, "held_by_rule")
        letters = desk_view.count_by(conn, "open_letters_by_kind")
    if any(counts.values()):
        summary = _summary(flow, counts, dict(states), dict(held), dict(letters), as_of)
        create_markdown_artifact(summary, key=f"{flow}-summary")
    return counts


def _summary(
    flow: str,
    counts: dict[str, int],
    states: dict[str, int],
    held: dict[str, int],
    letters: dict[str, int],
    as_of: datetime,
) -> str:
    return "\n".join(
        [
            f"# {flow}, {as_of:%Y-%m-%d %H:%M} UTC",
            *_table("this run", counts),
            *_table("orders in the book", states),
            *_table("held, by rule", {f"{rule} {RULES[rule].title}": count for rule, count in held.items()}),
            *_table("open letters, by kind", letters),
        ]
    )


def _table(title: str, counts: dict[str, int]) -> list[str]:
    rows = [f"| {name} | {count:,} |" for name, count in counts.items() if count]
    return ["", f"| {title} | |", "|---|---:|", *rows] if rows else []


@task(task_run_name="try-{rule}")
def show_trial(rule: str, changes: str, days: int, customer: str, as_of: datetime) -> str:
    """Try a changed rule on past orders and publish what would have been different; one sentence."""
    desk = current_desk()
    change = change_of(rule, [line for line in changes.splitlines() if line.strip()])
    trial = try_rule(desk.engine, desk.policy, rule, change, as_of, days, customer)
    told = summary(trial, days)
    create_table_artifact(
        table=_trial_rows(trial) or [{"orders": "none would have been held or spared"}],
        key="rule-trial",
        description=f"# {rule} tried, {as_of:%Y-%m-%d %H:%M} UTC\n{told}",
    )
    return told


def _trial_rows(trial: Trial) -> list[dict[str, str]]:
    return [
        {"would be": what, "customer": no, "channel": channel, "orders": str(count)}
        for what, counts in (("held", trial.held), ("spared", trial.spared))
        for (no, channel), count in counts.most_common()
    ] + [
        {"would be": what, **example}
        for what, examples in (("held", trial.held_examples), ("spared", trial.spared_examples))
        for example in examples
    ]
