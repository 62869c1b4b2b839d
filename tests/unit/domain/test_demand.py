"""One-off bulk orders are told from an item's usual orders, and returns leave no demand."""

import pandas as pd
import pytest

from orderclerk.domain.demand import daily_demand, is_bulk_order


def lines(*quantities, item=1):
    day = pd.Timestamp("2026-11-02").as_unit("s")
    return pd.DataFrame(
        {"item_id": item, "warehouse": "W1", "order_id": range(1, len(quantities) + 1), "day": day,
         "quantity_e3": [int(q * 1_000) for q in quantities]}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("quantities", "bulk"),
    [
        ((6, 6, 12, 6, 10, 8, 600), [600]),
        ((6, 6, 12, 6, 10, 8, 30), []),  # large, and not out of all proportion
        ((6, 6, 12, 6, 10, 8, 600, 650), []),  # it comes again: not a one-off
        ((6, 6, 600), []),  # too few others to say what is usual
        ((5, 5, 5, 5, 5, 5, 5, 6), []),
    ],
)
def test_only_a_single_order_far_beyond_the_others_is_bulk(quantities, bulk):
    frame = lines(*quantities)
    assert (frame.loc[is_bulk_order(frame).to_numpy(), "quantity_e3"] / 1_000).tolist() == bulk


def test_lines_of_one_order_count_together():
    frame = lines(6, 6, 12, 6, 10, 8, 300, 300)
    frame.loc[7, "order_id"] = 7
    assert is_bulk_order(frame).tolist() == [False] * 6 + [True] * 2


def test_a_day_is_the_sum_of_its_orders_and_nothing_left_is_no_demand():
    made = daily_demand(pd.concat([lines(2, 3), lines(0, item=2)]))
    assert made[["item_id", "quantity_e3", "is_stockout", "is_bulk"]].to_numpy().tolist() == [[1, 5_000, False, False]]


def test_no_lines_are_no_demand():
    assert daily_demand(lines()).empty
