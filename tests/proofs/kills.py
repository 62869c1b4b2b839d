"""Kill -9 at random moments during a sandbox day with faults on, and nothing is lost or done twice.

A worker process does everything there is to do at one moment of the day (`desk_shift`); it is forked from a warmed
server process (multiprocessing's forkserver), so that a killed one is a real process that costs no imports to replace.
Each kill aims at a phase: the driver waits until the worker is in it, then a random share of the time it usually takes.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from orderclerk.database.engine import make_engine
from orderclerk.database.masterdata import load_master_data
from tests.proofs import truth_check
from tests.proofs.sandbox_day import SandboxDay, business_hours
from tests.proofs.server import proof_server
from tests.proofs.wholesale import fresh_book

FAULTS = {"timeouts": 0.02, "status_429": 0.03, "status_500": 0.05, "half_pages": 0.05, "not_json": 0.03, "dropped": 0.05,
          "duplicates": 0.05, "smtp_451": 0.03, "smtp_drop_after_data": 0.03}  # fmt: skip
PHASES = ("pull", "read", "check", "answers", "deliver")
LAST_SHIFTS = 12  # a minute apart, for mails that were refused for now
_PRELOAD = ["tests.proofs.desk_shift", "expectations.orders", "great_expectations"]


@dataclass
class Killer:
    """Runs shifts in worker processes and kills as many of them as it was told to."""

    home: Path
    url: str
    random: random.Random
    to_kill: int
    killed: Counter[str] = field(default_factory=Counter)
    usual_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.3]))
    workers: int = 0

    def shift(self, as_of: datetime, kills: int) -> None:
        """Work at `as_of` until a worker ends by itself; kill up to `kills` of them before."""
        until = self.to_kill - kills
        while True:
            is_aimed = self.to_kill > max(until, 0)
            process = self._start(as_of)
            if self._watch(process, self._aim() if is_aimed else None):
                self.to_kill -= 1
            elif process.exitcode == 0:
                return
            else:
                raise SystemExit(f"the worker ended with {process.exitcode} at {as_of}, its own doing")

    def _start(self, as_of: datetime) -> Any:
        from tests.proofs.desk_shift import work_shift

        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        (self.home / "phase").write_text("start")
        process = context.Process(target=work_shift, args=(str(self.home), self.url, as_of))
        process.start()
        self.workers += 1
        return process

    def _aim(self) -> tuple[str, float]:
        """A phase and a moment in it."""
        phase = self.random.choice(PHASES)
        times = self.usual_s[phase]
        return phase, self.random.random() * sum(times) / len(times)

    def _watch(self, process: Any, aim: tuple[str, float] | None) -> bool:
        """Wait for the worker's end or kill it as aimed; whether it was killed."""
        seen, since, strike = "", time.monotonic(), None
        while process.is_alive():
            now, phase = time.monotonic(), (self.home / "phase").read_text()
            if phase != seen and phase:
                if seen in PHASES:
                    self.usual_s[seen] = [*self.usual_s[seen][-9:], now - since]
                seen, since = phase, now
            if aim and strike is None and phase == aim[0]:
                strike = now + aim[1]
            if strike is not None and now >= strike:
                os.kill(process.pid, signal.SIGKILL)
                process.join()
                if process.exitcode != -signal.SIGKILL:
                    return False
                self.killed[(self.home / "phase").read_text()] += 1
                return True
            process.join(0.004)
        return False


def work_the_day(killer: Killer, sandbox: SandboxDay, engine: Engine, moments: list[datetime]) -> int:
    """Every moment worked at, the kills spread over them; how many mails the sandbox delivered."""
    mails, busy = 0, range(len(moments) - 4)
    shares = Counter(killer.random.choices(busy, k=killer.to_kill))
    owed = 0
    for number, as_of in enumerate(moments):
        done = sandbox.advance(as_of)
        mails += done["mails"] + done["answers"]
        owed += shares[number]
        before = killer.to_kill
        killer.shift(as_of, owed)
        owed -= before - killer.to_kill
    for later in _last_moments(moments[-1]):
        if not killer.to_kill and not truth_check.left_to_send(engine):
            break
        killer.shift(later, killer.to_kill)
    return mails


def _last_moments(last: datetime) -> Iterator[datetime]:
    return (last + timedelta(minutes=2**n) for n in range(LAST_SHIFTS))


def prove(server_url: str, home: Path, asked: argparse.Namespace, console: Console) -> list[str]:
    """Run the day and compare; what is wrong afterwards."""
    url = fresh_book(server_url, "kills")
    engine = make_engine(url)
    killer = Killer(home, url, random.Random(asked.seed), asked.kills)
    started = time.monotonic()
    with SandboxDay(home, asked.orders, asked.seed, FAULTS) as sandbox:
        load_master_data(engine, home / "masterdata")
        mails = work_the_day(killer, sandbox, engine, business_hours(asked.every))
        struck = sandbox.faults({})
        wrong, strange = truth_check.order_faults(engine, sandbox.truth())
        faults = {
            "orders as they truly were": wrong,
            "orders ended as expected": strange,
            "each mail received once": truth_check.mail_faults(engine, sandbox.mails()),
            "every envelope in the book": truth_check.envelope_faults(engine, home, mails),
            "stock never oversold": truth_check.stock_conditions(engine),
            "audit": truth_check.audit_faults(engine),
        }
    _report(console, killer, struck, faults, time.monotonic() - started)
    engine.dispose()
    return [line for found in faults.values() for line in found]


def _report(
    console: Console, killer: Killer, struck: dict[str, int], faults: dict[str, list[str]], took_s: float
) -> None:
    table = Table(title=f"{sum(killer.killed.values())} kills, {killer.workers} workers, {took_s:.0f} s")
    table.add_column("what")
    table.add_column("how it is")
    table.add_row("killed while it did", ", ".join(f"{phase} {count}" for phase, count in killer.killed.most_common()))
    table.add_row("faults outside", ", ".join(f"{name} {count}" for name, count in sorted(struck.items())) or "none")
    for what, found in faults.items():
        table.add_row(what, f"[red]{len(found)} wrong" if found else "yes")
    console.print(table)


def main(given: list[str] | None = None) -> int:
    """The proof as a command; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=30, help="minutes between two shifts of the desk")
    parser.add_argument("--show", type=int, default=10, help="how many differences to print")
    asked = parser.parse_args(given)
    # the children of a killed process are no leak
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    console = Console()
    with proof_server() as url, tempfile.TemporaryDirectory(prefix="orderclerk-kills-") as folder:
        wrong = prove(url, Path(folder), asked, console)
    for line in wrong[: asked.show]:
        console.print(line, style="red", markup=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
