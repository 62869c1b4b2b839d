"""The facts of a day's quality report: plain values that survive JSON, so that an outbox row keeps them.

Scopes and sources are references (a customer's number, a drop folder, a mail domain), never a person's address.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from orderclerk.domain.drift import Alarm


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """What one channel brought. `usual` is the median of the same weekday before, None without history."""

    channel: str
    documents: int
    orders: int
    lines: int
    held: int
    quarantined: int
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One day of the trend: orders by channel, and how many of all were held."""

    day: date
    orders: dict[str, int]
    held: int


@dataclass(frozen=True, slots=True)
class HeldRule:
    """Open holds of one rule: all, those that came on the day, those beyond their time."""

    rule: str
    owner: str
    open: int
    new: int
    overdue: int


@dataclass(frozen=True, slots=True)
class WorstSource:
    """A source whose arrivals of the day were held or quarantined most; `examples` are order or quarantine numbers."""

    source: str
    arrived: int
    stopped: int
    rules: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """How long holds closed on the day had waited, and how long the oldest open one has."""

    closed: int
    median_hours: float | None
    p90_hours: float | None
    open: int
    overdue: int
    oldest_hours: float | None
    oldest_order: str


@dataclass(frozen=True, slots=True)
class QuarantineCause:
    """Open quarantine by rule and sender; `numbers` are the first ones, for the form that repairs them."""

    rule: str
    sender: str
    count: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DataFault:
    """A broken rule of master data: the table, how many rows, and the keys of the first."""

    rule: str
    severity: str
    table: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row of the spreadsheet: a hold that is open or was opened on the day."""

    order_no: str
    channel: str
    source: str
    line: int
    rule: str
    reason: str
    owner: str
    state: str
    opened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A row of the spreadsheet: a document, or a part of one, that has no place in any order."""

    number: int
    channel: str
    sender: str
    document: str
    place: str
    rule: str
    reason: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """Everything a quality report says about local `day`, known at `as_of`."""

    day: date
    as_of: datetime
    channels: tuple[ChannelDay, ...]
    trend: tuple[TrendDay, ...]
    held: tuple[HeldRule, ...]
    sources: tuple[WorstSource, ...]
    release: Release
    quarantine: tuple[QuarantineCause, ...]
    letters: dict[str, int] = field(default_factory=dict)
    drift: tuple[Alarm, ...] = ()
    faults: tuple[DataFault, ...] = ()
    held_rows: tuple[HeldRow, ...] = ()
    quarantine_rows: tuple[QuarantineRow, ...] = ()
    rows_in_all: int = 0
    prefect_url: str = ""
    data_docs: str = ""

    @property
    def orders(self) -> int:
        """How many orders came."""
        return sum(channel.orders for channel in self.channels)

    @property
    def stopped(self) -> int:
        """How many of them were held."""
        return sum(channel.held for channel in self.channels)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to do anything beyond the day's ordinary holds."""
        critical = any(fault.severity == "critical" for fault in self.faults)
        return not (self.drift or self.release.overdue or self.quarantine or critical)


_FACTS = TypeAdapter(QualityFacts)


def facts_to_json(facts: QualityFacts) -> dict[str, Any]:
    """`facts` as JSON values."""
    return dict(_FACTS.dump_python(facts, mode="json"))


def facts_from_json(payload: dict[str, Any]) -> QualityFacts:
    """The facts that `facts_to_json` was given. Raises pydantic's ValidationError for anything else."""
    return _FACTS.validate_python(payload)
