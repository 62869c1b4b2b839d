"""Counts in the book: planned once, counted by people, judged against the moment of counting, posted as moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import copy_rows, read_frame, utc
from orderclerk.database.stock_moves import StockError, post_moves
from orderclerk.domain.counting import CountPolicy, due_lines, judge_counts

_SHELVES = """
SELECT b.item_id, b.location_id, b.lot, l.bin, (b.on_hand * 1000)::bigint, i.abc_class, c.last_counted::date,
       coalesce((SELECT max(m.at) FROM stock_moves m WHERE m.item_id = b.item_id AND m.lot = b.lot AND m.from_id = b.location_id)
                > coalesce(c.last_counted, '-infinity'), false) AS emptied_since
FROM bin_levels b JOIN locations l ON l.id = b.location_id JOIN items i ON i.id = b.item_id
LEFT JOIN (SELECT item_id, location_id, lot, max(coalesce(second_at, first_at)) AS last_counted FROM count_lines
           WHERE state IN ('right', 'posted') GROUP BY 1, 2, 3) c USING (item_id, location_id, lot)
WHERE l.warehouse = %(warehouse)s AND i.is_active AND NOT EXISTS (SELECT FROM count_lines o JOIN counts p ON p.id = o.count_id
    WHERE (o.item_id, o.location_id, o.lot) = (b.item_id, b.location_id, b.lot) AND p.closed_at IS NULL)"""
# what the book says lay there at a moment: the moves up to it
_LAY_THERE = """coalesce((SELECT sum(CASE WHEN m.to_id = l.location_id THEN m.quantity ELSE -m.quantity END) FROM stock_moves m
    WHERE m.item_id = l.item_id AND m.lot = l.lot AND l.location_id IN (m.from_id, m.to_id) AND m.at <= {at}), 0)"""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line as somebody counted it, of the count `count_no` and the line `line_no` of its sheet."""

    count_no: str
    line_no: int
    quantity: Decimal
    by: str
    at: datetime


def plan_count(
    conn: Connection,
    warehouse: str,
    method: str,
    planned_for: date,
    policy: CountPolicy,
    as_of: datetime,
    *,
    key: str = "",
) -> str:
    """Plan a count of `warehouse` and give its number; "" where nothing is due. The same `key` plans once.

    What another open count has on its sheet is left out.
    """
    key = key or f"{warehouse}:{method}:{planned_for.isoformat()}"
    known = conn.execute(sql("SELECT count_no FROM counts WHERE key = :key"), {"key": key}).scalar()
    if known:
        return str(known)
    columns = {"item_id": "int64", "location_id": "int64", "lot": "str", "bin": "str", "on_hand_e3": "int64",
               "abc_class": "str", "last_counted": "str", "emptied_since": "bool"}  # fmt: skip
    shelves = read_frame(conn, _SHELVES, {"warehouse": warehouse}, dtypes=columns)
    shelves["last_counted"] = pd.to_datetime(shelves["last_counted"].replace("", None))
    lines = due_lines(shelves, method, planned_for, policy, seed=key)
    if lines.empty:
        return ""
    made = conn.execute(
        sql(
            """INSERT INTO counts (key, warehouse, method, planned_for, planned_at, sheet_at)
               VALUES (:key, :warehouse, :method, :day, :at, :at) ON CONFLICT (key) DO NOTHING RETURNING id, count_no"""
        ),
        {"key": key, "warehouse": warehouse, "method": method, "day": planned_for, "at": utc(as_of)},
    ).first()
    if made is None:
        return plan_count(conn, warehouse, method, planned_for, policy, as_of, key=key)
    rows = ((made.id, n, int(x.item_id), int(x.location_id), x.lot) for n, x in enumerate(lines.itertuples(), start=1))
    copy_rows(conn, "count_lines", ("count_id", "line_no", "item_id", "location_id", "lot"), rows)
    return str(made.count_no)


