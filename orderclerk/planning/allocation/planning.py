"""The plan of one order, step by step: from what is there; with substitutes; from what is coming; with both.

A later step is looked at only where the earlier ones cannot serve the order, and only if the customer's rules allow it.
Within each step the plan is the exact minimum of parcels, cost and last day. A customer whose order may be split gets
now all that is there, and the rest when it comes: two such minima.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from orderclerk.planning.allocation.choosing import Choice, Stock, amounts, choose
from orderclerk.planning.allocation.parts import Lack, Need, Parcel, Place, Plan, Rules, Source, Taking
from orderclerk.planning.allocation.reasons import Part, plan_reason, short_reason, smaller_choices
from orderclerk.planning.allocation.substitutes import Replacement, replace_needs, replacements


class _Given(NamedTuple):
    now: list[Source]
    coming: list[Source]


def plan_order(needs: Sequence[Need], sources: Sequence[Source], places: Sequence[Place], rules: Rules) -> Plan:
    """Where one order comes from: the exact lexicographic minimum of parcels, cost and last day, or what it lacks.

    `sources` is what this order may take, safety stock left out, each warehouse's in the sequence of use; `places` are
    the warehouses, those first that win where plans are equal. An item is replaced as a whole, and only if there is too
    little of it in all; the fewest ranks down win. Raises KeyError for a source in a warehouse that `places` lacks,
    ValueError for a quantity that is not positive.
    """
    if not needs or min(quantities := [one.quantity_e3 for one in needs] + [one.quantity_e3 for one in sources]) <= 0:
        raise ValueError(f"a plan is made of quantities above zero, not of {min(quantities) if needs else 'nothing'}")
    items = {need.item_id for need in needs}
    items |= {one.item_id for item in items for one in rules.substitutes.get(item, ())}
    sources = [source for source in sources if source.item_id in items]
    now = [source for source in sources if source.is_now]
    late = [source for source in sources if not source.is_now and _may_wait_for(source, rules.latest_date)]
    for coming in ([], late) if late else ([],):
        as_ordered: Iterable[Replacement] = ({},)
        for swaps in (as_ordered, replacements(needs, totals((*now, *coming)), rules.substitutes)):
            plans = [_plan(needs, _Given(now, coming), places, rules, swap) for swap in swaps]
            if found := [plan for plan in plans if plan]:
                return min(found, key=lambda plan: (len(plan.parcels), plan.cost, plan.latest_date or date.min))
    lacks = _lacks(needs, [one for one in sources if one.supply_id is None], [one for one in late if one.supply_id])
    return Plan((), (), 0, *short_reason(lacks), lacking=lacks)


def _may_wait_for(source: Source, latest: date | None) -> bool:
    """Whether the order may wait for it: always for stock that leaves with the next parcels, supplies to `latest`."""
    return source.supply_id is None or (latest is not None and source.ship_date <= latest)


def totals(ones: Iterable[Source | Need]) -> dict[int, int]:
    """Quantity by item."""
    summed: dict[int, int] = defaultdict(int)
    for one in ones:
        summed[one.item_id] += one.quantity_e3
    return summed


def _plan(
    needs: Sequence[Need], given: _Given, places: Sequence[Place], rules: Rules, swap: Replacement
) -> Plan | None:
    """The plan of one step with these replacements; None if it does not serve the whole order."""
    wanted = replace_needs(needs, swap)
    is_together = rules.ship == "complete"
    if is_together or not given.coming:
        parts = [_part(wanted, [*given.now, *given.coming], places, is_together=is_together)]
    else:
        halves = zip(_divided(wanted, totals(given.now)), given, strict=True)
        parts = [_part(half, sources, places, is_together=False) for half, sources in halves if half]
    whole = [part for part in parts if part]
    if len(whole) < len(parts):
        return None
    why, evidence = plan_reason(whole, _lacks(needs, *given), swap, waits=bool(given.coming))
    return Plan(
        parcels=tuple(parcel for part in whole for parcel in part.parcels),
        taken=tuple(taking for part in whole for taking in part.taken),
        cost=sum(part.cost for part in whole),
        why=why,
        evidence=evidence,
        replaced=tuple((item, substitute.item_id) for item, substitute in swap.items()),
    )


def _divided(needs: Sequence[Need], there: dict[int, int]) -> tuple[list[Need], list[Need]]:
    """What of `needs` there is now, its lines in their sequence, and the rest."""
    now, later = [], []
    for need in needs:
        given = min(need.quantity_e3, there.get(need.item_id, 0))
        there[need.item_id] = there.get(need.item_id, 0) - given
        now.append(need._replace(quantity_e3=given))
        later.append(need._replace(quantity_e3=need.quantity_e3 - given))
    return [need for need in now if need.quantity_e3], [need for need in later if need.quantity_e3]


def _part(
    needs: Sequence[Need], sources: Sequence[Source], places: Sequence[Place], *, is_together: bool
) -> Part | None:
    """The minimum for what leaves in one go; `is_together`: all on the last parcel's day."""
    items = {need.item_id: need for need in needs}
    row = {item: index for index, item in enumerate(items)}
    codes = {place.code: index for index, place in enumerate(places)}
    usable = [source for source in sources if source.item_id in items]
    sums, there = totals(needs), totals(usable)
    if any(quantity > there[item] for item, quantity in sums.items()):
        return None
    rows = [(row[s.item_id], codes[s.warehouse], s.ship_date.toordinal(), s.quantity_e3) for s in usable]
    stock = Stock(*np.array(rows, dtype=np.int64).T)
    wanted = np.array(list(sums.values()), dtype=np.int64)
    weights = np.array([need.weight_g for need in items.values()], dtype=np.int64)
    costs = np.array([place[1:] for place in places], dtype=np.int64)
    choice = choose(wanted, stock, costs[:, 1:2] * 1000 + costs[:, 2:] * weights, costs[:, 0] * 10**6)
    days = {places[index].code: day for index, day in _days(choice, stock, is_together=is_together).items()}
    return Part(
        tuple(Parcel(code, day) for code, day in days.items()),
        tuple(_takings(needs, usable, choice, days)),
        choice.cost,
        smaller_choices(
            wanted,
            amounts(wanted, stock, len(places)),
            [place.code for place in places],
            [need.item_ref for need in items.values()],
            len(choice.places),
        ),
    )


