"""Reading a list that is sorted by time of change while people change it, without skipping any of it.

Page numbers alone skip: an order edited during the pull leaves its place, all behind it move up, and the first of the
next page is never seen. So after each page the list is asked for again from the time that page came to. Where more
orders than fit a page changed in the same second, those already seen are excluded by id; where even these are too many,
page numbers are used within that second, until two passes read the same: orders only ever leave a past second, so what
the second pass still finds in its place was there all through the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import ContractError, TransientError
from connectors.shops.cursors import resume_points

MAX_EXCLUDED = 300  # ids in one address: about two thousand characters
MAX_PASSES = 20
SECOND = timedelta(seconds=1)


Key = tuple[str, datetime | None]


@dataclass(frozen=True)
class Page:
    """One answer: rows with their id and time of change, and whether the shop says that more follow."""

    rows: list[Any]
    keys: list[Key]
    is_more: bool

    @property
    def stamps(self) -> list[datetime | None]:
        """The times of change of the rows."""
        return [stamp for _, stamp in self.keys]


@dataclass
class Pull:
    """Where a pull stands: ask for `page` of what changed at or after `anchor`, without `excluded`."""

    system: str
    anchor: datetime | None
    page: int = 1
    excluded: list[str] = field(default_factory=list)
    _seen: set[Key] = field(default_factory=set)
    _has_new: bool = False
    _pass: list[Key] = field(default_factory=list)
    _earlier: list[Key] | None = None
    _passes: int = 0
    _last: list[Key] = field(default_factory=list)

    def take(self, page: Page) -> Iterator[tuple[Any, datetime | None]]:
        """The rows not seen before, each with the time from which to resume once it is kept."""
        self._check(page)
        points = [self.anchor] * len(page.rows) if self._is_partial else resume_points(page.stamps, self.anchor)
        is_new = [not key[0] or key not in self._seen for key in page.keys]
        self._has_new = any(is_new)
        self._seen.update(page.keys)
        self._pass += [key for key in page.keys if key[1] in (None, self.anchor)]
        yield from ((row, point) for row, point, new in zip(page.rows, points, is_new, strict=True) if new)

    def goes_on(self, page: Page) -> bool:
        """Move to the next question; False when there is none."""
        came_to = resume_points(page.stamps, self.anchor)[-1] if page.rows else None
        is_ahead = came_to is not None and (self.anchor is None or came_to > self.anchor)
        if page.is_more and not is_ahead:
            self._stay(page)
            return True
        if self.page > 1 and self._pass != self._earlier:
            self._again()
            return True
        if self._is_partial and self.anchor is not None:
            self._start_at(self.anchor.replace(microsecond=0) + SECOND)
            return True
        if page.is_more:
            self._start_at(came_to)
        return page.is_more

    @property
    def _is_partial(self) -> bool:
        """Whether the page is not all there is from the anchor on: then it is trusted for the anchor's second alone."""
        return self.page > 1 or bool(self.excluded)

    def _stay(self, page: Page) -> None:
        """A page full of one second: exclude what was seen of it, or turn the page where that is too much."""
        ids = [id_ for id_, stamp in page.keys if id_ and stamp == self.anchor and id_ not in self.excluded]
        is_first = self.page == 1 and self._earlier is None
        if is_first and self._has_new and ids and len(self.excluded) + len(ids) <= MAX_EXCLUDED:
            self.excluded += ids
            self._start_pass(None)
        else:
            self.page += 1

    def _again(self) -> None:
        self._passes += 1
        if self._passes > MAX_PASSES:
            raise TransientError(self.system, f"the orders changed at {self.anchor} do not come to rest")
        self._start_pass(self._pass)

    def _start_at(self, anchor: datetime | None) -> None:
        self.anchor, self.excluded, self._passes = anchor, [], 0
        self._start_pass(None)

    def _start_pass(self, earlier: list[Key] | None) -> None:
        self.page, self._earlier, self._pass, self._last = 1, earlier, [], []

    def _check(self, page: Page) -> None:
        oldest = min((stamp for stamp in page.stamps if stamp is not None), default=None)
        if self.anchor is not None and oldest is not None and oldest < self.anchor.replace(microsecond=0):
            told = f"asked for changes since {self.anchor}, got one of {oldest}"
            raise ContractError(
                self.system, told, "the shop must run WooCommerce 5.8 or later, without a caching proxy"
            )
        if self.page > 1 and page.keys and page.keys == self._last:
            raise ContractError(self.system, f"page {self.page} is the same as the page before: stopped")
        self._last = page.keys