def keep_counted(conn: Connection, found: Iterable[Counted], policy: CountPolicy | None = None) -> list[str]:
    """Write down what was counted, and judge it by `policy`, if given; what could not be taken, each in one sentence.

    The first word on a line is its first count; a line that is to be recounted takes the word of another person. The same
    again changes nothing.
    """
    rows = [(c.count_no, c.line_no, c.quantity, c.by.strip(), utc(c.at)) for c in found]
    conn.execute(
        sql(
            "CREATE TEMP TABLE told (place serial, count_no text, line_no int, quantity numeric, who text, at timestamptz) ON COMMIT DROP"
        )
    )
    copy_rows(conn, "told", ("count_no", "line_no", "quantity", "who", "at"), rows)
    conn.execute(sql("SELECT FROM counts WHERE count_no IN (SELECT count_no FROM told) ORDER BY id FOR UPDATE"))
    refused = [str(one) for one in conn.execute(sql(_REFUSED)).scalars()]
    touched = [int(i) for query in (_FIRST, _SECOND) for i in conn.execute(sql(query)).scalars()]
    conn.execute(sql("DROP TABLE told"))
    if policy is not None:
        judge(conn, sorted(set(touched)), policy)
    return refused


_SAME = "(t.quantity, t.who, t.at) IN ((l.first_quantity, l.first_by, l.first_at), (l.second_quantity, l.second_by, l.second_at))"
_REFUSED = f"""
SELECT coalesce(c.count_no, t.count_no) || ' line ' || t.line_no || ': ' || CASE
    WHEN c.id IS NULL THEN 'there is no such count; write the number as on the sheet'
    WHEN l.count_id IS NULL THEN 'the sheet has no such line'
    WHEN t.who = '' THEN 'it does not say who counted'
    WHEN t.quantity < 0 THEN t.quantity || ' is less than nothing'
    WHEN c.closed_at IS NOT NULL THEN 'the count is ' || c.state || '; plan another'
    WHEN l.state = 'recount' THEN t.who || ' counted it before; somebody else must count it again'
    ELSE 'it was counted already, and is ' || l.state END
FROM told t LEFT JOIN counts c USING (count_no) LEFT JOIN count_lines l ON (l.count_id, l.line_no) = (c.id, t.line_no)
WHERE (l.count_id IS NULL OR NOT coalesce({_SAME}, false)) AND (c.id IS NULL OR l.count_id IS NULL OR t.who = '' OR t.quantity < 0
   OR c.closed_at IS NOT NULL OR (l.state = 'open' AND l.first_at IS NOT NULL) OR l.state NOT IN ('open', 'recount') OR (l.state = 'recount' AND t.who = l.first_by))
ORDER BY t.place"""
_USABLE = "t.who <> '' AND t.quantity >= 0 AND c.closed_at IS NULL"
_FIRST = f"""
UPDATE count_lines l SET first_quantity = t.quantity, first_by = t.who, first_at = t.at, first_expected = {_LAY_THERE.format(at="t.at")}
FROM (SELECT DISTINCT ON (count_no, line_no) * FROM told ORDER BY count_no, line_no, place) t JOIN counts c USING (count_no)
WHERE (l.count_id, l.line_no) = (c.id, t.line_no) AND l.state = 'open' AND l.first_at IS NULL AND {_USABLE} RETURNING l.count_id"""
_SECOND = f"""
UPDATE count_lines l SET second_quantity = t.quantity, second_by = t.who, second_at = t.at, second_expected = {_LAY_THERE.format(at="t.at")}
FROM (SELECT DISTINCT ON (count_no, line_no) * FROM told ORDER BY count_no, line_no, place) t JOIN counts c USING (count_no)
WHERE (l.count_id, l.line_no) = (c.id, t.line_no) AND l.state = 'recount' AND l.second_at IS NULL AND t.who <> l.first_by AND {_USABLE} RETURNING l.count_id"""