def _days(choice: Choice, stock: Stock, *, is_together: bool) -> dict[int, date]:
    """The day each used place's parcel leaves: when the last of what goes into it is there."""
    used = choice.taken > 0
    own = {place: int(stock.day[used & (stock.place == place)].max()) for place in choice.places}
    return {place: date.fromordinal(choice.day if is_together else day) for place, day in own.items()}


def _takings(
    needs: Sequence[Need], sources: Sequence[Source], choice: Choice, days: dict[str, date]
) -> Iterable[Taking]:
    """The sources of each item laid end to end along its lines."""
    given: dict[int, list[tuple[Source, int]]] = defaultdict(list)
    for source, amount in zip(sources, choice.taken.tolist(), strict=True):
        if amount:
            given[source.item_id].append((source, amount))
    for need in needs:
        left, stack = need.quantity_e3, given[need.item_id]
        while left:
            source, amount = stack.pop(0)
            take = min(left, amount)
            left -= take
            if amount > take:
                stack.insert(0, (source, amount - take))
            yield Taking(need.line_no, need.item_id, source.warehouse, source.supply_id, take, days[source.warehouse])


def _lacks(needs: Sequence[Need], now: Sequence[Source], coming: Sequence[Source]) -> tuple[Lack, ...]:
    """The items of which there is too little now and, where anything is coming, what that brings."""
    free, later = totals(now), totals(coming)
    refs = {need.item_id: need.item_ref for need in needs}
    return tuple(
        Lack(item, refs[item], wanted, free.get(item, 0), later.get(item, 0))
        for item, wanted in totals(needs).items()
        if wanted > free.get(item, 0)
    )
