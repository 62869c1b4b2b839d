"""The order book on the terminal: an order's whole story, and the auditor's findings."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orderclerk.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from orderclerk.database.audit import AuditFinding

_HEAD = ("customer", "customer_no", "channel", "source", "order_ref", "customer_po", "order_date", "requested_date",
         "currency", "stated_total", "payment_method", "remarks", "answer_by", "revision")  # fmt: skip
_MONEY = ("unit_price", "amount", "total")
_SHORT = ("id", "line_no", "at", "actor", "rule", "state", "from_state", "to_state", "created_at", "sent_at", "due_at")


class UnknownOrder(Exception):
    """No order has this number or reference."""


def book_engine() -> "Engine":
    """The book of the home. Raises SettingsError or PostgresError."""
    from orderclerk.database.engine import make_engine

    return make_engine(load_settings(needs_secrets=False).database_url())


def terminal() -> Console:
    """The terminal; where nobody watches, lines may be long."""
    console = Console()
    return console if console.is_terminal else Console(width=200)


def print_status(found: Mapping[str, Any], *, as_json: bool) -> None:
    """An order as `order_status` gives it."""
    console = terminal()
    if as_json:
        console.print_json(json.dumps(found, default=str, ensure_ascii=False))
        return
    console.print(f"[bold]{escape(str(found['order_no']))}[/]  {escape(str(found['label']))}")
    head = found["order"]
    for name in _HEAD:
        if name in head:
            console.print(f"  {name.replace('_', ' ')}: {escape(_shown(head[name]))}", highlight=False)
    for title in ("lines", "holds", "messages", "history"):
        if rows := found[title]:
            console.print(rows_table(title, rows))


def print_findings(findings: "Sequence[AuditFinding]", *, as_json: bool) -> None:
    """What the audit found, or that it found nothing."""
    rows = [{"rule": found.rule, "subject": found.subject, "message": found.message} for found in findings]
    console = terminal()
    if as_json:
        console.print_json(json.dumps(rows, ensure_ascii=False))
    elif rows:
        console.print(rows_table(f"{len(rows)} findings", rows))
    else:
        from orderclerk.database.audit import audit_rules

        console.print(f"The book is clean: {len(audit_rules())} checks, no finding.", highlight=False)


def rows_table(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Rows as a table without the columns that say nothing."""
    columns = [name for name in rows[0] if any(row[name] not in (None, "", {}, [], False) for row in rows)]
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        is_number = all(isinstance(row[name], int | Decimal | None) for row in rows)
        side: Literal["right", "left"] = "right" if is_number else "left"
        table.add_column(name.replace("_", " "), justify=side, overflow="fold", no_wrap=name in _SHORT)
    for row in rows:
        table.add_row(*(escape(_money(row[name]) if name in _MONEY else _shown(row[name])) for name in columns))
    return table


def _money(value: Decimal | None) -> str:
    """At least two decimals, more where there are more: 12.50, 0.0125."""
    if value is None:
        return ""
    digits = len(f"{value.normalize():f}".partition(".")[2])
    return f"{value:.{max(digits, 2)}f}"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, Decimal):  # 3.000 reads as 3
        return f"{value.normalize():f}"
    return str(value)
