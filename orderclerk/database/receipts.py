"""What arrives: receipts kept once, matched to the lines of purchase orders, and how much of each goes into stock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, utc
from orderclerk.domain.reading import ReceiptRead


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """A receipt to keep under `key`; `envelope_id` 0 for one that a person typed."""

    key: str
    envelope_id: int
    receipt: ReceiptRead
    at: datetime
    actor: str


def keep_receipts(conn: Connection, found: Iterable[NewReceipt]) -> int:
    """Keep receipts, each key once; how many are new."""
    rows = [
        (n.key, n.envelope_id or None, n.receipt.row, n.receipt.po_no, n.receipt.item_ref, n.receipt.quantity, n.receipt.lot,
         n.receipt.bin, n.receipt.delivery_ref, utc(n.at), n.actor)
        for n in found
    ]  # fmt: skip
    if not rows:
        return 0
    names = {"key": "text", "envelope_id": "bigint", "row": "text", "po_no": "text", "item_ref": "text", "quantity": "numeric",
             "lot": "text", "bin": "text", "delivery_ref": "text", "at": "timestamptz", "actor": "text"}  # fmt: skip
    columns = [list(column) for column in zip(*rows, strict=True)]
    return conn.execute(
        sql(
            f"""INSERT INTO goods_receipts ({", ".join(names)})
                SELECT * FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in names.items())}) AS n
                ON CONFLICT (key) DO NOTHING"""
        ),
        dict(zip(names, columns, strict=True)),
    ).rowcount


def claim_receipts(conn: Connection, count: int, receipt_id: int = 0) -> pd.DataFrame:
    """Open receipts, locked, each with the open lines it may be of and how much of each still may come.

    One row a receipt and candidate line (line_no 0 where there is none): receipt_id, quantity_e3, po_id, line_no, supply_id,
    open_e3, and lot, bin, po_no, item_ref, is_accepted of the receipt. The orders' stock levels are locked in key order.
    """
    ids = conn.execute(
        sql(
            """SELECT id FROM goods_receipts WHERE state = 'open' AND (:one = 0 OR id = :one)
               ORDER BY id LIMIT :count FOR UPDATE SKIP LOCKED"""
        ),
        {"count": count, "one": receipt_id},
    ).scalars().all()  # fmt: skip
    if not ids:
        return pd.DataFrame()
    orders = conn.execute(
        sql(
            """SELECT p.id FROM purchase_orders p WHERE p.po_no IN (SELECT po_no FROM goods_receipts WHERE id = ANY(:ids))
               ORDER BY p.id FOR UPDATE"""
        ),
        {"ids": list(ids)},
    ).scalars().all()  # fmt: skip
    conn.execute(
        sql(
            """SELECT FROM stock_levels s WHERE (item_id, warehouse) IN
                   (SELECT item_id, warehouse FROM purchase_lines WHERE po_id = ANY(:orders)) ORDER BY item_id, warehouse FOR UPDATE"""
        ),
        {"orders": list(orders)},
    )
    return read_frame(conn, _CANDIDATES, {"ids": list(ids)}, dtypes=_TYPES)


_TYPES = {"receipt_id": "int64", "quantity_e3": "int64", "po_id": "int64", "line_no": "int64", "supply_id": "int64",
          "open_e3": "int64", "is_accepted": "bool", "lot": "str", "bin": "str", "po_no": "str", "item_ref": "str",
          "po_state": "str"}  # fmt: skip
_CANDIDATES = """
SELECT r.id, ((r.quantity - r.posted) * 1000)::bigint, coalesce(p.id, 0), coalesce(l.line_no, 0), coalesce(l.supply_id, 0),
       coalesce(((u.quantity - u.received) * 1000)::bigint, 0), r.is_accepted, r.lot, r.bin, r.po_no, r.item_ref, coalesce(p.state, '')
