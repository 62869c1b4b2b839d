"""Stock for the houses of tests and proofs, put there as everything is: by moves."""

from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame
from orderclerk.database.stock_moves import follow_levels

OPENED = datetime(2026, 11, 1, tzinfo=UTC)


def stock_up(conn: Connection, levels: str) -> None:
    """Bring stock to `levels`: a query for item id, warehouse, lot and thousandths on hand; warehouses are made."""
    kinds = {"item_id": "int64", "warehouse": "str", "lot": "str", "on_hand_e3": "int64"}
    conn.execute(
        sql(
            f"INSERT INTO warehouses (code) SELECT DISTINCT warehouse FROM ({levels}) q(item_id, warehouse, lot, on_hand_e3) ON CONFLICT DO NOTHING"
        )
    )
    found = read_frame(conn, levels, dtypes=kinds)
    follow_levels(
        conn, found, reason="opening balance", document_kind="test", document_ref="opening", at=OPENED, actor="test"
    )
