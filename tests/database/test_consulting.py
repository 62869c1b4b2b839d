"""A language model is asked once about a mail, and reading again gives the same."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine

from connectors.errors import TransientError
from connectors.mail.authenticity import Receiver
from connectors.mail.sources import Source
from connectors.models.reading import read_with_answer
from orderclerk.database import inbox
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import LetterKind, Reading
from tasks.consulting import consult
from tasks.intake import read_chunk
from tests.database.test_letters import BUYER, mail
from tests.database.test_letters import read as by_rules
from tests.deskwork import NOON, check, furnish, held, rows, value

WORDS = "We order the blue mugs we talked about, number IT-1. A dozen is enough, so 12 please."


def read(envelope: Envelope, said: LetterKind | None = None, repair: Any = None, answer: Any = None) -> Reading:
    reading = by_rules(envelope, said)
    return reading if answer is None else read_with_answer(envelope, reading, answer, Receiver())


class Model:
    """Quotes the mail's first line; `asked` counts. `fails` of its first answers are errors."""

    name = "test-model"

    def __init__(self, fails: int = 0) -> None:
        self.asked, self.fails = 0, fails

    def extract(self, sources: Sequence[Source]) -> dict[str, Any]:
        self.asked += 1
        if self.asked <= self.fails:
            raise TransientError("language model", "busy")
        (source,) = sources
        place = source.lines[0].place
        fields = {
            name: {"value": v, "quote": v, "part": source.part, "place": place}
            for name, v in (("item", "IT-1"), ("quantity", "12"))
        }
        return {"order_ref": None, "lines": [fields]}


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    with engine.begin() as conn:
        contents = [mail("Order", WORDS), mail("Hello", "Nothing of the kind.")]
        inbox.keep_once(
            conn,
            [Envelope("mail", str(n), c, "message/rfc822", BUYER, sent_at=NOON) for n, c in enumerate(contents)],
            NOON,
        )
    return engine


def test_a_model_is_asked_only_about_what_no_rule_read_and_only_once(house: Engine) -> None:
    model = Model()
    assert consult(house, read, model, NOON) == {"model asked": 1}
    assert consult(house, read, model, NOON) == {}
    assert model.asked == 1
    assert value(house, "SELECT model FROM model_answers") == "test-model"


def test_what_a_model_read_is_held_for_a_person_and_reading_again_gives_the_same(house: Engine) -> None:
    consult(house, read, Model(), NOON)
    assert read_chunk(house, read, frozenset(), NOON)["new"] == 1
    check(house)
    assert all(held(house).values())
    assert held(house)
    lines = "SELECT item_ref, quantity, confidence FROM order_lines"
    before = rows(house, lines)
    with house.begin() as conn:
        conn.exec_driver_sql("UPDATE envelopes SET state = 'stored'")
    assert read_chunk(house, read, frozenset(), NOON)["repeat"] == 1
    assert rows(house, lines) == before


def test_a_model_that_fails_stops_nothing_and_is_asked_again(house: Engine) -> None:
    model = Model(fails=1)
    assert consult(house, read, model, NOON)["model failed"] == 1
    assert consult(house, read, model, NOON) == {"model asked": 1}
