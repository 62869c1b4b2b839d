"""Purchase orders made from needed lines, and moved from state to state; set-based, every change with its event."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_rows, utc
from orderclerk.domain.rulebook import RuleBook
from orderclerk.domain.states import is_allowed

NEEDED = ("item_id", "warehouse", "supplier_id", "quantity", "unit_price", "wanted_date", "why")
HOLD = ("po_id", "line_no", "rule", "reason", "evidence")


class PurchaseError(Exception):
    """This cannot be bought, approved or received; the message says why and what to do instead."""


def insert_drafts(conn: Connection, needed: pd.DataFrame, key: str, at: datetime) -> list[int]:
    """Purchase orders of the `needed` lines, one a supplier, currency and warehouse; the ids of those that are new.

    `needed` has NEEDED (quantity and price Decimal or text, in the item's unit and the supplier's currency) and may have
    `currency`. An order whose key (`key`, supplier, currency, warehouse) exists is left as it is. Raises PurchaseError.
    """
    if needed.empty:
        return []
    _stage(conn, needed)
    wrong = conn.execute(sql(_WRONG)).scalars().first()
    if wrong:
        raise PurchaseError(wrong)
    rows = conn.execute(sql(_DRAFT), {"key": key, "at": utc(at)}).scalars().all()
    conn.execute(sql("DROP TABLE needed"))
    return sorted(rows)


def _stage(conn: Connection, needed: pd.DataFrame) -> None:
    conn.execute(sql("DROP TABLE IF EXISTS needed"))
    conn.execute(
        sql(
            """CREATE TEMP TABLE needed (row_no int, item_id bigint, warehouse text, supplier_id bigint, quantity numeric,
                   unit_price numeric, wanted_date date, why text, currency text) ON COMMIT DROP"""
        )
    )
    listed = needed.assign(currency=needed.get("currency", ""))[[*NEEDED, "currency"]]
    rows = ((number, *(_plain(value) for value in row)) for number, row in enumerate(listed.itertuples(index=False), 1))
    copy_rows(conn, "needed", ("row_no", *NEEDED, "currency"), rows)
    conn.execute(
        sql(
            """UPDATE needed n SET currency = s.currency FROM suppliers s
               WHERE s.id = n.supplier_id AND coalesce(n.currency, '') = ''"""
        )
    )


def _plain(value: Any) -> Any:
    """A value that COPY takes exactly; NaN and NaT are null."""
    if isinstance(value, str | Decimal | date):
        return None if value is pd.NaT else value
    return None if value is None or pd.isna(value) else value.item() if hasattr(value, "item") else value


_WRONG = """
SELECT 'row ' || row_no || ': ' || why FROM (
    SELECT n.row_no, CASE
        WHEN s.id IS NULL THEN 'there is no supplier ' || coalesce(n.supplier_id::text, '') || '; load suppliers.csv first'
        WHEN NOT s.is_active THEN 'supplier ' || s.supplier_no || ' is not active'
        WHEN i.id IS NULL THEN 'there is no item ' || coalesce(n.item_id::text, '')
        WHEN w.code IS NULL THEN 'there is no warehouse ' || coalesce(n.warehouse, '')
        WHEN n.quantity IS NULL OR n.quantity <= 0 OR scale(trim_scale(n.quantity)) > 3
            THEN i.item_no || ': a quantity above zero with at most three decimals is needed, not ' || coalesce(n.quantity::text, 'none')
        WHEN n.unit_price IS NULL OR n.unit_price < 0 OR scale(trim_scale(n.unit_price)) > 4
            THEN i.item_no || ': a price of zero or more with at most four decimals is needed, not ' || coalesce(n.unit_price::text, 'none')
        END AS why
    FROM needed n LEFT JOIN suppliers s ON s.id = n.supplier_id LEFT JOIN items i ON i.id = n.item_id
    LEFT JOIN warehouses w ON w.code = n.warehouse) x WHERE why IS NOT NULL ORDER BY row_no LIMIT 1"""

_DRAFT = """
WITH grouped AS (
    SELECT supplier_id, currency, warehouse, sum(round(quantity * unit_price, 2)) AS total FROM needed GROUP BY 1, 2, 3),
made AS (
    INSERT INTO purchase_orders (key, supplier_id, warehouse, currency, total, made_at)
    SELECT :key || ':' || s.supplier_no || ':' || g.currency || ':' || g.warehouse, g.supplier_id, g.warehouse, g.currency,
           g.total, :at
    FROM grouped g JOIN suppliers s ON s.id = g.supplier_id ORDER BY s.supplier_no, g.currency, g.warehouse
    ON CONFLICT (key) DO NOTHING RETURNING id, supplier_id, warehouse, currency),
