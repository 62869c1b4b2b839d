"""What a person asks of an item's stock: how much is where, what is coming, and how it moved."""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

_FOUND = """SELECT id, item_no, name, unit FROM items WHERE lower(item_no) = lower(:ref) OR (barcode = :ref AND :ref <> '')
            ORDER BY lower(item_no) = lower(:ref) DESC LIMIT 1"""
_LEVELS = """SELECT warehouse, on_hand, reserved, on_hand - reserved AS free, incoming FROM stock_levels WHERE item_id = :id ORDER BY warehouse"""
_COMING = """SELECT warehouse, expected_date, greatest(quantity - received, 0) AS quantity, pegged AS promised, kind, document_no AS document
             FROM supplies WHERE item_id = :id AND state = 'open' ORDER BY expected_date, id"""
_PARTS = """SELECT i.item_no AS component, k.quantity, coalesce(sum(s.on_hand - s.reserved), 0) AS free
            FROM kits k JOIN items i ON i.id = k.component_id LEFT JOIN stock_levels s ON s.item_id = i.id
            WHERE k.kit_id = :id GROUP BY i.id, k.quantity ORDER BY 1"""
_MOVES = """SELECT m.at, m.quantity, m.lot, trim(f.kind || ' ' || f.code) AS from, trim(t.kind || ' ' || t.code) AS to, m.reason,
                   trim(m.document_kind || ' ' || m.document_ref) AS document, o.order_no AS order, m.actor
            FROM stock_moves m JOIN locations f ON f.id = m.from_id JOIN locations t ON t.id = m.to_id LEFT JOIN orders o ON o.id = m.order_id
            WHERE m.item_id = :id ORDER BY m.id DESC LIMIT :count"""  # fmt: skip


def item_stock(engine: Engine, ref: str) -> dict[str, Any] | None:
    """The item of this number or barcode: its levels by warehouse, what is coming, its components; None if there is none."""
    with engine.connect() as conn:
        item = _item(conn, ref)
        if item is None:
            return None
        of = {"id": item.pop("id")}
        return item | {
            "levels": _rows(conn, _LEVELS, of),
            "coming": _rows(conn, _COMING, of),
            "components": _rows(conn, _PARTS, of),
        }


def item_moves(engine: Engine, ref: str, count: int) -> dict[str, Any] | None:
    """The latest `count` moves of the item of this number or barcode, the newest first; None if there is no such item."""
    with engine.connect() as conn:
        item = _item(conn, ref)
        return item and item | {"moves": _rows(conn, _MOVES, {"id": item.pop("id"), "count": count})}


def _item(conn: Connection, ref: str) -> dict[str, Any] | None:
    found = conn.execute(sql(_FOUND), {"ref": ref.strip()}).mappings().first()
    return dict(found) if found else None


def _rows(conn: Connection, query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.execute(sql(query), given).mappings()]
