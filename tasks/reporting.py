"""What a run leaves for people to look at in the Prefect UI: the held orders, and what the run did."""

from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.runtime import flow_run

from orderclerk.database import desk_view
from orderclerk.domain.rules import RULES
from tasks.desk import current_desk

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


@task(task_run_name="report-{flow}")
def report_run(flow: str, counts: dict[str, int], as_of: datetime) -> dict[str, int]:
    """Put the run on record and publish what it did; gives `counts` back."""
    with current_desk().engine.begin() as conn:
        desk_view.keep_run(conn, flow, str(flow_run.id or ""), counts, as_of)
        states = desk_view.count_by(conn, "orders_by_state")
        held = desk_view.count_by(conn, "held_by_rule")
    if any(counts.values()):
        create_markdown_artifact(_summary(flow, counts, dict(states), dict(held), as_of), key=f"{flow}-summary")
    return counts


def _summary(flow: str, counts: dict[str, int], states: dict[str, int], held: dict[str, int], as_of: datetime) -> str:
    return "\n".join(
        [
            f"# {flow}, {as_of:%Y-%m-%d %H:%M} UTC",
            *_table("this run", counts),
            *_table("orders in the book", states),
            *_table("held, by rule", {f"{rule} {RULES[rule].title}": count for rule, count in held.items()}),
        ]
    )


def _table(title: str, counts: dict[str, int]) -> list[str]:
    rows = [f"| {name} | {count:,} |" for name, count in counts.items() if count]
    return ["", f"| {title} | |", "|---|---:|", *rows] if rows else []
