"""Prices: the tier of the quantity on the day, and the tolerance to the last ten-thousandth."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.pricing import list_prices, price_holds

OFFER = ["price_list", "currency", "item_id", "min_quantity_e3", "list_price_e4", "valid_from", "valid_to"]
LINE = ["price_list", "currency", "item_id", "quantity_e3", "day"]
PRICES = [
    ("std", "GBP", 1, 1000, 25000, "2026-01-01", "2026-06-01"),
    ("std", "GBP", 1, 10000, 20000, "2026-01-01", ""),
    ("std", "GBP", 1, 1000, 30000, "2026-06-01", ""),
    ("std", "EUR", 1, 1000, 99, "2026-01-01", ""),
]


def priced(lines: list[tuple[object, ...]], prices: list[tuple[object, ...]]) -> list[int | None]:
    wanted = pd.DataFrame(lines, columns=LINE, index=range(100, 100 + len(lines))).astype({"quantity_e3": "Int64"})
    found = list_prices(wanted, pd.DataFrame(prices, columns=OFFER))
    assert list(found.index) == list(wanted.index)
    return [None if pd.isna(price) else int(price) for price in found]


@pytest.mark.parametrize(
    ("line", "price"),
    [
        (("std", "GBP", 1, 1000, "2026-01-01"), 25000),
        (("std", "GBP", 1, 1000, "2026-05-31"), 25000),
        (("std", "GBP", 1, 1000, "2026-06-01"), 30000),  # half-open
        (("std", "GBP", 1, 9999, "2026-03-01"), 25000),
        (("std", "GBP", 1, 10000, "2026-03-01"), 20000),
        (("std", "GBP", 1, 999, "2026-03-01"), None),
        (("std", "GBP", 1, 1000, "2025-12-31"), None),
        (("std", "EUR", 1, 1000, "2026-03-01"), 99),
        (("std", "USD", 1, 1000, "2026-03-01"), None),
        (("std", "", 1, 1000, "2026-03-01"), None),
        (("", "GBP", 1, 1000, "2026-03-01"), None),
        (("std", "GBP", 1, None, "2026-03-01"), None),
    ],
)
def test_the_price_of_the_tier_on_the_day(line: tuple[object, ...], price: int | None) -> None:
    assert priced([line], PRICES) == [price]


days = st.sampled_from([f"2026-01-0{day}" for day in range(1, 8)])
offers = st.tuples(st.just("std"), st.sampled_from(["GBP", "EUR"]), st.integers(1, 2), st.integers(1, 4), st.integers(0, 9),
                   days, days | st.just(""))  # fmt: skip
wanted = st.tuples(st.just("std"), st.sampled_from(["GBP", "EUR"]), st.integers(1, 2), st.integers(0, 5), days)


def overlap(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    return a[:4] == b[:4] and str(a[5]) < (str(b[6]) or "9") and str(b[5]) < (str(a[6]) or "9")


@settings(deadline=None, max_examples=50)
@given(st.lists(wanted, max_size=5), st.lists(offers, max_size=8))
def test_prices_are_those_of_a_search_through_the_list(
    lines: list[tuple[object, ...]], drawn: list[tuple[object, ...]]
) -> None:
    listed: list[tuple[object, ...]] = []
    for offer in drawn:  # the book has no two prices of one tier on one day
        if not any(overlap(offer, other) for other in listed):
            listed.append(offer)
    expected = []
    for name, currency, item, quantity, day in lines:
        fits = [
            o for o in listed if o[:3] == (name, currency, item) and o[3] <= quantity and o[5] <= day < (o[6] or "9")
        ]  # type: ignore[operator]
        expected.append(max(fits, key=lambda o: o[3])[4] if fits else None)  # type: ignore[arg-type, return-value]
    assert priced(lines, listed) == expected


def objected(unit: int | None, listed: int | None, tolerance: float) -> list[str]:
    frame = pd.DataFrame({"order_id": [1], "line_no": [1], "item_ref": ["x"], "price_list": ["std"]}).assign(
        unit_price_e4=pd.array([unit], dtype="Int64"), list_price_e4=pd.array([listed], dtype="Int64")
    )
    return list(price_holds(frame, tolerance)["rule"])


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 2000))
def test_the_tolerance_is_exact(unit: int, listed: int, hundredths: int) -> None:
    is_off = abs(unit - listed) > Fraction(listed * hundredths, 10_000)
    assert objected(unit, listed, hundredths / 100) == (["PRC-001"] if is_off else [])


def test_the_edge_of_the_tolerance_belongs_to_it() -> None:
    for tenths in range(1, 100, 7):
        for listed in (1000, 7000):
            assert objected(listed + listed * tenths // 1000, listed, tenths / 10) == []
            assert objected(listed + listed * tenths // 1000 + 1, listed, tenths / 10) == ["PRC-001"]


@pytest.mark.parametrize(
    ("unit", "listed", "rules"), [(None, 5, []), (0, 5, []), (5, None, ["PRC-002"]), (None, None, ["PRC-002"])]
)
def test_what_is_not_stated_is_not_compared(unit: int | None, listed: int | None, rules: list[str]) -> None:
    assert objected(unit, listed, 0.0) == rules
