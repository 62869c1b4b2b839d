"""`make prove-quality`: the quality report on a big book, step by step; and how often drift is found, and cried for nothing."""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.engine import make_engine
from tests.proofs import wholesale
from tests.proofs.server import proof_server

DAY = date(2026, 11, 23)
AS_OF = datetime.combine(DAY, datetime.min.time(), wholesale.MORNING.tzinfo) + timedelta(days=1, hours=7, minutes=30)
ZONE = "Europe/London"
MOST_S = 60.0

# half the orders came on the day, the others on the twelve weeks before; every twentieth is held
_BOOK = (
    "INSERT INTO batches (channel, opened_at) VALUES ('files', now())",
    """INSERT INTO envelopes (channel, delivery_ref, sha256, media_type, sender_ref, received_at, content, state)
       SELECT (ARRAY['mail','files','shop'])[1 + g % 3], g::text, encode(sha256(g::text::bytea), 'hex'), 'text/csv', 'sender' || g % 40,
              at, g::text::bytea, 'read' FROM (SELECT g, CASE WHEN g % 2 = 0 THEN CAST(:day AS date) + interval '9 hours'
              ELSE CAST(:day AS date) - (1 + g / 2 % 84) * interval '1 day' + interval '9 hours' END AS at FROM generate_series(1, :orders) g) s""",
    """INSERT INTO orders (kind, channel, source, order_ref, has_own_ref, customer_id, currency, street, city, country, envelope_id,
                           received_at, commercial_state)
       SELECT 'order', channel, channel || ':' || sender_ref, 'R' || id, true, 1 + id % 600, 'GBP', '1 High Street', 'Leeds', 'GB', id,
              received_at, 'received' FROM envelopes""",
    """INSERT INTO order_lines (order_id, line_no, item_ref, item_id, quantity, unit, unit_price, confidence)
       SELECT o.id, n, i.item_no, i.id, 1 + o.id % 9, 'EA', 0.5 + i.id % 40 * 0.25, 0.98 FROM orders o CROSS JOIN generate_series(1, :lines) n
       JOIN items i ON i.id = 1 + (o.id * 31 + n * 17) % 3000""",
    """INSERT INTO holds (order_id, revision, rule, reason, owner, opened_at, due_at)
       SELECT id, 1, (ARRAY['PRC-001','STK-001','ADR-001'])[1 + id % 3], 'made for the proof', 'desk', received_at,
              received_at + interval '24 hours' FROM orders WHERE id % 20 = 0""",
    "ANALYZE",
)  # fmt: skip


def main() -> None:
    """Fill a book, report on it, and end with 1 if that takes too long."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=50_000)
    parser.add_argument("--lines", type=int, default=10)
    given = parser.parse_args()
    with proof_server() as url:
        engine = make_engine(wholesale.fresh_book(url, "quality"))
        _fill(engine, given.orders, given.lines)
        steps = _report(engine)
        engine.dispose()
    table = Table(title=f"The quality report on {given.orders:,} orders with {given.orders * given.lines:,} lines")
    table.add_column("step")
    table.add_column("seconds", justify="right")
    for name, seconds in steps:
        table.add_row(name, f"{seconds:.2f}")
    total = sum(seconds for _, seconds in steps)
    table.add_row("all", f"{total:.2f}", style="bold")
    console = Console(width=110)
    console.print(table)
    console.print(_alarms())
    if total > MOST_S:
        sys.exit(f"the report took {total:.0f} s, more than {MOST_S:.0f}")


def _fill(engine: Engine, orders: int, lines: int) -> None:
    wholesale.stock_the_house(engine)
    with engine.begin() as conn:
        for statement in _BOOK:
            conn.execute(sql(statement), {"day": DAY, "orders": orders, "lines": lines})


def _report(engine: Engine) -> list[tuple[str, float]]:
    from orderclerk.documents.quality_mail import render_quality_mail
    from orderclerk.documents.samples import DESK
    from tasks.quality import gather_facts, take_figures

    steps: list[tuple[str, float]] = []

    def timed(name: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        done = work()
        steps.append((name, time.perf_counter() - started))
        return done

    with engine.begin() as conn:
        timed("figures of 85 days", lambda: take_figures(conn, DAY, ZONE, AS_OF))
        timed("figures of the day again", lambda: take_figures(conn, DAY, ZONE, AS_OF))
        facts = timed("facts, drift and master data", lambda: gather_facts(conn, DAY, ZONE, AS_OF))
        mail = timed("mail with charts and spreadsheet",
                     lambda: render_quality_mail(DESK, facts, "en", "team@x.example", "quality:1", AS_OF).as_bytes())  # fmt: skip
    if facts.rows_in_all < 1 or len(mail) < 10_000:
        sys.exit("the report has no rows: the proof measures something else")
    return steps


def _alarms() -> Table:
    """The simulated series of the tests, many more of them."""
    from orderclerk.domain.drift import find_drift
    from tests.unit.domain import test_drift as made

    table = Table(title="Drift on simulated series: alarms on the last day")
    for name in ("series", "days", "alarms"):
        table.add_column(name, justify="left" if name == "series" else "right")
    rng = np.random.default_rng(1)
    for name, make in made.STABLE.items():
        rang = sum(bool(find_drift(make(rng), made.DAY)) for _ in range(300))
        table.add_row(f"stable: {name}", "300", f"{rang} ({rang / 300:.1%})")
    for name, (rule, change) in made.REAL.items():
        found = sum(rule in {alarm.rule for alarm in _on(change(rng))} for _ in range(100))
        table.add_row(f"changed: {name}", "100", f"{found} ({found / 100:.0%})")
    return table


def _on(frame: pd.DataFrame) -> list[Any]:
    from orderclerk.domain.drift import find_drift
    from tests.unit.domain import test_drift as made

    return find_drift(made.pad(frame), made.DAY)


if __name__ == "__main__":
    main()
