"""Stock: whole orders in their sequence, as a clerk with a list would do it, never more than there is."""

from collections import Counter, defaultdict

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.stock import allocate_stock

Lines = list[tuple[int, int, int]]  # order, item, quantity
Levels = dict[tuple[int, str], int]


def frames(wanted: Lines, levels: Levels) -> tuple[pd.DataFrame, pd.DataFrame]:
    lines = pd.DataFrame(wanted, columns=["order_id", "item_id", "quantity_e3"]).astype("int64")
    lines = lines.astype({"quantity_e3": "Int64"}).assign(item_ref="x")
    stock = pd.DataFrame(
        [(*place, free) for place, free in levels.items()], columns=["item_id", "warehouse", "free_e3"]
    )
    numbered = lines.assign(line_no=lines.groupby("order_id").cumcount() + 1)
    return numbered, stock.astype({"item_id": "int64", "free_e3": "int64"})


def served_by_hand(wanted: Lines, levels: Levels) -> list[int]:
    free: Counter[int] = Counter()
    for (item, _), quantity in levels.items():
        free[item] += quantity
    orders: dict[int, Counter[int]] = defaultdict(Counter)
    for order, item, quantity in wanted:
        orders[order][item] += quantity
    served = []
    for order, needs in orders.items():
        if all(free[item] >= quantity for item, quantity in needs.items()):
            free.subtract(needs)
            served.append(order)
    return served


lines = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(1, 9)), max_size=14).map(sorted)
levels = st.dictionaries(st.tuples(st.integers(1, 3), st.sampled_from("AB")), st.integers(0, 12))


@settings(deadline=None, max_examples=50)
@given(lines, levels)
def test_orders_are_served_as_a_clerk_would_one_after_the_other(wanted: Lines, free: Levels) -> None:
    asked, stock = frames(wanted, free)
    taken, short = allocate_stock(asked, stock)
    served = set(served_by_hand(wanted, free))
    assert set(taken["order_id"]) == served
    assert set(short["order_id"]) == {order for order, _, _ in wanted} - served
    used = taken.groupby(["item_id", "warehouse"])["quantity_e3"].sum().to_dict()
    assert all(quantity <= free[place] for place, quantity in used.items())
    got = taken.groupby(["order_id", "line_no"])["quantity_e3"].sum().to_dict()
    assert got == {(r.order_id, r.line_no): r.quantity_e3 for r in asked.itertuples() if r.order_id in served}
    assert not taken.duplicated(["order_id", "line_no", "warehouse"]).any()


def test_a_line_is_split_over_warehouses_the_fullest_first() -> None:
    taken, short = allocate_stock(*frames([(1, 1, 7)], {(1, "A"): 2, (1, "B"): 6}))
    assert taken[["warehouse", "quantity_e3"]].to_numpy().tolist() == [["B", 6], ["A", 1]]
    assert short.empty


def test_what_is_short_says_what_was_wanted_and_what_was_free() -> None:
    _, short = allocate_stock(*frames([(1, 1, 7500)], {(1, "A"): 2000}))
    assert short[["rule", "reason"]].to_numpy().tolist() == [["STK-001", "7.5 of x wanted, 2 free"]]
