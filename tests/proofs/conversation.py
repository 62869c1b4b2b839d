"""A conversation with customers, killed -9 at every step, ends as the same conversation does without kills.

Offers, questions, answers, counter-offers, confirmations, changes after them, undoing, cancellation, reminders, expiry
and late answers of some dozen orders, twice: once undisturbed, once with the working process killed at every cut of
every shift (`conversation_step`): before each commit, after it, and after each mail that the server took. Each worker
lives one cut longer than the one before it, until one reaches the end.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from tests.proofs.conversation_script import MOMENTS, PARTS, Part, decisions
from tests.proofs.conversation_world import Outside, differences
from tests.proofs.server import proof_server
from tests.proofs.wholesale import fresh_book

_PRELOAD = ["tests.proofs.conversation_step", "expectations.orders", "great_expectations"]
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"


def lead(
    server_url: str, home: Path, parts: tuple[Part, ...], every: int
) -> tuple[dict[str, Any], list[str], Counter[str]]:
    """The whole conversation, killed at each `every`th cut (0: never): the picture, what is wrong, the kills by place."""
    url = fresh_book(server_url, f"conversation_{'killed' if every else 'plain'}")
    killed: Counter[str] = Counter()
    with Outside(home, url, parts) as outside:
        for moment, now in enumerate(MOMENTS):
            outside.happens(moment, now)
            killed += _work(outside, now, decisions(moment, parts), every)
        wrong = outside.doubled() + [
            f"{found.rule} {found.subject}: {found.message}" for found in audit_book(outside.engine)
        ]
        return outside.picture(), wrong, killed


def _work(outside: Outside, now: datetime, decided: dict[str, str], every: int) -> Counter[str]:
    """One moment's shift, by as many workers as it takes; where each of them was killed."""
    killed: Counter[str] = Counter()
    fatal = every
    while (ended := _run(outside, now, decided, fatal)) == -signal.SIGKILL:
        killed[(outside.home / "killed").read_text()] += 1
        fatal += every
        _wait_for_server(outside)
    if ended:
        raise SystemExit(f"the worker ended with {ended} at {now}, its own doing")
    return killed


def _run(outside: Outside, now: datetime, decided: dict[str, str], fatal: int) -> int | None:
    from tests.proofs.conversation_step import work_step

    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    process = context.Process(target=work_step, args=(str(outside.home), outside.url, now, decided, fatal))
    process.start()
    process.join()
    code: int | None = process.exitcode
    return code


def _wait_for_server(outside: Outside) -> None:
    """Until PostgreSQL has noticed that the worker is dead: who comes sooner passes its locked rows over."""
    with outside.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        while conn.execute(sql(_OTHERS)).scalar_one():
            time.sleep(0.005)


def prove(server_url: str, home: Path, parts: tuple[Part, ...], every: int, console: Console) -> list[str]:
    """Lead the conversation twice and compare; what is wrong."""
    started = time.monotonic()
    plain, wrong, _ = lead(server_url, home / "plain", parts, 0)
    took_s = time.monotonic() - started
    with_kills, wrong_too, killed = lead(server_url, home / "killed", parts, every)
    other = list(differences(plain, with_kills))
    console.print(_table(plain, killed, took_s, time.monotonic() - started - took_s))
    missed = [f"no mail about {part.ref} reached its customer" for part in parts if f"mails of {part.ref}" not in plain]
    return [*missed, *wrong, *wrong_too, *other, *([] if killed else ["nobody was killed"])]


def _table(plain: dict[str, Any], killed: Counter[str], plain_s: float, killed_s: float) -> Table:
    mails = [mail.split(" to ")[0] for name, got in plain.items() if name.startswith("mails of ") for mail in got]
    table = Table(title=f"{sum(killed.values())} kills, {killed_s:.0f} s ({plain_s:.0f} s without)")
    table.add_column("what")
    table.add_column("how often")
    for place, count in sorted(killed.items()):
        table.add_row(f"killed in {place}", str(count))
    table.add_row("mails received", ", ".join(f"{kind} {count}" for kind, count in Counter(mails).most_common()))
    states = Counter(order["commercial_state"] for order in plain.values() if isinstance(order, dict))
    table.add_row("orders in the end", ", ".join(f"{state} {count}" for state, count in states.most_common()))
    return table


def main(given: list[str] | None = None) -> int:
    """The proof as a command; 1 if anything is otherwise than without kills."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.conversation", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="kill only at every so many cuts")
    parser.add_argument("--show", type=int, default=20, help="how many differences to print")
    asked = parser.parse_args(given)
    # the children of a killed process are no leak
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    console = Console()
    with proof_server() as url, tempfile.TemporaryDirectory(prefix="orderclerk-conversation-") as folder:
        wrong = prove(url, Path(folder), PARTS, asked.every, console)
    for line in wrong[: asked.show]:
        console.print(line, style="red", markup=False)
    console.print(f"{len(wrong)} differences" if wrong else "as without kills, every mail once, the audit clean")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
