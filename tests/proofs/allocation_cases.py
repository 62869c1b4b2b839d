"""Random orders to plan: small ones that can be tried out in every way, and the largest the desk promises to plan fast."""

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from orderclerk.planning.allocation.parts import Need, Place, Rules, Source, Substitute

TODAY = date(2026, 11, 30)
CODES = ["LDN", "MAN", "BHX", "GLA", "LPL", "BRS", "LEE", "SHE", "NCL", "CDF", "BEL", "EDI"]
RATIOS = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3, 2))


class Case(NamedTuple):
    needs: list[Need]
    sources: list[Source]
    places: list[Place]
    rules: Rules


def small_case(rng: random.Random) -> Case:
    """Up to four warehouses, three items wanted on up to four lines, supplies, substitutes; much of it just too little."""
    scale = rng.choice((1000, 1))
    places = _places(rng, rng.randint(1, 4))
    items = rng.sample(range(1, 6), rng.randint(1, 3))
    lines = [rng.choice(items) for _ in range(rng.randint(len(items), 4))]
    weights = {item: rng.choice((0, 250, 4000)) for item in range(1, 6)}
    needs = [_need(no, item, scale * rng.randint(1, 3), weights) for no, item in enumerate(lines, 1)]
    rate = rng.choice((0.4, 0.7, 1.0))
    sources = [
        Source(item, place.code, scale * rng.randint(1, 4), _day(rng, 2), None, rng.random() < 0.85)
        for place in places
        for item in range(1, 6)
        if rng.random() < rate
    ]
    for number in range(rng.choice((0, 0, 2, 4))):
        sources.append(_supply(rng, number, rng.choice(items), rng.choice(places), scale * rng.randint(1, 4)))
    substitutes = {}
    for item in items if rng.random() < 0.5 else ():
        others = rng.sample([other for other in range(1, 6) if other != item], rng.randint(1, 2))
        substitutes[item] = [
            Substitute(other, f"I{other}", rng.choice(RATIOS), rank, weights[other])
            for rank, other in enumerate(others, 1)
        ]
    latest = rng.choice((None, _day(rng, 12)))
    return Case(needs, sources, places, Rules(rng.choice(("complete", "split")), latest, substitutes))


def large_case(rng: random.Random) -> Case:
    """Twelve warehouses and twenty lines of twenty items: from one warehouse that has all to many that have little."""
    places = _places(rng, 12) if rng.random() < 0.8 else [Place(code) for code in CODES]
    items = range(1, 21)
    weights = {item: rng.randint(0, 5000) for item in range(1, 41)}
    needs = [_need(item, item, 1000 * rng.randint(1, 20), weights) for item in items]
    rate, most = rng.choice(((0.95, 60), (0.8, 15), (0.5, 12), (0.3, 30)))
    wanted = {need.item_id: need.quantity_e3 for need in needs}
    sources = [
        Source(item, place.code, 1000 * rng.randint(1, most), _day(rng, 2))
        for item in range(1, 41)
        for place in places
        if rng.random() < rate
    ]
    if rng.random() < 0.7:  # else what is lacking stays lacking, or comes
        there = {item: sum(one.quantity_e3 for one in sources if one.item_id == item) for item in items}
        for item in items:
            if (missing := wanted[item] - there[item]) > 0:
                taken = {one.warehouse for one in sources if one.item_id == item}
                free = [place.code for place in places if place.code not in taken]
                if free:
                    sources.append(Source(item, rng.choice(free), missing, TODAY))
    coming = rng.randrange(40) if rng.random() < 0.5 else 0
    sources += [
        _supply(rng, n, rng.choice(items), rng.choice(places), 1000 * rng.randint(1, 20)) for n in range(coming)
    ]
    substitutes = {
        item: [Substitute(item + 20, f"I{item + 20}", Fraction(1), 1)] for item in items if rng.random() < 0.3
    }
    latest = rng.choice((None, TODAY + timedelta(days=60)))
    return Case(needs, sources, places, Rules(rng.choice(("complete", "split")), latest, substitutes))


def _places(rng: random.Random, count: int) -> list[Place]:
    if rng.random() < 0.2:
        return [Place(code, 50_000, 0, 10_000) for code in CODES[:count]]
    return [
        Place(code, rng.randint(0, 4) * 10_000, rng.randint(0, 9) * 100, rng.choice((0, 5_000, 12_345)))
        for code in CODES[:count]
    ]


def _need(line_no: int, item: int, quantity: int, weights: dict[int, int]) -> Need:
    return Need(line_no, item, f"I{item}", quantity, weights[item])


def _supply(rng: random.Random, number: int, item: int, place: Place, quantity: int) -> Source:
    return Source(item, place.code, quantity, TODAY + timedelta(days=rng.randint(3, 12)), 100 + number, is_now=False)


def _day(rng: random.Random, most: int) -> date:
    return TODAY + timedelta(days=rng.randint(0, most))
