"""A small house for tests of the book: two customers, five items, and the desk's work in one call each."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import inbox, reference_data
from orderclerk.database.intake import store_orders
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.intake import Known, incoming_orders
from orderclerk.domain.lineframe import line_frame
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import CustomerRef, LineRead, OrderRead
from tasks.intake import placed
from tasks.verification import check_chunk
from tests.stockwork import stock_up

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKING = Policy()
BINDING = Policy(answers={"shop": "confirm"})


def furnish(engine: Engine, on_hand: int = 100) -> None:
    """Customers C1 and C2 with contact and address, items IT-1 to IT-5 at 2.50 GBP, `on_hand` of each."""
    with engine.begin() as conn:
        for statement in (
            "INSERT INTO customers (customer_no, name, currency, price_list) VALUES ('C1', 'Acme', 'GBP', 'std'), ('C2', 'Zhong', 'GBP', 'std')",
            "INSERT INTO contacts (customer_id, name, email) SELECT id, 'Buyer', lower(customer_no) || '@x.example' FROM customers",
            "INSERT INTO addresses (customer_id, street, city, postal_code, country) SELECT id, '1 High Street', 'Leeds', 'LS1 4XX', 'GB' FROM customers",
            "INSERT INTO items (item_no, name) SELECT 'IT-' || g, 'thing ' || g FROM generate_series(1, 5) g",
            "INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) SELECT 'std', 'GBP', id, 2.50, '2020-01-01' FROM items",
        ):  # fmt: skip
            conn.execute(sql(statement))
        stock_up(conn, f"SELECT id, 'W1', '', {on_hand}000 FROM items")


def name_items(engine: Engine) -> None:
    """IT-1 to IT-5 get names that customers may write instead of numbers."""
    names = ("Mug blue 300 ml", "Mug blue 400 ml", "Garden hose 20 m", "Coffee filter No 4", "Desk lamp")
    with engine.begin() as conn:
        for number, name in enumerate(names, start=1):
            conn.execute(sql("UPDATE items SET name = :name WHERE item_no = :no"), {"name": name, "no": f"IT-{number}"})


def order(ref: str, *lines: tuple[str, str, str], who: str = "C1", source: str = "files:p", **more: Any) -> OrderRead:
    """An order of (item, quantity, price) lines; an empty price is one the document does not state."""
    read = tuple(
        LineRead(str(number), item, Decimal(quantity), Decimal(price) if price else None)
        for number, (item, quantity, price) in enumerate(lines, start=1)
    )
    return OrderRead(source, ref, customer=CustomerRef(number=who), currency="GBP", lines=read, **more)


def bring(
    engine: Engine, *orders: OrderRead, at: datetime = NOON, channel: str = "files", policy: Policy = ASKING
) -> Counter[str]:
    """Store the orders as one envelope of `channel` that was sent at `at`."""
    content = repr((orders, at)).encode()
    with engine.begin() as conn:
        inbox.keep_once(conn, [Envelope(channel, f"test@{at}", content, "text/csv", "p", sent_at=at)], at)
        row = conn.execute(sql("SELECT id FROM envelopes WHERE content = :content"), {"content": content}).scalar_one()
        stored = inbox.one_envelope(conn, row)
        inbox.mark_read(conn, [(stored.id, "read", "")])
        known = Known(reference_data.customer_keys(conn), reference_data.item_keys(conn), reference_data.items(conn))
        incoming = incoming_orders(placed(line_frame(orders), stored), known)
        return store_orders(conn, incoming, policy.binding, at)


def check(engine: Engine, at: datetime = NOON, policy: Policy = ASKING) -> Counter[str]:
    """Check whatever is due."""
    total: Counter[str] = Counter()
    while (done := check_chunk(engine, policy, at)) is not None:
        total += done
    return total


def states(engine: Engine) -> dict[str, str]:
    """Order reference -> commercial state."""
    return {row[0]: row[1] for row in rows(engine, "SELECT order_ref, commercial_state FROM orders")}


def held(engine: Engine) -> dict[str, set[str]]:
    """Order reference -> rules of its open holds."""
    found: dict[str, set[str]] = {}
    for ref, rule in rows(
        engine, "SELECT order_ref, rule FROM holds h JOIN orders o ON o.id = h.order_id WHERE state = 'open'"
    ):
        found.setdefault(ref, set()).add(rule)
    return found


def rows(engine: Engine, query: str, **params: Any) -> list[Any]:
    """The rows of a query."""
    with engine.connect() as conn:
        return list(conn.execute(sql(query), params))


def value(engine: Engine, query: str, **params: Any) -> Any:
    """The one value of a query."""
    return rows(engine, query, **params)[0][0]
