"""The form in which a person says which item is meant."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.confirm_item import confirm_item
from orderclerk.database.confirming import ConfirmError
from tasks.confirming import confirm_one, forget_one
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, states


def test_its_fields_say_what_to_fill_in() -> None:
    fields = confirm_item.parameters.properties
    assert [name for name, _ in sorted(fields.items(), key=lambda field: field[1]["position"])][:4] == [
        "person",
        "hold",
        "item",
        "remember",
    ]
    assert fields["remember"]["default"] is True
    assert all(field["description"] for field in fields.values())
    assert confirm_item.parameters.required == ["person"]


def test_what_it_says_is_done_in_the_book(desk_home: Path, engine: Engine) -> None:
    furnish(engine)
    bring(engine, order("1", ("THEIRS-9", "2", "2.50")))
    check(engine)
    hold = rows(engine, "SELECT id FROM holds")[0][0]
    assert confirm_one.fn(hold, "IT-3", "Ann", True, NOON) == f"line 1 of hold {hold} means IT-3, says Ann; remembered"
    check(engine)
    assert states(engine) == {"1": "offered"}
    assert "accepted by it: SO" in forget_one.fn("C1", "theirs-9", "Ann", NOON)
    with pytest.raises(ConfirmError, match="no open hold"):
        confirm_one.fn(hold, "IT-3", "Ann", True, NOON)
    assert held(engine) == {}
