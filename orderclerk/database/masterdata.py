"""Master data in: the CSVs of docs/contracts.md, merged into the book in one transaction. Loading twice changes nothing."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from orderclerk.database.checking import recheck_held
from orderclerk.database.engine import copy_rows, read_frame
from orderclerk.database.masterdata_files import FILES, REFERENCES
from orderclerk.database.stock_moves import StockError, follow_levels

MISSED_SOMETHING = (
    "CUS-001",
    "CUS-002",
    "CUS-003",
    "ADR-001",
    "ITM-001",
    "ITM-002",
    "ITM-003",
    "ITM-004",
    "ITM-005",
    "LIN-008",
    "PRC-001",
    "PRC-002",
    "PRC-004",
    "STK-001",
    "TAX-001",
    "TAX-002",
    "PAY-001",
    "CRD-001",
    "QTY-001",
    "QTY-002",
    "DAT-002",
    "EXP-002",
)


class MasterDataError(Exception):
    """A master data file that cannot be taken: says which file, which row, what is wrong and what to do."""


def load_master_data(
    engine: Engine, folder: Path, judge: Callable[[Connection], None] = lambda conn: None
) -> dict[str, int]:
    """Merge every CSV of `folder` into the book; rows per file. Raises MasterDataError and then changes nothing.

    Held orders that missed something are due for another check. `judge` looks at the book before it is committed; what
    it raises undoes the load.
    """
    found = {name: folder / f"{name}.csv" for name in FILES if (folder / f"{name}.csv").is_file()}
    if not found:
        raise MasterDataError(f"{folder} holds none of {', '.join(f'{name}.csv' for name in FILES)}")
    with engine.begin() as conn:
        counts = {name: _load(conn, name, path) for name, path in found.items()}
        recheck_held(conn, MISSED_SOMETHING)
        judge(conn)
    return counts


def _load(conn: Connection, name: str, path: Path) -> int:
    file = FILES[name]
    columns, present, rows = _rows(path, file.columns.split())
    conn.execute(sql("DROP TABLE IF EXISTS staged"))
    conn.execute(
        sql(f"CREATE TEMP TABLE staged (row_no int, {', '.join(c + ' text' for c in columns)}) ON COMMIT DROP")
    )
    copy_rows(conn, "staged", ("row_no", *columns), ((number, *row) for number, row in enumerate(rows, start=2)))
    if file.first:
        conn.execute(sql(file.first))
    _check_references(conn, path, columns, own_key=columns[0])
    try:
        refused = conn.execute(sql(file.refuse)).scalar() if file.refuse else None
        if not refused and name == "stock":
            _follow_stock(conn, file.merge(present), path.name)
        elif not refused:
            conn.execute(sql(file.merge(present)))
    except StockError as error:
        raise MasterDataError(f"{path.name}: {error}") from error
    except Exception as error:
        raise MasterDataError(f"{path.name}: {_first_line(error)}; correct the file and load it again") from error
    if refused:
        raise MasterDataError(f"{path.name}: {refused}")
    conn.execute(sql("DROP TABLE staged"))
    return len(rows)


def _follow_stock(conn: Connection, query: str, document: str) -> None:
    kinds = {"item_id": "int64", "warehouse": "str", "lot": "str", "on_hand_e3": "int64"}
    at = conn.execute(sql("SELECT now()")).scalar_one()
    follow_levels(
        conn, read_frame(conn, query, dtypes=kinds), reason="stock loaded", document_kind="file", document_ref=document,
        at=at, actor="orderclerk load",
    )  # fmt: skip


def _rows(path: Path, stated: list[str]) -> tuple[list[str], set[str], list[list[str]]]:
    """All columns, those that the file has, and its rows; a column that may be absent and is reads as empty."""
    names = [column.strip("[]") for column in stated]
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        there = set(reader.fieldnames or [])
        missing = [column for column in stated if column[0] != "[" and column not in there]
        if missing:
            raise MasterDataError(
                f"{path.name} lacks the column {', '.join(missing)}; its header is {reader.fieldnames}"
            )
        rows = [[unicodedata.normalize("NFC", (row.get(name) or "").strip()) for name in names] for row in reader]
    return names, there, rows


def _check_references(conn: Connection, path: Path, columns: list[str], own_key: str) -> None:
    for column in columns:
        table, _, key = REFERENCES.get(column, "").partition(".")
        if not table or (table == path.stem and column == own_key):
            continue
        query = f"""SELECT row_no, s.{column} FROM staged s WHERE s.{column} <> ''
                    AND NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = s.{column}) ORDER BY row_no LIMIT 1"""
        stray = conn.execute(sql(query)).first()
        if stray:
            raise MasterDataError(
                f"{path.name} row {stray[0]}: {column} {stray[1]!r} is not in {table}; add it there first"
            )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0]
