"""The suites of orders: each rule breaks for exactly the row that violates it."""

from typing import Any

import pandas as pd
import pytest

from expectations.orders import line_rules, order_rules
from expectations.runner import ROW, run_suite

GOOD = {"order_id": 1, "item_ref": "IT-1", "barcode": "", "description": "", "unit": "EA", "quantity_e3": 1000,
        "unit_price_e4": 25000, "named": True}  # fmt: skip
FIGURES = {"quantity_e3": "Int64", "unit_price_e4": "Int64"}


def broken_lines(*changes: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    lines = [{**GOOD, "item_ref": f"IT-{place}", **change} for place, change in enumerate(changes)]
    frame = pd.DataFrame(lines).astype(FIGURES).assign(**{ROW: range(50, 50 + len(lines))})
    return {finding.rule: finding.row_ids for finding in run_suite("lines", frame, line_rules(100))}


def test_each_line_rule_names_exactly_its_rows() -> None:
    twin = {"item_ref": "IT-T", "unit_price_e4": pd.NA}
    changes = ({}, {"quantity_e3": pd.NA}, {"quantity_e3": 0}, {"quantity_e3": 100_000}, {"quantity_e3": 100_001},
               {"item_ref": "", "named": False}, {"unit_price_e4": 0}, {"unit_price_e4": pd.NA}, twin, twin, {**twin, "order_id": 2})  # fmt: skip
    expected = {"LIN-001": (51,), "LIN-004": (52, 54), "LIN-003": (55,), "PRC-003": (56,), "LIN-005": (58, 59)}
    assert broken_lines(*changes) == expected


def test_sound_lines_break_nothing() -> None:
    assert broken_lines({}, {}) == {}


@pytest.mark.parametrize("quantities", [[pd.NA, pd.NA], [0, 0]])
def test_a_column_that_fails_as_a_whole_names_every_row(quantities: list[Any]) -> None:
    rule = "LIN-001" if quantities[0] is pd.NA else "LIN-004"
    assert broken_lines(*({"quantity_e3": quantity} for quantity in quantities)) == {rule: (50, 51)}


def test_each_order_rule_names_exactly_its_rows() -> None:
    frame = pd.DataFrame({ROW: [1, 2, 3, 4], "line_count": [1, 0, 2, 3], "currency": ["GBP", "", "gbp", "POUND"]})
    found = {finding.rule: finding.row_ids for finding in run_suite("orders", frame, order_rules())}
    assert found == {"ORD-001": (2,), "ORD-004": (3, 4)}