FROM goods_receipts r
LEFT JOIN purchase_orders p ON p.po_no = r.po_no
LEFT JOIN (purchase_lines l JOIN items i ON i.id = l.item_id JOIN purchase_orders o ON o.id = l.po_id
    JOIN supplies u ON u.id = l.supply_id
    LEFT JOIN supplier_items si ON (si.supplier_id, si.item_id) = (o.supplier_id, l.item_id))
  ON l.po_id = p.id AND lower(r.item_ref) IN (lower(i.item_no), lower(nullif(si.supplier_ref, '')), nullif(i.barcode, ''))
WHERE r.id = ANY(%(ids)s) ORDER BY r.id, l.line_no"""


def write_outcomes(conn: Connection, outcomes: Iterable[tuple[int, str, Decimal, int, int, str, str]]) -> int:
    """Receipts are dealt with: (id, posted or held, how much more went into stock, po id, line, rule, reason)."""
    rows = list(outcomes)
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 7
    return conn.execute(
        sql(
            """UPDATE goods_receipts r SET state = n.state, posted = r.posted + n.posted, po_id = nullif(n.po, 0),
                   line_no = nullif(n.line, 0), rule = n.rule, reason = n.reason
               FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:posted AS numeric[]), CAST(:po AS bigint[]),
                   CAST(:line AS int[]), CAST(:rule AS text[]), CAST(:reason AS text[])) AS n(id, state, posted, po, line, rule, reason)
               WHERE r.id = n.id"""
        ),
        dict(zip(("ids", "states", "posted", "po", "line", "rule", "reason"), columns, strict=True)),
    ).rowcount


def received_whole(conn: Connection, ids: Collection[int]) -> list[int]:
    """Those of the orders of which everything agreed has arrived."""
    return list(
        conn.execute(
            sql(
                """SELECT p.id FROM purchase_orders p WHERE p.id = ANY(:ids) AND p.state IN ('sent', 'confirmed')
                   AND NOT EXISTS (SELECT FROM purchase_lines l JOIN supplies u ON u.id = l.supply_id
                       WHERE l.po_id = p.id AND u.received < l.agreed_quantity) ORDER BY p.id"""
            ),
            {"ids": sorted(set(ids))},
        ).scalars()
    )


def held_receipts(conn: Connection, po_id: int) -> list[Any]:
    """Receipts of an order of which a part waits for a person: id, line, what is left."""
    return list(
        conn.execute(
            sql(
                """SELECT id, line_no, quantity - posted AS left_over FROM goods_receipts
                   WHERE po_id = :id AND state = 'held' ORDER BY id FOR UPDATE"""
            ),
            {"id": po_id},
        )
    )


def accept_receipts(conn: Connection, ids: Collection[int], person: str) -> int:
    """A person takes what came beyond the order: these receipts are open again."""
    return conn.execute(
        sql(
            """UPDATE goods_receipts SET state = 'open', is_accepted = true, closed_by = :who
               WHERE id = ANY(:ids) AND state = 'held'"""
        ),
        {"ids": list(ids), "who": person},
    ).rowcount


def refuse_receipts(conn: Connection, ids: Collection[int], person: str, note: str) -> int:
    """What is left of these receipts goes back: it never comes into stock."""
    return conn.execute(
        sql(
            """UPDATE goods_receipts SET state = 'refused', closed_by = :who, reason = coalesce(nullif(:note, ''), reason)
               WHERE id = ANY(:ids) AND state = 'held'"""
        ),
        {"ids": list(ids), "who": person, "note": note},
    ).rowcount


def receipt_with_key(conn: Connection, key: str) -> int:
    """The id of the receipt kept under `key`."""
    return int(conn.execute(sql("SELECT id FROM goods_receipts WHERE key = :key"), {"key": key}).scalar_one())


def receipt_state(conn: Connection, receipt_id: int) -> tuple[str, Decimal, str]:
    """State, how much is in stock, and why the rest is not."""
    row = conn.execute(sql("SELECT state, posted, reason FROM goods_receipts WHERE id = :id"), {"id": receipt_id}).one()
    return row.state, row.posted, row.reason
