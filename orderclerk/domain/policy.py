"""What the house has decided: how channels are answered, how long customers may think, what is believable."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Policy:
    """`answers`: channel -> "confirm" (its orders are binding as they come) or "offer" (the customer is asked).

    `min_confidence` is the least probability, of the reading times the matching, at which a line needs no person.
    `ask_customers`: questions that a hold leaves open are put to the customer by mail without a person's word.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    reminder_after_hours: int = 24
    expire_after_hours: int = 72
    price_tolerance_percent: float = 0.0
    duplicate_window_days: int = 7
    max_quantity: int = 100_000
    min_confidence: float = 0.99
    ask_customers: bool = True

    @property
    def binding(self) -> frozenset[str]:
        """The channels whose orders need no answer; later versions of these apply by themselves."""
        return frozenset(channel for channel, answer in self.answers.items() if answer == "confirm")
