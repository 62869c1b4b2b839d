"""The figures of each local day, kept for comparison: one set-based statement a measure, the same again if repeated.

Orders count on the day they came; a hold counts on that of its order, so that a late release changes no past day.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderclerk.database.engine import read_frame

HISTORY_DAYS = 90
LEAST_ORDERS = 10  # of one source or customer a day, below which its shares are not kept
FIELDS = ("order_ref", "customer", "contact", "currency", "street", "city", "postal_code", "country", "requested_date",
          "customer_po", "order_date", "payment_method")  # fmt: skip
LINE_FIELDS = ("item_ref", "quantity", "unit_price", "unit", "description", "barcode")

_FIELD = {"order_ref": "has_own_ref", "customer": "customer_id IS NOT NULL", "contact": "stated_customer ? 'email'",
          "requested_date": "requested_date IS NOT NULL", "order_date": "order_date IS NOT NULL"}  # fmt: skip
_LINE_FIELD = {"quantity": "l.quantity IS NOT NULL", "unit_price": "l.unit_price IS NOT NULL"}


def _filled(name: str, special: dict[str, str], prefix: str = "") -> str:
    return f"avg(({special.get(name) or f'{prefix}{name} <> {chr(39) * 2}'})::int::float) AS {name}"


# arrivals of the days asked for; every measure starts from them
_ARRIVED = """arrived AS MATERIALIZED (SELECT o.*, (o.received_at AT TIME ZONE :zone)::date AS day, 'channel:' || o.channel AS of_channel,
        CASE WHEN o.source LIKE 'mail:%' THEN '@' || split_part(o.source, '@', 2) ELSE o.source END AS sender
    FROM orders o WHERE o.received_at >= :since AND o.received_at < :until AND (o.received_at AT TIME ZONE :zone)::date = ANY(:days))"""
# an order seen by its channel, and by its source where that sends enough to have shares of its own
_SEEN = f"""{_ARRIVED}, seen AS (SELECT a.*, of_channel AS scope FROM arrived a UNION ALL SELECT a.*, 'source:' || sender FROM arrived a
    JOIN (SELECT day, sender FROM arrived GROUP BY 1, 2 HAVING count(*) >= {LEAST_ORDERS}) often USING (day, sender))"""

_MEASURES = (
    f"WITH {_ARRIVED} SELECT day, of_channel, 'orders', '', count(*), count(*) FROM arrived GROUP BY 1, 2",
    f"""WITH {_ARRIVED} SELECT day, of_channel, 'lines', '', count(*), count(*) FROM arrived a JOIN order_lines l ON l.order_id = a.id
        GROUP BY 1, 2""",
    """SELECT day, 'channel:' || channel, measure, '', value, cases FROM (SELECT (received_at AT TIME ZONE :zone)::date AS day, channel,
           count(*) AS cases, avg((EXISTS (SELECT FROM quarantine q WHERE q.envelope_id = e.id AND q.opened_at < :seen_until))::int::float) AS share
         FROM envelopes e WHERE received_at >= :since AND received_at < :until AND (received_at AT TIME ZONE :zone)::date = ANY(:days)
         GROUP BY 1, 2) d CROSS JOIN LATERAL (VALUES ('documents', cases::float), ('quarantined', share)) m(measure, value)""",
    f"""WITH {_SEEN} SELECT day, scope, 'filled', f.field, f.share, f.cases FROM (SELECT day, scope, count(*) AS cases,
            {", ".join(_filled(name, _FIELD) for name in FIELDS)} FROM seen WHERE kind = 'order' GROUP BY 1, 2) s
        CROSS JOIN LATERAL (VALUES {", ".join(f"('{name}', {name}, cases)" for name in FIELDS)}) f(field, share, cases)""",
    f"""WITH {_SEEN} SELECT day, scope, 'filled', 'line ' || f.field, f.share, f.cases FROM (SELECT day, scope, count(*) AS cases,
            {", ".join(_filled(name, _LINE_FIELD, "l.") for name in LINE_FIELDS)} FROM seen s
            JOIN order_lines l ON l.order_id = s.id WHERE s.kind = 'order' AND NOT l.is_charge GROUP BY 1, 2) s
        CROSS JOIN LATERAL (VALUES {", ".join(f"('{name}', {name}, cases)" for name in LINE_FIELDS)}) f(field, share, cases)""",
    f"""WITH {_ARRIVED}, held AS (SELECT DISTINCT a.id, a.day, of_channel, h.rule FROM arrived a JOIN holds h ON h.order_id = a.id
            WHERE h.opened_at < :seen_until), of_day AS (SELECT day, of_channel, count(*) AS cases FROM arrived GROUP BY 1, 2)
        SELECT d.day, d.of_channel, 'held', '', count(DISTINCT h.id) / d.cases::float, d.cases FROM of_day d
            LEFT JOIN held h USING (day, of_channel) GROUP BY 1, 2, d.cases
        UNION ALL SELECT d.day, d.of_channel, 'held', h.rule, count(*) / d.cases::float, d.cases FROM of_day d
            JOIN held h USING (day, of_channel) GROUP BY d.day, d.of_channel, h.rule, d.cases""",
    """SELECT day, 'channel:' || channel, 'letters', kind, count(*) / (sum(count(*)) OVER (PARTITION BY day, channel))::float,
           (sum(count(*)) OVER (PARTITION BY day, channel))::int
       FROM (SELECT (e.received_at AT TIME ZONE :zone)::date AS day, e.channel, t.kind FROM letters t JOIN envelopes e ON e.id = t.envelope_id
             WHERE e.received_at >= :since AND e.received_at < :until) d WHERE day = ANY(:days) GROUP BY 1, 2, kind, day, channel""",
    f"""WITH {_ARRIVED} SELECT day, of_channel, 'confidence', '', avg(least(a.confidence, l.confidence)), count(*)
        FROM arrived a JOIN order_lines l ON l.order_id = a.id WHERE NOT l.is_charge GROUP BY 1, 2""",
    f"""WITH {_ARRIVED}, priced AS (SELECT DISTINCT ON (l.order_id, l.line_no) a.day, a.of_channel, c.customer_no, l.unit_price::float / p.unit_price::float AS ratio
            FROM arrived a JOIN customers c ON c.id = a.customer_id
            JOIN order_lines l ON l.order_id = a.id AND NOT l.is_charge AND l.unit_price > 0
            JOIN prices p ON (p.item_id, p.price_list, p.currency) = (l.item_id, c.price_list, a.currency) AND p.min_quantity <= l.quantity
                AND p.valid_from <= coalesce(a.order_date, a.day) AND (p.valid_to IS NULL OR p.valid_to > coalesce(a.order_date, a.day))
                AND p.unit_price > 0
            WHERE a.kind = 'order' ORDER BY l.order_id, l.line_no, p.min_quantity DESC)
        SELECT day, coalesce(of_channel, 'customer:' || customer_no), 'price level', '',
               percentile_cont(0.5) WITHIN GROUP (ORDER BY ratio), count(*) FROM priced
        GROUP BY GROUPING SETS ((day, of_channel), (day, customer_no)) HAVING of_channel IS NOT NULL OR count(*) >= {LEAST_ORDERS}""",
)  # fmt: skip


def fill_days(conn: Connection, days: Iterable[date], zone: str, seen_until: datetime) -> int:
    """Take the figures of local `days` anew; how many there are. `seen_until`: holds and quarantine opened before."""
    listed = sorted(days)
    if not listed:
        return 0
    given = {
        "days": listed, "zone": zone, "seen_until": seen_until, "since": listed[0] - timedelta(days=1),
        "until": listed[-1] + timedelta(days=2),
    }  # fmt: skip
    conn.execute(sql("DELETE FROM quality_days WHERE day = ANY(:days)"), {"days": listed})
    conn.execute(  # a day that was looked at has a figure, be it that nothing came
        sql("INSERT INTO quality_days SELECT unnest(CAST(:days AS date[])), 'desk', 'looked at', '', 1, 1"),
        {"days": listed},
    )
    return sum(conn.execute(sql(f"INSERT INTO quality_days {query}"), given).rowcount for query in _MEASURES)


def missing_days(conn: Connection, last: date, zone: str) -> list[date]:
    """The days before and up to `last` that have no figures yet, from the book's first arrival, 90 at most."""
    query = sql(
        """SELECT g::date FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') g
           WHERE g::date >= (SELECT min((received_at AT TIME ZONE :zone)::date) FROM envelopes)
             AND NOT EXISTS (SELECT FROM quality_days q WHERE q.day = g::date) ORDER BY 1"""
    )
    first = last - timedelta(days=HISTORY_DAYS - 1)
    return list(conn.execute(query, {"first": first, "last": last, "zone": zone}).scalars())


def quality_figures(conn: Connection, last: date) -> pd.DataFrame:
    """The figures of `last` and the 90 days before it: day (datetime64), scope, measure, subject, value, cases."""
    frame = read_frame(
        conn,
        "SELECT day, scope, measure, subject, value, cases FROM quality_days WHERE day > %(first)s AND day <= %(last)s",
        {"first": last - timedelta(days=HISTORY_DAYS), "last": last},
        dtypes={"day": "str", "scope": "str", "measure": "str", "subject": "str", "value": "float64", "cases": "int64"},
    )
    return frame.assign(day=pd.to_datetime(frame["day"]).astype("datetime64[s]"))
