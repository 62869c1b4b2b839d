"""Reading a list that is sorted by time of change while people change it, without skipping any of it.

Page numbers alone skip: an order edited during the pull leaves its place, all behind it move up, and the first of the
next page is never seen. So after each page the list is asked for again from the time that page came to. Where more
orders than fit a page changed in the same second, those already seen are excluded by id; where even these are too many,
page numbers are used within that second, again and again until a pass shows nothing new.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.errors import ContractError
from connectors.shops.cursors import resume_points

MAX_EXCLUDED = 300  # ids in one address: about two thousand characters
MAX_PASSES = 20


@dataclass(frozen=True)
class Page:
    """One answer: rows with their time of change and id, and whether the shop says that more follow."""

    rows: list[Any]
    stamps: list[datetime | None]
    ids: list[str]
    is_more: bool


@dataclass
class Pull:
    """Where a pull stands: ask for `page` of what changed at or after `anchor`, without `excluded`."""

    system: str
    anchor: datetime | None
    page: int = 1
    excluded: list[str] = field(default_factory=list)
    _seen: set[tuple[str, datetime | None]] = field(default_factory=set)
    _fresh: list[bool] = field(default_factory=list)
    _is_dirty: bool = False
    _passes: int = 0
    _last: list[tuple[str, datetime | None]] = field(default_factory=list)

    def take(self, page: Page) -> Iterator[tuple[Any, datetime | None]]:
        """The rows not seen before, each with the time from which to resume once it is kept."""
        self._check(page)
        points = resume_points(page.stamps, self.anchor)
        keys = list(zip(page.ids, page.stamps, strict=True))
        self._fresh = [not key[0] or key not in self._seen for key in keys]
        self._seen.update(keys)
        yield from ((row, point) for row, point, new in zip(page.rows, points, self._fresh, strict=True) if new)

    def goes_on(self, page: Page) -> bool:
        """Move to the next question; False when there is none."""
        came_to = resume_points(page.stamps, self.anchor)[-1] if page.rows else None
        is_ahead = came_to is not None and (self.anchor is None or came_to > self.anchor)
        if page.is_more and not is_ahead:
            self._stay(page)
            return True
        if self._is_dirty:
            return self._again()
        if page.is_more:
            self.anchor, self.page, self.excluded, self._passes, self._last = came_to, 1, [], 0, []
        return page.is_more

    def _stay(self, page: Page) -> None:
        """A page full of one second: exclude what was seen of it, or turn the page where that is too much."""
        seen = [id_ for id_, stamp in zip(page.ids, page.stamps, strict=True) if id_ and stamp == self.anchor]
        new = [id_ for id_ in seen if id_ not in self.excluded]
        if self.page == 1 and any(self._fresh) and new and len(self.excluded) + len(new) <= MAX_EXCLUDED:
            self.excluded += new
            return
        self._is_dirty |= self.page > 1 and any(self._fresh)
        self.page += 1

    def _again(self) -> bool:
        self._passes += 1
        if self._passes > MAX_PASSES:
            raise ContractError(self.system, f"the orders changed at {self.anchor} never come to rest")
        self.page, self._is_dirty, self._last = 1, False, []
        return True

    def _check(self, page: Page) -> None:
        oldest = min((stamp for stamp in page.stamps if stamp is not None), default=None)
        if self.anchor is not None and oldest is not None and oldest < self.anchor.replace(microsecond=0):
            told = f"asked for changes since {self.anchor}, got one of {oldest}"
            raise ContractError(
                self.system, told, "the shop must run WooCommerce 5.8 or later, without a caching proxy"
            )
        keys = list(zip(page.ids, page.stamps, strict=True))
        if self.page > 1 and keys and keys == self._last:
            raise ContractError(self.system, f"page {self.page} is the same as the page before: stopped")
        self._last = keys
