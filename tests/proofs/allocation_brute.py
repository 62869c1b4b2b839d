"""What a plan must be, tried out in every way from the definition alone; shares nothing with the planner but its words."""

import math
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from orderclerk.planning.allocation.parts import Need, Place, Plan, Source, Substitute
from tests.proofs.allocation_cases import Case

Measure = tuple[int, Fraction, date]


class Way(NamedTuple):
    """One way to get one item: the warehouses it comes from, what the units cost, the last day."""

    warehouses: frozenset[str]
    cost: Fraction
    day: date


def best_measure(case: Case) -> Measure | None:
    """Parcels, cost in the currency and last day of the best plan there is, or None where nothing serves the order."""
    now = [source for source in case.sources if source.is_now]
    late = [
        source for source in case.sources if not source.is_now and (source.supply_id is None or _in_time(source, case))
    ]
    for coming in ([], late):
        for is_replaced in (False, True):
            found: list[tuple[int, Measure]] = []
            for swap in _swaps(case, [*now, *coming]) if is_replaced else [{}]:
                measure = _measure(_replaced(case.needs, swap), now, coming, case)
                if measure:
                    found.append((sum(one.rank for one in swap.values()), measure))
            if found:
                return min(found)[1]
    return None


def plan_measure(plan: Plan, case: Case) -> Measure:
    """The same of a plan, from its takings alone, after they were checked against what was wanted and what there is."""
    swap = {item: next(o for o in case.rules.substitutes[item] if o.item_id == other) for item, other in plan.replaced}
    wanted = {(need.line_no, item): 0 for need in _replaced(case.needs, swap) for item in [need.item_id]}
    for need in _replaced(case.needs, swap):
        wanted[need.line_no, need.item_id] += need.quantity_e3
    given: dict[tuple[int, int], int] = {}
    used: dict[tuple[int, str, int | None], int] = {}
    cost = Fraction(0)
    weights = {need.item_id: need.weight_g for need in _replaced(case.needs, swap)}
    places = {place.code: place for place in case.places}
    for taking in plan.taken:
        given[taking.line_no, taking.item_id] = given.get((taking.line_no, taking.item_id), 0) + taking.quantity_e3
        key = (taking.item_id, taking.warehouse, taking.supply_id)
        used[key] = used.get(key, 0) + taking.quantity_e3
        cost += _unit_cost(places[taking.warehouse], weights[taking.item_id], taking.quantity_e3)
    held = {(one.item_id, one.warehouse, one.supply_id): one for one in case.sources}
    assert given == wanted, "a line gets what it wants, no more and no less"
    assert all(quantity <= held[key].quantity_e3 for key, quantity in used.items()), (
        "nothing is taken that is not there"
    )
    for taking in plan.taken:
        source = held[taking.item_id, taking.warehouse, taking.supply_id]
        assert source.ship_date <= taking.ship_date, "nothing leaves before it is there"
        assert source.supply_id is None or _in_time(source, case)
    parcels = {(taking.warehouse, taking.ship_date) for taking in plan.taken}
    assert len(parcels) <= len(plan.parcels)
    assert set(plan.parcels) == parcels
    if case.rules.ship == "complete":
        assert len({parcel.ship_date for parcel in plan.parcels}) == 1, "complete is on one day"
    cost += sum(Fraction(places[parcel.warehouse].parcel_cost_e4, 10**4) for parcel in plan.parcels)
    assert Fraction(plan.amount) == cost
    return len(plan.parcels), cost, max(taking.ship_date for taking in plan.taken)


def _in_time(source: Source, case: Case) -> bool:
    return case.rules.latest_date is not None and source.ship_date <= case.rules.latest_date


def _swaps(case: Case, given: list[Source]) -> Iterator[dict[int, Substitute]]:
    """Every choice that replaces just the items of which there is too little."""
    wanted = _by_item(case.needs)
    short = [item for item in wanted if sum(one.quantity_e3 for one in given if one.item_id == item) < wanted[item]]
    if short:
        for chosen in product(*(case.rules.substitutes.get(item, ()) for item in short)):
            yield dict(zip(short, chosen, strict=True))


def _replaced(needs: list[Need], swap: dict[int, Substitute]) -> list[Need]:
    changed = []
    for need in needs:
        if one := swap.get(need.item_id):
            quantity = need.quantity_e3 * one.ratio
            whole = math.ceil(quantity / 1000) * 1000 if need.quantity_e3 % 1000 == 0 else math.ceil(quantity)
            need = Need(need.line_no, one.item_id, one.item_ref, whole, one.weight_g)
        changed.append(need)
    return changed


def _by_item(needs: list[Need]) -> dict[int, int]:
    return {need.item_id: sum(one.quantity_e3 for one in needs if one.item_id == need.item_id) for need in needs}


def _measure(needs: list[Need], now: list[Source], coming: list[Source], case: Case) -> Measure | None:
    wanted, weights = _by_item(needs), {need.item_id: need.weight_g for need in needs}
    if case.rules.ship == "complete" or not coming:
        return _smallest(wanted, [*now, *coming], weights, case)
    there = {item: sum(one.quantity_e3 for one in now if one.item_id == item) for item in wanted}
    first = {item: min(quantity, there[item]) for item, quantity in wanted.items() if there[item]}
    rest = {item: quantity - first.get(item, 0) for item, quantity in wanted.items() if quantity > first.get(item, 0)}
    parts = [_smallest(some, given, weights, case) for some, given in ((first, now), (rest, coming)) if some]
    whole = [part for part in parts if part]
    if len(whole) < len(parts):
        return None
    return sum(one[0] for one in whole), sum((one[1] for one in whole), Fraction(0)), max(one[2] for one in whole)


def _smallest(wanted: dict[int, int], given: list[Source], weights: dict[int, int], case: Case) -> Measure | None:
    places = {place.code: place for place in case.places}
    ways = [
        {
            Way(
                frozenset(source.warehouse for source, take in zip(own, takes, strict=True) if take),
                sum(
                    (
                        _unit_cost(places[source.warehouse], weights[item], take)
                        for source, take in zip(own, takes, strict=True)
                    ),
                    Fraction(0),
                ),
                max(source.ship_date for source, take in zip(own, takes, strict=True) if take),
            )
            for takes in _divisions(quantity, [source.quantity_e3 for source in own])
        }
        for item, quantity in wanted.items()
        for own in [[source for source in given if source.item_id == item]]
    ]
    best: Measure | None = None
    for chosen in product(*ways):
        used = frozenset().union(*(way.warehouses for way in chosen))
        if best is None or len(used) <= best[0]:
            parcels = sum(places[code].parcel_cost_e4 for code in used)
            cost = sum((way.cost for way in chosen), Fraction(parcels, 10**4))
            measure = len(used), cost, max(way.day for way in chosen)
            best = measure if best is None else min(best, measure)
    return best


def _divisions(quantity: int, amounts: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to take `quantity` from sources of these amounts, in the steps all of them are multiples of."""
    if not amounts:
        if quantity == 0:
            yield ()
        return
    step = math.gcd(quantity, *amounts) or 1
    for take in range(0, min(quantity, amounts[0]) + 1, step):
        for others in _divisions(quantity - take, amounts[1:]):
            yield take, *others


def _unit_cost(place: Place, weight_g: int, quantity_e3: int) -> Fraction:
    units = Fraction(quantity_e3, 1000)
    return units * (Fraction(place.unit_cost_e4, 10**4) + Fraction(place.kg_cost_e4 * weight_g, 10**7))
