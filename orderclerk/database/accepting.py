"""What nobody objects to is taken on: an order whose stock is reserved moves to where it stands once accepted."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc
from orderclerk.database.moves import require_allowed


def accept_orders(
    conn: Connection,
    order_ids: Collection[int],
    to_state: str,
    at: datetime,
    actor: str,
    deadlines: tuple[datetime | None, datetime | None] = (None, None),
    reasons: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Move these orders, claimed by this transaction, to `to_state` (offered, confirmed), those with reservations to
    reserved, each with its events; `deadlines` are remind_at and answer_by of an offer, `reasons` says of each order why
    its stock comes from where it does. They are checked herewith, and
    without an address they get their customer's delivery address, where there is exactly one. Raises ForbiddenMove.

    One statement, as every version of an order's row is one more entry in each index.
    """
    ids, (remind_at, answer_by) = sorted(order_ids), deadlines
    require_allowed(conn, "commercial", ids, to_state)
    conn.execute(
        sql(
            """WITH before AS (
                 SELECT o.id, o.commercial_state, o.fulfilment_state, o.revision, o.envelope_id,
                        EXISTS (SELECT FROM reservations r WHERE r.order_id = o.id AND r.state IN ('hard', 'picked')) AS reserves, home.*
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
               SELECT id, :at, :actor, kind, axis, from_state, to_state,
                      CASE place WHEN 2 THEN coalesce(CAST(:reasons AS jsonb) -> id::text, '{}') ELSE '{}' END, objects
               FROM before b CROSS JOIN LATERAL (VALUES
                 (1, :to, 'commercial', commercial_state, :to,
                  jsonb_build_object('order', id, 'revision', revision, 'envelope', envelope_id)),
                 (2, 'stock reserved', 'fulfilment', fulfilment_state, 'reserved',
                  jsonb_build_object('order', id, 'revision', revision))
               ) e (place, kind, axis, from_state, to_state, objects)
               WHERE place = 1 OR reserves ORDER BY place, id"""
        ),
        {"ids": ids, "to": to_state, "answer_by": answer_by, "remind_at": remind_at, "at": utc(at), "actor": actor,
         "reasons": Jsonb({str(i): dict(reasons[i]) for i in ids if i in reasons} if reasons else {})},
    )  # fmt: skip
