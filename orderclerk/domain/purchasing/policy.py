"""What the house has decided about buying."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class PurchasePolicy:
    """`approve_above`: currency -> the total up to which orders need no person; a currency that is absent always does.

    `answer_hours` (of the house's working time) until a silent supplier is asked again, `chase_times` times at most,
    then a person is. `receipt_senders` are the drop folders of warehouses that report what arrived.
    """

    approve_above: Mapping[str, Decimal] = field(default_factory=dict)
    answer_hours: int = 24
    chase_times: int = 2
    receipt_senders: frozenset[str] = frozenset()

    def needs_person(self, currency: str, total: Decimal) -> bool:
        """Whether an order of this total waits for a person."""
        limit = self.approve_above.get(currency)
        return limit is None or total > limit
