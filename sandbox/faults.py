"""What goes wrong outside, at set rates: decided from a seed and the request alone, so that a day can be repeated.

`duplicates` in a shop: an order of a page is touched and comes again later in the feed, with nothing new in it.
Bounded: no request is spoiled more than three times in a row, so a client that retries sensibly gets through.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Protocol

FAILURES = ("timeouts", "status_429", "status_500", "half_pages", "dropped", "not_json")
OTHERS = ("duplicates", "smtp_drop_after_data", "smtp_451")
NAMES = FAILURES + OTHERS
MAX_IN_A_ROW = 3


class Pausable(Protocol):
    """A server that can refuse connections for a while: `sandbox.httpd.Server`."""

    def pause(self) -> None:
        """Refuse connections."""

    def resume(self) -> None:
        """Take connections again."""


class Faults:
    """Decides who fails when. `hang_s` is how long a timeout is silent, `retry_after_s` what a 429 asks for."""

    def __init__(self, seed: int = 0, hang_s: float = 2.0, retry_after_s: float = 1.0) -> None:
        self.seed, self.hang_s, self.retry_after_s = seed, hang_s, retry_after_s
        self.counts: Counter[str] = Counter()
        self._rates: dict[str, float] = {}
        self._attempts: Counter[str] = Counter()
        self._in_a_row: dict[str, int] = defaultdict(int)
        self._down: dict[str, str] = {}
        self._servers: dict[str, Pausable] = {}
        self._lock = threading.Lock()

    def set(self, rates: Mapping[str, float]) -> None:
        """Set the rates named (0 to 1), leave the others. Raises ValueError for an unknown name or another rate."""
        for name, rate in rates.items():
            if name not in NAMES:
                raise ValueError(f"{name} is no fault; there are {', '.join(NAMES)}")
            if not 0 <= rate <= 1:
                raise ValueError(f"{name}: {rate} is no rate between 0 and 1")
        with self._lock:
            self._rates.update(rates)

    def failure(self, request: str) -> str | None:
        """Which of FAILURES spoils this attempt of `request` (any text that names it), or None."""
        return self._choose(request, FAILURES)

    def happens(self, name: str, request: str) -> bool:
        """Whether the one fault `name` spoils this attempt of `request`; bounded as `failure` is."""
        return self._choose(f"{name} {request}", (name,)) is not None

    def _choose(self, key: str, names: tuple[str, ...]) -> str | None:
        with self._lock:
            self._attempts[key] += 1
            chosen = self._drawn(names, chance(f"{self.seed}|{key}|{self._attempts[key]}"))
            if chosen is None or self._in_a_row[key] >= MAX_IN_A_ROW:
                self._in_a_row[key] = 0
                return None
            self._in_a_row[key] += 1
            self.counts[chosen] += 1
            return chosen

    def _drawn(self, names: tuple[str, ...], drawn: float) -> str | None:
        for name in names:
            drawn -= self._rates.get(name, 0.0)
            if drawn < 0:
                return name
        return None

    def register(self, system: str, server: Pausable) -> None:
        """Let `down(system, "refused")` close the door of `server`."""
        self._servers[system] = server

    def down(self, system: str, how: str = "503") -> None:
        """Take a system away altogether: it answers everything with 503, or refuses connections (`how="refused"`)."""
        if how not in ("503", "refused"):
            raise ValueError(f"{how}: a system goes down by 503 or refused")
        self._down[system] = how
        if how == "refused":
            self._servers[system].pause()

    def up(self, system: str) -> None:
        """Bring a system back. Safe to repeat."""
        if self._down.pop(system, "") == "refused":
            self._servers[system].resume()

    def is_down(self, system: str) -> bool:
        """Whether the system is away."""
        return system in self._down


def chance(text: str) -> float:
    """A number from 0 up to 1 that only depends on `text`."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) / 2**64
