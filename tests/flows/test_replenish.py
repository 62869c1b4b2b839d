"""The night's run as Prefect runs it: what the orders of a month say is bought and moved, and shown to people."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from flows.move_transfer import move_transfer
from flows.replenish import replenish
from orderclerk.database.audit import audit_book
from orderclerk.database.stock_moves import StockError
from tasks.desk import _desk_of
from tests.deskwork import BINDING, NOON, bring, check, furnish, order, rows, value
from tests.flows.conftest import Operations
from tests.stockwork import stock_up


@pytest.fixture
def house(desk_home: Path, engine: Engine, operations: Operations) -> Iterator[Operations]:
    """IT-1 sells from W1, where 20 are left, and 900 lie in W2; IT-2 sells too, and nobody has any more."""
    with (desk_home / "orderclerk.toml").open("a") as file:
        file.write("[purchasing.approve_above]\nGBP = 5000\n[replenishment]\ntransfer_cost = 1\n")
    furnish(engine)
    for week in range(8, 0, -1):
        at = NOON - timedelta(days=7 * week)
        bring(
            engine,
            order(str(week), ("IT-1", "10", "2.50"), ("IT-2", "9", "2.50")),
            at=at,
            channel="shop",
            policy=BINDING,
        )
        check(engine, at=at, policy=BINDING)
    with engine.begin() as conn:
        for statement in (
            "INSERT INTO suppliers (supplier_no, name, email, currency, lead_time_days) VALUES ('S1', 'Bolts', 's@b.example', 'GBP', 7)",
            "INSERT INTO supplier_items (supplier_id, item_id) SELECT 1, id FROM items",
            "INSERT INTO supplier_prices (supplier_id, item_id, currency, unit_price, valid_from) SELECT 1, id, 'GBP', 1, '2025-01-01' FROM items",
        ):
            conn.execute(sql(statement))
        stock_up(
            conn, "SELECT 1, 'W1', '', 80000::bigint UNION SELECT 1, 'W2', '', 900000 UNION SELECT 2, 'W1', '', 73000"
        )
    _desk_of.cache_clear()
    with operations.in_process():
        yield operations
    _desk_of.cache_clear()


def table(operations: Operations, key: str) -> str:
    """The latest artifact of that key."""
    return str(operations.ask("GET", f"/artifacts/{key}/latest")["data"])


def test_a_night_buys_moves_and_tells_why_and_does_neither_twice(house: Operations, engine: Engine) -> None:
    first = replenish(NOON)
    assert {name: first[name] for name in ("forecasts", "purchase orders", "transfers")} == {
        "forecasts": 2,
        "purchase orders": 1,
        "transfers": 1,
    }
    assert rows(engine, "SELECT item_id, warehouse FROM purchase_lines") == [(2, "W1")]
    assert value(engine, "SELECT state FROM purchase_orders") == "approved"
    again = replenish(NOON + timedelta(hours=1))
    assert (again["purchase orders"], again["transfers"]) == (0, 0)
    assert "IT-2" in table(house, "purchase-orders") or "PO100001" in table(house, "purchase-orders")
    assert "TR100001" in table(house, "transfers")
    assert "IT-1" in table(house, "surplus")
    told = move_transfer("TR100001", "Ann", "it has left", "", "", NOON)
    assert told == "TR100001: 1 lines left W2 for W1"
    assert move_transfer("TR100001", "Ann", "it has arrived", "", "", NOON) == "TR100001 is received whole in W1"
    with pytest.raises(StockError, match="TR100001 is received"):
        move_transfer("TR100001", "Ann", "it has arrived", "", "", NOON)
    assert "none" in table(house, "transfers")
    assert audit_book(engine) == []
