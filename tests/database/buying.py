"""A small house that buys: two suppliers, five items, and the steps of buying in one call each."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import inbox
from orderclerk.database.purchasing import NEEDED
from orderclerk.database.supplier_answers import keep_supplier_answers
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.policy import Policy
from orderclerk.domain.purchasing import PurchasePolicy
from orderclerk.domain.reading import PurchaseAnswerRead, ReceiptRead
from tasks.purchase_decisions import decide_purchase
from tasks.purchasing import draft_orders, mark_ordered
from tasks.receiving import keep_read_receipts, post_receipts
from tasks.supplier_answers import apply_supplier_answers
from tests.deskwork import rows, value

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
POLICY = Policy()
BUYING = PurchasePolicy({"EUR": Decimal(1000), "CNY": Decimal(1000)})


def furnish(engine: Engine) -> None:
    """Suppliers 1 (EUR) and 2 (CNY), items IT-1 to IT-5, warehouses W1 and W2, nothing in stock."""
    with engine.begin() as conn:
        for statement in (
            "INSERT INTO warehouses (code, name) VALUES ('W1', 'First'), ('W2', 'Second')",
            "INSERT INTO items (item_no, name, name_zh) SELECT 'IT-' || g, 'thing ' || g, '东西' || g FROM generate_series(1, 5) g",
            """INSERT INTO suppliers (supplier_no, name, email, language, currency, lead_time_days, transit_days)
               VALUES ('S1', 'Bolts Ltd', 'sales@bolts.example', 'en', 'EUR', 7, 2), ('S2', '宁波', 'wang@ningbo.example', 'zh_CN', 'CNY', 30, 20)""",
            "INSERT INTO supplier_items (supplier_id, item_id, supplier_ref, is_preferred) SELECT 1, id, 'B' || id, true FROM items",
        ):
            conn.execute(sql(statement))


def need(*lines: tuple[int, str, int, str, str]) -> pd.DataFrame:
    """Lines of (item, warehouse, supplier, quantity, price), wanted by 20 March."""
    return pd.DataFrame(
        [(i, w, s, Decimal(q), Decimal(p), date(2026, 3, 20), "below the reorder point") for i, w, s, q, p in lines],
        columns=list(NEEDED),
    )


def buy(engine: Engine, *lines: tuple[int, str, int, str, str], key: str = "run 1", at: datetime = NOON) -> list[str]:
    """Draft orders; their numbers."""
    with engine.begin() as conn:
        ids = draft_orders(conn, need(*lines), key, at, BUYING)
    return [value(engine, "SELECT po_no FROM purchase_orders WHERE id = :id", id=one) for one in ids]


def send(engine: Engine, at: datetime = NOON) -> None:
    """As delivery does: the mails that wait go out."""
    with engine.begin() as conn:
        ids = conn.execute(
            sql("SELECT (payload->>'po_id')::bigint FROM outbox WHERE kind = 'purchase' AND state = 'pending'")
        )
        mark_ordered(conn, list(ids.scalars()), at, POLICY, BUYING.answer_hours)
        conn.execute(
            sql(
                "UPDATE outbox SET state = 'sent', sent_at = :at, message_ref = '<' || idempotency_key || '@x>' WHERE kind = 'purchase'"
            ),
            {"at": at},
        )


def answer(
    engine: Engine,
    po_no: str,
    words: str,
    sender: str = "sales@bolts.example",
    at: datetime = NOON,
    trusted: bool = True,
    stated=None,
) -> Counter:
    """The supplier's mail with these words, applied."""
    content = f"{po_no}{words}{at}{sender}{stated}".encode()
    with engine.begin() as conn:
        inbox.keep_once(
            conn,
            [Envelope("mail", hashlib.sha256(content).hexdigest(), content, "message/rfc822", sender, sent_at=at)],
            at,
        )
        envelope = conn.execute(sql("SELECT max(id) FROM envelopes")).scalar_one()
        inbox.mark_read(conn, [(envelope, "read", "")])
        keep_supplier_answers(conn, [(envelope, PurchaseAnswerRead(po_no, sender, words, trusted, "", stated), at)])
    total: Counter = Counter()
    while (done := apply_supplier_answers(engine, at, POLICY)) is not None:
        total += done
    return total


def arrive(engine: Engine, *found: tuple[str, str, str], delivery: str = "D1", at: datetime = NOON) -> Counter:
    """A warehouse's report of (order, item, quantity), posted."""
    with engine.begin() as conn:
        inbox.keep_once(
            conn,
            [
                Envelope(
                    "files", f"{delivery}{found}", f"{delivery}{found}".encode(), "text/csv", "warehouse", sent_at=at
                )
            ],
            at,
        )
        envelope = conn.execute(sql("SELECT max(id) FROM envelopes")).scalar_one()
        inbox.mark_read(conn, [(envelope, "read", "")])
        receipts = [
            ReceiptRead(po, item, Decimal(q), delivery_ref=delivery, row=f"row {n}")
            for n, (po, item, q) in enumerate(found, 2)
        ]
        keep_read_receipts(conn, [(envelope, "warehouse", receipts, at)])
    total: Counter = Counter()
    while (done := post_receipts(engine, at, POLICY)) is not None:
        total += done
    return total


def decide(
    engine: Engine,
    po_no: str,
    decision: str,
    person: str = "Li",
    note: str = "agreed",
    arrives=None,
    at: datetime = NOON,
) -> str:
    """A person's decision in the form."""
    with engine.begin() as conn:
        return decide_purchase(conn, po_no, person, decision, arrives, note, at, POLICY)


def state(engine: Engine, po_no: str) -> str:
    """The order's state."""
    return value(engine, "SELECT state FROM purchase_orders WHERE po_no = :no", no=po_no)


def held(engine: Engine, po_no: str) -> set[str]:
    """Rules that hold the order."""
    return {
        r[0]
        for r in rows(
            engine,
            "SELECT rule FROM purchase_holds h JOIN purchase_orders p ON p.id = po_id WHERE po_no = :no AND h.state = 'open'",
            no=po_no,
        )
    }


def coming(engine: Engine) -> list[tuple]:
    """Item, warehouse and figures of what is expected."""
    return [
        tuple(r)
        for r in rows(
            engine,
            "SELECT item_id, warehouse, quantity::int, received::int, expected_date::text, state FROM supplies ORDER BY id",
        )
    ]


def stock(engine: Engine) -> dict[tuple[int, str], tuple[int, int]]:
    """(item, warehouse) -> on hand and incoming."""
    return {
        (r[0], r[1]): (int(r[2]), int(r[3]))
        for r in rows(engine, "SELECT item_id, warehouse, on_hand, incoming FROM stock_levels")
    }
