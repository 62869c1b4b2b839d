"""Many processes that reserve and give back the same few items, as the desk does it, until a number of attempts is done.

A worker is a process: it may be killed at any moment, and another takes its place. What it has tried is counted in the
book, in the transaction that tried it.
"""

import random
import sys
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from orderclerk.database import reserving
from orderclerk.database.engine import make_engine
from orderclerk.planning.allocation.batch import BatchRules, allocate
from tests.stockwork import stock_up

ITEMS, WAREHOUSES, ON_HAND, LARGEST = 20, 3, 4000, 6
ORDERS_A_LANE = 500
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTHING_COMING = pd.DataFrame(columns=["supply_id", "item_id", "warehouse", "free_e3", "ship_date"])
SENDING = pd.DataFrame({"warehouse": [f"W{w}" for w in range(1, WAREHOUSES + 1)]}).assign(
    ship_date=NOW.date(), next_ship_date=NOW.date(), parcels_left=pd.NA, parcel_cost_e4=0, unit_cost_e4=0, kg_cost_e4=0
)


def stock_a_hot_house(engine: Engine, lanes: int) -> None:
    """A few items in three warehouses, and for each worker's lane accepted orders of its own with a line an item."""
    with engine.begin() as conn:
        for statement in (
            f"INSERT INTO items (item_no, name) SELECT 'HOT-' || g, 'hot ' || g FROM generate_series(1, {ITEMS}) g",
            "INSERT INTO customers (customer_no, name, currency) VALUES ('C1', 'Acme', 'EUR')",
            """INSERT INTO envelopes (channel, delivery_ref, sha256, content, received_at, state)
               VALUES ('files', 'hot', encode(sha256('hot'), 'hex'), 'hot', now(), 'read')""",
            f"""INSERT INTO orders (kind, channel, source, order_ref, has_own_ref, customer_id, envelope_id, received_at,
                                    commercial_state, agreed_revision, needs_check)
                SELECT 'order', 'files', 'files:hot', g::text, true, 1, 1, now(), 'confirmed', 1, false
                FROM generate_series(1, {lanes * ORDERS_A_LANE}) g""",
            f"""INSERT INTO order_lines (order_id, line_no, item_id, quantity, unit_price)
                SELECT o.id, i.id, i.id, 1, 1 FROM orders o CROSS JOIN items i WHERE i.id <= {ITEMS}""",
            "CREATE TABLE attempts (lane int, tried bigint, taken bigint, released bigint)",
            "CREATE TABLE bare_levels AS SELECT i.id AS item_id, 'W' || w AS warehouse, 0::numeric(18, 3) AS on_hand, "
            f"0::numeric(18, 3) AS reserved FROM items i CROSS JOIN generate_series(1, {WAREHOUSES}) w",
            f"UPDATE bare_levels SET on_hand = {ON_HAND}",
            "ALTER TABLE bare_levels ADD PRIMARY KEY (item_id, warehouse), ADD CHECK (reserved >= 0), ADD CHECK (reserved <= on_hand)",
        ):
            conn.execute(sql(statement))
        stock_up(
            conn,
            f"SELECT i.id, 'W' || w, '', {ON_HAND}000::bigint FROM items i CROSS JOIN generate_series(1, {WAREHOUSES}) w",
        )


def work(url: str, lane: int, lanes: int, batch: int, seed: int) -> None:
    """Reserve a batch, give an earlier one back, and so on, until killed."""
    engine, luck = make_engine(url), random.Random(seed)
    mine = [lane + 1 + lanes * number for number in range(ORDERS_A_LANE)]
    while True:
        with engine.begin() as conn:
            _one_batch(conn, luck, mine, lane, batch)


def _one_batch(conn: Connection, luck: random.Random, mine: list[int], lane: int, batch: int) -> None:
    """One transaction of the desk: stock locked at once, whole orders served or not, written, counted."""
    chosen = luck.sample(mine, batch // 4)
    back, asking = chosen[: len(chosen) // 2], chosen
    levels = reserving.lock_stock(conn, range(1, ITEMS + 1))  # what comes back and what is taken, in one go
    released = reserving.release_orders(conn, back, at=NOW, actor="proof", cause="proof") if luck.random() < 0.5 else 0
    lines = pd.DataFrame(
        [
            (order, item, item, f"HOT-{item}", luck.randint(1, LARGEST) * 1000)
            for order in asking
            for item in luck.sample(range(1, ITEMS + 1), 4)
        ],
        columns=["order_id", "line_no", "item_id", "item_ref", "quantity_e3"],
    )
    if released:
        levels = reserving.lock_stock(conn, range(1, ITEMS + 1))
    taken = allocate(lines, levels, NOTHING_COMING, SENDING, BatchRules()).taken
    reserving.reserve(conn, taken, at=NOW, actor="proof")
    counted = {"lane": lane, "tried": len(lines), "taken": len(taken), "released": released}
    conn.execute(sql("INSERT INTO attempts VALUES (:lane, :tried, :taken, :released)"), counted)


def work_bare(url: str, lane: int, batch: int, seed: int) -> None:
    """PostgreSQL's own conditional update, the same number of attempts a transaction, and nothing else: no rows, no events.

    Keys in sequence, or it deadlocks at once; half of the attempts give back what the other half took.
    """
    engine, luck = make_engine(url), random.Random(seed)
    query = sql(
        "UPDATE bare_levels SET reserved = reserved + :n WHERE (item_id, warehouse) = (:i, :w) AND on_hand - reserved >= :n AND reserved + :n >= 0"
    )
    while True:
        wanted = sorted(
            (luck.randint(1, ITEMS), f"W{luck.randint(1, WAREHOUSES)}", luck.choice((-1, 1)) * luck.randint(1, LARGEST))
            for _ in range(batch)
        )
        with engine.begin() as conn:
            for item, warehouse, quantity in wanted:
                conn.execute(query, {"i": item, "w": warehouse, "n": quantity})
            conn.execute(sql("INSERT INTO attempts VALUES (:lane, :tried, 0, 0)"), {"lane": -1 - lane, "tried": batch})


if __name__ == "__main__":
    how, url, lane, lanes, batch, seed = sys.argv[1:]
    if how == "desk":
        work(url, int(lane), int(lanes), int(batch), int(seed))
    work_bare(url, int(lane), int(batch), int(seed))
