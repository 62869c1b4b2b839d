"""What is moved between warehouses, and what is reported as too much."""

from datetime import date
from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.replenishing import BuyingRules
from orderclerk.planning.replenishing.ordering import reorder
from orderclerk.planning.replenishing.surplus import find_surplus
from orderclerk.planning.replenishing.transfers import plan_transfers, with_transfers

TODAY = date(2026, 1, 3)
RULES = BuyingRules()


def stock(item_id, warehouse, on_hand, daily, **more):
    return {
        "item_id": item_id, "warehouse": warehouse, "supplier_id": 7, "on_hand_e3": on_hand * 1000, "reserved_e3": 0, "incoming_e3": 0,
        "daily_mean": daily, "daily_sd": daily, "demand_class": "erratic", "lead_days": 9.0, "lead_sd_days": 2.0, "unit_price_e4": 100_000,
        **more,
    }  # fmt: skip


def lanes(cost, per_unit=0.0, names=("A", "B", "C")):
    pairs = [(one, other) for one, other in product(names, names) if one != other]
    return pd.DataFrame(pairs, columns=["from_warehouse", "to_warehouse"]).assign(
        fixed_cost=cost, cost_per_unit=per_unit
    )


def transfers(rows, cost, per_unit=0.0):
    frame = pd.DataFrame(rows)
    plan = reorder(frame, TODAY, RULES)
    return frame, plan, plan_transfers(frame, plan, lanes(cost, per_unit), RULES)


def test_surplus_goes_where_it_would_have_to_be_bought_and_then_less_is_bought():
    frame, plan, moves = transfers([stock(1, "A", 5000, 1.0), stock(1, "B", 0, 5.0)], cost=1.0)
    assert moves[["from_warehouse", "to_warehouse"]].values.tolist() == [["A", "B"]]
    assert "A has" in moves["why"][0]
    assert "B would have to buy" in moves["why"][0]
    after = reorder(with_transfers(frame, moves), TODAY, RULES)
    assert plan["quantity_e3"][1] > 0
    assert after["quantity_e3"][1] == 0


def test_a_trip_that_costs_more_than_it_saves_is_not_made():
    rows = [stock(1, "A", 5000, 1.0), stock(1, "B", 0, 5.0)]
    _, _, cheap = transfers(rows, cost=1.0)
    saving = cheap["saving_e4"].sum() / 10_000
    assert transfers(rows, cost=saving + 0.01)[2].empty
    assert not transfers(rows, cost=saving - 0.01)[2].empty
    assert transfers(rows, cost=0.0, per_unit=10.0)[2].empty


def test_several_items_share_the_cost_of_one_trip():
    rows = [stock(item, "A", 5000, 1.0) for item in (1, 2, 3)] + [stock(item, "B", 0, 5.0) for item in (1, 2, 3)]
    alone = transfers([rows[0], rows[3]], cost=1.0)[2]["saving_e4"].sum() / 10_000
    assert len(transfers(rows, cost=alone * 2)[2]) == 3


def test_what_is_promised_never_leaves():
    _frame, _plan, moves = transfers(
        [stock(1, "A", 5000, 0.0, reserved_e3=4_990_000, demand_class="none"), stock(1, "B", 0, 5.0)], cost=0.0
    )
    assert moves["quantity_e3"].tolist() == [10_000]


shelves = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from("ABC"), st.sampled_from([0, 1, 5, 40]), st.sampled_from([0.0, 0.1, 0.5]), st.integers(0, 3)),
    min_size=2, max_size=6, unique_by=lambda shelf: shelf[:2],
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(shelves, st.sampled_from([0.0, 0.5, 20.0]))
def test_no_donor_falls_below_its_own_need_and_no_taker_gets_more_than_it_lacks(found, cost):
    frame, plan, moves = transfers([stock(i, w, n, d, reserved_e3=1000 * min(r, n)) for i, w, n, d, r in found], cost)
    after = reorder(with_transfers(frame, moves), TODAY, RULES)
    moved = with_transfers(frame, moves)
    assert (moved["reserved_e3"] <= moved["on_hand_e3"]).all()
    assert (after["quantity_e3"] <= plan["quantity_e3"]).all()
    assert moves["saving_e4"].sum() >= 0


@settings(max_examples=8, deadline=None)
@given(shelves, st.sampled_from([0.0, 0.5, 20.0]))
def test_no_other_choice_of_trips_saves_more(found, cost):
    frame = pd.DataFrame([stock(i, w, n, d) for i, w, n, d, _ in found])
    plan = reorder(frame, TODAY, RULES)
    trips = lanes(cost).iloc[[0, 1, 2, 5]].reset_index(drop=True)

    def saved(some, each):
        moves = (
            plan_transfers(frame, plan, some, RULES)
            if len(some)
            else pd.DataFrame(columns=["saving_e4", "from_warehouse", "to_warehouse"])
        )
        return moves["saving_e4"].sum() / 10_000 - each * len(moves.groupby(["from_warehouse", "to_warehouse"]))

    best = saved(trips, cost)
    free = trips.assign(fixed_cost=0.0)
    for chosen in product([False, True], repeat=len(trips)):
        assert saved(free[list(chosen)].reset_index(drop=True), cost) <= best + 0.01


def test_too_much_and_unsold_stock_is_reported_dearest_first_with_what_to_do():
    rows = [
        stock(1, "A", 5000, 1.0, incoming_e3=200_000),
        stock(2, "A", 100, 0.0, demand_class="none", last_demand=date(2025, 3, 4)),
        stock(3, "A", 60, 1.0),
        stock(4, "A", 900, 1.0, shelf_life_days=30),
    ]
    frame = pd.DataFrame(rows)
    found = find_surplus(frame, reorder(frame, TODAY, RULES), TODAY).set_index("item_id")
    assert list(found.index) == [1, 4, 2]
    assert found["kind"].tolist() == ["overstock", "overstock", "dead"]
    assert found.at[1, "advice"].startswith("cancel or put off 200 of the 200 that is coming; lasts 5200 days")
    assert found.at[4, "advice"].startswith("870 will expire before it is sold")
    assert found.at[2, "advice"] == "not sold since 4 Mar 2025: return it to the supplier, sell it off or write it off"
    assert found.at[2, "value_e4"] == 100 * 100_000
    assert np.isinf(found.at[2, "cover_days"])
