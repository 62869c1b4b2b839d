"""The axes of orders and reservations, the states of purchase orders and transfers, and what may follow what: data."""

from dataclasses import dataclass

COMMERCIAL = ("received", "offered", "confirmed", "declined", "expired", "cancelled")
FULFILMENT = ("open", "reserved", "released")
RESERVATION = ("soft", "hard", "picked", "consumed", "released")
PURCHASE = ("draft", "waiting", "approved", "sent", "confirmed", "received", "cancelled")
TRANSFER = ("draft", "sent", "received", "cancelled")

TRANSITIONS: dict[str, frozenset[tuple[str, str]]] = {
    "commercial": frozenset(
        {
            ("", "received"),
            ("", "cancelled"),  # first seen when it was already called off
            ("received", "offered"),
            ("received", "confirmed"),  # the channel's orders are binding, or a return found its original
            ("received", "cancelled"),
            ("offered", "received"),  # amended before it was answered
            ("offered", "confirmed"),
            ("offered", "declined"),
            ("offered", "expired"),
            ("offered", "cancelled"),
            ("confirmed", "received"),  # amended afterwards
            ("confirmed", "cancelled"),
            ("expired", "received"),  # a person or a late answer takes it up again
            ("declined", "received"),
            ("cancelled", "received"),
        }
    ),
    "fulfilment": frozenset({("open", "reserved"), ("reserved", "released"), ("released", "reserved")}),
    "reservation": frozenset(
        {
            ("soft", "hard"),
            ("soft", "released"),
            ("hard", "picked"),
            ("hard", "released"),
            ("picked", "hard"),  # put back on the shelf
            ("picked", "released"),
            ("picked", "consumed"),  # it left the house, and a move says so
        }
    ),
    "purchase": frozenset(
        {
            ("", "draft"),
            ("draft", "waiting"),  # above the limit: a person approves
            ("draft", "approved"),  # by policy
            ("waiting", "approved"),
            ("waiting", "cancelled"),
            ("approved", "sent"),
            ("approved", "cancelled"),
            ("sent", "confirmed"),
            ("sent", "received"),  # the goods came before any answer
            ("sent", "cancelled"),
            ("confirmed", "received"),
            ("confirmed", "cancelled"),
        }
    ),
    "transfer": frozenset(
        {("", "draft"), ("draft", "sent"), ("draft", "cancelled"), ("sent", "received"), ("sent", "cancelled")}
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to know about an order in order to label it."""

    kind: str
    commercial: str
    hold_rules: tuple[str, ...] = ()


def is_allowed(axis: str, before: str, after: str) -> bool:
    """Whether `axis` may go from `before` to `after`."""
    return (before, after) in TRANSITIONS[axis]


def display_label(standing: Standing) -> str:
    """The words people see: computed, never stored."""
    if standing.commercial in ("cancelled", "declined", "expired"):
        return standing.commercial
    if standing.hold_rules:
        return "held: " + ", ".join(sorted(set(standing.hold_rules)))
    if standing.kind == "return" and standing.commercial == "confirmed":
        return "return accepted"
    return {"received": "being checked", "offered": "waiting for the customer"}.get(
        standing.commercial, standing.commercial
    )
