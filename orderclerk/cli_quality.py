"""The quality of data on the terminal: what is wrong with loaded master data, and the report of a day."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from orderclerk.cli_book import terminal
from orderclerk.database.masterdata import MasterDataError
from orderclerk.domain.rules import RULES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from expectations.masterdata import DataFinding
    from orderclerk.documents.quality_facts import QualityFacts
    from orderclerk.documents.quality_layout import Section

SHOWN_KEYS = 5


@dataclass
class Judge:
    """Looks at the book before loaded master data is committed; a strict one refuses broken critical rules."""

    strict: bool = False
    findings: "list[DataFinding]" = field(default_factory=list)

    def __call__(self, conn: "Connection") -> None:
        """Find what is wrong. Raises MasterDataError where that is to be refused."""
        from expectations.masterdata import check_master_data
        from orderclerk.database.masterdata_frames import master_data

        self.findings = check_master_data(master_data(conn, datetime.now(UTC).date()))
        critical = [found for found in self.findings if found.severity == "critical"]
        if self.strict and critical:
            self.print_findings()
            first = f"{critical[0].rule} in {critical[0].table}: {RULES[critical[0].rule].title.lower()}"
            raise MasterDataError(
                f"{len(critical)} critical rules are broken ({first}); nothing was loaded. "
                "Correct the files, or load them without --strict"
            )

    def print_findings(self) -> None:
        """One line a broken rule, with the first rows that break it."""
        if not self.findings:
            return
        table = Table(title="\nWhat is wrong with the data", title_justify="left", box=None, pad_edge=False)
        for name in ("rule", "severity", "table", "rows", "what", "which", "next step"):
            table.add_column(name, justify="right" if name == "rows" else "left", header_style="dim", overflow="fold")
        for found in self.findings:
            keys = ", ".join(found.keys[:SHOWN_KEYS]) + (" ..." if len(found.keys) > SHOWN_KEYS else "")
            rule = RULES[found.rule]
            row = (rule.id, found.severity, found.table, f"{len(found.keys):,}", rule.title, keys, rule.next_step)
            table.add_row(*map(escape, row))
        terminal().print(table)


class UnknownDay(Exception):
    """There is no report about this day, and none can be made."""


def print_report(day: str) -> None:
    """The report about `day` ("" for the last that was mailed) as it was mailed, or made now if it was not.

    Raises UnknownDay for what is no day, or lies in the future.
    """
    from orderclerk.documents.quality_view import quality_view
    from orderclerk.settings import load_settings
    from tasks.delivery import desk_facts
    from tasks.desk import Desk

    settings = load_settings(needs_secrets=False)
    facts = _facts(Desk(settings), day)
    view = quality_view(desk_facts(Desk(settings)), facts, settings.desk.language)
    console = terminal()
    console.print(f"[bold]{escape(view.headline)}[/]")
    for line in view.lines:
        console.print(escape(line), highlight=False)
    for section in view.sections:
        console.print(f"\n[bold]{escape(section.heading)}[/]")
        for line in (*section.lines, *(chart.alt for chart in section.charts)):
            console.print(escape(line), highlight=False)
        if section.rows:
            console.print(_rows(section))


def _facts(desk: Any, day: str) -> "QualityFacts":
    from tasks.quality import gather_facts, reported_day, take_figures
    from tasks.quality_mail import last_reported, mailed_report

    now, zone = datetime.now(UTC), desk.settings.desk.timezone
    with desk.engine.connect() as conn, conn.begin() as work:
        latest = reported_day(now, zone)
        wanted = _day(day) if day else last_reported(conn) or latest
        if wanted > latest:
            raise UnknownDay(f"{wanted} is not over yet; the last day that can be reported is {latest}")
        facts = mailed_report(conn, wanted)
        if facts is None:
            take_figures(conn, wanted, zone, now)
            facts = gather_facts(conn, wanted, zone, now)
        work.rollback()  # looking changes nothing
    return facts


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnknownDay(f"{text!r} is no day; write it as 2026-11-23") from None


def _rows(section: "Section") -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "", *section.head):
        table.add_column(name, justify="right" if name else "left", overflow="fold")
    for row in section.rows:
        table.add_row(*map(escape, (row.label, row.small, *row.figures)))
    return table
