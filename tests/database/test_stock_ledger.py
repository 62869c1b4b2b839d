"""The stock ledger: kits, lots, loads by difference, receipts that land on promises, and what is refused."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from orderclerk.database import reserving, supplies
from orderclerk.database.audit import audit_book
from orderclerk.database.masterdata import MasterDataError, load_master_data
from orderclerk.database.stock_moves import StockError, post_moves
from orderclerk.database.stock_view import item_moves, item_stock
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, states, value
from tests.stockwork import stock_up

RESERVED = "SELECT item_id, quantity FROM reservations WHERE state = 'hard' ORDER BY 1"


def house_with_a_kit(engine: Engine) -> None:
    """KIT holds two of IT-1 and one of IT-2; ten of each are there."""
    furnish(engine, on_hand=10)
    with engine.begin() as conn:
        for statement in (
            "INSERT INTO items (item_no, name) VALUES ('KIT', 'the set')",
            "INSERT INTO kits VALUES (6, 1, 2), (6, 2, 1)",
            "INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) VALUES ('std', 'GBP', 6, 2.50, '2020-01-01')",
        ):
            conn.execute(sql(statement))


def load(engine: Engine, folder: Path, **files: str) -> None:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    load_master_data(engine, folder)


def expect(conn: Connection, quantity_e3: int) -> pd.DataFrame:
    line = {"kind": "return", "document_no": "PO1", "line_no": 1, "item_id": 1, "warehouse": "W1",
            "quantity_e3": quantity_e3, "expected_date": "2026-12-01"}  # fmt: skip
    return supplies.open_supplies(conn, pd.DataFrame([line]), at=NOON, actor="Ann")


def promise(conn: Connection, order_id: int, quantity_e3: int) -> None:
    """The order's line waits for the purchase instead of having stock."""
    reserving.release_orders(conn, [order_id], at=NOON, actor="Ann", cause="waits")
    reserving.lock_stock(conn, [1])
    (supply,) = reserving.lock_supplies(conn, [1])["supply_id"]
    peg = {
        "order_id": order_id,
        "line_no": 1,
        "item_id": 1,
        "warehouse": "W1",
        "supply_id": supply,
        "quantity_e3": quantity_e3,
    }
    reserving.reserve(conn, pd.DataFrame([peg]), at=NOON, actor="Ann")


def receive(conn: Connection, slip: str, quantity_e3: int) -> pd.DataFrame:
    return supplies.receive(
        conn, pd.DataFrame([{"key": slip, "supply_id": 1, "quantity_e3": quantity_e3}]), at=NOON, actor="Ann"
    )


def test_a_kit_reserves_its_components_under_its_own_line(engine: Engine) -> None:
    house_with_a_kit(engine)
    bring(engine, order("A", ("KIT", "3", "2.50"), ("IT-1", "4", "2.50")))
    check(engine)
    assert states(engine) == {"A": "offered"}
    assert rows(engine, "SELECT line_no, item_id, quantity FROM reservations ORDER BY 1, 2") == [
        (1, 1, 6),
        (1, 2, 3),
        (2, 1, 4),
    ]
    assert audit_book(engine) == []


def test_a_kit_short_of_one_component_takes_nothing_and_says_which(engine: Engine) -> None:
    house_with_a_kit(engine)
    bring(engine, order("A", ("KIT", "6", "2.50")))
    check(engine)
    assert held(engine) == {"A": {"STK-001"}}
    assert value(engine, "SELECT reason FROM holds") == "12 of IT-1 (in KIT) wanted, 10 free"
    assert value(engine, "SELECT sum(reserved) FROM stock_levels") == 0


def test_the_same_item_twice_in_an_order_is_counted_together(engine: Engine) -> None:
    furnish(engine, on_hand=10)
    bring(
        engine,
        order("A", ("IT-1", "6", "2.50"), ("IT-1", "4", "2.50")),
        order("B", ("IT-2", "6", "2.50"), ("IT-2", "5", "2.50")),
    )
    check(engine)
    assert states(engine) == {"A": "offered", "B": "received"}
    assert rows(engine, RESERVED) == [(1, 6), (1, 4)]


