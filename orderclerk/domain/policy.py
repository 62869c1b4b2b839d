"""What the house has decided: how channels are answered, how long customers may think, what is believable."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from orderclerk.domain.rulebook import RuleBook, RuleChange
from orderclerk.domain.stock_policy import StockPolicy
from orderclerk.domain.terms import ExportRules
from orderclerk.domain.worktime import MailHours, WorkTime

SENDER_CHANNELS = {"SND-006": ("mail",), "SND-008": ("mail", "phone")}
"""In shops the addresses of consumers are ever new ones."""


@dataclass(frozen=True)
class Policy:
    """`answers`: channel -> "confirm" (its orders are binding as they come) or "offer" (the customer is asked).

    `min_confidence` is the least probability, of the reading times the matching, at which a line needs no person.
    `ask_customers`: questions that a hold leaves open are put to the customer by mail without a person's word;
    `ask_prices`: also whether our price stands where theirs is another. `accept_reductions`: what only takes away from
    an order is confirmed at once, else it is offered to be confirmed. `worktime` counts deadlines, `mail_hours` (None:
    always) is when customers are written to.
    `country` (ISO) is the desk's, whose tax rates are usual.
    `own_addresses` and `own_names` are how the house writes and what it is called; `sender_channels` the channels in
    which new addresses of senders (SND-006) and of deliveries (SND-008) are looked at.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    reminder_after_hours: int = 24
    expire_after_hours: int = 72
    price_tolerance_percent: float = 0.0
    duplicate_window_days: int = 7
    max_quantity: int = 100_000
    min_confidence: float = 0.99
    ask_customers: bool = True
    ask_prices: bool = False
    accept_reductions: bool = False
    worktime: WorkTime = field(default_factory=WorkTime)
    mail_hours: MailHours | None = None
    rules: RuleBook = field(default_factory=RuleBook)
    exports: ExportRules = field(default_factory=ExportRules)
    stock: StockPolicy = field(default_factory=StockPolicy)
    country: str = ""
    own_addresses: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    sender_channels: Mapping[str, Collection[str]] = field(default_factory=lambda: dict(SENDER_CHANNELS))

    @cached_property
    def book(self) -> RuleBook:
        """The rules in force: what the house has decided in general stands below what it says of a rule."""
        general: dict[str, dict[str, float]] = {
            "PRC-001": {"tolerance_percent": self.price_tolerance_percent},
            "DUP-001": {"window_days": self.duplicate_window_days},
            "DUP-002": {"window_days": self.duplicate_window_days},
        }
        house = dict(self.rules.house)
        for rule, figures in general.items():
            house[rule] = house.get(rule, RuleChange()).over(RuleChange(parameters=figures))
        return replace(self.rules, house=house)

    def deadlines(self, at: datetime) -> tuple[datetime, datetime]:
        """When a customer who is written to now is reminded, and when the time for an answer is over."""
        return (
            self.worktime.after(at, self.reminder_after_hours),
            self.worktime.after(at, self.expire_after_hours),
        )

    def may_mail(self, at: datetime) -> bool:
        """Whether customers may be written to at this time."""
        return self.mail_hours is None or self.mail_hours.allow(at)

    @property
    def binding(self) -> frozenset[str]:
        """The channels whose orders need no answer; later versions of these apply by themselves."""
        return frozenset(channel for channel, answer in self.answers.items() if answer == "confirm")
