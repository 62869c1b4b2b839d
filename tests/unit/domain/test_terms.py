"""What is agreed: quantities, dates, payment, credit, and where goods may go."""

from datetime import date

import pandas as pd
import pytest

from orderclerk.domain.terms import (
    ExportRules,
    credit_holds,
    date_holds,
    earliest_day,
    export_holds,
    payment_holds,
    payment_method,
    quantity_holds,
)
from orderclerk.domain.worktime import WorkTime

WEEK = WorkTime(days=frozenset(range(5)), holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
LINES = ["order_id", "line_no", "item_id", "item_ref", "quantity_e3", "unit", "item_unit", "minimum_e3", "multiple_e3"]


def goods(*lines: tuple[float, object, object], unit: str = "") -> list[str]:
    rows = [(1, n, n, "IT", int(q * 1000), unit, "EA", low, many) for n, (q, low, many) in enumerate(lines, 1)]
    frame = pd.DataFrame(rows, columns=LINES).astype(
        {"quantity_e3": "Int64", "minimum_e3": "Int64", "multiple_e3": "Int64"}
    )
    return list(quantity_holds(frame)["rule"])


@pytest.mark.parametrize(
    ("line", "unit", "found"),
    [
        ((5, pd.NA, pd.NA), "", []),
        ((5, 5000, 5000), "", []),
        ((4, 5000, pd.NA), "", ["QTY-001"]),
        ((12, pd.NA, 5000), "", ["QTY-002"]),
        ((3, 5000, 2000), "PCE", ["QTY-001", "QTY-002"]),
        ((3, 5000, 2000), "BX", []),  # three boxes may well be ten pieces
    ],
)
def test_quantities_are_at_least_and_in_whole_packs(
    line: tuple[float, object, object], unit: str, found: list[str]
) -> None:
    assert goods(line, unit=unit) == found


def test_an_items_lines_count_together() -> None:
    rows = [(1, n, 9, "IT", 3000, "", "EA", 6000, 6000) for n in (1, 2)]
    assert quantity_holds(
        pd.DataFrame(rows, columns=LINES).astype({"minimum_e3": "Int64", "multiple_e3": "Int64"})
    ).empty


@pytest.mark.parametrize(
    ("wanted", "lead", "found"),
    [
        ("", 5, []), ("2026-11-22", pd.NA, ["DAT-001"]), ("2026-11-23", pd.NA, []), ("2026-11-23", 0, []),
        ("2026-11-24", 2, ["DAT-002"]), ("2026-11-25", 2, []), ("2026-11-22", 9, ["DAT-001"]),
    ],
)  # fmt: skip
def test_goods_are_not_promised_for_yesterday_nor_before_they_can_be_ready(
    wanted: str, lead: object, found: list[str]
) -> None:
    orders = pd.DataFrame(
        {"order_id": [1], "requested_date": wanted, "today": "2026-11-23", "lead_days": pd.array([lead], dtype="Int64")}
    )
    assert list(date_holds(orders, WEEK)["rule"]) == found


@pytest.mark.parametrize(
    ("start", "days", "ready"),
    [("2026-11-27", 1, "2026-11-30"), ("2026-11-28", 1, "2026-11-30"), ("2026-12-24", 1, "2026-12-29"), ("2026-11-27", 0, "2026-11-27")],
)  # fmt: skip
def test_weekends_and_holidays_are_no_working_days(start: str, days: int, ready: str) -> None:
    assert earliest_day(date.fromisoformat(start), days, WEEK).isoformat() == ready


@pytest.mark.parametrize(
    ("words", "method"),
    [("invoice", "invoice"), ("Zahlbar 30 Tage netto", "invoice"), ("cod", "cod"), ("货到付款", "cod"), ("Vorkasse", "prepaid"),
     ("", ""), ("as usual", ""), ("card", ""), ("invoice or cash on delivery", ""), ("月结30天", "invoice")],
)  # fmt: skip
def test_a_way_of_paying_is_told_only_where_the_words_say_one(words: str, method: str) -> None:
    assert payment_method(words) == method


@pytest.mark.parametrize(
    ("words", "agreed", "found"),
    [("cod", "invoice", ["PAY-001"]), ("invoice", "invoice|cod", []), ("cash on delivery", "", []), ("prepaid", "invoice", []),
     ("whatever", "invoice", [])],
)  # fmt: skip
def test_only_a_way_that_is_not_agreed_is_held(words: str, agreed: str, found: list[str]) -> None:
    orders = pd.DataFrame({"order_id": [1], "payment_method": words, "allowed_methods": agreed})
    assert list(payment_holds(orders)["rule"]) == found


def test_credit_is_given_in_sequence_and_a_held_order_uses_none() -> None:
    worth, exposure = [40, 70, 50, 10], [10] * 4
    orders = pd.DataFrame({"order_id": [1, 2, 3, 4], "customer_id": 7, "worth_e4": worth, "exposure_e4": exposure,
                           "limit_e4": pd.array([100] * 4, dtype="Int64")})  # fmt: skip
    assert list(credit_holds(orders)["order_id"]) == [2, 4]
    assert credit_holds(orders.assign(limit_e4=pd.array([pd.NA] * 4, dtype="Int64"))).empty


def test_blocked_countries_and_classes_are_held() -> None:
    orders = pd.DataFrame({"order_id": [1, 2, 3], "destination": ["KP", "GB", "FR"]})
    lines = pd.DataFrame({"order_id": [2, 3], "line_no": 1, "item_ref": "IT", "export_class": "dual"})
    found = export_holds(orders, lines, ExportRules(frozenset({"KP"}), {"dual": frozenset({"FR"})}))
    assert list(zip(found["order_id"], found["rule"], strict=True)) == [(1, "EXP-001"), (3, "EXP-002")]
    assert export_holds(orders, lines, ExportRules()).empty
