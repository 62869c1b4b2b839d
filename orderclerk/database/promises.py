"""Promises kept in the book: made from what is reserved, replaced when that changes, withdrawn when it is given back."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame, stage_frame, utc
from orderclerk.domain.dispatch import Dispatch
from orderclerk.domain.promising import date_pegs, promise_lines

_PEGS = """SELECT r.order_id, r.line_no, r.warehouse, r.supply_id, s.expected_date, (r.quantity * 1000)::bigint AS quantity_e3,
                  o.country, coalesce(c.ship_rule, '') = 'split' OR EXISTS (SELECT FROM questions q WHERE q.order_id = o.id AND q.field = 'wait'
                      AND q.state = 'answered' AND q.about->>'chosen' = 'split') AS may_split
           FROM reservations r JOIN orders o ON o.id = r.order_id LEFT JOIN customers c ON c.id = o.customer_id
           LEFT JOIN supplies s ON s.id = r.supply_id
           WHERE r.state IN ('soft', 'hard', 'picked') AND r.order_id = ANY(%(ids)s)"""
_SORTED = " ORDER BY order_id, line_no, warehouse, supply_id NULLS FIRST"
# of these what waits for a supply: lines that are promised by one, and what goes with them
_WAITING = f"""SELECT * FROM ({_PEGS}) p WHERE EXISTS (SELECT FROM promises c WHERE (c.order_id, c.line_no, c.state) = (p.order_id, p.line_no, 'current'))
    AND EXISTS (SELECT FROM reservations x WHERE x.order_id = p.order_id AND x.supply_id IS NOT NULL AND x.state IN ('soft', 'hard')
        AND (x.line_no = p.line_no OR NOT p.may_split))"""


def read_dispatches(conn: Connection, usual: Dispatch, *, everywhere: bool = False) -> dict[str, Dispatch]:
    """How each active warehouse works (`everywhere`: each at all): `usual` with what is on file about it."""
    transit: dict[str, dict[str, int]] = {}
    for warehouse, country, days in conn.execute(sql("SELECT warehouse, country, days FROM transit")):
        transit.setdefault(warehouse, {})[country] = days
    found = {}
    rows = conn.execute(
        sql("SELECT code, timezone, cut_off, handling_days FROM warehouses WHERE is_active OR :all ORDER BY code"),
        {"all": everywhere},
    )
    for code, zone, cut_off, handling in rows:
        days = transit.get(code, {})
        found[code] = replace(
            usual,
            work=replace(usual.work, timezone=zone or usual.work.timezone),
            cut_off=time.fromisoformat(cut_off),
            handling_days=handling,
            transit=days,
            transit_days=days.get("", usual.transit_days),
        )
    return found


def make_promises(
    conn: Connection,
    order_ids: Collection[int],
    dispatches: Mapping[str, Dispatch],
    as_of: datetime,
    *,
    only_waiting: bool = False,
    later: str = "slipped",
) -> pd.DataFrame:
    """Promise the lines of these orders by what is reserved for them; what is promised as before stays.

    `only_waiting`: of promises that stand those alone that a supply decides. A promise that becomes later ends as
    `later`: `replaced` where the customer is told anyway. Gives those: order_id, line_no, was, now (dates as text).
    """
    columns = {"order_id": "int64", "line_no": "int64", "warehouse": "str", "supply_id": "Int64", "expected_date": "str",
               "quantity_e3": "int64", "country": "str", "may_split": "bool"}  # fmt: skip
    pegs = read_frame(
        conn, (_WAITING if only_waiting else _PEGS) + _SORTED, {"ids": [int(one) for one in order_ids]}, dtypes=columns
    )
    pegs["expected_date"] = pd.to_datetime(pegs["expected_date"].replace("", None))
    orders = pegs[["order_id", "country", "may_split"]].drop_duplicates("order_id")
    dated = date_pegs(pegs.drop(columns=["country", "may_split"]), orders, dispatches, as_of)
    lines = promise_lines(dated)
    stage_frame(conn, "promising", _STAGED, lines.assign(why=_reasons(lines, dated)))
    slipped = _replace(conn, order_ids, as_of, later, only_waiting=only_waiting)
    conn.execute(sql("DROP TABLE promising"))
    return slipped


_STAGED = "order_id bigint, line_no int, ship_date date, promised_date date, why jsonb"


def lose_promises(conn: Connection, lines: Collection[tuple[int, int]], at: datetime) -> int:
    """End the promises of these lines (order id, number), which have slipped: what they stood on is lost; how many."""
    orders, numbers = [int(one) for one, _ in lines], [int(one) for _, one in lines]
    return conn.execute(
        sql(
            """UPDATE promises p SET state = 'slipped', ended_at = :at FROM unnest(CAST(:orders AS bigint[]), CAST(:numbers AS int[])) AS n(order_id, line_no)
               WHERE (p.order_id, p.line_no, p.state) = (n.order_id, n.line_no, 'current')"""
        ),
        {"orders": orders, "numbers": numbers, "at": utc(at)},
    ).rowcount


def end_promises(conn: Connection, order_ids: Collection[int], state: str, at: datetime) -> int:
    """End the promises of these orders' lines for which nothing is kept any more; how many.

    `kept`: the goods have left; `withdrawn`: given back.
    """
    return conn.execute(
        sql(
            """UPDATE promises p SET state = :state, ended_at = :at WHERE p.order_id = ANY(:ids) AND p.state = 'current'
               AND NOT EXISTS (SELECT FROM reservations r WHERE (r.order_id, r.line_no) = (p.order_id, p.line_no)
                   AND r.state IN ('soft', 'hard', 'picked'))"""
        ),
        {"ids": sorted({int(one) for one in order_ids}), "state": state, "at": utc(at)},
    ).rowcount


def _replace(
    conn: Connection, order_ids: Collection[int], as_of: datetime, later: str, *, only_waiting: bool
) -> pd.DataFrame:
    """End the promises that are no longer so and write the new ones; those that became later."""
    given = {"ids": sorted(int(one) for one in order_ids), "at": utc(as_of)}
    join = "JOIN" if only_waiting else "LEFT JOIN"
    ended = conn.execute(
        sql(
            f"""UPDATE promises p SET ended_at = :at, state = CASE WHEN n.order_id IS NULL THEN 'withdrawn'
                      WHEN n.promised_date > p.promised_date THEN :later ELSE 'replaced' END
               FROM promises q JOIN orders o ON o.id = q.order_id
               {join} promising n ON (n.order_id, n.line_no) = (q.order_id, q.line_no)
               LEFT JOIN order_lines l ON (l.order_id, l.line_no) = (n.order_id, n.line_no)
               WHERE p.id = q.id AND q.state = 'current' AND q.order_id = ANY(:ids)
                 AND (q.quantity, q.ship_date, q.promised_date, q.revision, coalesce(q.valid_until, 'infinity'))
                     IS DISTINCT FROM (l.quantity, n.ship_date, n.promised_date, o.revision, coalesce(o.answer_by, 'infinity'))
               RETURNING p.order_id, p.line_no, p.state, p.promised_date::text AS was, n.promised_date::text AS now"""
        ),
        given | {"later": later},
    ).all()
    conn.execute(
        sql(
            """INSERT INTO promises (order_id, line_no, revision, quantity, ship_date, promised_date, made_at, valid_until, why)
               SELECT n.order_id, n.line_no, o.revision, l.quantity, n.ship_date, n.promised_date, :at, o.answer_by, n.why
               FROM promising n JOIN orders o ON o.id = n.order_id
               JOIN order_lines l ON (l.order_id, l.line_no) = (n.order_id, n.line_no)
               ORDER BY n.order_id, n.line_no
               ON CONFLICT (order_id, line_no) WHERE state = 'current' DO UPDATE SET why = excluded.why
                 WHERE promises.why <> excluded.why"""
        ),
        given,
    )
    slipped = [(row.order_id, row.line_no, row.was, row.now) for row in ended if row.now and row.now > row.was]
    return pd.DataFrame(slipped, columns=["order_id", "line_no", "was", "now"])


def _reasons(lines: pd.DataFrame, dated: pd.DataFrame) -> list[str]:
    """What each line's promise stands on, as the book keeps it (JSON)."""
    warehouses = dated["warehouse"].map({code: json.dumps(code) for code in dated["warehouse"].unique()})
    ships, arrives = (dated[name].dt.strftime("%Y-%m-%d") for name in ("ship_date", "arrive_date"))
    supplies = [f', "supply": {one}' if one else "" for one in dated["supply_id"].fillna(0)]
    found: dict[tuple[int, int], list[str]] = {}
    columns = (dated["order_id"], dated["line_no"], warehouses, dated["quantity_e3"], ships, arrives, supplies)
    for order_id, line_no, warehouse, quantity, ship, arrive, supply in zip(*columns, strict=True):
        amount = f"{quantity / 1000:f}".rstrip("0").rstrip(".")
        piece = f'{{"warehouse": {warehouse}, "quantity": "{amount}", "ship_date": "{ship}", "arrive_date": "{arrive}"{supply}}}'
        found.setdefault((order_id, line_no), []).append(piece)
    keys = zip(lines["order_id"], lines["line_no"], strict=True)
    return [f'{{"pieces": [{", ".join(found[key])}]}}' for key in keys]
