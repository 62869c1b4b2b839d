"""What purchase orders bring: the supplies that stock answers and promises stand on, kept equal to the orders' lines."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc


def open_purchase_supplies(conn: Connection, ids: Collection[int], day: date) -> int:
    """A supply for each line of these orders that has none, expected when wanted and no sooner than the lead time lets it;
    how many. The stock levels' incoming grows with them."""
    wanted = {"ids": sorted(ids), "day": day}
    _lock_levels(conn, ids)
    return int(conn.execute(sql(_OPEN), wanted).scalar_one())


_OPEN = """
WITH due AS (
    SELECT l.po_id, l.line_no, p.po_no, l.item_id, l.warehouse, l.agreed_quantity AS quantity,
           greatest(coalesce(l.wanted_date, CAST(:day AS date)),
                    CAST(:day AS date) + coalesce(si.lead_time_days, s.lead_time_days)) AS expected
    FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id JOIN suppliers s ON s.id = p.supplier_id
    LEFT JOIN supplier_items si ON (si.supplier_id, si.item_id) = (p.supplier_id, l.item_id)
    WHERE l.po_id = ANY(:ids) AND l.supply_id IS NULL),
made AS (
    INSERT INTO supplies (kind, document_no, line_no, item_id, warehouse, quantity, expected_date, first_expected_date)
    SELECT 'purchase', po_no, line_no, item_id, warehouse, quantity, expected, expected FROM due
    RETURNING id, document_no, line_no, item_id, warehouse, quantity),
tied AS (
    UPDATE purchase_lines l SET supply_id = m.id FROM made m JOIN due d ON (d.po_no, d.line_no) = (m.document_no, m.line_no)
    WHERE (l.po_id, l.line_no) = (d.po_id, d.line_no)),
more AS (
    UPDATE stock_levels s SET incoming = s.incoming + m.quantity
    FROM (SELECT item_id, warehouse, sum(quantity) AS quantity FROM made GROUP BY 1, 2) m
    WHERE (s.item_id, s.warehouse) = (m.item_id, m.warehouse))
SELECT count(*) FROM made"""


def _lock_levels(conn: Connection, ids: Collection[int]) -> None:
    """The levels these orders touch exist, and are locked in key order: workers wait for a moment and never deadlock."""
    places = "SELECT DISTINCT item_id, warehouse FROM purchase_lines WHERE po_id = ANY(:ids)"
    given = {"ids": sorted(ids)}
    conn.execute(
        sql(f"INSERT INTO stock_levels (item_id, warehouse) {places} ORDER BY 1, 2 ON CONFLICT DO NOTHING"), given
    )
    conn.execute(
        sql(
            f"""SELECT FROM stock_levels s JOIN ({places}) t USING (item_id, warehouse)
                ORDER BY s.item_id, s.warehouse FOR UPDATE OF s"""
        ),
        given,
    )


def expect_purchases(conn: Connection, days: Iterable[tuple[int, int, date]]) -> int:
    """Lines (po id, line) are expected on another day; how many changed. `first_expected_date` stays what it was."""
    rows = list(days)
    return conn.execute(
        sql(
            """UPDATE supplies u SET expected_date = n.day
               FROM unnest(CAST(:po AS bigint[]), CAST(:line AS int[]), CAST(:day AS date[])) AS n(po, line, day)
               JOIN purchase_lines l ON (l.po_id, l.line_no) = (n.po, n.line)
               WHERE u.id = l.supply_id AND u.state = 'open' AND u.expected_date <> n.day"""
        ),
        {"po": [row[0] for row in rows], "line": [row[1] for row in rows], "day": [row[2] for row in rows]},
    ).rowcount


