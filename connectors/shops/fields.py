"""Reading fields of a shop's JSON, which may hold anything: null is absent, a wrong type a Problem, nothing raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from orderclerk.domain.reading import Problem

_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?")
_DAY = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")
_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
ENVELOPE_RULE = "ENV-001"
MAX_SHOWN = 80


@dataclass(frozen=True)
class Fields:
    """One JSON object; `path` says where it stood, `problems` collects what could not be read of it."""

    data: dict[str, Any]
    path: str = ""
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str, rule: str = ENVELOPE_RULE) -> str:
        """The text or number of field `name`, without what a database refuses; "" if absent."""
        value = self.data.get(name)
        if value is None or (isinstance(value, str | int | Decimal) and not isinstance(value, bool)):
            return clean_text("" if value is None else str(value))
        self.complain(name, rule, "is no text")
        return ""

    def number(self, name: str, rule: str) -> Decimal | None:
        """The number of field `name`, written as number or as text; None if absent or unreadable."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        number = exact_number(value)
        if number is None:
            self.complain(name, rule, "is no number")
        return number

    def is_true(self, name: str) -> bool:
        """Whether field `name` is true; "yes", "true" and 1 are, as some plugins write them."""
        value = self.data.get(name)
        return value is True or str(value).lower() in ("true", "yes", "1")

    def inner(self, name: str, rule: str = ENVELOPE_RULE) -> "Fields":
        """The object of field `name`; an empty one if it is null, absent or no object (then a Problem says so)."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, dict) and value != []:  # PHP writes an empty object as []
            self.complain(name, rule, "is no object")
        return Fields(value if isinstance(value, dict) else {}, self._at(name), self.problems)

    def items(self, name: str, rule: str = ENVELOPE_RULE) -> Iterator["Fields"]:
        """The objects of list `name`; GraphQL connections (nodes, edges) count as lists. The rest are Problems."""
        value = list_of(self.data.get(name))
        if value is not None and not isinstance(value, list):
            self.complain(name, rule, "is no list")
            return
        for position, item in enumerate(value or [], 1):
            if isinstance(item, dict):
                yield Fields(item, f"{self._at(name)}[{position}]", self.problems)
            else:
                self.problems.append(Problem(rule, f"{self._at(name)}[{position}]", shown(item), "is no object"))

    def moment(self, name: str) -> datetime | None:
        """The instant of field `name` in UTC; one without offset is taken as UTC. None if absent or unreadable."""
        text = self.text(name, "ORD-002")
        if not text:
            return None
        moment = read_moment(text)
        if moment is None:
            self.complain(name, "ORD-002", "is no date and time")
        return moment

    def day(self, name: str) -> date | None:
        """The day of field `name` as the sender wrote it, in the sender's time zone. None if absent or unreadable."""
        text = self.text(name, "ORD-002")
        day = read_day(text[:10]) if text else None
        if text and day is None:
            self.complain(name, "ORD-002", "is no date")
        return day

    def on_its_own(self) -> "Fields":
        """The same object with its own list of problems: those of a line belong to the line."""
        return Fields(self.data, self.path)

    def complain(self, name: str, rule: str, reason: str) -> None:
        """Note that field `name` cannot be read."""
        self.problems.append(Problem(rule, self._at(name), shown(self.data.get(name)), reason))

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def list_of(value: Any) -> Any:
    """The list in a GraphQL connection, `nodes` or the nodes of `edges`; any other value as it is."""
    if isinstance(value, dict) and isinstance(value.get("nodes"), list):
        return value["nodes"]
    if isinstance(value, dict) and isinstance(value.get("edges"), list):
        return [edge.get("node") if isinstance(edge, dict) else edge for edge in value["edges"]]
    return value


def clean_text(text: str) -> str:
    """`text` stripped, control characters and lone surrogates replaced: PostgreSQL refuses both."""
    return _UNKEEPABLE.sub("\ufffd", text).strip()


def shown(value: object) -> str:
    """`value` as a message quotes it."""
    return clean_text(value if isinstance(value, str) else repr(value)[: 2 * MAX_SHOWN])[:MAX_SHOWN]


def exact_number(value: object) -> Decimal | None:
    """A plain number from JSON number or text: digits, one point, a sign. No guess about 1.234,56; None then."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        text = format(value, "f") if isinstance(value, Decimal) and -40 < value.adjusted() < 40 else str(value).strip()
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def read_moment(text: str) -> datetime | None:
    """ISO 8601 to aware UTC; without offset it is UTC already (`..._gmt` of WooCommerce). None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_day(text: str) -> date | None:
    """A day written year first, the only order of figures that cannot be misread. None for all else."""
    match = _DAY.fullmatch(text.strip())
    if not match or (not match[2] and len(text.strip()) != 8):
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None
