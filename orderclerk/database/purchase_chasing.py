"""Purchase orders that wait too long: suppliers who do not answer, and goods that do not come."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import utc


def silent_orders(conn: Connection, at: datetime) -> list[Any]:
    """Orders whose suppliers should have answered by now, locked: id, how often they were chased."""
    return list(
        conn.execute(
            sql(
                """SELECT id, chased FROM purchase_orders WHERE state = 'sent' AND answered_at IS NULL AND answer_by <= :at
                   ORDER BY id FOR UPDATE SKIP LOCKED"""
            ),
            {"at": utc(at)},
        )
    )


def mark_chased(conn: Connection, ids: Collection[int], at: datetime, until: datetime | None) -> int:
    """These were asked once more and are due again at `until`; None: a person has them now."""
    return conn.execute(
        sql(
            """UPDATE purchase_orders SET chased = chased + 1, chased_at = :at, answer_by = :until WHERE id = ANY(:ids)"""
        ),
        {"ids": sorted(ids), "at": utc(at), "until": utc(until) if until else None},
    ).rowcount


def leave_to_person(conn: Connection, ids: Collection[int]) -> int:
    """Nobody chases these any more."""
    return conn.execute(
        sql("UPDATE purchase_orders SET answer_by = NULL WHERE id = ANY(:ids)"), {"ids": sorted(ids)}
    ).rowcount


def late_orders(conn: Connection, day: date) -> list[Any]:
    """Ordered and not all there the day after it was expected: id, the last expected day of what is missing, lines."""
    return list(
        conn.execute(
            sql(
                """SELECT p.id, max(u.expected_date) AS expected, array_agg(l.line_no ORDER BY l.line_no) AS lines
                   FROM purchase_orders p JOIN purchase_lines l ON l.po_id = p.id JOIN supplies u ON u.id = l.supply_id
                   WHERE p.state IN ('sent', 'confirmed') AND u.state = 'open' AND u.received < u.quantity AND u.expected_date < :day
                   GROUP BY 1 ORDER BY 1"""
            ),
            {"day": day},
        )
    )