def agree_quantities(conn: Connection, quantities: Iterable[tuple[int, int, Decimal]], at: datetime) -> int:
    """Lines (po id, line, quantity) will bring another quantity: the supply and the incoming follow; how many changed.

    What no longer comes promises nothing: the reservations that hung on it are released, the latest first, and
    check-stock finds their orders. Never below what has arrived.
    """
    rows = list(quantities)
    _lock_levels(conn, {row[0] for row in rows})
    given = {"po": [row[0] for row in rows], "line": [row[1] for row in rows], "quantity": [row[2] for row in rows]}
    conn.execute(sql(_RELEASE), {**given, "at": utc(at)})
    return int(conn.execute(sql(_AGREE), given).scalar_one())


_NEW = """new AS (
    SELECT l.po_id, l.line_no, u.id AS supply_id, u.item_id, u.warehouse, u.state, u.received, u.quantity AS before, u.pegged,
           greatest(n.quantity, u.received) AS quantity
    FROM unnest(CAST(:po AS bigint[]), CAST(:line AS int[]), CAST(:quantity AS numeric[])) AS n(po, line, quantity)
    JOIN purchase_lines l ON (l.po_id, l.line_no) = (n.po, n.line) JOIN supplies u ON u.id = l.supply_id)"""
_RELEASE = f"""
WITH {_NEW},
kept AS (
    SELECT r.id, r.supply_id, r.quantity, sum(r.quantity) OVER (PARTITION BY r.supply_id ORDER BY r.made_at, r.id) AS upto,
           n.quantity - n.received AS left_over
    FROM reservations r JOIN new n ON n.supply_id = r.supply_id AND n.pegged > n.quantity - n.received
    WHERE r.state IN ('soft', 'hard')),
freed AS (
    UPDATE reservations r SET state = 'released', closed_at = :at FROM kept k
    WHERE r.id = k.id AND k.upto > k.left_over RETURNING r.supply_id, r.quantity)
UPDATE supplies u SET pegged = u.pegged - f.quantity
FROM (SELECT supply_id, sum(quantity) AS quantity FROM freed GROUP BY 1) f WHERE u.id = f.supply_id"""
_AGREE = f"""
WITH {_NEW},
lines AS (UPDATE purchase_lines l SET agreed_quantity = n.quantity FROM new n WHERE (l.po_id, l.line_no) = (n.po_id, n.line_no)),
changed AS (
    UPDATE supplies u SET quantity = n.quantity,
        state = CASE WHEN n.quantity > n.received THEN u.state ELSE 'closed' END
    FROM new n WHERE u.id = n.supply_id RETURNING u.id, u.state),
less AS (
    SELECT n.item_id, n.warehouse, sum(CASE n.state WHEN 'open' THEN n.quantity - n.before ELSE 0 END) AS by
    FROM new n GROUP BY 1, 2),
levels AS (
    UPDATE stock_levels s SET incoming = s.incoming + less.by FROM less
    WHERE (s.item_id, s.warehouse) = (less.item_id, less.warehouse) AND less.by <> 0)
SELECT count(*) FROM changed"""


def bring_no_more(conn: Connection, ids: Collection[int], at: datetime) -> int:
    """Nothing more comes of these orders: every line is agreed at what has arrived; how many lines."""
    rows = conn.execute(
        sql(
            """SELECT l.po_id, l.line_no, u.received FROM purchase_lines l JOIN supplies u ON u.id = l.supply_id
               WHERE l.po_id = ANY(:ids) AND u.state = 'open' ORDER BY 1, 2"""
        ),
        {"ids": sorted(ids)},
    ).all()
    return agree_quantities(conn, [(row.po_id, row.line_no, row.received) for row in rows], at)


def being_bought(conn: Connection) -> list[tuple[int, str, Decimal]]:
    """Item, warehouse and quantity of orders that wait for a person: no supply yet, and not to be bought twice."""
    rows = conn.execute(
        sql(
            """SELECT l.item_id, l.warehouse, sum(l.quantity) AS quantity FROM purchase_lines l JOIN purchase_orders p ON p.id = l.po_id
               WHERE p.state IN ('draft', 'waiting') GROUP BY 1, 2 ORDER BY 1, 2"""
        )
    )
    return [(row.item_id, row.warehouse, row.quantity) for row in rows]
