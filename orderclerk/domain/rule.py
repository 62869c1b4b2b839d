"""What a rule is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`owner` is a role of the desk; `due_hours` how long the hold may wait; `next_step` what the owner does.

    `severity`: critical holds the order; warning is noted on it and holds nothing.
    """

    id: str
    title: str
    next_step: str
    owner: str = "desk"
    due_hours: int = 24
    severity: str = "critical"
