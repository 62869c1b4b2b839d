"""`orderclerk try-rule`: a rule tried on past orders, as tables on the terminal."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from orderclerk.cli_book import terminal
from orderclerk.settings import load_settings


def print_trial(rule: str, changes: Sequence[str], days: int, customer_no: str, *, as_json: bool) -> None:
    """Try `rule` with `changes` (name=value) and print what would have been different. Raises TrialError."""
    from orderclerk.database.engine import make_engine
    from tasks.rule_trial import change_of, summary, try_rule

    settings = load_settings(needs_secrets=False)
    engine, now = make_engine(settings.database_url()), datetime.now(UTC)
    trial = try_rule(engine, settings.house_policy(), rule, change_of(rule, changes), now, days, customer_no)
    console = terminal()
    if as_json:
        given = asdict(trial) | {name: _by(getattr(trial, name)) for name in ("held", "spared")}
        console.print_json(json.dumps(given, ensure_ascii=False))
        return
    console.print(summary(trial, days), highlight=False)
    for name, examples in (("held", trial.held_examples), ("spared", trial.spared_examples)):
        if rows := _by(getattr(trial, name)):
            console.print(_table(f"would be {name}, by customer and channel", rows))
            console.print(_table(f"{len(examples)} of them", examples))


def _by(counts: Any) -> list[dict[str, Any]]:
    return [{"customer": no, "channel": channel, "orders": count} for (no, channel), count in counts.most_common()]


def _table(title: str, rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(*rows[0], title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row.values()))
    return table
