"""One order's plan: fewest parcels, then cost, then date; whole or nothing; and it says why."""

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.planning.allocation.choosing import MOST_PLACES, Stock, choose
from orderclerk.planning.allocation.parts import Need, Place, Plan, Rules, Source, Substitute
from orderclerk.planning.allocation.planning import plan_order
from tests.proofs.allocation_brute import best_measure, plan_measure
from tests.proofs.allocation_cases import Case, large_case, small_case

TODAY = date(2026, 11, 30)
LDN, MAN, BHX = Place("LDN", 50_000, 0, 0), Place("MAN", 50_000, 0, 0), Place("BHX", 40_000, 0, 0)
PLACES = [LDN, MAN, BHX]


def wants(*quantities: int) -> list[Need]:
    """The first line wants A, the second B, in units."""
    return [Need(no, no, "ABCD"[no - 1], quantity * 1000) for no, quantity in enumerate(quantities, 1)]


def has(code: str, *quantities: int, day: int = 0, supply: int | None = None) -> list[Source]:
    when = TODAY + timedelta(days=day)
    return [
        Source(item, code, quantity * 1000, when, supply, supply is None)
        for item, quantity in enumerate(quantities, 1)
        if quantity
    ]


def taken(plan: Plan) -> list[tuple[int, str, int]]:
    return sorted((one.line_no, one.warehouse, one.quantity_e3 // 1000) for one in plan.taken)


def test_one_parcel_beats_two_cheaper_ones():
    sources = [*has("LDN", 5, 5), *has("MAN", 9, 0), *has("BHX", 0, 9)]
    plan = plan_order(wants(5, 5), sources, [Place("LDN", 900_000), MAN, BHX], Rules())
    assert taken(plan) == [(1, "LDN", 5), (2, "LDN", 5)]
    assert plan.why == "all from LDN"


def test_of_equally_many_parcels_the_cheapest_then_the_soonest():
    both = [*has("MAN", 5, day=1), *has("LDN", 5)]
    assert plan_order(wants(5), both, PLACES, Rules()).parcels[0].warehouse == "LDN"
    cheap = plan_order(wants(5), [*both, *has("BHX", 5, day=2)], PLACES, Rules())
    assert (cheap.parcels[0].warehouse, str(cheap.amount)) == ("BHX", "4.0000000000")


def test_a_greedy_choice_of_the_fullest_warehouse_is_not_followed():
    sources = [*has("LDN", 9, 9, 0, 0), *has("MAN", 5, 0, 5, 5), *has("BHX", 0, 5, 5, 5)]
    plan = plan_order(wants(5, 5, 5, 5), [*sources, *has("LDN", 0, 0, 9)], PLACES, Rules())
    assert len(plan.parcels) == 2


def test_each_item_is_filled_from_its_cheapest_warehouse_of_the_set():
    places = [Place("LDN", 0, 0, 10_000), Place("MAN", 0, 500, 0)]
    needs = [
        Need(1, 1, "heavy", 6000, 4000),
        Need(2, 2, "light", 6000, 10),
        Need(3, 3, "only", 1000),
        Need(4, 4, "also", 1000),
    ]
    sources = [*has("LDN", 9, 9, 1, 0), *has("MAN", 4, 9, 0, 1)]
    plan = plan_order(needs, sources, places, Rules())
    assert taken(plan) == [(1, "LDN", 2), (1, "MAN", 4), (2, "LDN", 6), (3, "LDN", 1), (4, "MAN", 1)]


def test_it_says_which_smaller_choices_were_impossible_and_what_they_lacked():
    plan = plan_order(wants(10, 4), [*has("LDN", 6, 4), *has("MAN", 4, 1)], PLACES, Rules())
    assert plan.why == "LDN + MAN: no single warehouse has 10 of A"
    three = plan_order(wants(10, 5), [*has("LDN", 6, 1), *has("MAN", 4), *has("BHX", 3, 4)], PLACES, Rules())
    assert three.why == "LDN + MAN + BHX: no single warehouse has 10 of A; even LDN + BHX lack 1 of A"
    assert three.evidence["smaller"][1]["choices"] == 3


def test_an_order_that_cannot_be_had_takes_nothing_and_says_what_is_lacking():
    plan = plan_order(wants(10, 4), [*has("LDN", 6, 4), *has("MAN", 3)], PLACES, Rules())
    assert (plan.taken, plan.parcels, plan.is_possible) == ((), (), False)
    assert plan.why == "10 of A wanted, 9 free"
    assert [(one.item_ref, one.free_e3) for one in plan.lacking] == [("A", 9000)]


def test_a_complete_order_waits_for_what_is_coming_and_leaves_on_one_day():
    sources = [*has("LDN", 6, 4), *has("MAN", 4, day=3, supply=7)]
    assert not plan_order(wants(10, 4), sources, PLACES, Rules()).is_possible
    assert not plan_order(wants(10, 4), sources, PLACES, Rules(latest_date=TODAY + timedelta(days=2))).is_possible
    plan = plan_order(wants(10, 4), sources, PLACES, Rules(latest_date=TODAY + timedelta(days=3)))
    assert {parcel.ship_date for parcel in plan.parcels} == {TODAY + timedelta(days=3)}
    assert plan.why.startswith("LDN + MAN on 2026-12-03: stock lacks 4 of A")


def test_an_order_that_may_be_split_gets_now_what_there_is_and_the_rest_when_it_comes():
    rules = Rules("split", latest_date=TODAY + timedelta(days=9))
    plan = plan_order(wants(10, 4), [*has("LDN", 6, 4), *has("LDN", 9, day=3, supply=7)], PLACES, rules)
    assert [(one.warehouse, one.ship_date.day) for one in plan.parcels] == [("LDN", 30), ("LDN", 3)]
    assert [(one.supply_id, one.quantity_e3) for one in plan.taken] == [(None, 6000), (None, 4000), (7, 4000)]


def test_what_is_short_is_replaced_where_the_customer_allows_by_the_best_that_suffices():
    poor = Substitute(3, "A3", Fraction(1), 1)
    good = Substitute(4, "A4", Fraction(3, 2), 2)
    sources = [*has("LDN", 1, 4, 2, 9)]
    plan = plan_order(wants(3, 4), sources, PLACES, Rules(substitutes={1: [poor, good], 2: [poor]}))
    assert plan.replaced == ((1, 4),)
    assert [(one.line_no, one.item_id, one.quantity_e3) for one in plan.taken] == [(1, 4, 5000), (2, 2, 4000)]
    assert plan.why == "LDN: A4 in place of A"


def test_stock_whose_warehouse_has_no_parcel_left_today_goes_on_the_next_day():
    full = [one._replace(is_now=False, ship_date=TODAY + timedelta(days=1)) for one in has("LDN", 5)]
    assert plan_order(wants(5), full, PLACES, Rules()).parcels == (("LDN", TODAY + timedelta(days=1)),)
    plan = plan_order(wants(5), [*full, *has("MAN", 5)], PLACES, Rules())
    assert [parcel.warehouse for parcel in plan.parcels] == ["MAN"]


def test_one_line_more_of_the_same_item_and_a_kit_with_it_are_served_together():
    needs = [Need(1, 1, "A", 3000), Need(2, 1, "A", 2000), Need(2, 2, "B", 1000), Need(2, 1, "A", 1000)]
    plan = plan_order(needs, [*has("LDN", 4, 1), *has("MAN", 2)], PLACES, Rules())
    assert taken(plan) == [(1, "LDN", 3), (2, "LDN", 1), (2, "LDN", 1), (2, "MAN", 2)]


@pytest.mark.parametrize("needs", [[], [Need(1, 1, "A", 0)], [Need(1, 1, "A", -1000)]])
def test_nothing_and_less_than_nothing_cannot_be_planned(needs):
    with pytest.raises(ValueError, match="above zero"):
        plan_order(needs, has("LDN", 5), PLACES, Rules())


def test_sums_beyond_64_bits_are_still_exact():
    dear = [Place("LDN", 1, 10**9, 10**9), Place("MAN", 0, 10**9, 10**9)]
    needs = [Need(no, no, "x", 10**14, 10**6) for no in range(1, 11)]
    sources = [Source(no, code, 10**14, TODAY) for no in range(1, 11) for code in ("LDN", "MAN")]
    plan = plan_order(needs, sources, dear, Rules())
    assert plan.parcels[0].warehouse == "MAN"
    assert plan.cost == 10 * 10**14 * (10**9 * 1000 + 10**9 * 10**6)


def test_far_more_warehouses_than_promised_still_end_in_a_plan_that_serves():
    count = 3 * MOST_PLACES
    wanted = np.array([1000 * count])
    stock = Stock(np.zeros(count, int), np.arange(count), np.zeros(count, int), np.full(count, 1000))
    choice = choose(wanted, stock, np.arange(count).reshape(-1, 1), np.zeros(count, int))
    assert len(choice.places) == count
    assert choice.taken.sum() == wanted[0]


cases = st.integers(0, 10**9).map(lambda seed: small_case(random.Random(seed)))


@settings(deadline=None, max_examples=100)
@given(cases)
def test_no_way_that_could_be_tried_is_better(case: Case):
    plan = plan_order(*case)
    assert (plan_measure(plan, case) if plan.is_possible else None) == best_measure(case)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**9).map(lambda seed: large_case(random.Random(seed))))
def test_the_largest_plans_take_what_is_wanted_and_never_more_than_there_is(case: Case):
    plan = plan_order(*case)
    if plan.is_possible:
        plan_measure(plan, case)  # checks each line and each source
    else:
        assert plan.taken == ()
        assert plan.lacking


@settings(deadline=None, max_examples=60)
@given(cases, st.data())
def test_more_stock_never_makes_the_plan_of_a_complete_order_worse(case: Case, data: st.DataObject):
    case = case._replace(rules=replace(case.rules, ship="complete", substitutes={}))
    plan = plan_order(*case)
    if plan.is_possible:
        which = data.draw(st.sampled_from(case.sources))
        more = [one._replace(quantity_e3=one.quantity_e3 * 2) if one is which else one for one in case.sources]
        richer = case._replace(sources=more)
        better = plan_order(*richer)
        assert better.is_possible
        # what is there goes before what is coming, however few parcels that would take
        before, after = (
            (bool(p.evidence["lacking"]), *plan_measure(p, c)) for p, c in ((plan, case), (better, richer))
        )
        assert after <= before