def test_stock_is_loaded_by_difference_and_never_below_what_is_reserved(engine: Engine, tmp_path: Path) -> None:
    furnish(engine, on_hand=10)
    bring(engine, order("A", ("IT-1", "6", "2.50")))
    check(engine)
    stock = "warehouse,item_no,on_hand\nW1,IT-1,8\nNEW,IT-2,3.5\n"
    load(engine, tmp_path, stock=stock)
    load(engine, tmp_path, stock=stock)
    moved = "SELECT f.code, t.code, quantity FROM stock_moves m JOIN locations f ON f.id = from_id JOIN locations t ON t.id = to_id WHERE document_kind = 'file' ORDER BY 1"
    assert rows(engine, moved) == [("", "NEW/", 3.5), ("W1/", "", 2)]
    with pytest.raises(MasterDataError, match=r"stock.csv: IT-1 in W1: 5 would be left, and 6 are reserved"):
        load(engine, tmp_path, stock="warehouse,item_no,on_hand\nW1,IT-1,5\n")
    assert audit_book(engine) == []


def test_what_is_kept_by_lot_is_loaded_by_lot_and_shipped_first_in_first_out(engine: Engine, tmp_path: Path) -> None:
    furnish(engine, on_hand=0)
    with engine.begin() as conn:
        conn.execute(sql("UPDATE items SET is_lot_kept = true WHERE item_no = 'IT-1'"))
    with pytest.raises(MasterDataError, match="IT-1 is kept by lot"):
        load(engine, tmp_path, stock="warehouse,item_no,on_hand\nW1,IT-1,8\n")
    load(engine, tmp_path, stock="warehouse,item_no,on_hand,lot\nW1,IT-1,3,Z-old\n")
    load(engine, tmp_path, stock="warehouse,item_no,on_hand,lot\nW1,IT-1,9,A-new\n")
    bring(engine, order("A", ("IT-1", "5", "2.50")))
    check(engine)
    with engine.begin() as conn:
        reserving.change_state(conn, [1], "picked", at=NOON, actor="Ann")
        assert reserving.consume(conn, [1], at=NOON, actor="Ann") == 1
        assert reserving.consume(conn, [1], at=NOON, actor="Ann") == 0
    assert rows(
        engine, "SELECT lot, quantity FROM stock_moves WHERE document_kind = 'reservation' ORDER BY lot DESC"
    ) == [("Z-old", 3), ("A-new", 2)]
    assert rows(engine, "SELECT on_hand, reserved FROM stock_levels WHERE item_id = 1") == [(7, 0)]
    assert audit_book(engine) == []


def test_what_arrives_lands_on_the_oldest_promise_and_once(engine: Engine) -> None:
    furnish(engine, on_hand=10)
    bring(engine, order("A", ("IT-1", "5", "2.50")), order("B", ("IT-1", "4", "2.50")))
    check(engine)
    with engine.begin() as conn:
        expect(conn, 9000)
        promise(conn, 1, 5000)
        promise(conn, 2, 4000)
        landed = receive(conn, "slip 1", 6000)
        assert receive(conn, "slip 1", 6000).empty
    assert landed[["order_id", "quantity_e3"]].to_numpy().tolist() == [[1, 5000], [2, 1000]]
    assert rows(engine, "SELECT on_hand, reserved, incoming FROM stock_levels WHERE item_id = 1") == [(16, 6, 3)]
    assert rows(engine, "SELECT received, pegged, state FROM supplies") == [(6, 3, "open")]
    assert audit_book(engine) == []


def test_a_smaller_purchase_gives_up_the_latest_promise_and_says_so(engine: Engine) -> None:
    furnish(engine, on_hand=10)
    bring(engine, order("A", ("IT-1", "5", "2.50")), order("B", ("IT-1", "4", "2.50")))
    check(engine)
    with engine.begin() as conn:
        expect(conn, 9000)
        promise(conn, 1, 5000)
        promise(conn, 2, 4000)
        lost = expect(conn, 6000)
    assert lost[["order_id", "quantity_e3"]].to_numpy().tolist() == [[2, 3000]]
    assert rows(engine, "SELECT order_id FROM events WHERE kind = 'supply lost'") == [(2,)]
    assert rows(engine, "SELECT quantity, pegged FROM supplies") == [(6, 6)]
    assert {one.rule for one in audit_book(engine)} == {"AUD-RESERVED-WHOLE"}, "order 2 waits to be served otherwise"


def test_a_soft_reservation_ends_by_itself_and_stays_in_the_book(engine: Engine) -> None:
    furnish(engine, on_hand=10)
    bring(engine, order("A", ("IT-1", "5", "9.99")))
    check(engine)
    taken = pd.DataFrame([{"order_id": 1, "line_no": 1, "item_id": 1, "warehouse": "W1", "quantity_e3": 5000}])
    with engine.begin() as conn:
        reserving.reserve(conn, taken, at=NOON, actor="Ann", state="soft", expires_at=NOON + timedelta(hours=2))
        assert reserving.expire_soft(conn, NOON + timedelta(hours=1)).empty
        assert len(reserving.expire_soft(conn, NOON + timedelta(hours=2))) == 1
    assert rows(engine, "SELECT state, quantity FROM reservations") == [("released", 5)]
    assert value(engine, "SELECT sum(reserved) FROM stock_levels") == 0


