"""Names below an answer are no part of it; whatever may mean something stays."""

from datetime import date
from decimal import Decimal

import pytest

from orderclerk.domain.answers import OfferedLine, read_answer, without_signature

LAMPS = (
    OfferedLine(1, Decimal(5), "EA", ("IT-1",), ("Blue Lamp",)),
    OfferedLine(2, Decimal(5), "EA", ("IT-2",), ("Desk Fan",)),
)
NAMES = ("Acme Tools", "Jane Doe")


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("Confirmed, thank you.\n\nGlenshira Norwich Tools Ltd", "confirm"),
        ("We decline, please cancel.\n\nFarrowby Portland Supply Inc.", "decline"),
        ("Nein danke, bitte stornieren Sie die Bestellung.\n\nSelworthy Berlin Werkzeuge GmbH", "decline"),
        ("请取消。\n\n海棠（示例）工具有限公司", "decline"),
        ("No thanks.\nJane Doe\nAcme Tools", "decline"),
        ("Please cancel.\n\nAnna-Maria O'Neil", "decline"),
        ("请取消。\n\n李明", "decline"),
        ("Please change line 1 to 20.\n\nCarrowmoor Supplies Ltd.", "change"),
        ("Bitte ändern Sie Position 1 auf 40 Stück.\n\nCarrowmoor München Baubedarf KG", "change"),
        ("请把第一行改为90件。\n\n松间（示例）贸易有限公司", "change"),
    ],
)
def test_a_signed_answer_is_understood(words: str, verdict: str) -> None:
    read = read_answer(without_signature(words, NAMES, LAMPS), LAMPS, date(2026, 11, 23))
    assert (read.verdict, read.doubts) == (verdict, ())


@pytest.mark.parametrize(
    "words",
    [
        "Please cancel\n\nBlue Lamp",
        "Yes\n\nNot Yet",
        "Yes\n\nBut Only 20",
        "Yes\n\nOnly for Acme Ltd",
        "Acme Tools",
        "No\n\nNew Address",
        "确认\n\n不要了",
    ],
)
def test_what_may_mean_something_stays(words: str) -> None:
    assert without_signature(words, NAMES, LAMPS) == words
