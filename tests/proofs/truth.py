"""The book beside what the sandbox knows each order really was."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

_BOOK = """
    SELECT o.source, o.order_ref, o.order_no, o.kind, o.commercial_state AS state, coalesce(c.customer_no, '') AS customer,
           (SELECT coalesce(jsonb_agg(DISTINCT rule), '[]') FROM holds h WHERE h.order_id = o.id AND h.state = 'open') AS rules,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(coalesce(i.item_no, l.item_ref), l.quantity, l.unit_price) ORDER BY l.line_no), '[]')
            FROM order_lines l LEFT JOIN items i ON i.id = l.item_id WHERE l.order_id = o.id AND NOT l.is_charge) AS lines
    FROM orders o LEFT JOIN customers c ON c.id = o.customer_id"""


def compare(engine: Engine, truth: Path) -> tuple[Counter[tuple[str, str]], list[str]]:
    """How often each (expected, found) outcome occurred, and a sentence for every order that is not as it was."""
    with engine.connect() as conn:
        book = {(row.source, row.order_ref): row for row in conn.execute(sql(_BOOK))}
        quarantined = conn.execute(sql("SELECT count(*) FROM quarantine")).scalar_one()
    known = json.loads(truth.read_text(encoding="utf-8"))
    outcomes: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for order in known["orders"]:
        row = book.pop((order["source"], order["order_ref"]), None)
        found = _found(row)
        outcomes[(order["expect"], found)] += 1
        wrong += [
            f"{order['truth_id']} {order['channel']}/{order.get('case')} {order['source']} {order['order_ref']}: {why}"
            for why in _faults(order, row, found)
        ]
    wrong += [f"{source} {ref}: in the book, and nobody ordered it" for source, ref in book]
    if not quarantined and any(order["expect"] == "quarantined" for order in known["orders"]):
        wrong.append("nothing is quarantined, and something should be")
    return outcomes, wrong


def _found(row: Any) -> str:
    if row is None:
        return "absent"
    if row.rules and row.state in ("received", "offered", "confirmed"):
        return "held"
    return str(row.state)


def _faults(order: dict[str, Any], row: Any, found: str) -> list[str]:
    allowed = {order["expect"], *order.get("acceptable", ())}
    if order["expect"] == "quarantined":
        return [] if row is None else [f"expected in quarantine, is {found}"]
    if found not in allowed:
        return [f"expected {order['expect']} {order['rules']}, is {found} {row.rules if row else ''}"]
    faults = []
    if order["rules"] and found == "held" and not set(order["rules"]) & set(row.rules):
        faults.append(f"held for {row.rules}, expected {order['rules']}")
    if found in ("confirmed", "offered", "expired", "declined") and _sums(order["lines"]) != _book_sums(row.lines):
        faults.append(f"its lines are {row.lines}, ordered were {order['lines']}")
    return faults


def _sums(lines: list[dict[str, Any]]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for line in lines:
        total[line["item_no"]] += float(line["quantity"])
    return dict(total)


def _book_sums(lines: list[list[Any]]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for item, quantity, _ in lines:
        total[item] += float(quantity or 0)
    return dict(total)
