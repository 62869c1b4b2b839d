"""`make prove-audit`: each kind of corruption, seeded past every constraint into a real book, and the rule that finds it.

To add a kind: one line in `KINDS`, and in `stock_book` what it damages.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import pandas as pd
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from orderclerk.database import counting, reserving, supplies, transfers
from orderclerk.database.audit import audit_book
from orderclerk.database.engine import make_engine
from orderclerk.database.promises import make_promises, read_dispatches
from orderclerk.domain.counting import CountPolicy
from orderclerk.domain.dispatch import Dispatch
from orderclerk.domain.worktime import WorkTime
from tasks.transferring import Word, move_transfer
from tests.deskwork import NOON, bring, check, furnish, order, value
from tests.proofs import wholesale
from tests.proofs.server import proof_server
from tests.stockwork import stock_up


class Corruption(NamedTuple):
    """`rule` must be among what the audit finds after `statements`."""

    kind: str
    rule: str
    statements: tuple[str, ...]


def _kind(kind: str, rule: str, *statements: str) -> Corruption:
    return Corruption(kind, rule, statements)


_ONE = "(SELECT min(id) FROM {})".format
KINDS = (
    # ledger
    _kind("a move is deleted", "AUD-LEDGER-BALANCE", f"DELETE FROM stock_moves WHERE id = {_ONE('stock_moves')}"),
    _kind("a move's quantity is changed", "AUD-LEDGER-BALANCE", f"UPDATE stock_moves SET quantity = 1 WHERE id = {_ONE('stock_moves')}"),
    _kind("a move's lot is changed", "AUD-LEDGER-BALANCE", f"UPDATE stock_moves SET lot = 'X' WHERE id = {_ONE('stock_moves')}"),
    _kind("a move that moves less than nothing", "AUD-LEDGER-MOVE", f"UPDATE stock_moves SET quantity = -1 WHERE id = {_ONE('stock_moves')}"),
    _kind("a move to where it came from", "AUD-LEDGER-MOVE", "UPDATE stock_moves SET to_id = from_id WHERE document_kind = 'supply'"),
    _kind("a move to no place", "AUD-LEDGER-PLACE", f"UPDATE stock_moves SET to_id = 999 WHERE id = {_ONE('stock_moves')}"),
    _kind("a bin of no warehouse", "AUD-LEDGER-PLACE", "UPDATE locations SET warehouse = 'W9' WHERE kind = 'warehouse'"),
    _kind("a move done twice", "AUD-LEDGER-KEY", "ALTER TABLE stock_moves DROP CONSTRAINT uq_stock_moves_key",
          "INSERT INTO stock_moves (key, item_id, quantity, from_id, to_id, at) SELECT key, item_id, quantity, from_id, to_id, at FROM stock_moves LIMIT 1"),
    _kind("stock of no lot where lots are kept", "AUD-LEDGER-LOT", "UPDATE items SET is_lot_kept = true WHERE item_no = 'IT-1'"),
    # balances
    _kind("a bin's balance is changed", "AUD-LEDGER-BALANCE", "UPDATE bin_levels SET on_hand = on_hand + 1 WHERE item_id = 1"),
    _kind("a bin is lost", "AUD-STOCK-BINS", "DELETE FROM bin_levels WHERE item_id = 2"),
    _kind("stock on hand is changed", "AUD-STOCK-BINS", "UPDATE stock_levels SET on_hand = on_hand + 1 WHERE item_id = 3"),
    _kind("reserved is changed", "AUD-STOCK-SUM", "UPDATE stock_levels SET reserved = reserved + 1 WHERE item_id = 1"),
    _kind("more is reserved than there is", "AUD-STOCK-OVERSOLD", "UPDATE stock_levels SET on_hand = 1 WHERE item_id = 1"),
    _kind("less than nothing is reserved", "AUD-STOCK-OVERSOLD", "UPDATE stock_levels SET reserved = -1 WHERE item_id = 1"),
    _kind("incoming is changed", "AUD-STOCK-INCOMING", "UPDATE stock_levels SET incoming = incoming + 1 WHERE item_id = 4"),
    # promises
    _kind("a promise on nothing", "AUD-PROMISE-PEGGED", "UPDATE reservations SET state = 'released' WHERE order_id = 1"),
    _kind("a promise of more than was ordered", "AUD-PROMISE-QUANTITY", "UPDATE promises SET quantity = 99 WHERE order_id = 1"),
    _kind("a promise that leaves before it can be there", "AUD-PROMISE-SUPPLY", "UPDATE promises SET ship_date = '2026-11-24' WHERE order_id = 3"),
    # counts
    _kind("a count's difference is changed after it was posted", "AUD-COUNT-POSTED", "UPDATE count_lines SET difference = 5, cause = 'damage'"),
    _kind("a count is posted with a line that nobody settled", "AUD-COUNT-SETTLED", "UPDATE count_lines SET state = 'disputed'"),
    # what is coming
    _kind("a supply is closed behind our back", "AUD-STOCK-INCOMING", "UPDATE supplies SET state = 'closed'"),
    _kind("a closed supply is promised", "AUD-SUPPLY-OVERPROMISED", "UPDATE supplies SET state = 'closed'"),
    _kind("more is promised than is coming", "AUD-SUPPLY-OVERPROMISED", "UPDATE supplies SET quantity = 3 WHERE document_no = 'RMA1'"),
    _kind("promised of a supply is changed", "AUD-SUPPLY-PEGGED", "UPDATE supplies SET pegged = pegged - 1 WHERE document_no = 'RMA1'"),
    _kind("received without a move", "AUD-SUPPLY-RECEIVED", "UPDATE supplies SET received = received + 1 WHERE document_no = 'RMA1'"),
    _kind("a receipt whose move is deleted", "AUD-SUPPLY-RECEIVED", "DELETE FROM stock_moves WHERE document_kind = 'supply'"),
    _kind("open when all has come", "AUD-SUPPLY-DONE", "UPDATE supplies SET quantity = received WHERE document_no = 'RMA1'"),
    _kind("promised of another item's supply", "AUD-SUPPLY-ITEM", "UPDATE supplies SET item_id = 1 WHERE document_no = 'RMA1'"),
    # between warehouses
    _kind("a transfer forgets that it left", "AUD-TRANSFER-STATE", "UPDATE transfers SET state = 'draft' WHERE id = 1"),
    _kind("a transfer closed by nobody", "AUD-TRANSFER-STATE", "UPDATE transfers SET state = 'received' WHERE id = 1"),
    _kind("more is said to have left than did", "AUD-TRANSFER-SENT", "UPDATE transfer_lines SET sent = 4, quantity = 4"),
    _kind("what left is put down elsewhere", "AUD-TRANSFER-PLACE",
          "UPDATE stock_moves SET to_id = (SELECT id FROM locations WHERE kind = 'customer' LIMIT 1) WHERE reason = 'transfer received'"),
    _kind("goods are on the way with no transfer", "AUD-TRANSFER-PLACE", "UPDATE locations SET code = 'TR9' WHERE kind = 'transit'"),
    _kind("a transfer is closed while goods are on the way", "AUD-TRANSFER-ON-WAY",
          "UPDATE transfers SET state = 'received', closed_by = 'Ann', closed_at = sent_at WHERE id = 1"),
    _kind("what left is expected nowhere", "AUD-TRANSFER-SUPPLY", "UPDATE transfer_lines SET supply_id = NULL"),
    # reservations
    _kind("a reservation is deleted", "AUD-RESERVED-WHOLE", "DELETE FROM reservations WHERE order_id = 1"),
    _kind("a reservation is made smaller", "AUD-STOCK-SUM", "UPDATE reservations SET quantity = quantity - 1 WHERE order_id = 1"),
    _kind("a line grows after it was reserved", "AUD-RESERVED-WHOLE", "UPDATE order_lines SET quantity = quantity + 1 WHERE order_id = 1"),
    _kind("a kit's component is short", "AUD-RESERVED-WHOLE", "UPDATE reservations SET quantity = quantity - 1 WHERE order_id = 2 AND item_id = 1"),
    _kind("another item than ordered", "AUD-RESERVED-ITEM", "UPDATE reservations SET item_id = 5 WHERE order_id = 1"),
    _kind("a reservation whose line is gone", "AUD-RESERVED-ITEM", "DELETE FROM order_lines WHERE order_id = 1"),
    _kind("a component that is not in the kit", "AUD-RESERVED-ITEM", "UPDATE reservations SET item_id = 5 WHERE order_id = 2 AND item_id = 2"),
    _kind("stock kept for an order that is off", "AUD-RESERVED-ONLY-IF", "UPDATE orders SET commercial_state = 'cancelled', answer_by = NULL WHERE id = 1"),
    _kind("stock kept for an order nobody reserved for", "AUD-RESERVED-ONLY-IF",
          "INSERT INTO reservations (order_id, line_no, item_id, warehouse, quantity, made_at) VALUES (5, 1, 3, 'W2', 1, now())"),
    _kind("a soft reservation of an order that is off", "AUD-RESERVED-ONLY-IF", "UPDATE orders SET commercial_state = 'declined' WHERE id = 5"),
    _kind("a soft reservation that ended long ago", "AUD-RESERVED-EXPIRED", "UPDATE reservations SET expires_at = '2026-11-20' WHERE state = 'soft'"),
    _kind("a soft reservation without end", "AUD-RESERVED-STATE", "UPDATE reservations SET expires_at = NULL WHERE state = 'soft'"),
    _kind("a closed reservation is opened again", "AUD-STOCK-SUM", "UPDATE reservations SET state = 'hard', closed_at = NULL WHERE state = 'consumed'"),
    _kind("a reservation closed without a time", "AUD-RESERVED-STATE", "UPDATE reservations SET closed_at = NULL WHERE state = 'consumed'"),
    _kind("one reservation twice", "AUD-RESERVED-TWICE", "DROP INDEX uq_reservations_active",
          "INSERT INTO reservations (order_id, line_no, item_id, warehouse, quantity, made_at) "
          "SELECT order_id, line_no, item_id, warehouse, quantity, made_at FROM reservations WHERE order_id = 1"),
    _kind("consumed without a move", "AUD-RESERVED-CONSUMED", "DELETE FROM stock_moves WHERE document_kind = 'reservation'"),
    _kind("consumed for another order", "AUD-RESERVED-CONSUMED", "UPDATE stock_moves SET order_id = 1 WHERE document_kind = 'reservation'"),
    _kind("shipped, and still said to be on the shelf", "AUD-RESERVED-CONSUMED", "UPDATE reservations SET state = 'picked', closed_at = NULL WHERE state = 'consumed'"),
    # kits
    _kind("a kit in a kit", "AUD-KIT-LEVEL", "INSERT INTO kits VALUES (1, 3, 1)"),
)  # fmt: skip


def stock_book(engine: Engine) -> None:
    """1 an order, 2 an order for a kit, 3 partly waiting for goods that come back, 4 shipped, 5 held with a soft reservation."""
    furnish(engine)
    with engine.begin() as conn:
        conn.execute(sql("INSERT INTO items (item_no, name) VALUES ('KIT-1', 'the set')"))
        conn.execute(
            sql(
                "INSERT INTO kits SELECT k.id, c.id, 3 - c.id FROM items k, items c WHERE k.item_no = 'KIT-1' AND c.id < 3"
            )
        )
        conn.execute(
            sql(
                "INSERT INTO prices (price_list, currency, item_id, unit_price, valid_from) SELECT 'std', 'GBP', max(id), 2.50, '2020-01-01' FROM items"
            )
        )
        stock_up(conn, "SELECT 3, 'W2', '', 7000::bigint")
    wanted = (("IT-1", "5"), ("KIT-1", "2"), ("IT-4", "5"), ("IT-5", "4"))
    bring(engine, *(order(str(number), (item, quantity, "2.50")) for number, (item, quantity) in enumerate(wanted, start=1)),
          order("5", ("IT-3", "9", "9.99")))  # fmt: skip
    check(engine)
    with engine.begin() as conn:
        _wait_for_a_return(conn)
        _ship(conn)
        soft = pd.DataFrame(
            [(5, 1, 3, "W1", 9000)], columns=["order_id", "line_no", "item_id", "warehouse", "quantity_e3"]
        )
        reserving.lock_stock(conn, [3])
        reserving.reserve(conn, soft, at=NOON, actor="test", state="soft", expires_at=NOON + timedelta(days=1))
        usual = Dispatch(WorkTime("UTC", frozenset(range(5))))
        make_promises(conn, [1, 2, 3], read_dispatches(conn, usual), NOON)
        _count(conn)
        _transfer(conn)


def _count(conn: Connection) -> None:
    """Everything in W2 is counted, and one is missing."""
    number = counting.plan_count(conn, "W2", "full", NOON.date(), CountPolicy(), NOON)
    for who in ("Ann", "Bo"):
        counting.keep_counted(conn, [counting.Counted(number, 1, Decimal(6), who, NOON)], CountPolicy())
    counting.settle_line(conn, number, 1, "damage", difference=None, note="")
    counting.post_count(conn, number, "Mei", NOON)


def _transfer(conn: Connection) -> None:
    """Three of item 5 left W1 for W2, where one has arrived."""
    names = ["item_id", "from_warehouse", "to_warehouse", "quantity_e3", "why"]
    planned = pd.DataFrame([(5, "W1", "W2", 3000, "too many")], columns=names)
    transfers.draft_transfers(conn, planned, "night", NOON.date(), NOON)
    for what, differs in (("it has left", ""), ("it has arrived", "IT-5 1")):
        move_transfer(conn, "TR100001", Word("Ann", what, NOON, differs))


def _wait_for_a_return(conn: Connection) -> None:
    """Order 3 gives its stock up for a promise of what is coming, of which 2 arrive."""
    bought = {
        "kind": "return",
        "document_no": "RMA1",
        "line_no": 1,
        "item_id": 4,
        "warehouse": "W1",
        "quantity_e3": 20000,
        "expected_date": "2026-12-01",
    }
    supplies.open_supplies(conn, pd.DataFrame([bought]), at=NOON, actor="test")
    (held,) = conn.execute(sql("SELECT id FROM reservations WHERE order_id = 3")).scalars()
    reserving.change_state(conn, [held], "released", at=NOON, actor="test")
    reserving.lock_stock(conn, [4])
    (supply,) = reserving.lock_supplies(conn, [4])["supply_id"]
    peg = pd.DataFrame(
        [(3, 1, 4, "W1", supply, 5000)],
        columns=["order_id", "line_no", "item_id", "warehouse", "supply_id", "quantity_e3"],
    )
    reserving.reserve(conn, peg, at=NOON, actor="test")
    supplies.receive(
        conn, pd.DataFrame([{"key": "slip 1", "supply_id": supply, "quantity_e3": 2000}]), at=NOON, actor="test"
    )


def _ship(conn: Connection) -> None:
    ids = list(conn.execute(sql("SELECT id FROM reservations WHERE order_id = 4")).scalars())
    reserving.change_state(conn, ids, "picked", at=NOON, actor="test")
    reserving.consume(conn, ids, at=NOON, actor="test")


def found_after_each(engine: Engine, seeded: Sequence[Sequence[str]]) -> list[set[str]]:
    """For each of `seeded` the rules broken after those statements, past every constraint; all of it is taken back."""
    found = []
    with engine.connect() as conn:
        conn.execute(sql("SET LOCAL session_replication_role = replica"))  # no foreign keys, no triggers
        for table, name in conn.execute(sql(_CHECKS)).all():
            conn.execute(sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
        for statements in seeded:
            with conn.begin_nested() as undone:
                done = [conn.execute(sql(statement)).rowcount for statement in statements]
                assert done[-1], statements
                found.append({finding.rule for finding in audit_book(_Inside(conn))})  # type: ignore[arg-type]
                undone.rollback()
        conn.rollback()
    return found


_CHECKS = """SELECT conrelid::regclass::text, conname FROM pg_constraint
             WHERE contype = 'c' AND connamespace = 'public'::regnamespace"""


class _Inside:
    """An engine whose connection is the one given: the audit sees what is not committed."""

    def __init__(self, conn: object) -> None:
        self._conn = conn

    def connect(self) -> "_Inside":
        return self

    def execution_options(self, **_: object) -> "_Inside":
        return self

    def __enter__(self) -> object:
        return self._conn

    def __exit__(self, *_: object) -> None:
        return None


def main() -> int:
    """The proof as a command; 1 if a corruption is missed or the sound book is not found sound."""
    console, table = Console(width=150), Table(title="Seeded corruptions, and what the audit says")
    for head in ("corruption", "must be found by", "found by", ""):
        table.add_column(head)
    with proof_server() as url:
        engine = make_engine(wholesale.fresh_book(url, "corruptions"))
        stock_book(engine)
        before = audit_book(engine)
        missed = 0
        for one, found in zip(KINDS, found_after_each(engine, [one.statements for one in KINDS]), strict=True):
            missed += one.rule not in found
            table.add_row(
                one.kind, one.rule, ", ".join(sorted(found)) or "nothing", "" if one.rule in found else "MISSED"
            )
        rows = value(engine, "SELECT count(*) FROM reservations") + value(engine, "SELECT count(*) FROM stock_moves")
        engine.dispose()
    console.print(table)
    console.print(
        f"{len(KINDS)} kinds, {missed} missed; the sound book of {rows} moves and reservations has {len(before)} findings"
    )
    return 1 if missed or before else 0


if __name__ == "__main__":
    sys.exit(main())
