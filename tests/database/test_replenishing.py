"""One night: what is forecast is bought, what another warehouse has too much of is moved, nothing of it twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text as sql

from orderclerk.database.audit import audit_book
from orderclerk.database.forecasts import latest_forecasts
from orderclerk.database.replenishing import stock_to_plan
from orderclerk.domain.purchasing import PurchasePolicy
from orderclerk.domain.replenishing import BuyingRules, ReplenishPolicy
from tasks.replenishing import make_forecasts, replenish_stock
from tasks.transferring import Word, move_transfer
from tests import deskwork
from tests.database.buying import furnish
from tests.deskwork import bring, check, order, rows, value
from tests.stockwork import stock_up

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = NOON.date()
RULES = ReplenishPolicy(BuyingRules(service_level=0.95), transfer_cost=1.0, transfer_days=2)
BUYING = PurchasePolicy({"EUR": Decimal(1000), "CNY": Decimal(1000)})


def forecast(engine, *made: tuple[int, str, float], day: date = DAY) -> None:
    """Forecasts of (item, warehouse, units a day), spread by as much."""
    with engine.begin() as conn:
        for item, warehouse, mean in made:
            conn.execute(
                sql(
                    """INSERT INTO forecasts VALUES (:i, :w, :d, 'smooth', 'ses', 7, 28, :m, :m, to_jsonb(array_fill(7 * CAST(:m AS numeric), ARRAY[4])),
                           '{}', 30, CAST(:d AS date) - 1)"""
                ),
                {"i": item, "w": warehouse, "d": day, "m": mean},
            )


@pytest.fixture
def house(engine):
    """Five items at 2.00 from S1, IT-2 also in packs of 12 from 24 on, IT-3 from S2; nothing in stock."""
    furnish(engine)
    with engine.begin() as conn:
        for statement in (
            "INSERT INTO supplier_prices (supplier_id, item_id, currency, unit_price, valid_from) SELECT 1, id, 'EUR', 2, '2025-01-01' FROM items",
            "UPDATE supplier_items SET moq = 24, order_multiple = 12 WHERE item_id = 2",
            "DELETE FROM supplier_items WHERE item_id = 3",
            "INSERT INTO supplier_items (supplier_id, item_id) VALUES (2, 3)",
            "INSERT INTO supplier_prices (supplier_id, item_id, currency, unit_price, valid_from) VALUES (2, 3, 'CNY', 5, '2025-01-01')",
        ):
            conn.execute(sql(statement))
    return engine


def night(engine, at: datetime = NOON, rules: ReplenishPolicy = RULES, policy: PurchasePolicy = BUYING):
    return replenish_stock(engine, at, "UTC", rules, policy)


def lines(engine) -> list[tuple]:
    """Supplier, warehouse, item and quantity of every order line."""
    found = rows(
        engine,
        """SELECT supplier_no, l.warehouse, item_id, l.quantity::int FROM purchase_lines l JOIN purchase_orders p ON p.id = po_id
           JOIN suppliers s ON s.id = supplier_id ORDER BY p.id, l.line_no""",
    )
    return [tuple(row) for row in found]


def test_what_is_forecast_is_bought_from_whoever_sells_it_and_says_why(house):
    forecast(house, (1, "W1", 2.0), (2, "W1", 1.0), (3, "W1", 1.0), (3, "W2", 1.0))
    made = night(house)
    bought = lines(house)
    assert [row[:3] for row in bought] == [("S1", "W1", 1), ("S1", "W1", 2), ("S2", "W1", 3), ("S2", "W2", 3)]
    assert len(made.orders) == 3
    assert bought[0][3] >= 2 * 8
    assert bought[1][3] % 12 == 0
    assert rows(house, "SELECT DISTINCT state, approved_by FROM purchase_orders") == [("approved", "policy")]
    assert "0 on hand, nothing coming; 16 expected until 10 Mar (lead 7 days)" in value(
        house, "SELECT why FROM purchase_lines WHERE item_id = 1"
    )
    assert value(house, "SELECT min(wanted_date)::text FROM purchase_lines WHERE item_id = 1") == "2026-03-09"
    assert audit_book(house) == []


def test_run_twice_buys_once_and_the_next_day_too(house):
    forecast(house, (1, "W1", 2.0), (2, "W1", 1.0))
    night(house)
    before = lines(house)
    again = night(house)
    assert (again.orders, len(again.bought), lines(house)) == ([], 0, before)
    assert night(house, NOON + timedelta(days=1)).orders == []


def test_what_waits_for_a_person_is_not_bought_again(house):
    forecast(house, (1, "W1", 2.0))
    tight = PurchasePolicy({"EUR": Decimal(1)})
    assert len(night(house, policy=tight).orders) == 1
    assert value(house, "SELECT state FROM purchase_orders") == "waiting"
    assert night(house, NOON + timedelta(days=1), policy=tight).orders == []


def test_enough_on_the_shelf_or_coming_is_left_alone(house):
    forecast(house, (1, "W1", 2.0), (2, "W1", 1.0))
    with house.begin() as conn:
        stock_up(conn, "SELECT id, 'W1', '', 200000::bigint FROM items WHERE id < 3")
    assert night(house).orders == []


def test_what_cannot_be_bought_is_a_doubt(house):
    forecast(house, (1, "W1", 2.0), (4, "W1", 1.0), (5, "W1", 1.0))
    with house.begin() as conn:
        conn.execute(sql("DELETE FROM supplier_items WHERE item_id = 4"))
        conn.execute(sql("DELETE FROM supplier_prices WHERE item_id = 5"))
    made = night(house)
    assert dict(zip(made.doubts["item_no"], made.doubts["doubt"], strict=True)) == {
        "IT-4": "nobody supplies it: no row in supplier_items.csv", "IT-5": "no price is agreed with the supplier"}  # fmt: skip
    assert [row[2] for row in lines(house)] == [1]


def test_another_warehouse_gives_what_it_has_too_much_of_before_anything_is_bought(house):
    forecast(house, (1, "W1", 0.01), (1, "W2", 2.0))
    with house.begin() as conn:
        stock_up(conn, "SELECT 1, 'W1', '', 1000000::bigint")
    made = night(house)
    assert (made.transfers, made.orders) == (1, [])
    assert rows(house, "SELECT from_warehouse, to_warehouse, state, expected_date::text FROM transfers") == [
        ("W1", "W2", "draft", "2026-03-04")
    ]
    assert night(house, NOON + timedelta(days=1)).transfers == 0, "the draft counts as coming"
    with house.begin() as conn:
        move_transfer(conn, "TR100001", Word("Ann", "it has left", NOON))
    assert night(house, NOON + timedelta(days=2)).transfers == 0
    with house.begin() as conn:
        move_transfer(conn, "TR100001", Word("Ann", "it has arrived", NOON))
    assert night(house, NOON + timedelta(days=3)).transfers == 0
    assert lines(house) == []
    (one,) = made.surplus.itertuples()
    assert (one.item_no, one.warehouse, one.kind) == ("IT-1", "W1", "overstock")
    assert audit_book(house) == []


def test_a_kit_is_not_bought_and_what_is_switched_off_neither(house):
    forecast(house, (1, "W1", 2.0), (2, "W1", 2.0), (4, "W1", 2.0))
    with house.begin() as conn:
        conn.execute(sql("INSERT INTO kits VALUES (1, 2, 1)"))
        conn.execute(sql("UPDATE items SET is_active = false WHERE id = 4"))
    night(house)
    assert [row[2] for row in lines(house)] == [2]


def test_whoever_waits_is_bought_for_although_nobody_forecast_it(engine):
    deskwork.furnish(engine, on_hand=3)
    with engine.begin() as conn:
        conn.execute(
            sql(
                "INSERT INTO suppliers (supplier_no, name, email, currency, lead_time_days) VALUES ('S1', 'Bolts', 's@b.example', 'GBP', 5)"
            )
        )
        conn.execute(sql("INSERT INTO supplier_items (supplier_id, item_id) SELECT 1, id FROM items"))
        conn.execute(sql("INSERT INTO supplier_prices (supplier_id, item_id, currency, unit_price, valid_from) SELECT 1, id, 'GBP', 1, '2025-01-01' FROM items"))  # fmt: skip
    bring(engine, order("1", ("IT-1", "10", "2.50")))
    check(engine)
    assert deskwork.held(engine) == {"1": {"STK-001"}}
    with engine.connect() as conn:
        (row,) = stock_to_plan(conn, deskwork.NOON.date()).query("item_id == 1").itertuples()
    assert (row.on_hand_e3, row.reserved_e3, row.backordered_e3) == (3_000, 0, 10_000)
    night(engine, deskwork.NOON)
    assert lines(engine) == [("S1", "W1", 1, 7)]


def test_forecasts_are_made_of_the_book_and_forgotten_in_time(engine):
    deskwork.furnish(engine)
    for number in range(10):
        at = deskwork.NOON - timedelta(days=3 * number)
        bring(
            engine,
            order(str(number), ("IT-1", str(3 + number % 3), "2.50")),
            at=at,
            channel="shop",
            policy=deskwork.BINDING,
        )
        check(engine, at=at, policy=deskwork.BINDING)
    day = deskwork.NOON.date() + timedelta(days=1)
    assert make_forecasts(engine, day, 365, "UTC") == 1
    assert make_forecasts(engine, day, 365, "UTC") == 1
    with engine.connect() as conn:
        (made,) = latest_forecasts(conn, day).itertuples()
    assert 0.5 < made.daily_mean < 3
    assert make_forecasts(engine, day + timedelta(days=100), 365, "UTC") == 1
    assert value(engine, "SELECT count(*) FROM forecasts") == 1
