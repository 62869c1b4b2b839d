"""Whatever happens to stock in whatever sequence: the audit finds nothing, and what is on hand is what a clerk would reckon."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pandas as pd
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from orderclerk.database import reserving, stock_moves, supplies
from orderclerk.database.audit_stock import STOCK_CHECKS
from orderclerk.database.stock_moves import StockError
from tests.deskwork import NOON
from tests.stockwork import stock_up

ORDERS, ITEMS, HOUSES = st.integers(1, 3), st.integers(1, 2), st.sampled_from(("W1", "W2"))
AMOUNTS = st.integers(1, 12).map(lambda n: n * 500)
DOCUMENTS, BINS = st.sampled_from("AB"), st.sampled_from(("", "B1", "B2"))
ABOUT_ORDERS = ("AUD-RESERVED-WHOLE", "AUD-RESERVED-ONLY-IF", "AUD-RESERVED-ITEM")
_HOUSE = (
    "TRUNCATE items, envelopes, warehouses RESTART IDENTITY CASCADE",
    "INSERT INTO items (item_no, is_lot_kept) VALUES ('IT-1', false), ('IT-2', false)",
    """INSERT INTO envelopes (channel, sha256, content, received_at, state)
       VALUES ('files', encode(sha256('x'), 'hex'), 'x', now(), 'read')""",
    """INSERT INTO customers (customer_no, currency) VALUES ('C1', 'EUR') ON CONFLICT DO NOTHING""",
    """INSERT INTO orders (kind, channel, source, order_ref, has_own_ref, customer_id, envelope_id, received_at, commercial_state)
       SELECT 'order', 'files', 'f', g::text, true, (SELECT min(id) FROM customers), 1, now(), 'confirmed' FROM generate_series(1, 3) g""",
)  # fmt: skip


class Ledger(RuleBasedStateMachine):
    """One step a transaction; what the ledger refuses is undone and changes nothing."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine, self.at, self.number = engine, NOON, 0
        with engine.begin() as conn:
            for statement in _HOUSE:
                conn.execute(sql(statement))
            stock_up(conn, "SELECT i.id, w, '', 9000::bigint FROM items i, (VALUES ('W1'), ('W2')) v(w)")
        self.on_hand = {(item, house): 9000 for item in (1, 2) for house in ("W1", "W2")}

    def free(self, item: int, house: str) -> int:
        with self.engine.connect() as conn:
            found = reserving.lock_stock(conn, [item])
        return int(found.loc[found["warehouse"] == house, "free_e3"].iloc[0])

    @rule(order=ORDERS, item=ITEMS, house=HOUSES, amount=AMOUNTS, soft=st.booleans())
    def reserve(self, order: int, item: int, house: str, amount: int, soft: bool) -> None:
        enough = self.free(item, house) >= amount
        taken = pd.DataFrame(
            [{"order_id": order, "line_no": 1, "item_id": item, "warehouse": house, "quantity_e3": amount}]
        )
        ends = self.at + timedelta(hours=5) if soft else None
        with self.engine.begin() as conn:
            reserving.lock_stock(conn, [item])
            refused = _tried(conn, lambda: reserving.reserve(
                conn, taken, at=self.at, actor="m", state="soft" if soft else "hard", expires_at=ends))  # fmt: skip
        if isinstance(refused, StockError):
            assert "another state" in str(refused)
        else:
            assert (refused is None) == enough

    @rule(order=ORDERS, document=DOCUMENTS, amount=AMOUNTS)
    def promise(self, order: int, document: str, amount: int) -> None:
        with self.engine.connect() as conn:
            coming = reserving.lock_supplies(conn, [1, 2])
            numbers = dict(conn.execute(sql("SELECT id, document_no FROM supplies")).tuples().all())
        coming = coming[(coming["supply_id"].map(numbers) == document) & (coming["free_e3"] >= amount)]
        taken = coming[["supply_id", "item_id", "warehouse"]].assign(order_id=order, line_no=1, quantity_e3=amount)
        with self.engine.begin() as conn:
            reserving.lock_stock(conn, [1, 2])
            reserving.lock_supplies(conn, [1, 2])
            reserving.reserve(conn, taken, at=self.at, actor="m")

    @rule(document=DOCUMENTS, amount=st.integers(0, 12).map(lambda n: n * 500))
    def expect(self, document: str, amount: int) -> None:
        line = {"kind": "return", "document_no": document, "line_no": 1, "item_id": 1 + (document == "B"), "warehouse": "W1",
                "quantity_e3": amount, "expected_date": "2026-12-01"}  # fmt: skip
        with self.engine.begin() as conn:
            supplies.open_supplies(conn, pd.DataFrame([line]), at=self.at, actor="m")

    @rule(document=DOCUMENTS)
    def expect_no_more(self, document: str) -> None:
        with self.engine.begin() as conn:
            ids = conn.execute(sql("SELECT id FROM supplies WHERE document_no = :no"), {"no": document}).scalars().all()
            supplies.close_supplies(conn, ids, at=self.at, actor="m")

    @rule(document=DOCUMENTS, slip=st.integers(1, 4))
    def receive(self, document: str, slip: int) -> None:
        amount = slip * 500  # the same slip always says the same
        with self.engine.begin() as conn:
            found = conn.execute(
                sql("SELECT id, item_id FROM supplies WHERE document_no = :no"), {"no": document}
            ).all()
            key = f"{document}{slip}"
            known = conn.execute(sql("SELECT 1 FROM stock_moves WHERE key = 'receipt:' || :key"), {"key": key}).scalar()
            for supply, item in found:
                one = {"key": key, "supply_id": supply, "quantity_e3": amount, "bin": f"B{slip % 2}"}
                supplies.receive(conn, pd.DataFrame([one]), at=self.at, actor="m")
                self.on_hand[item, "W1"] += 0 if known else amount

    @rule(order=ORDERS)
    def release(self, order: int) -> None:
        with self.engine.begin() as conn:
            reserving.release_orders(conn, [order], at=self.at, actor="m", cause="test")

    @rule(order=ORDERS, back=st.booleans())
    def pick(self, order: int, back: bool) -> None:
        state = "picked" if back else "hard"
        query = sql("SELECT id FROM reservations WHERE order_id = :id AND state = :state AND supply_id IS NULL")
        with self.engine.begin() as conn:
            ids = conn.execute(query, {"id": order, "state": state}).scalars().all()
            reserving.change_state(conn, ids, "hard" if back else "picked", at=self.at, actor="m")

    @rule(order=ORDERS)
    def ship(self, order: int) -> None:
        query = sql(
            "SELECT id, item_id, warehouse, (quantity * 1000)::bigint FROM reservations WHERE order_id = :id AND state = 'picked'"
        )
        with self.engine.begin() as conn:
            found = conn.execute(query, {"id": order}).all()
            assert reserving.consume(conn, [row[0] for row in found], at=self.at, actor="m") == len(found)
        for _, item, house, quantity in found:
            self.on_hand[item, house] -= quantity

    @rule(hours=st.sampled_from((1, 6)))
    def wait(self, hours: int) -> None:
        self.at: datetime = self.at + timedelta(hours=hours)
        with self.engine.begin() as conn:
            gone = reserving.expire_soft(conn, self.at)
            assert (
                conn.execute(
                    sql("SELECT count(*) FROM reservations WHERE state = 'soft' AND expires_at <= :at"), {"at": self.at}
                ).scalar()
                == 0
            )
            assert (gone["quantity_e3"] > 0).all()

    @rule(item=ITEMS, source=HOUSES, from_bin=BINS, goal=HOUSES, to_bin=BINS, amount=AMOUNTS)
    def move(self, item: int, source: str, from_bin: str, goal: str, to_bin: str, amount: int) -> None:
        if (source, from_bin) == (goal, to_bin):
            return
        self.number += 1
        one = {"key": f"move {self.number}", "item_id": item, "quantity_e3": amount, "from_kind": "warehouse",
               "from_code": f"{source}/{from_bin}", "to_kind": "warehouse", "to_code": f"{goal}/{to_bin}"}  # fmt: skip
        with self.engine.begin() as conn:
            refused = _tried(conn, lambda: stock_moves.post_moves(conn, pd.DataFrame([one]), at=self.at, actor="m"))
        if refused:
            assert isinstance(refused, StockError)
            return
        with self.engine.begin() as conn:
            assert stock_moves.post_moves(conn, pd.DataFrame([one]), at=self.at, actor="m") == 0
        self.on_hand[item, source] -= amount
        self.on_hand[item, goal] += amount

    @rule(item=ITEMS, house=HOUSES, counted=st.integers(0, 30).map(lambda n: n * 500))
    def count(self, item: int, house: str, counted: int) -> None:
        reserved = self.on_hand[item, house] - self.free(item, house)
        level = pd.DataFrame([{"item_id": item, "warehouse": house, "on_hand_e3": counted}])
        with self.engine.begin() as conn:
            refused = _tried(conn, lambda: stock_moves.follow_levels(
                conn, level, reason="counted", document_kind="t", document_ref="t", at=self.at, actor="m"))  # fmt: skip
        assert (refused is None) == (counted >= reserved)
        self.on_hand[item, house] = self.on_hand[item, house] if refused else counted

    @invariant()
    def the_book_adds_up(self) -> None:
        with self.engine.connect() as conn:
            levels = conn.execute(sql("SELECT item_id, warehouse, (on_hand * 1000)::bigint FROM stock_levels")).tuples()
            assert {(item, house): quantity for item, house, quantity in levels} == self.on_hand
            for name, query in STOCK_CHECKS:
                assert name in ABOUT_ORDERS or conn.execute(sql(query)).all() == [], name


def _tried(conn: Connection, step: Callable[[], object]) -> Exception | None:
    """What refused the step, which is then undone; None if it was done."""
    try:
        with conn.begin_nested():
            step()
    except (IntegrityError, StockError) as refusal:
        return refusal
    return None


def test_any_sequence_of_stock_keeping_adds_up(engine: Engine) -> None:
    run_state_machine_as_test(
        lambda: Ledger(engine),
        settings=settings(max_examples=12, stateful_step_count=20, deadline=None, derandomize=True, database=None,
                          phases=(Phase.generate,), suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
