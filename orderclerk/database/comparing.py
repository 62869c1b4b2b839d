"""What an order is compared with: earlier orders of its customer that may be the same, and what the customer owes."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame

_LIVE = "('received', 'offered', 'confirmed')"


@dataclass(frozen=True)
class Candidates:
    """The frames of `orderclerk.domain.duplicates.suspected_duplicates`."""

    pairs: pd.DataFrame
    orders: pd.DataFrame
    goods: pd.DataFrame
    habits: pd.DataFrame


def duplicate_candidates(conn: Connection, order_ids: Collection[int], window_days: float) -> Candidates:
    """Live orders of the same customer that came within the window, share an item, and may be the same: through another
    source, without a reference of the sender's own, or with the same digits in it. Of two open ones the later is asked.
    Goods ordered as "the same as last time" are no sign that the last time came twice."""
    pairs = read_frame(
        conn,
        # materialised, and a LIMIT that cannot be pulled up: the window is reckoned once an order and not once a pair, and
        # lines are looked at for the few pairs that are left
        f"""WITH mine AS MATERIALIZED (
              SELECT id, customer_id, source, has_own_ref, ref_digits,
                     received_at - %(window)s AS since, received_at + %(window)s AS until FROM orders WHERE id = ANY(%(ids)s)),
            pairs AS MATERIALIZED (
              SELECT m.id, b.id AS other_id, b.order_no FROM mine m JOIN orders b ON b.customer_id = m.customer_id AND b.id <> m.id
                AND b.received_at BETWEEN m.since AND m.until
              WHERE b.kind = 'order' AND b.commercial_state IN {_LIVE} AND (b.id < m.id OR b.commercial_state <> 'received')
                AND (b.source <> m.source OR NOT b.has_own_ref OR NOT m.has_own_ref
                     OR (b.ref_digits = m.ref_digits AND b.ref_digits <> '')))
            SELECT p.id, p.other_id FROM pairs p CROSS JOIN LATERAL (
              SELECT FROM order_lines x JOIN order_lines y ON y.order_id = p.other_id AND y.item_id = x.item_id
              WHERE x.order_id = p.id AND NOT x.is_charge AND x.match->>'order' IS DISTINCT FROM p.order_no LIMIT 1) shared""",
        {"ids": [int(i) for i in order_ids], "window": pd.Timedelta(days=window_days).to_pytimedelta()},
        dtypes={"order_id": "int64", "other_id": "int64"},
    )
    if pairs.empty:
        return Candidates(pairs, pairs, pairs, pairs)
    involved = sorted({*pairs["order_id"], *pairs["other_id"]})
    return Candidates(
        pairs, _compared(conn, involved), _goods(conn, involved), _habits(conn, pairs["other_id"].unique())
    )


def _compared(conn: Connection, ids: Collection[int]) -> pd.DataFrame:
    """Where an order goes is where it says, else its customer's only delivery address."""
    frame = read_frame(
        conn,
        """SELECT o.id, order_no, source, order_ref, customer_po, has_own_ref,
                  coalesce(order_date, (received_at AT TIME ZONE 'UTC')::date), requested_date,
                  CASE WHEN stated THEN o.street ELSE h.street END, CASE WHEN stated THEN o.city ELSE h.city END,
                  CASE WHEN stated THEN o.postal_code ELSE h.postal_code END
           FROM orders o CROSS JOIN LATERAL (SELECT o.street <> '' OR o.city <> '' OR o.postal_code <> '' AS stated) s
           LEFT JOIN LATERAL (SELECT min(street) AS street, min(city) AS city, min(postal_code) AS postal_code FROM addresses a
                 WHERE a.customer_id = o.customer_id AND a.kind = 'delivery' HAVING count(*) = 1) h ON true
           WHERE o.id = ANY(%(ids)s)""",
        {"ids": [int(i) for i in ids]},
        dtypes={"order_id": "int64", "order_no": "str", "source": "str", "order_ref": "str", "customer_po": "str",
                "has_own_ref": "bool", "day": "str", "requested_date": "str", "street": "str", "city": "str",
                "postal_code": "str"},
    )  # fmt: skip
    return frame.set_index("order_id")


def _goods(conn: Connection, ids: Collection[int]) -> pd.DataFrame:
    return read_frame(
        conn,
        """SELECT order_id, coalesce(item_id, 0), coalesce(i.item_no, l.item_ref), (coalesce(quantity, 0) * 1000)::bigint
           FROM order_lines l LEFT JOIN items i ON i.id = l.item_id WHERE order_id = ANY(%(ids)s) AND NOT is_charge""",
        {"ids": [int(i) for i in ids]},
        dtypes={"order_id": "int64", "item_id": "int64", "item_no": "str", "quantity_e3": "int64"},
    )


def _habits(conn: Connection, ids: Collection[int]) -> pd.DataFrame:
    """The days on which each of these orders' very goods were ordered in the ten weeks before it, its own among them."""
    return read_frame(
        conn,
        """SELECT o.id, coalesce(h.order_date, (h.received_at AT TIME ZONE 'UTC')::date) FROM orders o
           JOIN orders h ON h.fingerprint = o.fingerprint AND h.kind = 'order' AND h.received_at <= o.received_at
             AND h.received_at > o.received_at - interval '70 days'
           WHERE o.id = ANY(%(ids)s) AND o.fingerprint <> ''""",
        {"ids": [int(i) for i in ids]},
        dtypes={"other_id": "int64", "day": "str"},
    )


def lock_credit(conn: Connection, customer_ids: Collection[int]) -> pd.DataFrame:
    """Lock the customers that have a limit, in key order, so that workers check one after the other, and say what each owes.

    customer_id, limit_e4, payment_method, open_e4: accepted orders less returned goods, by the way they are to be paid.
    """
    given = {"ids": [int(i) for i in customer_ids]}
    conn.execute(
        sql("SELECT FROM customers WHERE id = ANY(:ids) AND credit_limit IS NOT NULL ORDER BY id FOR NO KEY UPDATE"),
        given,
    )
    return open_credit(conn, customer_ids)


def open_credit(conn: Connection, customer_ids: Collection[int], before_id: int | None = None) -> pd.DataFrame:
    """What `lock_credit` gives, without a lock; of orders before `before_id` only, if given."""
    return read_frame(
        conn,
        """SELECT c.id, (c.credit_limit * 10000)::bigint, coalesce(o.payment_method, ''),
                  coalesce(sum(CASE o.kind WHEN 'return' THEN -w.worth ELSE coalesce(o.stated_total, w.worth) END) * 10000, 0)::bigint
           FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.commercial_state IN ('offered', 'confirmed')
             AND o.kind <> 'cancellation' AND o.id < %(before)s
           LEFT JOIN LATERAL (SELECT coalesce(sum(quantity * unit_price), 0) AS worth FROM order_lines l WHERE l.order_id = o.id) w ON true
           WHERE c.id = ANY(%(ids)s) AND c.credit_limit IS NOT NULL GROUP BY 1, 2, 3""",
        {"ids": [int(i) for i in customer_ids], "before": before_id or 2**62},
        dtypes={"customer_id": "int64", "limit_e4": "int64", "payment_method": "str", "open_e4": "int64"},
    )
