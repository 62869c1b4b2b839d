"""Which of two orders is suspect, how sure that is, and what contradicts it."""

from typing import Any

import pandas as pd
import pytest

from orderclerk.domain.duplicates import CAP, evidence_of, ref_key, suspected_duplicates

BASE = {"order_no": "SO1", "source": "mail", "order_ref": "PO-7110", "customer_po": "", "has_own_ref": True, "day": "2026-11-23",
        "street": "", "city": "", "postal_code": "", "requested_date": ""}  # fmt: skip
LEEDS = {"street": "1 Mill Lane", "city": "Leeds", "postal_code": "LS1 4AP"}
YORK = {"street": "7 Market Place", "city": "York", "postal_code": "YO1 7HH"}
GOODS = {1: 5, 2: 6, 3: 7}


def judged(
    mine: dict[str, Any] | None = None,
    goods: dict[int, int] | None = None,
    other: dict[str, Any] | None = None,
    habits: tuple[str, ...] = (),
) -> Any:
    """The verdict on order 2 beside order 1, which has GOODS."""
    head = {
        1: {**BASE, **(other or {})},
        2: {**BASE, "order_no": "SO2", "source": "shop", "order_ref": "#1001", **(mine or {})},
    }
    orders = pd.DataFrame(head.values(), index=pd.Index(head, name="order_id"))
    rows = [(1, i, f"A{i}", q * 1000) for i, q in GOODS.items()] + [
        (2, i, f"A{i}", q * 1000) for i, q in (goods or GOODS).items()
    ]
    lines = pd.DataFrame(rows, columns=["order_id", "item_id", "item_no", "quantity_e3"])
    days = pd.DataFrame({"other_id": [1] * len(habits), "day": list(habits)})
    pairs = pd.DataFrame({"order_id": [2], "other_id": [1]})
    return next(suspected_duplicates(pairs, orders, lines, days).itertuples()), orders, lines


def score(*given: Any, **more: Any) -> float:
    return float(judged(*given, **more)[0].score)


@pytest.mark.parametrize(
    ("mine", "goods", "rule"),
    [
        ({}, None, "DUP-001"),
        ({"day": "2026-11-25"}, None, "DUP-001"),
        ({"order_ref": "7110"}, {1: 5, 2: 6, 3: 8}, "DUP-002"),
        ({}, {1: 5, 2: 6, 3: 8}, "DUP-002"),
        ({}, {1: 5, 2: 6, 3: 7, 4: 1}, "DUP-002"),
        ({}, {1: 5, 2: 6}, "DUP-002"),
        ({"requested_date": "2026-12-01"}, {1: 5, 2: 60, 3: 7}, "DUP-002"),
    ],
)
def test_the_same_or_nearly_the_same_goods_are_suspect(
    mine: dict[str, Any], goods: dict[int, int] | None, rule: str
) -> None:
    found, _, _ = judged(mine, goods)
    assert (found.rule, found.other_no, found.score >= 0.75) == (rule, "SO1", True)


@pytest.mark.parametrize("goods", [{1: 50, 4: 6, 5: 7}, {1: 5, 4: 6, 5: 7}, {1: 60, 2: 70, 3: 90}, {8: 1}])
def test_other_goods_are_not(goods: dict[int, int]) -> None:
    assert score({}, goods) < 0.75


@pytest.mark.parametrize(
    ("mine", "other", "habits"),
    [
        (YORK, LEEDS, ()),
        ({"day": "2026-11-30"}, {}, ()),
        ({"day": "2026-11-24"}, {}, ("2026-11-21", "2026-11-22", "2026-11-23")),  # every day
    ],
)
def test_another_place_the_next_week_or_a_habit_speak_against_it(
    mine: dict[str, Any], other: dict[str, Any], habits: tuple[str, ...]
) -> None:
    assert score(mine, None, other, habits) <= CAP
    assert score({**mine, "customer_po": "po 07110"}, None, other, habits) > CAP  # but not against the same reference


@pytest.mark.parametrize("street", ["House K17, 1 Mill Lane", "1 Mill Lane, gate 4", "Mill Lane 1"])
def test_a_place_described_more_fully_is_the_same_place(street: str) -> None:
    assert score({**LEEDS, "street": street}, None, LEEDS) == score(LEEDS, None, LEEDS)


@pytest.mark.parametrize("street", ["11 Mill Lane", "House K1, 2 Mill Lane"])
def test_another_number_in_the_same_street_is_another_place(street: str) -> None:
    assert score({**LEEDS, "street": street}, None, LEEDS) <= CAP


def test_more_that_agrees_makes_it_likelier() -> None:
    assert (
        score({**LEEDS, "order_ref": "7110"}, None, LEEDS)
        > score(LEEDS, None, LEEDS)
        > score({"day": "2026-11-26"}, None)
        > 0.75
    )


def test_the_evidence_says_what_agrees_and_what_differs() -> None:
    found, orders, lines = judged(
        {"requested_date": "2026-12-01"}, {1: 5, 2: 8, 4: 1}, {"requested_date": "2026-12-02"}
    )
    shown = evidence_of(found, orders, lines)
    assert shown["other order"] == "SO1"
    assert shown["goods that differ"] == "A2: 8, there 6; A4: 1, there 0; A3: 0, there 7"
    assert "requested" in shown["differs"]


@pytest.mark.parametrize(
    ("a", "b"), [("PO-0081/26", "po 8126"), ("Ｎｏ． 4711", "4711"), ("AB", "a-b"), ("Order 00712", "712")]
)
def test_a_reference_is_the_same_in_any_writing(a: str, b: str) -> None:
    assert ref_key(a) == ref_key(b) != ""
