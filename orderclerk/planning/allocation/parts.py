"""What a plan is made from and what it says: quantities in thousandths of the item's unit, costs in ten-thousandths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from orderclerk.domain.lineframe import QUANTITY_SCALE, unscaled

COST_SCALE = 10  # e4 of the currency, by thousandths of a unit, by grams of a kilogram: all products are whole


class Need(NamedTuple):
    """A line's demand for one item; a kit's line has one for each component."""

    line_no: int
    item_id: int
    item_ref: str
    quantity_e3: int
    weight_g: int = 0


class Source(NamedTuple):
    """What one warehouse has of an item (`supply_id` None) or gets by a supply, and the day it can leave.

    `is_now`: it can leave with the next departure. Stock in a warehouse whose parcels of today are used up cannot.
    """

    item_id: int
    warehouse: str
    quantity_e3: int
    ship_date: date
    supply_id: int | None = None
    is_now: bool = True


class Place(NamedTuple):
    """A warehouse and what a parcel from it costs to where the order goes."""

    code: str
    parcel_cost_e4: int = 0
    unit_cost_e4: int = 0
    kg_cost_e4: int = 0


class Substitute(NamedTuple):
    """An item that may be sent instead: `ratio` of its units for one of the original; the lowest rank is the best."""

    item_id: int
    item_ref: str
    ratio: Fraction
    rank: int
    weight_g: int = 0


@dataclass(frozen=True)
class Rules:
    """What the customer accepts.

    `ship`: "complete": everything leaves on one day; "split": what is there leaves now, the rest when it comes.
    `latest_date`: how long the order may wait for what is coming; None: not at all. `substitutes`: by item, only those
    that need no consent or have it.
    """

    ship: Literal["complete", "split"] = "complete"
    latest_date: date | None = None
    substitutes: Mapping[int, Sequence[Substitute]] = field(default_factory=dict)


class Parcel(NamedTuple):
    """One parcel of a plan."""

    warehouse: str
    ship_date: date


class Taking(NamedTuple):
    """What one line takes from where, and the day it leaves."""

    line_no: int
    item_id: int
    warehouse: str
    supply_id: int | None
    quantity_e3: int
    ship_date: date


class Lack(NamedTuple):
    """What an order wants of an item, and what there is: free now, and coming in time."""

    item_id: int
    item_ref: str
    wanted_e3: int
    free_e3: int
    coming_e3: int


@dataclass(frozen=True)
class Plan:
    """Where an order comes from. Without parcels it cannot be served whole: then `lacking` says of what there is too
    little. `cost` is in units of 10**-COST_SCALE. `why` is one sentence, `evidence` its figures (JSON)."""

    parcels: tuple[Parcel, ...]
    taken: tuple[Taking, ...]
    cost: int
    why: str
    evidence: Mapping[str, Any]
    lacking: tuple[Lack, ...] = ()
    replaced: tuple[tuple[int, int], ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether the order is served."""
        return not self.lacking

    @property
    def amount(self) -> Decimal:
        """The cost in the currency."""
        return unscaled(self.cost, COST_SCALE)

    @property
    def latest_date(self) -> date | None:
        """The day the last parcel leaves."""
        return max((parcel.ship_date for parcel in self.parcels), default=None)


def said(quantity_e3: int) -> str:
    """A quantity as people write it: 7500 is 7.5."""
    return f"{unscaled(quantity_e3, QUANTITY_SCALE).normalize():f}"
