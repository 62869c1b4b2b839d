"""An order that is in the book comes again: what is to be done with it."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of a later version of a known order."""

    REPEAT = "repeat"  # nothing new
    STALE = "stale"  # older than what the book has: kept on record, without effect
    AMENDED = "amended"  # takes the place of what the book has, and is checked again
    PENDING = "pending"  # a person decides
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Version:
    """`is_known`: this content was here before; `is_current`: it is what the book has now;
    `is_partial`: the document names only what changes, and a person must put the two together."""

    is_known: bool
    is_current: bool
    is_older: bool
    is_newer: bool
    is_cancellation: bool
    is_partial: bool
    is_binding: bool
    has_returns: bool
    state: str


def judge_version(version: Version) -> Outcome:
    """Older versions never win; agreed orders change by themselves only where the channel is binding."""
    if version.is_current or (version.is_known and not (version.is_newer and version.is_binding)):
        return Outcome.REPEAT
    if version.is_older:
        return Outcome.STALE
    if version.is_cancellation:
        return Outcome.CANCELLED if version.state in ("received", "offered", "confirmed") else Outcome.STALE
    if version.is_partial or version.has_returns or version.state in ("declined", "expired", "cancelled"):
        return Outcome.PENDING
    if version.state == "confirmed" and not version.is_binding:
        return Outcome.PENDING
    return Outcome.AMENDED
