"""What a rule is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SEVERITIES = ("critical", "warning")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of a rule that orderclerk.toml may set; `meaning` is shown in docs/rules.md. Never below `least`."""

    default: float
    meaning: str
    least: float = 0.0
    most: float = float("inf")


@dataclass(frozen=True, slots=True)
class Rule:
    """`owner` is a role of the desk; `due_hours` how long the hold may wait; `next_step` what the owner does.

    `severity`: critical holds the order; warning is noted on it and holds nothing. What is in force for a customer
    is the rule as `orderclerk.domain.rulebook` gives it: orderclerk.toml may change all but id, title and next step.
    """

    id: str
    title: str
    next_step: str
    owner: str = "desk"
    due_hours: int = 24
    severity: str = "critical"
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
