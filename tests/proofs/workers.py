"""Two workers share a batch on one book: no order twice, and faster than one.

Each worker is a process of its own that imports everything, says that it is ready, and starts with the others on one
signal; measured is the time from the signal to the moment the last of them finds nothing left.
"""

import argparse
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from orderclerk.database.engine import make_engine
from tests.proofs import wholesale
from tests.proofs.server import proof_server

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
_STATE = """SELECT count(*), count(DISTINCT (source, order_ref)),
                   count(*) FILTER (WHERE commercial_state = 'offered' AND fulfilment_state = 'reserved') FROM orders"""
_MAILS = "SELECT count(*), count(DISTINCT order_id) FROM outbox"


def work(url: str) -> None:
    """The body of a worker: says `ready`, waits for a line, works until nothing is left, says what it did."""
    import great_expectations  # noqa: F401

    from connectors.files.reading import read_file
    from expectations import orders  # noqa: F401 - what the first chunk would import
    from expectations.runner import run_suite  # noqa: F401
    from orderclerk.domain.policy import Policy
    from tasks.intake import read_chunk
    from tasks.verification import check_chunk

    engine = make_engine(url)
    with engine.connect() as conn:
        conn.execute(sql("SELECT 1"))
    senders, read, checked = {"wholesale": wholesale.SENDER}, 0, 0
    print("ready", flush=True)
    sys.stdin.readline()
    while _is_left(engine):
        while done := read_chunk(engine, lambda e, *_: read_file(e, senders), frozenset(), wholesale.MORNING):
            read += done["new"]
        while done := check_chunk(engine, Policy(), wholesale.MORNING):
            checked += done["offered"]
    print(read, checked, flush=True)


def _is_left(engine: Engine) -> bool:
    """Whether there is work, also work that the other worker has in hand: it may bring more."""
    time.sleep(0.01)
    query = (
        "SELECT EXISTS (SELECT FROM envelopes WHERE state = 'stored') OR EXISTS (SELECT FROM orders WHERE needs_check)"
    )
    with engine.connect() as conn:
        return bool(conn.execute(sql(query)).scalar_one())


def measure(server_url: str, workers: int, orders: int, lines: int) -> tuple[float, list[str], int, list[str]]:
    """Seconds, what each worker did, how often one was seen waiting for a lock, and what is wrong afterwards."""
    url = wholesale.fresh_book(server_url, f"workers_{workers}")
    engine = make_engine(url)
    wholesale.stock_the_house(engine)
    _store(engine, orders, lines)
    command = [sys.executable, "-m", "tests.proofs.workers", "--work", url]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(workers)
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    waits = _watch(engine, running)
    seconds = time.perf_counter() - started
    shares = [process.stdout.read().strip() for process in running if process.stdout]
    wrong = [f"a worker ended with {process.returncode}" for process in running if process.wait()]
    wrong += _faults(engine, orders)
    engine.dispose()
    return seconds, shares, waits, wrong


def _watch(engine: Engine, running: list["subprocess.Popen[str]"]) -> int:
    """Wait for all workers, looking twenty times a second whether one waits for another's lock."""
    waits = 0
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        while any(process.poll() is None for process in running):
            waits += conn.execute(sql(_WAITING)).scalar_one()
            time.sleep(0.05)
    return waits


def _store(engine: Engine, orders: int, lines: int) -> None:
    from orderclerk.database.inbox import keep_once

    for envelope in wholesale.day_files(orders, lines):
        with engine.begin() as conn:
            keep_once(conn, [envelope], wholesale.MORNING)


def _faults(engine: Engine, orders: int) -> list[str]:
    with engine.connect() as conn:
        rows, keys, accepted = conn.execute(sql(_STATE)).one()
        mails, mailed = conn.execute(sql(_MAILS)).one()
    wrong = []
    if not rows == keys == accepted == mails == mailed == orders:
        wrong.append(
            f"of {orders} orders the book has {rows} rows, {keys} keys, {accepted} accepted, {mails} mails to {mailed}"
        )
    return wrong + [f"{found.rule} {found.subject}: {found.message}" for found in audit_book(engine)]


def main(given: list[str] | None = None) -> int:
    """The proof as a command; 1 if an order is missing, doubled or not accepted, or two are not faster than one."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.workers", description=__doc__)
    parser.add_argument("--work", help="be a worker on the book at this URL")
    parser.add_argument("--orders", type=int, default=6000)
    parser.add_argument("--lines", type=int, default=10)
    asked = parser.parse_args(given)
    if asked.work:
        work(asked.work)
        return 0
    console, table = Console(), Table(title=f"{asked.orders} orders of {asked.lines} lines, one book")
    for head in ("workers", "seconds", "orders/s", "read, checked by each", "lock waits seen", "wrong"):
        table.add_column(head, justify="right")
    times, faults = {}, []
    with proof_server() as url:
        for workers in (1, 2):
            seconds, shares, waits, wrong = measure(url, workers, asked.orders, asked.lines)
            times[workers], faults = seconds, faults + wrong
            table.add_row(
                str(workers),
                f"{seconds:.1f}",
                f"{asked.orders / seconds:,.0f}",
                " | ".join(shares),
                str(waits),
                str(len(wrong)),
            )
    console.print(table)
    console.print(f"two workers need {times[2] / times[1]:.2f} of the time of one")
    for line in faults[:20]:
        console.print(line, style="red", markup=False)
    return 1 if faults or times[2] >= times[1] else 0


if __name__ == "__main__":
    sys.exit(main())
