"""What happens in a day, each at its moment. Documents are written when their moment comes, always the same way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class MailArrives:
    """A mail reaches the desk's mailbox."""

    at: datetime
    make: Callable[[], bytes]


@dataclass(frozen=True)
class FileDrops:
    """A partner's file appears in its folder; `is_slow`: it is seen half-written first."""

    at: datetime
    sender: str
    name: str
    make: Callable[[], bytes]
    is_slow: bool = False


@dataclass(frozen=True)
class ShopChanges:
    """Something happens in a shop: `do` is place, edit, cancel or refund of `order_id`."""

    at: datetime
    shop: str
    do: str
    order_id: int
    arguments: Mapping[str, Any] = field(default_factory=dict)


Event = MailArrives | FileDrops | ShopChanges
