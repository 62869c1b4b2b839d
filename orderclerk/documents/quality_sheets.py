"""The rows behind a quality report as a spreadsheet: what is held, what is quarantined, channels and days."""

from collections.abc import Mapping, Sequence
from typing import Any

from orderclerk.documents.quality_facts import QualityFacts
from orderclerk.documents.rule_words import rule_step, rule_title
from orderclerk.documents.spreadsheet import Sheet, Value, workbook_bytes
from orderclerk.documents.words import language_of, words_for

_HELD = (
    "order_no", "channel", "source", "line", "rule", "title", "reason", "owner", "state", "opened_at", "due_at",
    "next_step",
)  # fmt: skip
_LOST = ("number", "channel", "sender", "document", "place", "rule", "title", "reason", "opened_at", "next_step")
_CHANNELS = ("channel", "documents", "orders", "lines", "held", "quarantined", "usual")


def quality_workbook(facts: QualityFacts, language: str) -> bytes:
    """The spreadsheet in the team's language."""
    words = words_for(language_of(language))
    say, names = words.phrases["quality"], words.phrases["quality_columns"]

    def sheet(title: str, columns: Sequence[str], rows: Sequence[Any]) -> Sheet:
        header = [str(names[column]) for column in columns]
        return Sheet(str(say[title]), header, [_row(_fields(one, words.language), columns) for one in rows])

    channels = sorted({name for day in facts.trend for name in day.orders})
    days: list[list[Value]] = [
        [day.day, *(day.orders.get(name, 0) for name in channels), day.held] for day in facts.trend
    ]
    return workbook_bytes(
        [
            sheet("sheet_held", _HELD, facts.held_rows),
            sheet("sheet_quarantine", _LOST, facts.quarantine_rows),
            sheet("sheet_channels", _CHANNELS, facts.channels),
            Sheet(str(say["sheet_days"]), [str(names["day"]), *channels, str(names["held"])], days),
        ]
    )


def _fields(one: Any, language: str) -> dict[str, Value]:
    fields: dict[str, Value] = {name: getattr(one, name) for name in one.__slots__}
    rule = str(fields.get("rule", ""))
    return fields | {"title": rule_title(rule, language), "next_step": rule_step(rule, language)}


def _row(fields: Mapping[str, Value], columns: Sequence[str]) -> list[Value]:
    return [fields[column] for column in columns]