def judge(conn: Connection, count_ids: list[int], policy: CountPolicy) -> None:
    """Judge the lines of these counts, and say of each count what it waits for."""
    columns = {"count_id": "int64", "line_no": "int64", "first_e3": "Int64", "second_e3": "Int64", "first_expected_e3": "Int64",
               "second_expected_e3": "Int64", "first_by": "str", "second_by": "str", "unit_cost": "float64"}  # fmt: skip
    lines = read_frame(
        conn,
        """SELECT l.count_id, l.line_no, (first_quantity * 1000)::bigint, (second_quantity * 1000)::bigint,
                  (first_expected * 1000)::bigint, (second_expected * 1000)::bigint, first_by, second_by,
                  (SELECT min(p.unit_price) FROM supplier_prices p WHERE p.item_id = l.item_id)
           FROM count_lines l WHERE l.count_id = ANY(%(ids)s) AND l.state <> 'posted' ORDER BY 1, 2""",
        {"ids": count_ids},
        dtypes=columns,
    )
    judged = judge_counts(lines, policy)
    conn.execute(
        sql("CREATE TEMP TABLE judged (count_id bigint, line_no int, state text, difference bigint) ON COMMIT DROP")
    )
    rows = ((int(j.count_id), int(j.line_no), j.verdict, int(j.difference_e3)) for j in judged.itertuples())
    copy_rows(conn, "judged", ("count_id", "line_no", "state", "difference"), rows)
    conn.execute(
        sql(
            """UPDATE count_lines l SET state = j.state, difference = j.difference / 1000.0,
                      cause = CASE WHEN l.cause = '' AND j.state = 'right' AND l.second_at IS NOT NULL THEN 'miscount' ELSE l.cause END
               FROM judged j WHERE (l.count_id, l.line_no) = (j.count_id, j.line_no)"""
        )
    )
    conn.execute(sql("DROP TABLE judged"))
    conn.execute(
        sql(
            """UPDATE counts c SET state = s.state FROM (SELECT count_id, CASE WHEN bool_or(state = 'open') THEN 'counting'
                   WHEN bool_or(state = 'recount') THEN 'recounting' ELSE 'waiting' END AS state
                 FROM count_lines WHERE count_id = ANY(:ids) GROUP BY 1) s
               WHERE c.id = s.count_id AND c.closed_at IS NULL AND c.state <> s.state"""
        ),
        {"ids": count_ids},
    )


def settle_line(
    conn: Connection, count_no: str, line_no: int, cause: str, *, difference: Decimal | None, note: str
) -> str:
    """A person's word on a line: why it differs, and of a disputed one by how much; what is wrong with it, or ""."""
    changed = conn.execute(
        sql(
            """UPDATE count_lines l SET cause = :cause, note = :note, difference = coalesce(CAST(:difference AS numeric), l.difference),
                      state = CASE WHEN l.state = 'disputed' AND CAST(:difference AS numeric) IS NOT NULL
                                   THEN CASE WHEN CAST(:difference AS numeric) = 0 THEN 'right' ELSE 'differs' END ELSE l.state END
               FROM counts c WHERE c.id = l.count_id AND c.count_no = :count_no AND l.line_no = :line_no
                 AND c.closed_at IS NULL AND l.state IN ('differs', 'disputed', 'right')
                 AND (l.state = 'disputed' OR CAST(:difference AS numeric) IS NULL)"""
        ),
        {"count_no": count_no, "line_no": line_no, "cause": cause, "note": note, "difference": difference},
    ).rowcount
    return (
        "" if changed else f"{count_no} line {line_no} is not there, is still to be counted, or two people agree on it"
    )


