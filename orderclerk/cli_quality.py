"""The quality of data on the terminal: what is wrong with loaded master data."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orderclerk.cli_book import terminal
from orderclerk.database.masterdata import MasterDataError
from orderclerk.domain.rules import RULES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from expectations.masterdata import DataFinding

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
