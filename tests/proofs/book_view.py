"""What the proofs look at in a book: digests of tables, and what became of every line."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy import text as sql

_TABLES = (
    "orders",
    "order_lines",
    "order_revisions",
    "holds",
    "events",
    "outbox",
    "quarantine",
    "stock_levels",
    "stock_moves",
    "bin_levels",
    "reservations",
    "answers",
)
# a quantity that the desk does not take over stands, as it was written, in the reader's objection
_QUANTITY = """coalesce(l.quantity, (SELECT (p->>'value')::numeric FROM jsonb_array_elements(l.problems) p
    WHERE p->>'field' = 'quantity' AND p->>'value' ~ '^-?[0-9.]+$' LIMIT 1))"""


def digest(engine: Engine) -> dict[str, str]:
    """A hash of each table's rows, and of the envelopes' ids and states: equal if nothing changed."""
    with engine.connect() as conn:
        found = {
            table: str(conn.execute(sql(f"SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t")).scalar_one())
            for table in _TABLES
        }  # fmt: skip
        envelopes = (
            "SELECT count(*) || ':' || coalesce(sum(hashtextextended(id || sha256 || state, 0)), 0) FROM envelopes"
        )
        return found | {"envelopes": str(conn.execute(sql(envelopes)).scalar_one())}


def line_outcomes(engine: Engine) -> list[tuple[str, int, Decimal, Decimal]]:
    """(outcome, lines, quantity, value) of all lines in the book; those of returns count negative.

    A line of a held order is counted under the rule of its own hold, else under the order's first.
    """
    query = f"""
        WITH lines AS (SELECT l.line_no, l.unit_price, {_QUANTITY} AS quantity, o.kind, o.commercial_state, CASE o.kind WHEN 'return' THEN -1 ELSE 1 END AS sign,
            (SELECT h.rule FROM holds h WHERE h.order_id = o.id AND h.state = 'open'
             ORDER BY h.line_no <> l.line_no, h.line_no, h.rule LIMIT 1) AS rule
          FROM order_lines l JOIN orders o ON o.id = l.order_id)
        SELECT CASE WHEN commercial_state IN ('offered', 'confirmed') THEN kind || ' accepted'
                    ELSE kind || ' held ' || coalesce(rule, 'WITHOUT A RULE') END AS outcome,
               count(*), coalesce(sum(sign * quantity), 0), coalesce(sum(sign * quantity * unit_price), 0) FROM lines GROUP BY 1 ORDER BY 1"""
    with engine.connect() as conn:
        return [(str(a), int(b), Decimal(c), Decimal(d)) for a, b, c, d in conn.execute(sql(query)).tuples()]


def quarantined_rows(engine: Engine) -> Counter[str]:
    """Open quarantine rows by rule."""
    with engine.connect() as conn:
        query = "SELECT rule, count(*) FROM quarantine WHERE state = 'open' GROUP BY 1"
        return Counter({str(rule): int(count) for rule, count in conn.execute(sql(query)).tuples()})


def differing_orders(engine: Engine, expected: Mapping[str, tuple[int, Decimal, Decimal]]) -> list[tuple[str, str]]:
    """Orders whose number of lines, quantity or value is not what `expected` says, by their reference."""
    query = f"""SELECT o.order_ref, count(l.line_no), coalesce(sum(CASE o.kind WHEN 'return' THEN -1 ELSE 1 END * {_QUANTITY}), 0),
                      coalesce(sum(CASE o.kind WHEN 'return' THEN -1 ELSE 1 END * {_QUANTITY} * unit_price), 0)
               FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id GROUP BY o.id"""
    with engine.connect() as conn:
        found = {str(ref): (int(n), Decimal(q), Decimal(v)) for ref, n, q, v in conn.execute(sql(query)).tuples()}
    return [
        (ref, f"the book has {found.get(ref)}, the files {expected.get(ref)}")
        for ref in sorted(set(found) | set(expected))
        if found.get(ref) != expected.get(ref)
    ]
