"""Master data in: the CSVs of docs/contracts.md, merged into the book in one transaction. Loading twice changes nothing."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from orderclerk.database.checking import recheck_held
from orderclerk.database.engine import copy_rows

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


# file: (its columns, the statements that merge the staged rows); columns in brackets may be absent
_CUSTOMER_COLUMNS = (
    "name, language, currency, payment_terms_days, credit_limit, payment_methods, price_list, vat_number, country"
)
_ITEM_COLUMNS = (
    "name, name_zh, unit, pack_size, weight_g, is_goods, is_active, barcode, min_order_quantity, order_multiple, "
    "lead_time_days, export_class"
)


def _excluded(columns: str) -> str:
    return ", ".join("excluded." + name for name in columns.split(", "))


_FILES: dict[str, tuple[str, str]] = {
    "customers": (
        "customer_no name language currency payment_terms_days credit_limit payment_methods price_list [vat_number] [country]",
        f"""INSERT INTO customers (customer_no, {_CUSTOMER_COLUMNS})
            SELECT customer_no, name, coalesce(nullif(language, ''), 'en'), currency,
                   coalesce(nullif(payment_terms_days, ''), '30')::int, nullif(credit_limit, '')::numeric,
                   string_to_array(payment_methods, '|'), price_list, vat_number, upper(country) FROM staged
            ON CONFLICT (customer_no) DO UPDATE SET ({_CUSTOMER_COLUMNS}) = ({_excluded(_CUSTOMER_COLUMNS)})""",
    ),
    "customer_keys": (
        "kind value customer_no",
        """INSERT INTO customer_keys (kind, value, customer_id)
           SELECT kind, lower(btrim(value)), c.id FROM staged JOIN customers c USING (customer_no)
           ON CONFLICT DO NOTHING""",
    ),
    "contacts": (
        "customer_no name email phone",
        """INSERT INTO contacts (customer_id, name, email, phone)
           SELECT c.id, s.name, lower(s.email), s.phone FROM staged s JOIN customers c USING (customer_no)
           ON CONFLICT (customer_id, name, email) DO UPDATE SET phone = excluded.phone""",
    ),
    "addresses": (
        "customer_no kind recipient street city region postal_code country",
        """INSERT INTO addresses (customer_id, kind, recipient, street, city, region, postal_code, country)
           SELECT c.id, s.kind, s.recipient, s.street, s.city, s.region, s.postal_code, s.country
           FROM staged s JOIN customers c USING (customer_no)
           WHERE NOT EXISTS (SELECT FROM addresses a WHERE (a.customer_id, a.kind, a.recipient, a.street, a.city,
               a.region, a.postal_code, a.country) = (c.id, s.kind, s.recipient, s.street, s.city, s.region,
               s.postal_code, s.country))""",
    ),
    "items": (
        "item_no name name_zh unit pack_size weight_g is_goods is_active barcode [min_order_quantity] [order_multiple] "
        "[lead_time_days] [export_class]",
        f"""INSERT INTO items (item_no, {_ITEM_COLUMNS})
           SELECT item_no, name, name_zh, coalesce(nullif(unit, ''), 'EA'), coalesce(nullif(pack_size, ''), '1')::numeric,
                  nullif(weight_g, '')::int, is_goods <> '0', is_active <> '0', barcode,
                  nullif(min_order_quantity, '')::numeric, nullif(order_multiple, '')::numeric,
                  nullif(lead_time_days, '')::int, export_class FROM staged
           ON CONFLICT (item_no) DO UPDATE SET ({_ITEM_COLUMNS}) = ({_excluded(_ITEM_COLUMNS)})""",
    ),
    "item_keys": (
        "customer_no value item_no",
        """INSERT INTO item_keys (customer_id, value, item_id)
           SELECT c.id, value, i.id FROM staged JOIN items i USING (item_no)
           LEFT JOIN customers c ON c.customer_no = staged.customer_no ON CONFLICT DO NOTHING""",
    ),
    "item_names": (
        "item_no language name",
        """INSERT INTO item_names (item_id, language, name)
           SELECT i.id, language, s.name FROM staged s JOIN items i USING (item_no) WHERE s.name <> ''
           ON CONFLICT DO NOTHING""",
    ),
    "prices": (
        "price_list currency item_no min_quantity unit_price valid_from valid_to",
        """MERGE INTO prices p USING (SELECT s.price_list, s.currency, i.id AS item_id,
               coalesce(nullif(s.min_quantity, ''), '1')::numeric AS min_quantity, s.unit_price::numeric AS unit_price,
               s.valid_from::date AS valid_from, nullif(s.valid_to, '')::date AS valid_to
             FROM staged s JOIN items i USING (item_no)) n
           ON (p.price_list, p.currency, p.item_id, p.min_quantity, p.valid_from)
            = (n.price_list, n.currency, n.item_id, n.min_quantity, n.valid_from)
           WHEN MATCHED THEN UPDATE SET unit_price = n.unit_price, valid_to = n.valid_to
           WHEN NOT MATCHED THEN INSERT (price_list, currency, item_id, min_quantity, unit_price, valid_from, valid_to)
             VALUES (n.price_list, n.currency, n.item_id, n.min_quantity, n.unit_price, n.valid_from, n.valid_to)""",
    ),
    "stock": (
        "warehouse item_no on_hand",
        """INSERT INTO stock_levels (item_id, warehouse, on_hand)
           SELECT i.id, warehouse, on_hand::numeric FROM staged JOIN items i USING (item_no)
           ON CONFLICT (item_id, warehouse) DO UPDATE SET on_hand = excluded.on_hand""",
    ),
}
_REFERENCES = {"customer_no": "customers", "item_no": "items"}


def load_master_data(
    engine: Engine, folder: Path, judge: Callable[[Connection], None] = lambda conn: None
) -> dict[str, int]:
    """Merge every CSV of `folder` into the book; rows per file. Raises MasterDataError and then changes nothing.

    Held orders that missed something are due for another check. `judge` looks at the book before it is committed; what
    it raises undoes the load.
    """
    found = {name: folder / f"{name}.csv" for name in _FILES if (folder / f"{name}.csv").is_file()}
    if not found:
        raise MasterDataError(f"{folder} holds none of {', '.join(f'{name}.csv' for name in _FILES)}")
    with engine.begin() as conn:
        counts = {name: _load(conn, name, path) for name, path in found.items()}
        recheck_held(conn, MISSED_SOMETHING)
        judge(conn)
    return counts


def _load(conn: Connection, name: str, path: Path) -> int:
    columns, merge = _FILES[name][0].split(), _FILES[name][1]
    rows = _rows(path, columns)
    columns = [column.strip("[]") for column in columns]
    conn.execute(sql("DROP TABLE IF EXISTS staged"))
    conn.execute(
        sql(f"CREATE TEMP TABLE staged (row_no int, {', '.join(c + ' text' for c in columns)}) ON COMMIT DROP")
    )
    copy_rows(conn, "staged", ("row_no", *columns), ((number, *row) for number, row in enumerate(rows, start=2)))
    if name != "customers" and name != "items":
        _check_references(conn, path, columns)
    try:
        conn.execute(sql(merge))
    except Exception as error:
        raise MasterDataError(f"{path.name}: {_first_line(error)}; correct the file and load it again") from error
    conn.execute(sql("DROP TABLE staged"))
    return len(rows)


def _rows(path: Path, columns: list[str]) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [c for c in columns if c[0] != "[" and c not in (reader.fieldnames or [])]
        if missing:
            raise MasterDataError(
                f"{path.name} lacks the column {', '.join(missing)}; its header is {reader.fieldnames}"
            )
        names = [column.strip("[]") for column in columns]
        return [[unicodedata.normalize("NFC", (row.get(name) or "").strip()) for name in names] for row in reader]


def _check_references(conn: Connection, path: Path, columns: list[str]) -> None:
    for column, table in _REFERENCES.items():
        if column not in columns:
            continue
        query = f"""SELECT row_no, s.{column} FROM staged s LEFT JOIN {table} t USING ({column})
                    WHERE t.id IS NULL AND s.{column} <> '' ORDER BY row_no LIMIT 1"""
        stray = conn.execute(sql(query)).first()
        if stray:
            raise MasterDataError(
                f"{path.name} row {stray[0]}: {column} {stray[1]!r} is not in {table}; add it there first"
            )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0]
