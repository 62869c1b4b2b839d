"""The engine, and the two moves all set-based work is made of: COPY a frame in, COPY a query out."""

import csv
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

__all__ = [
    "UNREACHABLE",
    "Connection",
    "Engine",
    "copy_frame",
    "copy_rows",
    "make_engine",
    "read_frame",
    "stage_frame",
    "take_ids",
    "utc",
]

CONNECT_TIMEOUT_S = 10
UNREACHABLE = (OperationalError, psycopg.OperationalError)
"""What is raised when the server is away, or goes away in the middle: the transaction is undone, and nothing is lost."""
_NULL = f"\x01{secrets.token_hex(8)}\x01"  # no sender can write it into a field


def make_engine(url: str) -> Engine:
    """An engine for the order book. Times are UTC in both directions; a dead connection is noticed before use."""
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=4,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "options": "-c timezone=UTC -c jit=off"},
    )


def copy_rows(conn: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY Python rows into `table`; None is null, dicts and lists must be wrapped in Jsonb by the caller."""
    with _cursor(conn) as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def copy_frame(conn: Connection, table: str, frame: pd.DataFrame) -> None:
    """COPY `frame` into the columns of `table` that its columns name.

    None, NaN, NaT and <NA> are null, "" stays "", NUL characters (which PostgreSQL cannot hold) are left out.
    """
    if frame.empty:
        return
    columns = ", ".join(frame.columns)
    body = frame.to_csv(index=False, header=False, na_rep=_NULL, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    options = f"FORMAT csv, NULL '{_NULL}', FORCE_NULL ({columns})"
    with _cursor(conn) as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN WITH ({options})") as copy:
        copy.write(body.replace("\x00", "").encode("utf-8", "replace"))


def stage_frame(conn: Connection, name: str, kinds: str, frame: pd.DataFrame) -> None:
    """COPY the columns of `frame` that `kinds` names ("a bigint, b text") into a temporary table; drop it when done."""
    with _cursor(conn) as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}; CREATE TEMP TABLE {name} ({kinds}) ON COMMIT DROP")
    copy_frame(conn, name, frame[[kind.split()[0] for kind in kinds.split(", ")]])


def read_frame(
    conn: Connection, query: str, params: Mapping[str, Any] | None = None, *, dtypes: Mapping[str, Any]
) -> pd.DataFrame:
    """The rows of `query` as a frame by COPY, in `dtypes` (whose order is the columns' order). Null text reads as "".

    `query` takes psycopg parameters (`%(name)s`). Dates and instants come as text: parse what is needed.
    """
    buffer = BytesIO()
    with _cursor(conn) as cursor, cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", params) as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    missing = {name: [""] for name, dtype in dtypes.items() if dtype != "str"}
    return pd.read_csv(
        buffer,
        names=list(dtypes),
        dtype=dict(dtypes),
        keep_default_na=False,
        na_values=missing,
        true_values=["t"],
        false_values=["f"],
    )


def take_ids(conn: Connection, table: str, count: int) -> list[int]:
    """`count` fresh identity values of `table`, ascending, for rows that will be copied with their ids."""
    query = sql("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return sorted(conn.execute(query, {"table": table, "count": count}).scalars())


def utc(moment: datetime) -> datetime:
    """`moment` in UTC. Raises ValueError for a naive time: nobody knows what it means."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write it as {moment.isoformat()}+00:00")
    return moment.astimezone(UTC)


def _cursor(conn: Connection) -> Any:
    return conn.connection.cursor()
