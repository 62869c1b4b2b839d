"""`make prove-reservations`: a million attempts to reserve by eight processes on hot items, killed at random moments.

At the end nothing is oversold, the reservations sum to what is reserved, and the ledger to the balances. Beside it, in the
same run, what PostgreSQL's own conditional update gives, one row at a time.
"""

import argparse
import random
import subprocess
import sys
import time
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from orderclerk.database.engine import make_engine
from tests.proofs import hot_stock, wholesale
from tests.proofs.server import proof_server

AUDITED = ("AUD-STOCK", "AUD-LEDGER", "AUD-SUPPLY", "AUD-RESERVED-TWICE", "AUD-RESERVED-STATE", "AUD-RESERVED-ITEM")
# whole lines are not what this proof's orders ask for: a line is tried again and again
_PASSED_OVER = ("AUD-RESERVED-WHOLE",)
_FAULTS = {
    "oversold": "SELECT count(*) FROM stock_levels WHERE reserved > on_hand OR reserved < 0",
    "sums that differ": """SELECT count(*) FROM stock_levels s WHERE reserved <> coalesce((SELECT sum(quantity) FROM reservations r
        WHERE (r.item_id, r.warehouse) = (s.item_id, s.warehouse) AND state IN ('soft', 'hard', 'picked')), 0)""",
    "balances that differ": """SELECT count(*) FROM bin_levels b WHERE on_hand <> (SELECT
        coalesce(sum(quantity) FILTER (WHERE to_id = location_id), 0) - coalesce(sum(quantity) FILTER (WHERE from_id = location_id), 0)
        FROM stock_moves m WHERE m.item_id = b.item_id)""",
}  # fmt: skip


class Run(NamedTuple):
    """What a crowd of workers did: attempts, seconds, kills, and deadlocks that PostgreSQL counted."""

    tried: int
    seconds: float
    kills: int
    deadlocks: int


def crowd(
    engine: Engine, url: str, how: str, workers: int, batch: int, attempts: int, kill_every_s: float | None
) -> Run:
    """Let `workers` processes make at least `attempts`, one of them killed every so often and replaced."""
    luck, seeds = random.Random(7), iter(range(1, 10_000_000))
    which = "lane < 0" if how == "bare" else "lane >= 0"
    query = sql(f"SELECT coalesce(sum(tried), 0) FROM attempts WHERE {which}")

    def start(lane: int) -> subprocess.Popen[bytes]:
        given = [how, url, str(lane), str(workers), str(batch), str(next(seeds))]
        return subprocess.Popen([sys.executable, "-m", "tests.proofs.hot_stock", *given])

    def tried() -> int:
        with engine.connect() as conn:
            return int(conn.execute(query).scalar_one())

    crew, kills = [start(lane) for lane in range(workers)], 0
    try:
        while tried() < workers:  # the clock starts when work does: what an interpreter needs to start is not reserving
            time.sleep(0.05)
        begun, first, next_kill, at_kill = time.perf_counter(), tried(), time.perf_counter(), 0
        while (done := tried()) < attempts:
            time.sleep(0.1)
            dead = [one.poll() for one in crew if one.poll() is not None]
            if dead:
                raise SystemExit(f"a worker ended by itself with {dead}")
            # a busy machine may kill faster than it starts: between two kills something must have been done
            if kill_every_s and time.perf_counter() > next_kill and done >= at_kill + 5 * batch:
                at_kill = done
                next_kill = time.perf_counter() + luck.uniform(0.5, 1.5) * kill_every_s
                lane = luck.randrange(workers)
                crew[lane].kill()
                crew[lane].wait()
                crew[lane], kills = start(lane), kills + 1
        seconds = time.perf_counter() - begun
    finally:
        for one in crew:
            one.kill()
            one.wait()
    with engine.connect() as conn:
        conn.execute(sql("SELECT pg_stat_force_next_flush()"))
        deadlocks = conn.execute(
            sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        ).scalar_one()
    return Run(done - first, seconds, kills, int(deadlocks))


def faults(engine: Engine) -> dict[str, int]:
    """What must be zero, counted by queries of this proof's own, and what the audit finds."""
    with engine.connect() as conn:
        found = {name: int(conn.execute(sql(query)).scalar_one()) for name, query in _FAULTS.items()}
    audited = [one for one in audit_book(engine) if one.rule.startswith(AUDITED) and one.rule not in _PASSED_OVER]
    return found | {"findings of the audit": len(audited)}


def main(given: list[str] | None = None) -> int:
    """The proof as a command; 1 if anything is oversold or does not add up, or a deadlock was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.reservations", description=__doc__)
    parser.add_argument("--attempts", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--batch", type=int, default=800, help="attempts a transaction")
    parser.add_argument("--bare", type=int, default=100_000, help="attempts by the bare update, before and again after")
    parser.add_argument("--kill-every", type=float, default=4.0, help="seconds between two kills, on the average")
    asked = parser.parse_args(given)
    console, table = Console(width=110), Table(title=f"{asked.workers} processes on {hot_stock.ITEMS} hot items")
    for head in ("", "attempts", "seconds", "attempts/s", "killed", "deadlocks"):
        table.add_column(head, justify="right" if head else "left")
    with proof_server() as server:
        url = wholesale.fresh_book(server, "hot")
        engine = make_engine(url)
        hot_stock.stock_a_hot_house(engine, asked.workers)
        bare = crowd(engine, url, "bare", asked.workers, asked.batch, asked.bare, None)
        desk = crowd(engine, url, "desk", asked.workers, asked.batch, asked.attempts, asked.kill_every)
        again = crowd(engine, url, "bare", asked.workers, asked.batch, 2 * bare.tried, None)
        for name, run in (
            ("bare UPDATE, before", bare),
            ("the desk: locked, allocated, reserved, released", desk),
            ("bare UPDATE, after", again),
        ):
            table.add_row(
                name,
                f"{run.tried:,}",
                f"{run.seconds:.1f}",
                f"{run.tried / run.seconds:,.0f}",
                str(run.kills),
                str(run.deadlocks),
            )
        wrong = faults(engine)
        with engine.connect() as conn:
            taken, released, active = conn.execute(
                sql(
                    "SELECT sum(taken), sum(released), (SELECT count(*) FROM reservations WHERE state = 'hard') FROM attempts WHERE lane >= 0"
                )
            ).one()
        engine.dispose()
    console.print(table)
    console.print(
        f"{taken:,} reservations made, {released:,} times an order gave its stock back, {active:,} stand at the end"
    )
    console.print(", ".join(f"{name}: {count}" for name, count in wrong.items()))
    return 1 if any(wrong.values()) or desk.deadlocks else 0


if __name__ == "__main__":
    sys.exit(main())
