"""What an unsure line is asked for."""

import json
from typing import Any

import pandas as pd
import pytest

from orderclerk.domain.confidence import besides_item, unsure_holds

QUANTITY = {"field": "quantity", "part": "body", "place": "line 2", "text": "20-30", "confidence": 0.99}


def form(how: str) -> dict[str, Any]:
    return {"field": "form", "part": "body", "place": "line 2", "text": how, "confidence": 0.8}


@pytest.mark.parametrize(
    ("reading", "matching", "evidence", "asked"),
    [
        (0.998, 0.95, [form("counted item")], "item"),
        (0.8, 1.0, [form("counted item; two counts"), QUANTITY], "quantity"),
        (0.8, 0.9, [form("counted item; two counts"), QUANTITY], "quantity"),
        (0.8, 1.0, [form("inferred table"), QUANTITY], "line"),
        (0.8, 1.0, [{**QUANTITY, "field": "unit", "confidence": 0.8}], "unit"),
        (0.8, 1.0, [], "line"),
    ],
)
def test_the_weakest_field_is_asked_for(reading: float, matching: float, evidence: list[Any], asked: str) -> None:
    line = {
        "order_id": 1, "line_no": 1, "item_id": 7, "quantity_e3": 2000, "reading": reading, "match_confidence": matching,
        "confidence": reading * matching, "evidence": json.dumps(evidence), "item_ref": "", "barcode": "",
        "description": "mug", "choices": [{"item_no": "A", "name": "Mug"}],
    }  # fmt: skip
    hold = unsure_holds(pd.DataFrame([line]), 0.99).iloc[0]
    assert hold["evidence"]["asked"] == asked
    assert hold["evidence"]["choices"] == (line["choices"] if asked == "item" else [])
    assert hold["evidence"].get("read", "") == {"item": "mug", "quantity": "20-30", "unit": "20-30"}.get(asked, "")
    assert unsure_holds(pd.DataFrame([line]), 0.5).empty


def test_a_settled_item_leaves_the_doubt_about_the_count() -> None:
    assert besides_item([form("counted item; two counts"), QUANTITY]) == 0.8
    assert besides_item([form("counted item; header inferred")]) == 1.0
    assert besides_item(None) == 1.0
