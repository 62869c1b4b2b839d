"""What is bought, and what is not."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.replenishing import BuyingRules
from orderclerk.planning.replenishing.ordering import reorder
from orderclerk.planning.replenishing.safety import steadied_spread

TODAY = date(2026, 1, 3)


def row(**changes):
    return {
        "item_id": 1, "warehouse": "MAIN", "supplier_id": 7, "on_hand_e3": 40_000, "reserved_e3": 12_000, "incoming_e3": 0,
        "daily_mean": 6.3, "daily_sd": 7.0, "demand_class": "lumpy", "lead_days": 9.0, "lead_sd_days": 2.0,
        "service_level": 0.98, "unit_price_e4": 25_000, **changes,
    }  # fmt: skip


def plan(*rows, rules=None, breaks=None):
    return reorder(pd.DataFrame(list(rows)), TODAY, rules, breaks)


def one(rules=None, breaks=None, **changes):
    return plan(row(**changes), rules=rules, breaks=breaks).iloc[0]


def test_the_sentence_says_what_there_is_what_is_expected_and_how_it_was_rounded():
    line = one(multiple_e3=12_000)
    have, expected, safety, _after, rounded = line.why.split("; ")
    assert have == "40 on hand, 12 reserved, nothing coming"
    assert expected == "63 expected until 13 Jan (lead 9±2 days)"
    assert safety.startswith("98 % service needs ")
    assert safety.endswith(" more")
    assert rounded == f"rounded to {line.quantity_e3 // 1000} = {line.quantity_e3 // 12_000} packs of 12"
    assert line.wanted_date == date(2026, 1, 12)


def test_what_is_covered_is_not_bought():
    assert one(on_hand_e3=2_000_000).quantity_e3 == 0
    assert one(incoming_e3=2_000_000).quantity_e3 == 0
    assert one(on_hand_e3=2_000_000).why == ""


def test_promised_stock_and_waiting_customers_count_as_gone():
    free = one(reserved_e3=0)
    assert one(reserved_e3=12_000).quantity_e3 == free.quantity_e3 + 12_000
    assert one(reserved_e3=0, backordered_e3=12_000).quantity_e3 == free.quantity_e3 + 12_000
    assert one(reserved_e3=0, incoming_e3=12_000, pegged_e3=12_000).quantity_e3 == free.quantity_e3


def test_what_nobody_wants_is_not_bought_and_what_is_owed_is():
    assert one(daily_mean=0.0, daily_sd=0.0, demand_class="none", on_hand_e3=0, reserved_e3=0).quantity_e3 == 0
    assert one(daily_mean=0.0, daily_sd=0.0, demand_class="none", on_hand_e3=0, reserved_e3=5_000).quantity_e3 == 5_000


def test_the_suppliers_least_quantity_holds_and_a_long_one_is_pointed_out():
    line = one(moq_e3=20_000_000, on_hand_e3=0)
    assert line.quantity_e3 == 20_000_000
    assert line.doubt == "the least quantity is for longer than the horizon"


def test_nothing_is_bought_that_expires_before_it_is_sold():
    line = one(shelf_life_days=10)
    assert 0 < line.quantity_e3 <= 6.3 * (9 + 10) * 1000 - 28_000
    blocked = one(shelf_life_days=10, moq_e3=500_000)
    assert blocked.quantity_e3 == 0
    assert "expires" in blocked.doubt
    assert "nothing bought" in blocked.why


def test_the_maximum_is_not_passed():
    assert one(max_level_e3=60_000).quantity_e3 == 32_000


def test_a_higher_least_level_is_kept():
    assert one(on_hand_e3=150_000, reserved_e3=0).quantity_e3 == 0
    assert one(on_hand_e3=150_000, reserved_e3=0, min_level_e3=200_000).quantity_e3 > 50_000


def test_a_price_break_is_taken_where_it_pays_and_left_where_it_does_not():
    def breaks(price_e4):
        return pd.DataFrame(
            {
                "supplier_id": [7, 7],
                "item_id": [1, 1],
                "min_quantity_e3": [1000, 400_000],
                "unit_price_e4": [25_000, price_e4],
            }
        )

    cheap, same = one(breaks=breaks(20_000)), one(breaks=breaks(24_999))
    assert cheap.quantity_e3 >= 400_000
    assert cheap.unit_price_e4 == 20_000
    assert same.quantity_e3 < 400_000
    assert same.unit_price_e4 == 25_000


def test_longer_and_less_sure_lead_times_and_wilder_demand_need_a_higher_level():
    base = one().level_e3
    assert one(lead_days=15.0).level_e3 > base
    assert one(lead_sd_days=6.0).level_e3 > base
    assert one(daily_sd=14.0).level_e3 > base
    assert one(service_level=0.995).level_e3 > base > one(service_level=0.8).level_e3


def test_cycle_service_is_the_quantile_of_demand_until_the_next_delivery():
    rules = BuyingRules(service="cycle")
    line = one(rules=rules, demand_class="smooth", daily_sd=1.0, lead_sd_days=0.0)
    assert line.level_e3 == pytest.approx((63 + 2.0537 * 10**0.5) * 1000, rel=1e-3)


def test_a_bad_frame_is_refused_by_name():
    with pytest.raises(ValueError, match="lead_days"):
        reorder(pd.DataFrame([row()]).drop(columns="lead_days"), TODAY)
    with pytest.raises(ValueError, match="service level"):
        one(service_level=1.0)
    with pytest.raises(ValueError, match="fill or cycle"):
        one(rules=BuyingRules(service="all"))


def test_an_empty_frame_gives_an_empty_plan():
    assert reorder(pd.DataFrame([row()]).iloc[:0], TODAY).empty


rows = st.fixed_dictionaries(
    {
        "on_hand_e3": st.integers(0, 500).map(lambda n: n * 1000),
        "reserved_e3": st.integers(0, 100).map(lambda n: n * 1000),
        "incoming_e3": st.integers(0, 300).map(lambda n: n * 1000),
        "daily_mean": st.floats(0, 30),
        "daily_sd": st.floats(0, 60),
        "demand_class": st.sampled_from(["smooth", "erratic", "intermittent", "lumpy", "new", "none"]),
        "lead_days": st.floats(0.5, 60),
        "lead_sd_days": st.floats(0, 20),
        "moq_e3": st.sampled_from([0, 1000, 50_000, 500_000]),
        "multiple_e3": st.sampled_from([1000, 6000, 12_000, 250]),
        "unit_price_e4": st.sampled_from([np.nan, 5000, 250_000]),
        "shelf_life_days": st.sampled_from([np.nan, 5, 90]),
        "max_level_e3": st.sampled_from([np.nan, 100_000]),
    }
)
frames = st.lists(rows, min_size=1, max_size=12).map(
    lambda found: pd.DataFrame([row(**one) | {"item_id": number} for number, one in enumerate(found)])
)


@settings(max_examples=25, deadline=None)
@given(frames)
def test_ordering_again_once_the_order_is_known_buys_nothing(frame):
    first = reorder(frame, TODAY)
    after = frame.assign(incoming_e3=frame["incoming_e3"] + first["quantity_e3"])
    assert (reorder(after, TODAY)["quantity_e3"] == 0).all()


@settings(max_examples=25, deadline=None)
@given(frames, st.integers(1, 200).map(lambda n: n * 1000))
def test_more_stock_never_orders_more(frame, more_e3):
    before = reorder(frame, TODAY)["quantity_e3"]
    after = reorder(frame.assign(on_hand_e3=frame["on_hand_e3"] + more_e3), TODAY)["quantity_e3"]
    assert (after <= before).all()


@settings(max_examples=25, deadline=None)
@given(frames)
def test_quantities_are_whole_multiples_at_least_the_suppliers_least_and_said_why(frame):
    made = reorder(frame, TODAY)
    bought = made["quantity_e3"] > 0
    assert (made["quantity_e3"] % frame["multiple_e3"] == 0).all()
    assert (made["quantity_e3"] >= frame["moq_e3"])[bought].all()
    assert (made["position_e3"] + made["quantity_e3"] <= frame["max_level_e3"].fillna(np.inf))[bought].all()
    assert ((made["why"] != "") == (bought | (made["doubt"] != ""))).all()


def test_an_unsure_spread_is_drawn_to_that_of_items_like_it_where_there_are_many():
    mean = np.geomspace(0.1, 100, 400)
    odd = 2 * mean**0.6
    odd[200] *= 4
    steadied = steadied_spread(mean, odd)
    assert steadied[200] == pytest.approx(odd[200] * (17 / 32) ** 0.5, rel=0.02)
    assert steadied[100] == pytest.approx(odd[100], rel=0.02)
    assert (steadied_spread(mean[:50], odd[:50]) == odd[:50]).all()
