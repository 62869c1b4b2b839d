"""The flows as the clerk's day: a file arrives, becomes orders, one is held and released, a phone order is typed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.enter_order import enter_order
from flows.process_orders import process_orders
from flows.pull_orders import pull_orders
from flows.release_hold import release_hold
from orderclerk.database.audit import audit_book
from orderclerk.database.releasing import ReleaseError
from tasks.desk import _desk_of
from tasks.phone import FormError
from tests.deskwork import NOON, furnish, held, rows, states, value
from tests.flows.conftest import Operations

HEADER = "order_ref,customer_number,item_ref,quantity,unit_price\n"


@pytest.fixture
def house(desk_home: Path, engine: Engine, operations: Operations) -> Iterator[Path]:
    """A furnished desk whose drop folder takes files at once."""
    with (desk_home / "orderclerk.toml").open("a") as file:
        file.write("[files]\nsettle_seconds = 0\n")
    furnish(engine)
    _desk_of.cache_clear()
    with operations.in_process():
        yield desk_home
    _desk_of.cache_clear()


def drop(home: Path, name: str, *lines: str) -> Path:
    """A finished file from the sender `acme`."""
    path = home / "var" / "drop" / "acme" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines))
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return path


def test_a_file_becomes_an_offer_a_hold_and_after_release_another_offer(house: Path, engine: Engine) -> None:
    path = drop(house, "monday.csv", "A1,C1,IT-1,5,2.50", "A2,C2,IT-2,1,9.99")
    batch = pull_orders("files", NOON)
    assert process_orders(batch, NOON) == {"envelopes": 1, "new": 2, "offered": 1, "held": 1}
    assert not path.exists()
    assert pull_orders("files", NOON) is None
    assert held(engine) == {"A2": {"PRC-001"}}
    hold = value(engine, "SELECT id FROM holds")
    release_hold(hold, "Ann", "release", "agreed on the phone", NOON)
    assert states(engine) == {"A1": "offered", "A2": "offered"}
    with pytest.raises(ReleaseError, match="was released by Ann"):
        release_hold(hold, "Bob", "release", "", NOON)
    assert audit_book(engine) == []


def test_a_phone_order_goes_the_way_of_every_other_and_a_slip_is_explained(house: Path, engine: Engine) -> None:
    with pytest.raises(FormError, match="The order was not entered"):
        enter_order("C1", "some of the blue ones", "Ann", as_of=NOON)
    assert value(engine, "SELECT count(*) FROM envelopes") == 0
    enter_order("C1", "IT-1 10\nIT-2 3 2.50", "Ann", their_reference="PO-7", as_of=NOON)
    enter_order("C1", "IT-1 10\nIT-2 3 2.50", "Ann", their_reference="PO-7", as_of=NOON)
    assert states(engine) == {"PO-7": "offered"}


def test_a_run_is_on_record_with_what_it_did(house: Path, engine: Engine) -> None:
    drop(house, "monday.csv", "A1,C1,IT-1,5,2.50")
    pull_orders("files", NOON)
    process_orders(None, NOON)
    flow, counts = rows(engine, "SELECT flow, counts FROM runs")[0]
    assert (flow, counts["offered"]) == ("process-orders", 1)
