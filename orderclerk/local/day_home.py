"""A fresh home for every sandbox day, `var/day-<n>`, the last three kept; an end to what killed days left running."""

import os
import re
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from orderclerk.local.postgres import is_in_use
from orderclerk.local.postgres_faults import explained

KEPT = 3
_PATIENCE_S = 10
_NAME = re.compile(r"day-(\d+)")


def fresh_home(base: Path) -> Path:
    """Make `base`/var/day-<n+1> and forget older ones. Raises PostgresError if the disk does not let us."""
    with explained(f"{base / 'var'} cannot be written"):
        (base / "var").mkdir(parents=True, exist_ok=True)
        number = max(_days(base), default=0) + 1
        while True:  # another copy may take the same number at the same moment
            home = base / "var" / f"day-{number}"
            try:
                home.mkdir()
            except FileExistsError:
                number += 1
                continue
            break
        forget_old_days(base)
        return home


def forget_old_days(base: Path) -> None:
    """Remove all but the last days; one that is still being worked stays."""
    for number, home in sorted(_days(base).items())[:-KEPT]:
        if not is_in_use(home / "var" / "postgres"):
            end_leftovers(home)
            with suppress(OSError):
                shutil.rmtree(base / "var" / f"day-{number}")


def end_leftovers(home: Path) -> None:
    """End every process that a killed day left working for `home`: its server, worker, sandbox and database."""
    left = [pid for pid in _pids() if pid != os.getpid() and works_for(pid, home)]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + _PATIENCE_S
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if works_for(pid, home)]
            time.sleep(0.1)


def works_for(pid: int, home: Path) -> bool:
    """Whether process `pid` was started for `home`, by its environment or its arguments."""
    process = Path(f"/proc/{pid}")
    with suppress(OSError):
        if f"ORDERCLERK_HOME={home}".encode() in (process / "environ").read_bytes().split(b"\0"):
            return True
    with suppress(OSError):
        return os.fsencode(home / "var" / "postgres") in (process / "cmdline").read_bytes().split(b"\0")
    return False


def _pids() -> list[int]:
    with suppress(OSError):
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return []


def _days(base: Path) -> dict[int, Path]:
    found = ((_NAME.fullmatch(path.name), path) for path in (base / "var").iterdir())
    return {int(match[1]): path for match, path in found if match}
