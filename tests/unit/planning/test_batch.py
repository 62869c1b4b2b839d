"""A batch of orders: as if planned one after the other, never more than there is, each order whole or not at all."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.planning.allocation.batch import BatchRules, allocate
from orderclerk.planning.allocation.parts import Need, Place, Rules, Source, Substitute
from orderclerk.planning.allocation.planning import plan_order

TODAY = date(2026, 11, 30)
TOMORROW = TODAY + timedelta(days=1)
NO_SUPPLIES = pd.DataFrame(columns=["supply_id", "item_id", "warehouse", "free_e3", "ship_date"])


def lines(*wanted: tuple[int, int, int], **extra: object) -> pd.DataFrame:
    """(order, item, units), numbered within their orders."""
    frame = pd.DataFrame(wanted, columns=["order_id", "item_id", "units"])
    numbers = frame.groupby("order_id").cumcount() + 1
    return frame.assign(line_no=numbers, item_ref="x", quantity_e3=frame["units"] * 1000, **extra).drop(columns="units")


def stock(cells: dict[tuple[int, str], int], **extra: object) -> pd.DataFrame:
    rows = [(item, code, units * 1000) for (item, code), units in cells.items()]
    return pd.DataFrame(rows, columns=["item_id", "warehouse", "free_e3"]).assign(**extra)


def supplies(*rows: tuple[int, int, str, int, date]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=NO_SUPPLIES.columns)
    return frame.assign(free_e3=frame["free_e3"] * 1000)


def warehouses(*costs: int, parcels_left: object = pd.NA) -> pd.DataFrame:
    frame = pd.DataFrame({"warehouse": list("ABCD"[: len(costs)]), "parcel_cost_e4": costs})
    left = pd.array([parcels_left] * len(costs), dtype="Int64")
    dates = {"ship_date": TODAY, "next_ship_date": TOMORROW}
    return frame.assign(**dates, parcels_left=left, unit_cost_e4=0, kg_cost_e4=0)


def got(taken: pd.DataFrame) -> list[tuple[int, int, str, int]]:
    return [(r.order_id, r.line_no, r.warehouse, r.quantity_e3 // 1000) for r in taken.itertuples()]


def test_an_order_that_one_warehouse_serves_is_not_torn_apart():
    shelves = stock({(1, "A"): 9, (2, "B"): 9, (1, "C"): 2, (2, "C"): 2})
    taken, short, reasons = allocate(
        lines((7, 1, 2), (7, 2, 2)), shelves, NO_SUPPLIES, warehouses(1, 1, 5), BatchRules()
    )
    assert got(taken) == [(7, 1, "C", 2), (7, 2, "C", 2)]
    assert short.empty
    assert reasons["why"].tolist() == ["all from C"]


def test_the_first_order_takes_what_the_second_would_have_liked():
    shelves = stock({(1, "A"): 5, (1, "B"): 5})
    taken, _, _ = allocate(lines((2, 1, 4), (1, 1, 4)), shelves, NO_SUPPLIES, warehouses(1, 2), BatchRules())
    assert got(taken) == [(2, 1, "A", 4), (1, 1, "B", 4)]


def test_what_is_short_says_what_was_wanted_what_was_free_and_what_is_coming():
    shelves, due = stock({(1, "A"): 2}), supplies((5, 1, "A", 3, TOMORROW))
    rules = BatchRules(Rules(latest_date=TOMORROW))
    _, short, _ = allocate(lines((1, 1, 7)), shelves, due, warehouses(1), rules)
    assert short[["line_no", "rule", "reason"]].to_numpy().tolist() == [
        [1, "STK-001", "7 of x wanted, 2 free, 3 coming in time"]
    ]
    assert short["evidence"].tolist() == [{"wanted": "7", "free": "2", "coming": "3"}]


def test_supplies_are_shared_out_in_sequence_like_stock():
    due = supplies((5, 1, "A", 6, TOMORROW))
    rules = BatchRules(Rules(latest_date=TOMORROW))
    taken, short, _ = allocate(lines((1, 1, 5), (2, 1, 2)), stock({(1, "A"): 1}), due, warehouses(1), rules)
    assert taken[["order_id", "supply_id", "quantity_e3"]].fillna(0).to_numpy().tolist() == [
        [1, 0, 1000],
        [1, 5, 4000],
        [2, 5, 2000],
    ]
    assert short.empty


def test_safety_stock_is_left_alone_unless_it_may_be_used():
    shelves = stock({(1, "A"): 5}, safety_e3=2000)
    given_lines = lines((1, 1, 4))
    assert allocate(given_lines, shelves, NO_SUPPLIES, warehouses(1), BatchRules()).taken.empty
    used = allocate(given_lines, shelves, NO_SUPPLIES, warehouses(1), BatchRules(uses_safety=True))
    assert got(used.taken) == [(1, 1, "A", 4)]


def test_when_the_parcels_of_today_are_used_up_another_warehouse_sends_or_it_is_tomorrow():
    shelves = stock({(1, "A"): 50, (1, "B"): 5})
    ordered = lines((1, 1, 5), (2, 1, 5), (3, 1, 5))
    taken, _, _ = allocate(ordered, shelves, NO_SUPPLIES, warehouses(1, 9, parcels_left=1), BatchRules())
    assert taken[["warehouse", "ship_date"]].to_numpy().tolist() == [["A", TODAY], ["B", TODAY], ["A", TOMORROW]]


def test_rates_of_the_country_decide_where_there_are_any():
    rates = pd.DataFrame(
        {"country": ["FR"], "warehouse": ["B"], "parcel_cost_e4": [0], "unit_cost_e4": [0], "kg_cost_e4": [0]}
    )
    shelves, rules = stock({(1, "A"): 50, (1, "B"): 50}), BatchRules(rates=rates)
    for country, code in (("FR", "B"), ("GB", "A")):
        taken, _, _ = allocate(lines((1, 1, 5), country=country), shelves, NO_SUPPLIES, warehouses(1, 2), rules)
        assert got(taken) == [(1, 1, code, 5)]


def test_stock_in_a_warehouse_that_nobody_named_is_refused_by_name():
    with pytest.raises(KeyError, match="stock in X"):
        allocate(lines((1, 1, 5)), stock({(1, "X"): 5}), NO_SUPPLIES, warehouses(1), BatchRules())


def test_a_house_without_a_warehouse_holds_its_orders():
    _, short, _ = allocate(lines((1, 1, 5)), stock({}), NO_SUPPLIES, warehouses(), BatchRules())
    assert short["reason"].tolist() == ["5 of x wanted, 0 free"]


def test_no_lines_give_nothing():
    empty = allocate(lines((1, 1, 0)), stock({(1, "A"): 5}), NO_SUPPLIES, warehouses(1), BatchRules())
    assert [len(frame) for frame in empty] == [0, 0, 0]


wanted = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(1, 6)), min_size=1, max_size=12)
cells = st.dictionaries(st.tuples(st.integers(1, 4), st.sampled_from("ABC")), st.integers(0, 15))
coming = st.lists(st.tuples(st.integers(1, 3), st.sampled_from("ABC"), st.integers(1, 6)), max_size=3)
costs = st.tuples(*[st.integers(0, 2)] * 3)
limits = st.one_of(st.just(pd.NA), st.integers(0, 3))
SWAP = {1: [Substitute(4, "D", Fraction(3, 2), 1)]}
rules = st.builds(
    Rules, st.sampled_from(["complete", "split"]), st.sampled_from([None, TOMORROW]), st.sampled_from([{}, SWAP])
)


@settings(deadline=None, max_examples=150)
@given(wanted, cells, coming, costs, limits, rules, st.sets(st.integers(1, 6)))
def test_a_batch_is_what_planning_one_order_after_the_other_gives(asked, free, due, cost, limit, some, which):
    """Written out with plan_order alone, without the shortcuts for orders that one warehouse serves."""
    arriving = supplies(*((no, *one, TOMORROW) for no, one in enumerate(due, 1)))
    batch = BatchRules(by_order=dict.fromkeys(which, some))
    taken, short, reasons = allocate(lines(*asked), stock(free), arriving, warehouses(*cost, parcels_left=limit), batch)
    left = {(item, code, None): units * 1000 for (item, code), units in free.items()}
    left |= {(item, code, no): units * 1000 for no, (item, code, units) in enumerate(due, 1)}
    parcels = dict.fromkeys("ABC", 99 if limit is pd.NA else limit)
    expected: list[tuple[object, ...]] = []
    refused = set()
    places = [Place(code, one) for code, one in zip("ABC", cost, strict=True)]
    for order in dict.fromkeys(order for order, _, _ in asked):
        own = [
            Need(no, item, "x", units * 1000)
            for no, (_, item, units) in enumerate([a for a in asked if a[0] == order], 1)
        ]
        sources = [
            Source(
                item, code, units, TODAY if not no and parcels[code] > 0 else TOMORROW, no, not no and parcels[code] > 0
            )
            for (item, code, no), units in sorted(left.items(), key=lambda one: (one[0][0], one[0][2] or 0, one[0][1]))
            if units
        ]
        plan = plan_order(own, sources, places, batch.of(order))
        for one in plan.taken:
            left[one.item_id, one.warehouse, one.supply_id] -= one.quantity_e3
            expected.append((order, *one))
        for parcel in plan.parcels:
            parcels[parcel.warehouse] -= parcel.ship_date == TODAY
        refused |= set() if plan.is_possible else {order}
    rows = [
        tuple(None if value is pd.NA else value for value in row) for row in taken.itertuples(index=False, name=None)
    ]
    assert Counter(rows) == Counter(expected)
    assert set(short["order_id"]) == refused
    assert set(reasons["order_id"]) == {order for order, _, _ in asked} - refused
    assert all(units >= 0 for units in left.values())
