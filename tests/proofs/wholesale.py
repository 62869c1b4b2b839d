"""Made-up wholesale days of any size, shaped like the UCI files: for the benchmark, the worker and the kill proofs."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from tests.stockwork import stock_up

ITEMS, CUSTOMERS, ORDERS_A_FILE = 3000, 600, 150
MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)
SENDER = SenderMapping(
    sender="wholesale",
    columns={"order_ref": "InvoiceNo", "item_ref": "StockCode", "description": "Description", "quantity": "Quantity",
             "order_date": "InvoiceDate", "unit_price": "UnitPrice", "customer_number": "CustomerID"},
    date_formats=("%Y-%m-%d %H:%M:%S",),
    currency="GBP",
    cancel_prefix="C",
)  # fmt: skip
_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def stock_the_house(engine: Engine) -> None:
    """Customers, items, prices and plenty of stock in one warehouse, all by set-based SQL."""
    with engine.begin() as conn:
        for statement in (
            f"""INSERT INTO customers (customer_no, name, currency, price_list)
                SELECT (12000 + g)::text, 'Customer ' || g, 'GBP', 'trade' FROM generate_series(1, {CUSTOMERS}) g""",
            "INSERT INTO contacts (customer_id, name, email) SELECT id, 'Buyer', 'buyer@c' || id || '.example' FROM customers",
            "INSERT INTO addresses (customer_id, street, city, country) SELECT id, '1 High Street', 'Leeds', 'GB' FROM customers",
            f"""INSERT INTO items (item_no, name) SELECT (20000 + g)::text, 'Article ' || g
                FROM generate_series(1, {ITEMS}) g""",
            """INSERT INTO prices (price_list, currency, item_id, min_quantity, unit_price, valid_from)
               SELECT 'trade', 'GBP', id, 1, 0.5 + id % 40 * 0.25, '2020-01-01' FROM items""",
        ):
            conn.execute(sql(statement))
        stock_up(conn, "SELECT id, 'MAIN', '', 100000000000 FROM items")


def day_files(orders: int, lines_each: int, seed: int = 1) -> Iterator[Envelope]:
    """CSV envelopes of `ORDERS_A_FILE` orders each; items follow a long-tailed popularity, prices the list."""
    random_ = random.Random(seed)
    weights = [1 / (rank + 5) for rank in range(ITEMS)]
    for start in range(0, orders, ORDERS_A_FILE):
        rows = [
            row
            for number in range(start, min(start + ORDERS_A_FILE, orders))
            for row in _order(random_, number, lines_each, weights)
        ]
        content = (_HEADER + "".join(rows)).encode()
        name = f"day-{start:06}.csv"
        sent_at = MORNING + timedelta(seconds=start)
        yield Envelope("files", f"wholesale/{name}", content, "text/csv", "wholesale", name, sent_at)


def _order(random_: random.Random, number: int, lines_each: int, weights: list[float]) -> Iterator[str]:
    customer, minute = 12001 + random_.randrange(CUSTOMERS), 480 + number % 540
    chosen = dict.fromkeys(random_.choices(range(ITEMS), weights, k=lines_each * 2))
    for item in list(chosen)[:lines_each]:
        price = 0.5 + (item + 1) % 40 * 0.25
        quantity = random_.choice((1, 2, 3, 4, 6, 8, 10, 12, 24, 48))
        yield (
            f"{540000 + number},{20001 + item},ARTICLE {item},{quantity},2026-11-23 {minute // 60:02}:{minute % 60:02}:00,"
            f"{price:.2f},{customer}.0,United Kingdom\n"
        )


def fresh_book(server_url: str, name: str) -> str:
    """A new migrated database `name` on the server, an old one of that name dropped; its URL."""
    from orderclerk.database.engine import make_engine
    from orderclerk.database.migrate import migrate

    admin = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        conn.execute(sql(f'CREATE DATABASE "{name}"'))
    url = admin.url.set(database=name).render_as_string(hide_password=False)
    admin.dispose()
    migrate(url)
    return url


def shared_data(folder: str) -> Path | None:
    """A folder of the real material beside the project, or None where there is none."""
    path = Path(__file__).parents[2].parent / "shared" / "data" / folder
    return path if path.is_dir() else None
