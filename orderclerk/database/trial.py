"""What a trial of a rule reads of the book: past orders in portions, in a transaction that cannot write."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from orderclerk.database.engine import utc


@contextmanager
def reading_only(engine: Engine) -> Iterator[Connection]:
    """A connection to the book as it stands now, for as long as it takes; PostgreSQL refuses every write."""
    with engine.connect() as conn:
        conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin():
            yield conn


def orders_between(conn: Connection, since: datetime, until: datetime, portion: int) -> Iterator[list[int]]:
    """The ids of the orders received in [since, until), in their sequence, `portion` at a time."""
    last = 0
    query = sql(
        """SELECT id FROM orders WHERE kind = 'order' AND received_at >= :since AND received_at < :until AND id > :last
           ORDER BY id LIMIT :portion"""
    )
    while True:
        given = {"since": utc(since), "until": utc(until), "last": last, "portion": portion}
        ids = [int(i) for i in conn.execute(query, given).scalars()]
        if not ids:
            return
        yield ids
        last = ids[-1]
