"""Several processes reserve the same few items at once, one is killed: nothing is oversold, nothing deadlocks."""

from sqlalchemy import Engine

from tests.proofs.hot_stock import stock_a_hot_house
from tests.proofs.reservations import crowd, faults


def test_processes_on_hot_items_never_oversell_also_when_one_is_killed(engine: Engine, book_url: str) -> None:
    stock_a_hot_house(engine, lanes=3)
    run = crowd(engine, book_url, "desk", workers=3, batch=80, attempts=6000, kill_every_s=0.5)
    assert run.kills >= 1
    assert run.deadlocks == 0
    assert not any(faults(engine).values())
