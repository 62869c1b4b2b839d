"""What the house has decided about its stock: who comes first, what may be used, how long orders wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Shortage = Literal["priority", "commitment", "fair"]


class Rate(NamedTuple):
    """What one warehouse's parcels cost to a country: e4 of the desk's currency a parcel, a unit, a kilogram."""

    parcel_cost_e4: int
    unit_cost_e4: int = 0
    kg_cost_e4: int = 0


@dataclass(frozen=True)
class StockPolicy:
    """`shortage` decides between orders when there is too little (`orderclerk.planning.allocation.sharing`).

    `wait_days`: how long an order may wait for what is coming, no longer than the customer's own wanted date.
    `transit_days`: the courier's working days where transit.csv does not say.
    `rates`: by country and warehouse, where a parcel costs otherwise than the warehouse's parcel cost.
    """

    shortage: Shortage = "commitment"
    uses_safety: bool = False
    wait_days: int = 14
    transit_days: int = 3
    rates: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)
