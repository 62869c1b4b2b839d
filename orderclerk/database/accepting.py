"""What nobody objects to is taken on: its stock is reserved, and its order moved to where it stands once accepted."""

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_frame, read_frame, utc
from orderclerk.database.moves import require_allowed


def lock_stock(conn: Connection, item_ids: Collection[int]) -> pd.DataFrame:
    """Lock the stock of these items in key order, so that workers queue and never deadlock; item_id, warehouse, free_e3."""
    given = {"ids": sorted(int(i) for i in item_ids)}
    conn.execute(
        sql("SELECT FROM stock_levels WHERE item_id = ANY(:ids) ORDER BY item_id, warehouse FOR UPDATE"), given
    )
    return read_frame(
        conn,
        "SELECT item_id, warehouse, ((on_hand - reserved) * 1000)::bigint FROM stock_levels WHERE item_id = ANY(%(ids)s)",
        given,
        dtypes={"item_id": "int64", "warehouse": "str", "free_e3": "int64"},
    )


def reserve(conn: Connection, taken: pd.DataFrame) -> None:
    """Reserve `taken` (order_id, line_no, item_id, warehouse, quantity as text); its stock is locked already."""
    if taken.empty:
        return
    copy_frame(conn, "reservations", taken)
    per_item = taken.assign(quantity_e3=taken["quantity"].str.replace(".", "").astype("int64"))
    sums = per_item.groupby(["item_id", "warehouse"], as_index=False)["quantity_e3"].sum()
    conn.execute(sql("CREATE TEMP TABLE taking (item_id bigint, warehouse text, quantity_e3 bigint) ON COMMIT DROP"))
    copy_frame(conn, "taking", sums)
    conn.execute(
        sql(
            """UPDATE stock_levels s SET reserved = s.reserved + t.quantity_e3 / 1000.0 FROM taking t
               WHERE (s.item_id, s.warehouse) = (t.item_id, t.warehouse)"""
        )
    )
    conn.execute(sql("DROP TABLE taking"))


def accept_orders(
    conn: Connection,
    order_ids: Collection[int],
    to_state: str,
    at: datetime,
    actor: str,
    deadlines: tuple[datetime | None, datetime | None] = (None, None),
) -> None:
    """Move these orders, claimed by this transaction, to `to_state` (offered, confirmed), those with reservations to
    reserved, each with its events; `deadlines` are remind_at and answer_by of an offer. They are checked herewith, and
    without an address they get their customer's delivery address, where there is exactly one. Raises ForbiddenMove.

    One statement, as every version of an order's row is one more entry in each index.
    """
    ids, (remind_at, answer_by) = sorted(order_ids), deadlines
    require_allowed(conn, "commercial", ids, to_state)
    conn.execute(
        sql(
            """WITH before AS (
                 SELECT o.id, o.commercial_state, o.fulfilment_state, o.revision, o.envelope_id,
                        EXISTS (SELECT FROM reservations r WHERE r.order_id = o.id) AS reserves, home.*
                 FROM orders o LEFT JOIN LATERAL (
                   SELECT true AS goes_home, min(recipient) AS recipient, min(street) AS street, min(city) AS city,
                          min(region) AS region, min(postal_code) AS postal_code, min(country) AS country
                   FROM addresses a WHERE a.customer_id = o.customer_id AND a.kind = 'delivery'
                     AND o.street = '' AND o.city = '' AND o.postal_code = '' HAVING count(*) = 1) home ON true
                 WHERE o.id = ANY(:ids)),
               moved AS (
                 UPDATE orders o SET commercial_state = :to, answer_by = :answer_by, remind_at = :remind_at, reminded_at = NULL,
                   agreed_revision = CASE WHEN :to = 'confirmed' THEN o.revision ELSE o.agreed_revision END,
                   fulfilment_state = CASE WHEN b.reserves THEN 'reserved' ELSE o.fulfilment_state END, needs_check = false,
                   is_home_address = coalesce(b.goes_home, o.is_home_address), recipient = coalesce(b.recipient, o.recipient),
                   street = coalesce(b.street, o.street), city = coalesce(b.city, o.city), region = coalesce(b.region, o.region),
                   postal_code = coalesce(b.postal_code, o.postal_code), country = coalesce(b.country, o.country)
                 FROM before b WHERE o.id = b.id)
               INSERT INTO events (order_id, at, actor, kind, axis, from_state, to_state, cause, objects)
               SELECT id, :at, :actor, kind, axis, from_state, to_state, '{}', objects
               FROM before b CROSS JOIN LATERAL (VALUES
                 (1, :to, 'commercial', commercial_state, :to,
                  jsonb_build_object('order', id, 'revision', revision, 'envelope', envelope_id)),
                 (2, 'stock reserved', 'fulfilment', fulfilment_state, 'reserved',
                  jsonb_build_object('order', id, 'revision', revision))
               ) e (place, kind, axis, from_state, to_state, objects)
               WHERE place = 1 OR reserves ORDER BY place, id"""
        ),
        {"ids": ids, "to": to_state, "answer_by": answer_by, "remind_at": remind_at, "at": utc(at), "actor": actor},
    )  # fmt: skip
