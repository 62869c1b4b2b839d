"""The engine, and the two moves all set-based work is made of: COPY a frame in, COPY a query out."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import text as sql

CONNECT_TIMEOUT_S = 10


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
    with conn.connection.cursor() as cursor, cursor.copy(_copy_in(table, columns)) as copy:
        for row in rows:
            copy.write_row(row)


def copy_frame(conn: Connection, table: str, frame: pd.DataFrame) -> None:
    """COPY `frame` into the columns of `table` that its columns name; NaN, NaT and <NA> are null, "" stays ""."""
    if frame.empty:
        return
    body = frame.to_csv(
        index=False, header=False, na_rep="\\N", quoting=csv.QUOTE_NONNUMERIC, escapechar=None, lineterminator="\n"
    )
    options = "FORMAT csv, NULL '\\N', FORCE_NULL ({})".format(", ".join(frame.columns))
    statement = f"COPY {table} ({', '.join(frame.columns)}) FROM STDIN WITH ({options})"
    with conn.connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(body)


def read_frame(
    conn: Connection, query: str, params: Mapping[str, Any] | None = None, *, dtypes: Mapping[str, Any]
) -> pd.DataFrame:
    """The rows of `query` as a frame by COPY, in `dtypes`; instants and dates are parsed by the caller where needed.

    `query` takes psycopg parameters (`%(name)s`). Null text reads as "".
    """
    buffer = BytesIO()
    with conn.connection.cursor() as cursor:
        with cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)", params) as copy:
            for block in copy:
                buffer.write(block)
    buffer.seek(0)
    texts = [name for name, dtype in dtypes.items() if dtype == "str"]
    frame = pd.read_csv(
        buffer, dtype=dict(dtypes), keep_default_na=False, na_values=dict.fromkeys(set(dtypes) - set(texts), [""])
    )
    return frame[list(dtypes)]


def take_ids(conn: Connection, table: str, count: int) -> list[int]:
    """`count` fresh identity values of `table`, ascending, for rows that will be copied with their ids."""
    query = sql("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return sorted(conn.execute(query, {"table": table, "count": count}).scalars())


def utc(moment: datetime) -> datetime:
    """`moment` in UTC. Raises ValueError for a naive time: nobody knows what it means."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write it as {moment.isoformat()}+00:00")
    return moment.astimezone(UTC)


def _copy_in(table: str, columns: Sequence[str]) -> str:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN"
