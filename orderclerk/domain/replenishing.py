"""What the house has decided about its stock: how sure it wants to be, what buying, holding and moving cost."""

from dataclasses import dataclass, field
from typing import Literal

Service = Literal["fill", "cycle"]


@dataclass(frozen=True)
class BuyingRules:
    """How the house buys. Costs in the currency of the prices; `service` is what service levels mean.

    `fill`: of what is wanted of all items with the same target, by value, the share that is on the shelf.
    `cycle`: for each item the share of times between order and delivery without a shortage.
    """

    service: Service = "fill"
    service_level: float = 0.95
    review_days: float = 1.0
    order_cost: float = 5.0
    holding_rate: float = 0.25  # of the goods' value, a year
    cover_days: float = 14.0  # of a lot, where no price is known
    horizon_days: float = 120.0  # no lot is for longer, unless the least quantity is


@dataclass(frozen=True)
class ReplenishPolicy:
    """Beside how to buy: what a trip between warehouses costs and takes, and from when on stock is too much.

    `history_days` of demand are looked at.
    """

    buying: BuyingRules = field(default_factory=BuyingRules)
    transfer_cost: float = 50.0
    transfer_days: int = 3
    over_days: float = 90.0
    dead_days: float = 180.0
    history_days: int = 1092
