"""A shortage shared: by a stated policy, never more than there is, and nobody confirmed loses theirs."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.planning.allocation.sharing import share_shortage

COLUMNS = ["order_id", "line_no", "item_id", "quantity_e3", "held_e3", "is_confirmed", "day", "priority", "pack_e3"]
DAY = date(2026, 11, 30)


def demands(*rows: tuple[int, int, bool, int, int], pack: int = 1) -> pd.DataFrame:
    """(wanted, held, confirmed, days after the first, priority), one order each, of one item."""
    made = [
        (no, 1, 1, wanted * 1000, held * 1000, confirmed, DAY + timedelta(days=day), priority, pack * 1000)
        for no, (wanted, held, confirmed, day, priority) in enumerate(rows, 1)
    ]
    return pd.DataFrame(made, columns=COLUMNS)


def free(units: int) -> pd.DataFrame:
    return pd.DataFrame({"item_id": [1], "free_e3": [units * 1000]})


def granted(shared: pd.DataFrame) -> list[int]:
    return (shared.set_index("order_id")["granted_e3"].sort_index() // 1000).tolist()


def test_the_highest_priority_is_served_first():
    asked = demands((5, 0, True, 0, 0), (5, 0, False, 0, 9), (5, 0, True, 0, 5))
    shared = share_shortage("priority", asked, free(7))
    assert granted(shared) == [0, 5, 2]
    assert shared["why"].tolist()[1] == "the customer's priority, then the date: 2 of 5"


def test_who_is_confirmed_comes_before_who_was_offered_then_the_earlier_date():
    asked = demands((5, 0, False, 0, 9), (5, 0, True, 1, 0), (5, 0, True, 0, 0))
    assert granted(share_shortage("commitment", asked, free(7))) == [0, 2, 5]


def test_a_fair_share_is_in_whole_packs_and_the_odd_pack_goes_to_the_largest_remainder():
    asked = demands((40, 0, True, 0, 0), (30, 0, True, 1, 0), (20, 0, True, 2, 0), pack=10)
    assert granted(share_shortage("fair", asked, free(50))) == [20, 20, 10]  # of 22.2, 16.7 and 11.1


def test_what_was_only_offered_is_shared_anew_what_is_confirmed_stays():
    asked = demands((6, 6, False, 0, 0), (6, 4, True, 1, 0), (6, 0, True, 2, 0))
    assert granted(share_shortage("commitment", asked, free(0))) == [0, 6, 4]


def test_a_policy_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="write one of priority, commitment, fair"):
        share_shortage("first", demands((1, 0, True, 0, 0)), free(1))  # type: ignore[arg-type]


def wanting(row: tuple[int, int, bool, int, int]) -> tuple[int, int, bool, int, int]:
    return row[0], min(row[0], row[1]), *row[2:]


rows = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 40), st.booleans(), st.integers(0, 3), st.integers(0, 2)).map(wanting),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["priority", "commitment", "fair"]), rows, st.integers(0, 60), st.sampled_from([1, 6, 10]))
def test_whatever_the_policy_nothing_is_given_twice_nor_left_lying_nor_taken_from_the_confirmed(
    policy, asked, units, pack
):
    shared = share_shortage(policy, demands(*asked, pack=pack), free(units))
    there = units * 1000 + shared["held_e3"].sum()
    assert shared["granted_e3"].sum() <= there
    assert (shared["granted_e3"] <= shared["quantity_e3"]).all()
    confirmed = shared[shared["is_confirmed"].astype(bool)]
    assert (confirmed["granted_e3"] >= confirmed["held_e3"]).all()
    left, open_e3 = there - shared["granted_e3"].sum(), shared["quantity_e3"] - shared["granted_e3"]
    kept = shared["held_e3"].where(shared["is_confirmed"].astype(bool), 0)
    if policy == "fair":
        usable = pd.concat([open_e3[open_e3 > 0], open_e3 * 0 + pack * 1000], axis=1).min(axis=1).dropna()
        assert (usable[open_e3 > 0] > left).all(), "no pack is left that somebody could have had"
        given_e3 = shared["granted_e3"] - kept
        assert ((given_e3 % (pack * 1000) == 0) | (open_e3 == 0)).all(), "whole packs, or all of it"
    else:
        assert left == 0 or (open_e3 == 0).all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=8), st.integers(0, 60))
def test_a_fair_share_is_within_a_pack_of_the_exact_one(packs, units):
    asked = [(10 * one, 0, True, no, 0) for no, one in enumerate(packs)]
    shared = share_shortage("fair", demands(*asked, pack=10), free(10 * units))
    exact = shared["quantity_e3"] * min(1.0, 10 * units / sum(10 * one for one in packs))
    assert ((shared["granted_e3"] - exact).abs() < 10_000 + 1e-6).all()