lined AS (
    INSERT INTO purchase_lines (po_id, line_no, item_id, warehouse, quantity, unit_price, wanted_date, why, agreed_quantity)
    SELECT m.id, row_number() OVER (PARTITION BY m.id ORDER BY i.item_no, n.wanted_date, n.row_no), n.item_id, n.warehouse,
           n.quantity, n.unit_price, n.wanted_date, coalesce(n.why, ''), n.quantity
    FROM made m JOIN needed n USING (supplier_id, warehouse, currency) JOIN items i ON i.id = n.item_id),
told AS (
    INSERT INTO purchase_events (po_id, at, actor, kind, from_state, to_state, cause)
    SELECT id, :at, 'orderclerk', 'drafted', '', 'draft', jsonb_build_object('key', CAST(:key AS text)) FROM made)
SELECT id FROM made"""


def totals_of(conn: Connection, ids: Collection[int]) -> list[tuple[int, str, Decimal]]:
    """Id, currency and total of these orders, locked, in the sequence of their ids."""
    rows = conn.execute(
        sql("SELECT id, currency, total FROM purchase_orders WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"),
        {"ids": sorted(ids)},
    )
    return [(row.id, row.currency, row.total) for row in rows]


def move_purchases(
    conn: Connection,
    ids: Collection[int],
    to_state: str,
    *,
    at: datetime,
    actor: str,
    kind: str,
    cause: Mapping[str, Any] | None = None,
) -> list[int]:
    """Move all orders and record the events; the ids that moved. Those already there stay, without event.

    What the state brings with it is set too: who approved, when it was sent. Raises PurchaseError for a move that the
    table of transitions does not have.
    """
    wanted = sorted(ids)
    rows = conn.execute(
        sql(
            "SELECT id, po_no, state FROM purchase_orders WHERE id = ANY(:ids) AND state <> :to ORDER BY id FOR UPDATE"
        ),
        {"ids": wanted, "to": to_state},
    ).all()
    for row in rows:
        if not is_allowed("purchase", row.state, to_state):
            raise PurchaseError(f"{row.po_no} is {row.state}: it cannot become {to_state}")
    if not rows:
        return []
    also = {
        "waiting": ", needs_person = true", "approved": ", approved_by = :actor, approved_at = :at", "sent": ", sent_at = :at",
    }.get(to_state, "")  # fmt: skip
    given = {"ids": [row.id for row in rows], "to": to_state, "at": utc(at), "actor": actor}
    conn.execute(sql(f"UPDATE purchase_orders SET state = :to{also} WHERE id = ANY(:ids)"), given)
    record_purchase_events(conn, [(row.id, at, actor, kind, row.state, to_state, cause or {}) for row in rows])
    return [row.id for row in rows]


def record_purchase_events(
    conn: Connection, rows: Iterable[tuple[int, datetime, str, str, str, str, Mapping[str, Any]]]
) -> None:
    """Events: (po id, at, actor, kind, from, to, cause); both states "" for what changes none."""
    columns = ("po_id", "at", "actor", "kind", "from_state", "to_state", "cause")
    copy_rows(
        conn, "purchase_events", columns, ((*row[:1], utc(row[1]), *row[2:6], Jsonb(dict(row[6]))) for row in rows)
    )


def hold_purchases(
    conn: Connection, found: Iterable[tuple[int, int, str, str, Mapping[str, Any]]], rules: RuleBook, at: datetime
) -> int:
    """Open holds (po id, line, rule, reason, evidence); how many are new. One that is open keeps its time and gets the reason.

    What the house switched off is left out.
    """
    rows = [(one, rules.ruling(one[2])) for one in found]
    values = [
        (*one[:4], Jsonb(dict(one[4])), ruling.owner, ruling.severity, ruling.due_hours)
        for one, ruling in rows
        if ruling.enabled
    ]
    if not values:
        return 0
    columns = [list(column) for column in zip(*values, strict=True)]
    names = ("po", "line", "rule", "reason", "evidence", "owner", "severity", "due")
    return int(conn.execute(
        sql(
            """WITH n AS (SELECT DISTINCT ON (1, 2, 3) * FROM unnest(CAST(:po AS bigint[]), CAST(:line AS int[]),
                   CAST(:rule AS text[]), CAST(:reason AS text[]), CAST(:evidence AS jsonb[]), CAST(:owner AS text[]),
                   CAST(:severity AS text[]), CAST(:due AS int[])) AS n(po, line, rule, reason, evidence, owner, severity, due)
                   ORDER BY 1, 2, 3),
               opened AS (INSERT INTO purchase_holds (po_id, line_no, rule, reason, evidence, owner, severity, opened_at, due_at)
                   SELECT po, line, rule, reason, evidence, owner, severity, :at, CAST(:at AS timestamptz) + due * interval '1 hour' FROM n
                   ON CONFLICT (po_id, line_no, rule) WHERE state = 'open'
                   DO UPDATE SET reason = excluded.reason, evidence = excluded.evidence RETURNING po_id, line_no, rule, xmax = 0 AS is_new)
               INSERT INTO purchase_events (po_id, at, actor, kind, cause)
               SELECT po_id, :at, 'orderclerk', 'held', jsonb_build_object('rule', rule, 'line', line_no) FROM opened WHERE is_new"""
        ),
        {**dict(zip(names, columns, strict=True)), "at": utc(at)},
    ).rowcount)  # fmt: skip


def close_purchase_holds(
    conn: Connection, ids: Collection[int], at: datetime, *, state: str, by: str, note: str, rules: Collection[str] = ()
) -> list[tuple[int, int, str]]:
    """Close the open holds of these orders (of `rules`, if given): (po id, line, rule) of each. `state` accepted or resolved."""
    rows = conn.execute(
        sql(
            """WITH closed AS (UPDATE purchase_holds SET state = :state, closed_at = :at, closed_by = :by, note = :note
                   WHERE po_id = ANY(:ids) AND state = 'open' AND (:every OR rule = ANY(:rules)) RETURNING po_id, line_no, rule),
               told AS (INSERT INTO purchase_events (po_id, at, actor, kind, cause)
                   SELECT po_id, :at, :by, 'hold ' || :state, jsonb_build_object('rule', rule, 'line', line_no, 'note', CAST(:note AS text)) FROM closed)
               SELECT * FROM closed"""
        ),
        {
            "ids": sorted(ids),
            "at": utc(at),
            "state": state,
            "by": by,
            "note": note,
            "every": not rules,
            "rules": list(rules),
        },
    )
    return [(row.po_id, row.line_no, row.rule) for row in rows]


def enqueue_purchase_mails(
    conn: Connection,
    kind: str,
    ids: Collection[int],
    at: datetime,
    *,
    round_: str = "",
    payload: Mapping[str, Any] | None = None,
) -> int:
    """A mail of `kind` to the supplier of each order; how many are new. The same `round_` twice is one mail."""
    return conn.execute(
        sql(
            """INSERT INTO outbox (kind, idempotency_key, recipient, payload, created_at, next_try_at)
               SELECT :kind, :kind || ':' || p.po_no || :round, s.email, CAST(:payload AS jsonb) || jsonb_build_object('po_id', p.id), :at, :at
               FROM purchase_orders p JOIN suppliers s ON s.id = p.supplier_id WHERE p.id = ANY(:ids) ORDER BY p.id
               ON CONFLICT (idempotency_key) DO NOTHING"""
        ),
        {
            "kind": kind,
            "ids": sorted(ids),
            "at": utc(at),
            "round": f":{round_}" if round_ else "",
            "payload": Jsonb(dict(payload or {})),
        },
    ).rowcount


def withdraw_purchase_mails(conn: Connection, ids: Collection[int]) -> int:
    """Mails about these orders that have not gone out are not sent any more; how many."""
    return conn.execute(
        sql(
            """UPDATE outbox SET state = 'superseded' WHERE kind LIKE 'purchase%' AND state IN ('pending', 'failed')
               AND (payload->>'po_id')::bigint = ANY(:ids)"""
        ),
        {"ids": sorted(ids)},
    ).rowcount


def purchase_named(conn: Connection, po_no: str) -> Any:
    """The order with this number, locked. Raises PurchaseError for none."""
    row = conn.execute(
        sql("SELECT * FROM purchase_orders WHERE po_no = upper(:no) FOR UPDATE"), {"no": po_no.strip()}
    ).first()
    if row is None:
        raise PurchaseError(f"There is no purchase order {po_no}; take the number from the artifact purchase-orders")
    return row


def wait_for_answers(conn: Connection, ids: Collection[int], until: datetime) -> int:
    """These orders are chased at `until` if their suppliers have not answered by then; how many."""
    return conn.execute(
        sql("UPDATE purchase_orders SET answer_by = :until WHERE id = ANY(:ids)"),
        {"until": utc(until), "ids": sorted(ids)},
    ).rowcount


def agreed_quantities(conn: Connection, lines: Collection[tuple[int, int]]) -> dict[tuple[int, int], Decimal]:
    """What is counted on of each line (po id, line)."""
    rows = conn.execute(
        sql(
            """SELECT l.po_id, l.line_no, l.agreed_quantity FROM purchase_lines l
               JOIN unnest(CAST(:po AS bigint[]), CAST(:line AS int[])) AS n(po, line) ON (l.po_id, l.line_no) = (n.po, n.line)"""
        ),
        {"po": [one[0] for one in lines], "line": [one[1] for one in lines]},
    )
    return {(row.po_id, row.line_no): row.agreed_quantity for row in rows}


def purchase_of(conn: Connection, po_id: int) -> Any:
    """The order's row."""
    return conn.execute(sql("SELECT * FROM purchase_orders WHERE id = :id"), {"id": po_id}).one()
