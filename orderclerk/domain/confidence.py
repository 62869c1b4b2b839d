"""How sure a line is, reading times matching; and what to ask where that is not enough, or where no item was found."""

import json
from typing import Any

import pandas as pd

from orderclerk.domain.checks import HOLD, no_holds

_STATED = 0.95  # a field read with this or more is not what is in doubt
_OF_COUNTS = {
    "two counts", "pack stated", "measured", "grouping by convention", "number word", "article as one", "vague",
    "position or count", "dozens with a price",
}  # fmt: skip
_UNMATCHED = {
    "ITM-001": "no item has this number or barcode",
    "ITM-002": "it leads to several items",
    "ITM-004": "the description fits several items",
    "ITM-005": "no item fits the description",
}
_ASKED = {"item_ref": "item", "description": "item", "barcode": "item", "unit_price": "price"}


def unsure_holds(lines: pd.DataFrame, min_confidence: float) -> pd.DataFrame:
    """LIN-008 for lines whose item and quantity are known, but not as surely as policy asks.

    `lines` has item_id, quantity_e3, confidence (of reading and matching together), reading, match_confidence, evidence
    (JSON text, "" for none), item_ref, description, choices (a list of {item_no, name}).
    """
    unsure = lines[(lines["confidence"] < min_confidence) & (lines["item_id"] > 0) & lines["quantity_e3"].notna()]
    if unsure.empty:
        return no_holds()
    rows = [_hold(row) for row in unsure.to_dict("records")]
    return pd.DataFrame(rows, columns=HOLD)


def unmatched_holds(lines: pd.DataFrame) -> pd.DataFrame:
    """Objections to lines without an item, by their item_rule, with what they may mean as `choices`."""
    lost = lines[lines["item_rule"] != ""]
    rows = [
        (line["order_id"], line["line_no"], line["item_rule"], _UNMATCHED[line["item_rule"]],
         question("item", line, line["choices"]))
        for line in lost.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=HOLD)


def without_answered(holds: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """`holds` less the reader's LIN-003 on lines whose description names an item, or several, or none that we know."""
    if not (holds["rule"] == "LIN-003").any():
        return holds
    described = lines[(lines["description"] != "") | (lines["item_id"] > 0)]
    known = set(zip(described["order_id"], described["line_no"], strict=True))
    answered = [(row.order_id, row.line_no) in known and row.rule == "LIN-003" for row in holds.itertuples()]
    return holds[~pd.Series(answered, index=holds.index, dtype=bool)]


def question(asked: str, line: dict[str, Any], choices: list[dict[str, str]]) -> dict[str, Any]:
    """A hold's evidence in the form a question is made of: docs/contracts.md, "What a hold asks"."""
    read, where = _read(asked, line)
    told = {"asked": asked, "read": read, "where": where, "item": line["item_ref"], "barcode": line["barcode"],
            "description": line["description"]}  # fmt: skip
    return {name: value for name, value in told.items() if value} | {"choices": choices}


def besides_item(evidence: list[dict[str, Any]] | None) -> float:
    """How sure a line is once its item is settled: as its reading, where that left the count in doubt."""
    form = next((field for field in evidence or () if field["field"] == "form"), None)
    return float(form["confidence"]) if form is not None and _doubts(form) & _OF_COUNTS else 1.0


def _hold(line: dict[str, Any]) -> tuple[object, ...]:
    asked = _least_sure(line)
    evidence = question(asked, line, line["choices"] if asked == "item" else [])
    evidence["confidence"] = round(float(line["confidence"]), 4)
    reason = f"the {asked} is read with a confidence of {100 * line['confidence']:.1f} %"
    return line["order_id"], line["line_no"], "LIN-008", reason, evidence


def _least_sure(line: dict[str, Any]) -> str:
    """Which field to ask for: the item if the matching is the weaker half, what the reader doubts, else the line."""
    if line["match_confidence"] < line["reading"]:
        return "item"
    fields = _fields(line)
    if any(_doubts(field) & _OF_COUNTS for field in fields if field["field"] == "form"):
        return "quantity"
    weak = min((f for f in fields if f["field"] != "form"), key=lambda field: field["confidence"], default=None)
    if weak is None or weak["confidence"] >= _STATED:
        return "line"
    return _ASKED.get(weak["field"], str(weak["field"]))


def _doubts(form: dict[str, Any]) -> set[str]:
    """The doubts that a reader wrote behind the name of the form it read: `counted item; two counts`."""
    return set(str(form["text"]).split("; ")[1:])


def _read(asked: str, line: dict[str, Any]) -> tuple[str, str]:
    """What stood in the document for this field, and where."""
    for field in _fields(line):
        if _ASKED.get(field["field"], field["field"]) == asked and field["text"]:
            return str(field["text"]), f"{field['part']} {field['place']}".strip()
    return (str(line["item_ref"] or line["description"]) if asked == "item" else ""), ""


def _fields(line: dict[str, Any]) -> list[dict[str, Any]]:
    return list(json.loads(line["evidence"])) if line["evidence"] else []
