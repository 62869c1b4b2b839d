"""`make bench`: from stored envelopes to accepted and reserved, beside PostgreSQL's own COPY of the same final rows.

Each size runs in a process of its own on a fresh database, so that its peak memory is its own. The ratio is what
counts: both figures come from the same machine in the same minute.
"""

import json
import resource
import subprocess
import sys
import time
from io import BytesIO

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.engine import make_engine
from tests.proofs import wholesale

SIZES = ((1_000, 21), (10_000, 21), (25_000, 21), (10_000, 3))
_WRITTEN = ("orders", "order_revisions", "order_lines", "reservations", "holds", "events", "outbox")
_GIVEN = ("batches", "envelopes", "deliveries", "customers", "items", "warehouses", "stock_levels")


def measure(server_url: str, orders: int, lines: int) -> dict[str, float]:
    """Times in seconds, rows and peak memory of one size, in this process."""
    url = wholesale.fresh_book(server_url, "bench")
    engine = make_engine(url)
    wholesale.stock_the_house(engine)
    _store(engine, orders, lines)
    baseline_mb = _peak_mb()
    started = time.perf_counter()
    read_s, check_s = _work(engine)
    total_s = time.perf_counter() - started
    accepted, rows = _counts(engine)
    if accepted != orders:
        raise SystemExit(f"only {accepted} of {orders} orders were accepted: the benchmark measures something else")
    copy_s = _copy_same_rows(engine, server_url)
    return {"orders": orders, "lines": lines, "read_s": read_s, "check_s": check_s, "total_s": total_s, "copy_s": copy_s,
            "rows": rows, "peak_mb": _peak_mb(), "start_mb": baseline_mb}  # fmt: skip


def _store(engine: Engine, orders: int, lines: int) -> None:
    from orderclerk.database.inbox import keep_once

    for envelope in wholesale.day_files(orders, lines):
        with engine.begin() as conn:
            keep_once(conn, [envelope], wholesale.MORNING)


def _work(engine: Engine) -> tuple[float, float]:
    from connectors.files.reading import read_file
    from orderclerk.domain.policy import Policy
    from tasks.intake import read_chunk
    from tasks.verification import check_chunk

    started = time.perf_counter()
    senders = {"wholesale": wholesale.SENDER}
    while read_chunk(engine, lambda e, *_: read_file(e, senders), frozenset(), wholesale.MORNING):
        pass
    read = time.perf_counter()
    while check_chunk(engine, Policy(), wholesale.MORNING):
        pass
    return read - started, time.perf_counter() - read


def _counts(engine: Engine) -> tuple[int, int]:
    with engine.connect() as conn:
        state = "SELECT count(*) FROM orders WHERE commercial_state = 'offered' AND fulfilment_state = 'reserved'"
        rows = sum(conn.execute(sql(f"SELECT count(*) FROM {table}")).scalar_one() for table in _WRITTEN)
        return conn.execute(sql(state)).scalar_one(), rows


def _copy_same_rows(engine: Engine, server_url: str) -> float:
    """Seconds that COPY takes to put the same rows into the same constrained tables of an empty book."""
    target = make_engine(wholesale.fresh_book(server_url, "bench_copy"))
    with engine.connect() as source, target.connect() as sink:
        for table in _GIVEN:
            _pour(source, sink, table)
        started = time.perf_counter()
        for table in _WRITTEN:
            _pour(source, sink, table)
        sink.commit()
        elapsed = time.perf_counter() - started
    dumped = time.perf_counter()
    with engine.connect() as source:
        for table in _WRITTEN:
            _dump(source, table)
    return elapsed - (time.perf_counter() - dumped)  # what reading them out took is not COPY's in


def _columns(conn: object, table: str) -> str:
    query = """SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
               WHERE table_name = :table AND is_generated = 'NEVER'"""
    return conn.execute(sql(query), {"table": table}).scalar_one()  # type: ignore[attr-defined]


def _dump(source: object, table: str) -> BytesIO:
    buffer = BytesIO()
    with (
        source.connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({_columns(source, table)}) TO STDOUT") as copy,
    ):  # type: ignore[attr-defined]
        for block in copy:
            buffer.write(block)
    return buffer


def _pour(source: object, sink: object, table: str) -> None:
    body = _dump(source, table)
    with sink.connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_columns(sink, table)}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        copy.write(body.getvalue())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run every size in a process of its own and print the table."""
    if len(sys.argv) == 4:
        json.dump(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
        return
    from tests.proofs.server import proof_server

    console, table = Console(width=120), Table(title="From stored envelopes to accepted and reserved")
    for head in (
        "orders",
        "lines each",
        "read s",
        "check s",
        "total s",
        "orders/s",
        "lines/s",
        "COPY s",
        "ratio",
        "ms/order",
        "peak MB",
    ):
        table.add_column(head, justify="right")
    with proof_server() as url:
        for orders, lines in SIZES:
            run = subprocess.run([sys.executable, "-m", "tests.proofs.bench", url, str(orders), str(lines)],
                                 stdout=subprocess.PIPE, check=True)  # fmt: skip
            r = json.loads(run.stdout)
            table.add_row(f"{orders:,}", f"{lines}", f"{r['read_s']:.1f}", f"{r['check_s']:.1f}", f"{r['total_s']:.1f}",
                          f"{orders / r['total_s']:,.0f}", f"{orders * lines / r['total_s']:,.0f}", f"{r['copy_s']:.1f}",
                          f"{r['total_s'] / r['copy_s']:.1f}", f"{1000 * r['total_s'] / orders:.2f}", f"{r['peak_mb']:.0f}")  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    main()