def post_count(conn: Connection, count_no: str, approved_by: str, as_of: datetime) -> int:
    """Post the differences of a count that `approved_by` has looked at, as moves from or to `count`; how many moves.

    Posted twice, it is posted once. Raises StockError, in one sentence, where lines are still open or disputed, a
    difference has no cause, or less would be left than is reserved: then nothing is posted.
    """
    count = conn.execute(
        sql("SELECT id, warehouse, state FROM counts WHERE count_no = :no FOR UPDATE"), {"no": count_no}
    ).first()
    if count is None:
        raise StockError(f"there is no count {count_no}; the table counts in the Prefect UI lists those that are open")
    if count.state == "posted":
        return 0
    if not approved_by.strip():
        raise StockError(f"{count_no} is posted by somebody: say who you are")
    if left := conn.execute(sql(_UNSETTLED), {"id": count.id}).scalar():
        raise StockError(f"{count_no} cannot be posted yet: {left}")
    if taken := conn.execute(sql(_KEPT_FOR_OTHERS), {"id": count.id}).scalar():
        raise StockError(f"{count_no} cannot be posted yet: {taken}")
    moves = read_frame(conn, _DIFFERENCES, {"id": count.id}, dtypes=_MOVE)
    posted = post_moves(
        conn, moves.assign(document_kind="count", document_ref=count_no), at=as_of, actor=approved_by.strip()
    )
    conn.execute(
        sql("UPDATE count_lines SET state = 'posted', difference = coalesce(difference, 0) WHERE count_id = :id"),
        {"id": count.id},
    )
    conn.execute(
        sql(
            """UPDATE counts SET state = 'posted', approved_by = :who, approved_at = :at, closed_at = :at WHERE id = :id"""
        ),
        {"id": count.id, "who": approved_by.strip(), "at": utc(as_of)},
    )
    return posted


_UNSETTLED = """
SELECT string_agg('line ' || line_no || ' is ' || CASE WHEN state IN ('right', 'differs') THEN 'without a cause' ELSE state END, ', ' ORDER BY line_no)
FROM count_lines WHERE count_id = :id AND (state NOT IN ('right', 'differs', 'posted') OR (state = 'differs' AND cause = ''))"""
_KEPT_FOR_OTHERS = """
WITH gone AS (SELECT l.item_id, p.warehouse, sum(l.difference) AS quantity FROM count_lines l JOIN locations p ON p.id = l.location_id
              WHERE l.count_id = :id AND l.state = 'differs' GROUP BY 1, 2)
SELECT i.item_no || ' in ' || s.warehouse || ' would have ' || trim_scale(s.on_hand + g.quantity) || ' left and ' || trim_scale(s.reserved)
       || ' are reserved for ' || (SELECT string_agg(o.order_no, ', ' ORDER BY o.id) FROM orders o WHERE EXISTS (SELECT FROM reservations r
          WHERE r.order_id = o.id AND (r.item_id, r.warehouse) = (s.item_id, s.warehouse) AND r.supply_id IS NULL AND r.state IN ('soft', 'hard', 'picked')))
       || '; change or call off one of them first, then approve again'
FROM gone g JOIN stock_levels s USING (item_id, warehouse) JOIN items i ON i.id = g.item_id WHERE s.on_hand + g.quantity < s.reserved LIMIT 1"""
_MOVE = {"key": "str", "item_id": "int64", "lot": "str", "quantity_e3": "int64", "from_kind": "str", "from_code": "str",
         "to_kind": "str", "to_code": "str", "reason": "str"}  # fmt: skip
_DIFFERENCES = """
SELECT 'count:' || l.count_id || ':' || l.line_no, l.item_id, l.lot, (abs(l.difference) * 1000)::bigint,
       CASE WHEN l.difference > 0 THEN 'count' ELSE 'warehouse' END, CASE WHEN l.difference > 0 THEN '' ELSE p.code END,
       CASE WHEN l.difference > 0 THEN 'warehouse' ELSE 'count' END, CASE WHEN l.difference > 0 THEN p.code ELSE '' END, l.cause
FROM count_lines l JOIN locations p ON p.id = l.location_id
WHERE l.count_id = %(id)s AND l.state = 'differs' AND l.difference <> 0"""