def test_a_move_is_done_once_and_its_key_means_one_thing(engine: Engine) -> None:
    furnish(engine, on_hand=10)
    move = {
        "key": "k",
        "item_id": 1,
        "quantity_e3": 3000,
        "from_kind": "warehouse",
        "from_code": "W1",
        "to_kind": "loss",
        "to_code": "",
    }
    with engine.begin() as conn:
        assert [post_moves(conn, pd.DataFrame([move]), at=NOON, actor="Ann") for _ in range(2)] == [1, 0]
    for wrong, sentence in (
        ({"quantity_e3": 4000}, "another one"),
        ({"key": "x", "quantity_e3": 8000}, "IT-1 in W1/: 7 on hand, 8 would leave"),
        ({"key": "x", "from_code": "W7"}, "the warehouse W7 is not known"),
    ):
        with pytest.raises(StockError, match=sentence), engine.begin() as conn:
            post_moves(conn, pd.DataFrame([move | wrong]), at=NOON, actor="Ann")
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as conn:
        conn.execute(sql("DELETE FROM stock_moves"))


def test_kits_substitutes_and_rules_are_loaded_and_a_kit_in_use_is_not_changed(engine: Engine, tmp_path: Path) -> None:
    furnish(engine, on_hand=10)
    with engine.begin() as conn:
        conn.execute(sql("INSERT INTO items (item_no) VALUES ('KIT')"))
        conn.execute(
            sql(
                "INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) VALUES ('std', 'GBP', 6, 2.50, '2020-01-01')"
            )
        )
    kits = "kit_no,component_no,quantity\nKIT,IT-1,2\nKIT,IT-2,\n"
    load(engine, tmp_path, warehouses="code,name,city,cut_off\nW1,Leeds,Leeds,13:30\n", kits=kits,
         substitutes="item_no,substitute_no,ratio\nIT-3,IT-4,2\n", stock_rules="item_no,warehouse,safety_stock\nIT-1,W1,5\n")  # fmt: skip
    assert rows(engine, "SELECT component_id, quantity FROM kits ORDER BY 1") == [(1, 2), (2, 1)]
    assert rows(engine, "SELECT cut_off, priority FROM warehouses") == [("13:30", 0)]
    assert rows(engine, "SELECT substitute_id, ratio, needs_consent FROM substitutes") == [(4, 2, True)]
    bring(engine, order("A", ("KIT", "1", "2.50")))
    check(engine)
    load(engine, tmp_path, kits=kits)
    with pytest.raises(MasterDataError, match="KIT is reserved for SO100001 as it was"):
        load(engine, tmp_path, kits="kit_no,component_no\nKIT,IT-1\n")
    with pytest.raises(MasterDataError, match="KIT is a component of IT-5 and a kit itself"):
        load(engine, tmp_path, kits="kit_no,component_no\nIT-5,KIT\n")
    with pytest.raises(MasterDataError, match="component_no 'IT-9' is not in items"):
        load(engine, tmp_path, kits="kit_no,component_no\nKIT,IT-9\n")


def test_a_column_that_the_file_does_not_have_keeps_what_the_book_says(engine: Engine, tmp_path: Path) -> None:
    head = "customer_no,name,language,currency,payment_terms_days,credit_limit,payment_methods,price_list"
    load(engine, tmp_path, customers=f"{head},ship_rule,priority\nC1,Acme,en,GBP,30,,,std,split,7\n")
    load(engine, tmp_path, customers=f"{head}\nC1,Acme Ltd,en,GBP,30,,,std\n")
    assert rows(engine, "SELECT name, ship_rule, priority FROM customers") == [("Acme Ltd", "split", 7)]


def test_a_person_sees_where_an_item_is_what_is_coming_and_how_it_moved(engine: Engine) -> None:
    furnish(engine, on_hand=10)
    with engine.begin() as conn:
        expect(conn, 9000)
        stock_up(conn, "SELECT 1, 'W1', '', 12000::bigint")
    seen, moved = item_stock(engine, "it-1"), item_moves(engine, "IT-1", 1)
    assert seen is not None
    assert moved is not None
    assert [(row["warehouse"], row["free"], row["incoming"]) for row in seen["levels"]] == [("W1", 12, 9)]
    assert [(row["document"], row["quantity"]) for row in seen["coming"]] == [("PO1", 9)]
    assert [(row["from"], row["to"], row["quantity"]) for row in moved["moves"]] == [("count", "warehouse W1/", 2)]
    assert item_stock(engine, "NOPE") is None
