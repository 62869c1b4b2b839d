"""Goods go from one warehouse to another: out of the shelf, on the way, into the other shelf; the ledger has every step."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from orderclerk.database.audit import audit_book
from orderclerk.database.stock_moves import StockError
from orderclerk.database.transfers import draft_transfers, list_transfers
from tasks.transferring import Word, move_transfer
from tests.database.buying import furnish
from tests.deskwork import rows, value
from tests.stockwork import stock_up

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def house(engine):
    """100 of IT-1 (two lots) and 50 of IT-2 in W1, a draft of 60 and 20 to W2."""
    furnish(engine)
    with engine.begin() as conn:
        stock_up(
            conn,
            "SELECT id, 'W1', l.lot, l.n::bigint FROM items, (VALUES (1, 'L1', 40000), (1, 'L2', 60000), (2, '', 50000)) l(i, lot, n) WHERE id = l.i",
        )
    assert draft(engine) == 1
    return engine


def draft(engine, key: str = "night") -> int:
    moves = pd.DataFrame(
        [(1, "W1", "W2", 60_000, "too much"), (2, "W1", "W2", 20_000, "idle")],
        columns=["item_id", "from_warehouse", "to_warehouse", "quantity_e3", "why"],
    )
    with engine.begin() as conn:
        return draft_transfers(conn, moves, key, date(2026, 3, 5), NOON)


def say(engine, what: str, run: str = "r", **more: str) -> str:
    with engine.begin() as conn:
        return move_transfer(conn, "TR100001", Word("Ann", what, NOON, run=run, **more))


def stock(engine) -> dict[tuple[int, str], tuple[int, int]]:
    """(item, warehouse) -> on hand, coming."""
    found = rows(engine, "SELECT item_id, warehouse, on_hand::int, incoming::int FROM stock_levels WHERE item_id < 3")
    return {(r[0], r[1]): (r[2], r[3]) for r in found}


def state(engine) -> str:
    return value(engine, "SELECT state FROM transfers")


def test_the_same_decision_drafts_once(house):
    assert draft(house) == 0
    assert draft(house, "another night") == 1
    with house.connect() as conn:
        (first, _) = list_transfers(conn, 10)
    assert (first["transfer"], first["goods"]) == ("TR100001", "IT-1 x 60, IT-2 x 20")


def test_what_left_is_on_the_way_and_expected_and_arrives_lot_by_lot(house):
    assert "2 lines left W1 for W2" in say(house, "it has left")
    assert stock(house) == {(1, "W1"): (40, 0), (2, "W1"): (30, 0), (1, "W2"): (0, 60), (2, "W2"): (0, 20)}
    assert rows(house, "SELECT kind, document_no, quantity::int, expected_date::text FROM supplies ORDER BY id") == [
        ("transfer", "TR100001", 60, "2026-03-05"), ("transfer", "TR100001", 20, "2026-03-05")]  # fmt: skip
    assert say(house, "it has arrived") == "TR100001 is received whole in W2"
    assert stock(house) == {(1, "W1"): (40, 0), (2, "W1"): (30, 0), (1, "W2"): (60, 0), (2, "W2"): (20, 0)}
    lots = rows(
        house,
        "SELECT lot, on_hand::int FROM bin_levels b JOIN locations l ON l.id = location_id WHERE item_id = 1 AND warehouse = 'W2' ORDER BY 1",
    )
    assert lots == [("L1", 40), ("L2", 20)]
    assert rows(house, "SELECT state, sent_by, closed_by FROM transfers") == [("received", "Ann", "Ann")]
    assert audit_book(house) == []


def test_less_leaves_and_it_arrives_in_parts(house):
    say(house, "it has left", differs="IT-1 45.5, it-2 0")
    assert stock(house)[2, "W1"] == (50, 0)
    assert "1 are still on the way" in say(house, "it has arrived", differs="IT-1 41", run="first")
    assert stock(house)[1, "W2"] == (41, 5)  # 4.5, shown whole
    assert audit_book(house) == []
    say(house, "it has arrived", run="second")
    assert (state(house), value(house, "SELECT on_hand FROM stock_levels WHERE (item_id, warehouse) = (1, 'W2')")) == (
        "received",
        45.5,
    )
    assert audit_book(house) == []


def test_a_form_s_run_receives_once(house):
    say(house, "it has left")
    say(house, "it has arrived", differs="IT-1 30, IT-2 0", run="x")
    say(house, "it has arrived", differs="IT-1 30, IT-2 0", run="x")
    assert stock(house)[1, "W2"] == (30, 30)


@pytest.mark.parametrize(
    ("what", "ends", "place"),
    [("the rest is lost", "received", (0, 40)), ("the rest came back", "cancelled", (20, 60))],
)
def test_the_rest_is_accounted_for(house, what, ends, place):
    say(house, "it has left")
    say(house, "it has arrived", differs="IT-1 40, IT-2 20")
    with pytest.raises(StockError, match="what became of the rest"):
        say(house, what)
    say(house, what, note="the van")
    assert (state(house), stock(house)[1, "W2"]) == (ends, (40, 0))
    assert stock(house)[1, "W1"] == (place[1], 0)
    assert value(house, "SELECT sum(received)::int FROM supplies") == 60
    assert audit_book(house) == []


def test_a_draft_is_called_off_and_moves_nothing(house):
    assert say(house, "call it off") == "TR100001 is called off by Ann"
    with pytest.raises(StockError, match="TR100001 is cancelled"):
        say(house, "it has left")
    assert value(house, "SELECT count(*) FROM stock_moves WHERE document_kind = 'transfer'") == 0
    assert audit_book(house) == []


@pytest.mark.parametrize(("differs", "complaint"), [
    ("IT-9 4", "has no item IT-9"), ("IT-1 many", "'many' is no number"), ("IT-1 61", "60 at most"), ("IT-1 -1", "0 or more"),
    ("IT-1 1.2345", "three decimals"), ("IT-1 0, IT-2 0", "call it off instead"),
])  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_moves(house, differs, complaint):
    with pytest.raises(StockError, match=complaint):
        say(house, "it has left", differs=differs)
    assert state(house) == "draft"


def test_what_is_not_there_or_reserved_does_not_leave(house):
    with house.begin() as conn:
        conn.exec_driver_sql("UPDATE stock_levels SET reserved = 50 WHERE (item_id, warehouse) = (1, 'W1')")
    with pytest.raises(StockError, match=r"40 would be left, and 50.* are reserved"):
        say(house, "it has left")
    with house.begin() as conn:
        stock_up(conn, "SELECT 2, 'W1', '', 10000::bigint")
    with pytest.raises(StockError, match="line 2: 20 are to leave W1, 10 are there"):
        say(house, "it has left", differs="IT-1 0")
    with pytest.raises(StockError, match="give your name"), house.begin() as conn:
        move_transfer(conn, "TR100001", Word(" ", "it has left", NOON))
    with pytest.raises(StockError, match="There is no transfer TR9"), house.begin() as conn:
        move_transfer(conn, "TR9", Word("Ann", "it has left", NOON))
