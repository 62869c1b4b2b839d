"""The sandbox as a process beside us, moved by its control (docs/contracts.md)."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from orderclerk.local.prefect_environment import PROJECT, end_process, last_lines, prefect_environment, start_process

START_TIMEOUT_S = 120
ANSWER_TIMEOUT_S = 300
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business on localhost


class SandboxError(Exception):
    """The sandbox did not start or refuses; the message says why and where its log is."""


@dataclass
class Sandbox:
    """A running sandbox; leaving the context ends it."""

    home: Path
    process: "subprocess.Popen[bytes]"
    control: str = ""

    @classmethod
    def spawn(cls, home: Path, orders: int, seed: int, day: date, faults: str = "{}") -> "Sandbox":
        """Start it without waiting: `wait` does."""
        words = ["--orders", str(orders), "--seed", str(seed), "--date", day.isoformat(), "--faults", faults]
        environment = prefect_environment(home, "")
        process = start_process([sys.executable, "-m", "sandbox", str(home), *words], environment, _log(home), PROJECT)
        return cls(home, process)

    def wait(self) -> None:
        """Wait until the world stands: the settings and master data are written then. Raises SandboxError."""
        facts, deadline = self.home / "sandbox.json", time.monotonic() + START_TIMEOUT_S
        while not facts.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = last_lines(_log(self.home).read_text(errors="replace"))
                raise SandboxError(f"The sandbox did not start; the end of {_log(self.home)}:\n{words}")
            time.sleep(0.05)
        self.control = json.loads(facts.read_text(encoding="utf-8"))["control"]

    def advance(self, until: datetime) -> dict[str, Any]:
        """Let everything due by `until` happen, and customers answer; counts of what happened."""
        return dict(self._ask("/advance", {"until": until.isoformat()}))

    def calls(self, until: datetime) -> list[dict[str, Any]]:
        """The phone calls due by `until`, all of them each time."""
        return list(self._ask(f"/calls?{urlencode({'until': until.isoformat()})}"))

    def needs(self) -> list[dict[str, Any]]:
        """What the buyer wants bought this morning: each the parameters of `buy_item`."""
        return list(self._ask("/needs"))

    def mails(self) -> list[dict[str, Any]]:
        """Every mail customers received."""
        return list(self._ask("/mails"))

    def _ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control + path, data)  # noqa: S310 (localhost)
        try:
            with _direct.open(request, timeout=ANSWER_TIMEOUT_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise SandboxError(f"The sandbox refuses {path}: {error.read().decode(errors='replace')}") from error
        except OSError as error:
            raise SandboxError(f"The sandbox does not answer ({error}); its log is {_log(self.home)}") from error

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end_process(self.process)


def _log(home: Path) -> Path:
    return home / "var" / "log" / "sandbox.log"
