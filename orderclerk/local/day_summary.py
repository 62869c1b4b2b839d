"""What a day came to, as a table for the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from orderclerk.domain.rules import RULES
from orderclerk.local.day_work import Work
from orderclerk.settings import Settings

Counts = Mapping[str, int]


@dataclass(frozen=True)
class DayFigures:
    """Counts from the book; `findings` are the audit's."""

    arrived: Counts
    orders: Counts
    confirmed: Counts
    held: Counts
    states: Counts
    held_by_rule: Counts
    quarantined: Counts
    messages: Counts
    questions: Counts
    undelivered: int
    findings: int
    purchases: Counts = field(default_factory=dict)
    goods: Counts = field(default_factory=dict)


def day_figures(settings: Settings) -> DayFigures:
    """Read what the summary shows from the book."""
    from orderclerk.database.audit import audit_book
    from orderclerk.database.desk_view import count_by
    from orderclerk.database.engine import make_engine

    engine = make_engine(settings.database_url())
    with engine.connect() as conn:
        by_state = count_by(conn, "messages_by_state")
        figures = DayFigures(
            arrived=count_by(conn, "envelopes_by_channel"),
            orders=count_by(conn, "orders_by_channel"),
            confirmed=count_by(conn, "confirmed_by_channel"),
            held=count_by(conn, "held_by_channel"),
            states=count_by(conn, "orders_by_state"),
            held_by_rule=count_by(conn, "held_by_rule"),
            quarantined=count_by(conn, "quarantined_by_rule"),
            messages=count_by(conn, "messages_by_kind"),
            questions=count_by(conn, "questions_by_state"),
            purchases=count_by(conn, "purchases_by_state"),
            goods=count_by(conn, "receipts_by_state"),
            undelivered=by_state["pending"] + by_state["sending"] + by_state["failed"],
            findings=len(audit_book(engine)),
        )
    engine.dispose()
    return figures


def print_summary(console: Console, figures: DayFigures, work: Work, home: Path, day: str, seconds: float) -> None:
    """The day in three tables, and where to look next."""
    console.print()
    console.rule(f"[bold]The day of {day}[/]")
    console.print(_channels(figures))
    console.print(_rules("Held, waiting for a person", figures.held_by_rule))
    if figures.quarantined:
        console.print(_rules("Quarantined", figures.quarantined))
    console.print(_closing(figures, work, seconds), soft_wrap=True)
    console.print(_where(home), soft_wrap=True)


def _channels(figures: DayFigures) -> Table:
    table = _table("Orders by channel", "channel", "#documents", "#orders", "#confirmed", "#held", "#other")
    names = sorted({*figures.arrived, *figures.orders})
    for name in [*names, "all"]:
        rows = [figures.arrived, figures.orders, figures.confirmed, figures.held]
        counts = [sum(row.values()) if name == "all" else row.get(name, 0) for row in rows]
        style = "bold" if name == "all" else ""
        table.add_row(name, *(f"{count:,}" for count in (*counts, counts[1] - counts[2] - counts[3])), style=style)
    return table


def _rules(title: str, counts: Counts) -> RenderableType:
    if not counts:
        return Text(f"\n{title}: nothing")
    table = _table(title, "rule", "#count", "why", "next step")
    for rule, count in counts.items():
        known = RULES.get(rule)
        table.add_row(rule, f"{count:,}", known.title if known else "", known.next_step if known else "")
    return table


def _closing(figures: DayFigures, work: Work, seconds: float) -> Group:
    states = ", ".join(f"{count:,} {state}" for state, count in figures.states.items())
    mails = ", ".join(f"{count:,} {kind}" for kind, count in figures.messages.items()) or "none"
    waiting = f", {figures.undelivered:,} not delivered" if figures.undelivered else ""
    audit = "clean" if not figures.findings else f"{figures.findings:,} findings"
    asked = sum(figures.questions.values())
    lines = [f"Orders    {states}", f"Mails     {sum(figures.messages.values()):,} sent: {mails}{waiting}",
             f"Asked     {asked:,} questions, {figures.questions.get('answered', 0):,} answered",
             f"Bought    {_listed(figures.purchases)}; goods received: {_listed(figures.goods)}",
             f"Audit     {audit}", f"Worked    {work.runs} flow runs in {seconds:.0f} s"]  # fmt: skip
    lines += [f"Failed    {name}: {words}" for name, words in work.failures[:5]]
    if len(work.failures) > 5:
        lines.append(f"          and {len(work.failures) - 5} more")
    return Group("", *(Text(line) for line in lines))


def _listed(counts: Counts) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing"


def _where(home: Path) -> Group:
    command = f"orderclerk --home {_short(home)}"
    rows: dict[str, Any] = {
        f".venv/bin/{command} status SO100001": "an order with its history",
        f".venv/bin/{command} quality": "the quality report the team got next morning, with what is held and why",
        f".venv/bin/{command} audit": "the whole book re-checked from its rows",
        f"{_short(home)}/customers/": "every mail the customers and the team got (.eml)",
        f"{_short(home)}/truth.json": "what each order really was",
        "make up": "the same day, and it stays: Prefect's pages, schedules, a worker",
    }
    width = max(map(len, rows))
    return Group("", Text("Where to look", style="bold"), *(Text(f"  {n:<{width}}  {w}") for n, w in rows.items()))


def _short(home: Path) -> str:
    here = Path.cwd()
    return str(home.relative_to(here) if home.is_relative_to(here) else home)


def _table(title: str, *columns: str) -> Table:
    """A plain table; a column whose name begins with # is of figures."""
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.lstrip("#"), justify="right" if name.startswith("#") else "left", header_style="dim")
    return table
