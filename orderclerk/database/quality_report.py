"""What the quality report says beyond the figures of the day: holds, sources, release times, quarantine, mail by kind."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.repairs import SENDER

MOST_ROWS = 5000  # of a spreadsheet that is mailed
WORST = 5

_OF_DAY = "(received_at AT TIME ZONE :zone)::date = :day AND received_at > CAST(:day AS date) - 2 AND received_at < CAST(:day AS date) + 2"
# a reference, never a person's address: the customer's number, a drop folder, a shop, the domain mail came from
_SOURCE = """coalesce(c.customer_no, CASE WHEN o.source LIKE 'mail:%' THEN '@' || split_part(o.source, '@', 2) ELSE o.source END)"""

_QUERIES = {
    "held": """SELECT rule, min(owner) AS owner, count(*) AS open, count(*) FILTER (WHERE (opened_at AT TIME ZONE :zone)::date = :day) AS new,
                      count(*) FILTER (WHERE due_at < :as_of) AS overdue
               FROM holds WHERE opened_at < :as_of AND (closed_at IS NULL OR closed_at >= :as_of) GROUP BY 1 ORDER BY 3 DESC, 1""",
    "sources": f"""WITH orders_in AS (SELECT {_SOURCE} AS source, o.order_no AS ref, array_agg(DISTINCT h.rule) FILTER (WHERE h.rule <> '') AS rules
                     FROM orders o LEFT JOIN customers c ON c.id = o.customer_id LEFT JOIN holds h ON h.order_id = o.id AND h.opened_at < :as_of
                     WHERE {_OF_DAY.replace("received_at", "o.received_at")} GROUP BY 1, 2),
                   lost AS (SELECT {SENDER} AS source, 'quarantine ' || min(q.id) AS ref, array_agg(DISTINCT q.rule) AS rules
                     FROM envelopes e JOIN quarantine q ON q.envelope_id = e.id AND q.state = 'open' AND q.opened_at < :as_of
                     WHERE {_OF_DAY} GROUP BY e.id, 1),
                   every AS (SELECT * FROM orders_in UNION ALL SELECT * FROM lost)
                 SELECT source, count(*) AS arrived, count(rules) AS stopped,
                        (SELECT array_agg(rule ORDER BY often DESC, rule) FROM (SELECT rule, count(*) AS often FROM every f, unnest(f.rules) rule
                            WHERE f.source = every.source GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3) top) AS rules,
                        (array_agg(ref ORDER BY ref) FILTER (WHERE rules IS NOT NULL))[1:3] AS examples
                 FROM every GROUP BY 1 HAVING count(rules) > 0 ORDER BY 3 DESC, 2, 1 LIMIT {WORST}""",
    "release": """SELECT count(*) FILTER (WHERE is_closed) AS closed,
                         percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) FILTER (WHERE is_closed) AS median_hours,
                         percentile_cont(0.9) WITHIN GROUP (ORDER BY hours) FILTER (WHERE is_closed) AS p90_hours,
                         count(*) FILTER (WHERE is_open) AS open, count(*) FILTER (WHERE is_open AND due_at < :as_of) AS overdue,
                         extract(epoch FROM :as_of - min(opened_at) FILTER (WHERE is_open)) / 3600 AS oldest_hours,
                         coalesce((array_agg(order_no ORDER BY opened_at, h.id) FILTER (WHERE is_open))[1], '') AS oldest_order
                  FROM (SELECT h.*, o.order_no, extract(epoch FROM closed_at - opened_at) / 3600 AS hours,
                               coalesce(closed_at < :as_of, false) AND (closed_at AT TIME ZONE :zone)::date = :day AS is_closed,
                               closed_at IS NULL OR closed_at >= :as_of AS is_open
                        FROM holds h JOIN orders o ON o.id = h.order_id WHERE opened_at < :as_of) h""",
    "quarantine": f"""SELECT q.rule, {SENDER} AS sender, count(*) AS count, (array_agg(q.id ORDER BY q.id))[1:5] AS numbers
                      FROM quarantine q JOIN envelopes e ON e.id = q.envelope_id WHERE q.state = 'open' AND q.opened_at < :as_of
                      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
    "letters": f"""SELECT t.kind, count(*) AS count FROM letters t JOIN envelopes e ON e.id = t.envelope_id
                   WHERE {_OF_DAY.replace("received_at", "e.received_at")} GROUP BY 1 ORDER BY 2 DESC, 1""",
    "held_rows": f"""SELECT o.order_no, o.channel, {_SOURCE} AS source, h.line_no AS line, h.rule, h.reason, h.owner, h.state, h.opened_at, h.due_at
                     FROM holds h JOIN orders o ON o.id = h.order_id LEFT JOIN customers c ON c.id = o.customer_id
                     WHERE h.opened_at < :as_of AND (h.state = 'open' OR (h.opened_at AT TIME ZONE :zone)::date = :day)
                     ORDER BY h.due_at, h.id LIMIT {MOST_ROWS}""",
    "quarantine_rows": f"""SELECT q.id AS number, e.channel, {SENDER} AS sender, coalesce(nullif(e.filename, ''), e.media_type) AS document,
                                  q.ref AS place, q.rule, q.reason, q.opened_at
                           FROM quarantine q JOIN envelopes e ON e.id = q.envelope_id
                           WHERE q.opened_at < :as_of AND q.state = 'open' ORDER BY q.id LIMIT {MOST_ROWS}""",
    "rows_in_all": """SELECT (SELECT count(*) FROM holds h WHERE h.opened_at < :as_of AND (h.state = 'open'
                              OR (h.opened_at AT TIME ZONE :zone)::date = :day))
                           + (SELECT count(*) FROM quarantine q WHERE q.opened_at < :as_of AND q.state = 'open') AS count""",
}  # fmt: skip


def report_rows(conn: Connection, day: date, zone: str, as_of: datetime) -> dict[str, Sequence[dict[str, Any]]]:
    """The rows of every part of the report, by its name in `QualityFacts`."""
    given = {"day": day, "zone": zone, "as_of": as_of}
    return {name: [dict(row) for row in conn.execute(sql(query), given).mappings()] for name, query in _QUERIES.items()}


def keep_findings(conn: Connection, at: datetime, found: Sequence[dict[str, Any]]) -> int:
    """Put findings on record (rule, severity, subject, message, evidence, text_key); how many are new."""
    if not found:
        return 0
    return conn.execute(
        sql(
            """INSERT INTO findings (at, rule, severity, subject, message, evidence, text_key)
               SELECT :at, rule, severity, subject, message, evidence, text_key
               FROM jsonb_to_recordset(CAST(:found AS jsonb)) AS f(rule text, severity text, subject text, message text,
                   evidence jsonb, text_key text) ON CONFLICT (text_key) DO NOTHING"""
        ),
        {"at": at, "found": Jsonb(list(found))},
    ).rowcount
