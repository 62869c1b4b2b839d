"""A sandbox of its own for a proof: started, moved on hour by hour, asked what it did, ended."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

DATE = "2026-11-23"
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
START_S = 120.0


class SandboxDay:
    """A running sandbox in `home`; a context manager, ended when left."""

    def __init__(self, home: Path, orders: int, seed: int, faults: Mapping[str, float] | None = None) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        (home / "sandbox.json").unlink(missing_ok=True)
        given = [str(home), "--orders", str(orders), "--seed", str(seed), "--date", DATE]
        given += ["--faults", json.dumps(faults)] if faults else []
        self._log = (home / "sandbox.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *given], stdout=self._log, stderr=subprocess.STDOUT
        )
        self.facts = self._wait()

    def __enter__(self) -> "SandboxDay":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._log.close()

    def _wait(self) -> dict[str, Any]:
        path, until = self.home / "sandbox.json", time.monotonic() + START_S
        while not path.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.home / "sandbox.log").read_text() or "the sandbox did not start")
            time.sleep(0.05)
        found: dict[str, Any] = json.loads(path.read_text())
        return found

    def advance(self, until: datetime) -> dict[str, Any]:
        """Let everything due by then happen; counts."""
        counts: dict[str, Any] = self._ask("/advance", {"until": until.isoformat()})
        return counts

    def faults(self, rates: Mapping[str, float]) -> dict[str, int]:
        """Set the rates; how often each fault struck so far."""
        counts: dict[str, int] = self._ask("/faults", dict(rates))["counts"]
        return counts

    def systems(self, **how: str) -> None:
        """`woo="503"`, `shopify="refused"`, `woo="up"`."""
        self._ask("/systems", how)

    def mails(self) -> list[dict[str, Any]]:
        """Every mail customers received."""
        found: list[dict[str, Any]] = self._ask("/mails")
        return found

    def truth(self) -> dict[str, Any]:
        """What each order really is."""
        found: dict[str, Any] = self._ask("/truth")
        return found

    def _ask(self, path: str, data: Any = None) -> Any:
        return ask(self.facts["control"], path, data)


def ask(control: str, path: str, data: Any = None) -> Any:
    """One request to the sandbox's control."""
    body = None if data is None else json.dumps(data).encode()
    with urlopen(
        Request(control + path, data=body, headers={"Content-Type": "application/json"}), timeout=300
    ) as reply:
        return json.load(reply)


def calls(home: Path, until: datetime) -> list[dict[str, Any]]:
    """The phone calls of the sandbox of `home` by then."""
    control = json.loads((home / "sandbox.json").read_text())["control"]
    found: list[dict[str, Any]] = ask(control, f"/calls?until={quote(until.isoformat())}")
    return found


def business_hours(every_minutes: int) -> list[datetime]:
    """The instants a day is worked at: through the opening hours, an evening, and the days on which offers end."""
    day = [MIDNIGHT + timedelta(minutes=m) for m in range(8 * 60, 18 * 60 + 1, every_minutes)]
    return [*day, *(MIDNIGHT + timedelta(hours=h) for h in (20, 33, 45, 69, 93, 95))]
