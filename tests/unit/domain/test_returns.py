"""Goods that come back: never more than was bought, whole returns only, the named order first."""

from collections import Counter

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.returns import match_returns

BACK = ["order_id", "line_no", "item_id", "quantity_e3", "original_ref", "customer_id", "unit_price_e4", "day"]
BOUGHT = ["origin_order_id", "origin_line_no", "item_id", "open_e3", "order_ref", "customer_id", "unit_price_e4", "day"]


def matched(
    back: list[tuple[int, ...]], bought: list[tuple[int, ...]], ref: str = "", day: str = "2026-02-01"
) -> pd.DataFrame:
    """Of one customer at one price; an order bought on the day of its number in January, its reference `R<number>`."""
    returned = [(*line, ref, 7, 100, day) for line in back]
    sold = [(*line, f"R{line[0]}", 7, 100, f"2026-01-{line[0]:02}") for line in bought]
    return match_returns(pd.DataFrame(returned, columns=BACK), pd.DataFrame(sold, columns=BOUGHT))


items = st.integers(1, 2)
back = st.lists(st.tuples(st.integers(100, 104), st.integers(1, 3), items, st.integers(1, 5)), max_size=8, unique_by=lambda r: r[:2])  # fmt: skip
sold = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2), items, st.integers(1, 6)), max_size=6, unique_by=lambda r: r[:2])  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(back, sold)
def test_whole_returns_never_take_more_than_was_bought(
    back: list[tuple[int, ...]], sold: list[tuple[int, ...]]
) -> None:
    found = matched(back, sold)
    wanted = Counter(order for order, *_ in back)
    whole = found[found["order_id"].map(found["order_id"].value_counts()) == found["order_id"].map(wanted)]
    taken = Counter()  # type: ignore[var-annotated]
    for row in whole.itertuples():
        taken[row.origin_order_id, row.origin_line_no] += row.quantity_e3
    left = {line[:2]: line[3] for line in sold}
    assert all(quantity <= left[origin] for origin, quantity in taken.items())
    item_of = {line[:2]: line[2] for line in (*back, *sold)}
    assert all(
        item_of[r.order_id, r.line_no] == item_of[r.origin_order_id, r.origin_line_no] for r in found.itertuples()
    )
    assert not found.duplicated(["order_id", "line_no"]).any()


def origins(found: pd.DataFrame) -> dict[int, int]:
    return dict(zip(found["order_id"].tolist(), found["origin_order_id"].tolist(), strict=True))


def test_the_latest_order_is_taken_where_none_is_named() -> None:
    assert origins(matched([(100, 1, 1, 2)], [(1, 1, 1, 5), (3, 1, 1, 5), (2, 1, 1, 5)])) == {100: 3}


def test_the_named_order_is_taken_and_no_other() -> None:
    assert origins(matched([(100, 1, 1, 2)], [(1, 1, 1, 5), (3, 1, 1, 5)], ref="R1")) == {100: 1}
    assert matched([(100, 1, 1, 2)], [(1, 1, 1, 5)], ref="R2").empty


def test_what_was_bought_later_does_not_come_back_earlier() -> None:
    assert matched([(100, 1, 1, 2)], [(9, 1, 1, 5)], day="2026-01-08").empty


def test_a_return_that_finds_not_all_leaves_what_it_found_to_the_next() -> None:
    found = matched([(100, 1, 1, 5), (100, 2, 2, 1), (101, 1, 1, 5)], [(1, 1, 1, 5)])
    assert origins(found) == {100: 1, 101: 1}  # 100 stays without its second line: the desk holds it
