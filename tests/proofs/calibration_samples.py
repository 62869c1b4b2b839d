"""Lines of the book beside the truth, with how they were read and how their item was found."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text as sql

from orderclerk.database.engine import Engine
from tests.proofs.calibration_model import FormRow, StepRow, class_probability, form_confidence

_LINES = """
    SELECT e.filename, i.item_no, l.quantity, l.confidence, l.match, l.evidence,
           coalesce((l.match->>'reading')::float, l.confidence) AS reading
    FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN envelopes e ON e.id = o.envelope_id
    LEFT JOIN items i ON i.id = l.item_id
    WHERE e.channel = 'mail' AND NOT l.is_charge AND o.kind = 'order' AND l.quantity IS NOT NULL"""


@dataclass(frozen=True)
class Sample:
    """One line as booked: `form` with its `doubts`, `how` the item was found ("" by a known number), and what is true.

    `is_read_right`: the quantity belongs to a true line, and where a number named the item, to that line.
    """

    form: str
    doubts: frozenset[str]
    how: str
    score: float
    item: str
    confidence: float
    is_right: bool
    is_item_right: bool
    is_read_right: bool

    def said_by(self, forms: Sequence[FormRow], classes: Sequence[StepRow]) -> "Sample":
        """This line with the confidence that other tables give it."""
        if not self.form:
            return self
        reading = form_confidence(forms, self.form, self.doubts)
        return replace(
            self, confidence=reading * (class_probability(classes, self.how, self.score) if self.how else 1.0)
        )


def samples_of(engine: Engine, truth: Iterable[dict[str, Any]]) -> list[Sample]:
    """The lines of all mails that are orders."""
    true = {one["file"]: [line for order in one["orders"] for line in order["lines"]] for one in truth if one["orders"]}
    with engine.connect() as conn:
        rows = conn.execute(sql(_LINES)).mappings().all()
    return [_sample(row, true[row["filename"]]) for row in rows if row["filename"] in true]


def _sample(row: Any, lines: list[dict[str, Any]]) -> Sample:
    form, *doubts = _form(row["evidence"]).split("; ")
    match = row["match"] or {}
    goods = {
        (line["item_no"], Decimal(line["quantity"]))
        for line in lines
        if line["item_no"] and line["quantity"] is not None
    }
    booked = (row["item_no"], row["quantity"])
    is_item_right = row["item_no"] in {item for item, _ in goods}
    counts = {quantity for _, quantity in goods}
    is_read_right = booked in goods or ("how" in match and not is_item_right and row["quantity"] in counts)
    return Sample(
        form, frozenset(doubts), match.get("how", ""), match.get("score", 1.0), row["item_no"] or "", row["confidence"],
        booked in goods, is_item_right, is_read_right,
    )  # fmt: skip


def _form(evidence: Any) -> str:
    listed = json.loads(evidence) if isinstance(evidence, str) else evidence
    return next((field["text"] for field in listed or () if field["field"] == "form"), "")
