"""The book and the customers' mailboxes beside what the sandbox knows to be true."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book

Key = tuple[str, str]
_ORDERS = """
    SELECT o.source, o.order_ref, CASE WHEN commercial_state NOT IN ('received', 'offered') THEN commercial_state
               WHEN EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.state = 'open') THEN 'held' ELSE commercial_state END,
           (SELECT array_agg(DISTINCT rule) FROM holds h WHERE h.order_id = o.id AND h.state = 'open'),
           coalesce((SELECT jsonb_object_agg(item_no, quantity::text) FROM (SELECT i.item_no, coalesce(sum(l.quantity), 0) AS quantity
               FROM order_lines l JOIN items i ON i.id = l.item_id WHERE l.order_id = o.id AND NOT l.is_charge GROUP BY 1) q), '{}')
    FROM orders o"""
_ACCEPTED = ("offered", "confirmed", "declined", "expired")


def book_orders(engine: Engine) -> dict[Key, tuple[str, set[str], dict[str, Decimal]]]:
    """(source, their reference) -> what became of it, the rules that hold it, quantity by item."""
    with engine.connect() as conn:
        return {
            (source, ref): (state, set(rules or ()), {item: Decimal(quantity) for item, quantity in lines.items()})
            for source, ref, state, rules, lines in conn.execute(sql(_ORDERS)).tuples()
        }


def order_faults(engine: Engine, truth: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What is missing, extra or wrong in quantity; and, apart from it, outcomes that are not the expected ones."""
    book = book_orders(engine)
    true = {(order["source"], order["order_ref"]): order for order in truth["orders"]}
    wanted = {key for key, order in true.items() if order["expect"] != "quarantined"}
    wrong = [f"missing: {_shown(true[key])}" for key in sorted(wanted - book.keys())]
    wrong += [f"extra: {source} {ref}" for source, ref in sorted(book.keys() - true.keys())]
    strange = []
    for key in sorted(book.keys() & true.keys()):
        state, rules, lines = book[key]
        order = true[key]
        if state in _ACCEPTED and order["expect"] != "cancelled" and lines != _quantities(order):
            wrong.append(
                f"quantities: {_shown(order)}: the book has {_plain(lines)}, true is {_plain(_quantities(order))}"
            )
        if state not in (order["expect"], *order["acceptable"]):
            strange.append(f"{_shown(order)} is {state} {sorted(rules)}, expected {order['expect']} {order['rules']}")
        elif state == "held" and order["expect"] == "held" and not set(order["rules"]) <= rules:
            strange.append(f"{_shown(order)} is held for {sorted(rules)}, expected {order['rules']}")
    return wrong, strange


def mail_faults(engine: Engine, received: Iterable[Mapping[str, Any]]) -> list[str]:
    """Mails that customers got twice, not at all, or not from the outbox; and what the outbox still holds."""
    got: dict[str, list[str]] = defaultdict(list)
    for mail in received:
        got[_bare(mail["message_id"])].append(mail["to"].lower())
    with engine.connect() as conn:
        rows = conn.execute(sql("SELECT message_ref, recipient, kind, state FROM outbox")).all()
    sent = {_bare(row.message_ref): row for row in rows if row.state == "sent"}
    wrong = [f"received {len(to)} times: {ref}" for ref, to in got.items() if len(to) > 1]
    wrong += [f"received, and the outbox does not know it: {ref}" for ref in got.keys() - sent.keys()]
    wrong += [f"sent, and never received: {ref} ({sent[ref].kind})" for ref in sent.keys() - got.keys()]
    wrong += [f"{ref} went to {got[ref][0]} instead of {sent[ref].recipient}" for ref in got.keys() & sent.keys()
              if sent[ref].recipient and sent[ref].recipient.lower() != got[ref][0]]  # fmt: skip
    left = Counter(row.state for row in rows if row.state in ("pending", "sending", "failed"))
    return wrong + [f"the outbox has {count} {state}" for state, count in left.items()]


def envelope_faults(engine: Engine, home: Path, mails_sent: int) -> list[str]:
    """Mails and files that the sandbox delivered and the book does not have, or that still lie where they arrived."""
    with engine.connect() as conn:
        known = {
            (channel, digest) for channel, digest in conn.execute(sql("SELECT channel, sha256 FROM envelopes")).tuples()
        }
        unread = conn.execute(sql("SELECT count(*) FROM envelopes WHERE state = 'stored'")).scalar_one()
    taken = list((home / "mail" / ".Orderclerk.Taken" / "cur").glob("*"))
    inbox = list((home / "mail" / "cur").glob("*"))
    drop = home / "var" / "drop"
    wrong = [f"mail not in the book: {path.name}" for path in taken if ("mail", _digest(path)) not in known]
    wrong += [
        f"file not in the book: {path}" for path in drop.glob("*/.taken/*") if ("files", _digest(path)) not in known
    ]
    wrong += [f"still in the drop folder: {path}" for path in drop.glob("*/*") if path.is_file()]
    wrong += [f"{len(inbox)} mails still in the inbox"] if inbox else []
    wrong += [f"{mails_sent} mails were delivered, {len(taken)} were taken"] if mails_sent != len(taken) else []
    return wrong + ([f"{unread} envelopes were never read"] if unread else [])


def left_to_send(engine: Engine) -> int:
    """How many messages wait for their next attempt."""
    with engine.connect() as conn:
        query = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
        return int(conn.execute(sql(query)).scalar_one())


def audit_faults(engine: Engine) -> list[str]:
    """The findings of the audit."""
    return [f"{finding.rule} {finding.subject}: {finding.message}" for finding in audit_book(engine)]


def stock_conditions(engine: Engine) -> list[str]:
    """Reserved stock beyond what there is."""
    with engine.connect() as conn:
        query = "SELECT count(*) FROM stock_levels WHERE reserved < 0 OR reserved > on_hand"
        count = conn.execute(sql(query)).scalar_one()
    return [f"{count} stock levels are oversold"] if count else []


def _quantities(order: Mapping[str, Any]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for line in order["lines"]:
        total[line["item_no"]] += Decimal(line["quantity"])
    return dict(total)


def _shown(order: Mapping[str, Any]) -> str:
    return f"{order['truth_id']} {order['source']} {order['order_ref']} ({order['case']}, {order['format']})"


def _plain(lines: Mapping[str, Decimal]) -> str:
    return json.dumps({item: f"{quantity.normalize():f}" for item, quantity in sorted(lines.items())})


def _bare(message_id: str) -> str:
    return message_id.strip().strip("<>")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