def counted_warehouses(conn: Connection) -> list[str]:
    """The active warehouses in which something lies or lay."""
    query = """SELECT code FROM warehouses w WHERE is_active AND EXISTS (SELECT FROM locations l JOIN bin_levels b ON b.location_id = l.id
               WHERE l.warehouse = w.code) ORDER BY code"""
    return [str(code) for code in conn.execute(sql(query)).scalars()]


def open_count_ids(conn: Connection) -> list[int]:
    """Counts that are not closed, locked, in key order."""
    return [
        int(i)
        for i in conn.execute(sql("SELECT id FROM counts WHERE closed_at IS NULL ORDER BY id FOR UPDATE")).scalars()
    ]


def count_head(conn: Connection, count_no: str) -> dict[str, Any]:
    """A count as a whole: warehouse, warehouse_name, method, planned_for, counted_by (all who counted first)."""
    query = """SELECT c.warehouse, w.name AS warehouse_name, c.method, c.planned_for,
                      coalesce((SELECT string_agg(DISTINCT first_by, ', ') FROM count_lines l WHERE l.count_id = c.id AND l.state = 'recount'), '') AS counted_by
               FROM counts c JOIN warehouses w ON w.code = c.warehouse WHERE c.count_no = :no"""
    return dict(conn.execute(sql(query), {"no": count_no}).mappings().one())


def open_counts(conn: Connection) -> list[dict[str, Any]]:
    """Counts that wait for somebody: number, warehouse, method, day, state, lines, and of these open, recount, differing, disputed."""
    query = """SELECT count_no, warehouse, method, planned_for, c.state, count(*) AS lines, count(*) FILTER (WHERE l.state = 'open') AS open,
                      count(*) FILTER (WHERE l.state = 'recount') AS recount, count(*) FILTER (WHERE l.state = 'differs') AS differs,
                      count(*) FILTER (WHERE l.state = 'disputed') AS disputed
               FROM counts c JOIN count_lines l ON l.count_id = c.id WHERE closed_at IS NULL GROUP BY c.id ORDER BY c.id"""
    return [dict(row) for row in conn.execute(sql(query)).mappings()]


def sheet_lines(conn: Connection, count_no: str) -> list[dict[str, Any]]:
    """What stands on a count's sheet, line by line, and nothing of what is expected."""
    query = """SELECT l.line_no, p.bin, i.item_no, i.name, i.name_zh, i.barcode, i.unit, l.lot, l.state
               FROM count_lines l JOIN counts c ON c.id = l.count_id JOIN items i ON i.id = l.item_id JOIN locations p ON p.id = l.location_id
               WHERE c.count_no = :no ORDER BY l.line_no"""
    return [dict(row) for row in conn.execute(sql(query), {"no": count_no}).mappings()]


def counted_lines(conn: Connection, since: date) -> pd.DataFrame:
    """Lines of counts posted since that day, for `domain.counting.accuracy`."""
    return read_frame(
        conn,
        """SELECT c.warehouse, coalesce(nullif(i.abc_class, ''), 'C'), (l.difference * 1000)::bigint,
                  (coalesce(l.second_expected, l.first_expected) * 1000)::bigint,
                  (SELECT min(p.unit_price) FROM supplier_prices p WHERE p.item_id = l.item_id),
                  CASE WHEN l.difference = 0 THEN 'right' ELSE 'differs' END
           FROM count_lines l JOIN counts c ON c.id = l.count_id JOIN items i ON i.id = l.item_id
           WHERE c.state = 'posted' AND c.closed_at >= %(since)s""",
        {"since": since},
        dtypes={"warehouse": "str", "abc_class": "str", "difference_e3": "int64", "first_expected_e3": "Int64",
                "unit_cost": "float64", "verdict": "str"},
    )  # fmt: skip
