"""Why a plan is as it is: which smaller choices were impossible, and what they lacked."""

from collections.abc import Mapping, Sequence
from math import comb
from typing import Any, NamedTuple

import numpy as np

from orderclerk.planning.allocation.choosing import MOST_SETS, Ints, sets
from orderclerk.planning.allocation.parts import Lack, Parcel, Substitute, Taking, said

Smaller = dict[str, Any]


class Part(NamedTuple):
    """What leaves in one go: parcels, what each line takes, cost, and the smaller choices that failed."""

    parcels: tuple[Parcel, ...]
    taken: tuple[Taking, ...]
    cost: int
    smaller: list[Smaller]


def smaller_choices(wanted: Ints, held: Ints, codes: list[str], refs: list[str], size: int) -> list[Smaller]:
    """For one warehouse and for one fewer than `size`: how many choices there are, the nearest one and what it lacks,
    and one item of which no choice has enough (empty if each item alone could be had)."""
    found = []
    useful = np.flatnonzero(held.any(axis=1))
    kind: Any = np.float64 if len(useful) * int(wanted.max()) < 2**53 else np.int64  # exact, and fast where it can be
    wanted, held = wanted.astype(kind), held[useful].astype(kind)
    for count in sorted({1, size - 1}) if size > 1 else ():
        if comb(len(useful), count) > MOST_SETS:
            continue
        members = sets(len(useful), count, kind)
        missing = wanted - members @ held
        is_missing = missing > 0
        items = is_missing.sum(axis=1)
        nearest = np.flatnonzero(items == items.min())
        nearest = nearest[np.where(is_missing[nearest], missing[nearest], 0).sum(axis=1).argmin()]
        alone = np.flatnonzero(is_missing.all(axis=0))
        found.append(
            {
                "warehouses": count,
                "choices": len(members),
                "nearest": [codes[useful[place]] for place in np.flatnonzero(members[nearest])],
                "lacking": {refs[i]: said(int(missing[nearest, i])) for i in np.flatnonzero(is_missing[nearest])},
                "nowhere": {refs[i]: said(int(wanted[i])) for i in alone},
            }
        )
    return found


def plan_reason(
    parts: Sequence[Part], lacks: Sequence[Lack], swap: Mapping[int, Substitute], *, waits: bool
) -> tuple[str, dict[str, Any]]:
    """One sentence on a plan, and its evidence."""
    refs = {lack.item_id: lack.item_ref for lack in lacks}
    places = ", then ".join(_sent(part, waits=waits) for part in parts)
    reasons = [f"{one.item_ref} in place of {refs[item]}" for item, one in swap.items()]
    short = [lack for lack in lacks if lack.item_id not in swap]
    if short:
        lack = short[0]
        reasons.append(f"stock lacks {said(lack.wanted_e3 - lack.free_e3)} of {lack.item_ref}{_and_more(len(short))}")
    reasons += [_impossible(smaller) for part in parts for smaller in _telling(part)]
    evidence = {
        "parcels": [
            {"warehouse": one.warehouse, "date": one.ship_date.isoformat()} for part in parts for one in part.parcels
        ],
        "smaller": [smaller for part in parts for smaller in part.smaller],
        "lacking": {lack.item_ref: _figures(lack) for lack in lacks},
        "replaced": {refs[item]: one.item_ref for item, one in swap.items()},
    }
    return f"{places}: {'; '.join(reasons)}" if reasons else f"all from {places}", evidence


def short_reason(lacks: Sequence[Lack]) -> tuple[str, dict[str, Any]]:
    """One sentence on an order that cannot be served, and its evidence."""
    first = lacks[0]
    figures = f"{said(first.wanted_e3)} of {first.item_ref} wanted, {said(first.free_e3)} free"
    coming = f", {said(first.coming_e3)} coming in time" if first.coming_e3 else ""
    return figures + coming + _and_more(len(lacks)), {"lacking": {lack.item_ref: _figures(lack) for lack in lacks}}


def _sent(part: Part, *, waits: bool) -> str:
    codes = " + ".join(parcel.warehouse for parcel in part.parcels)
    return f"{codes} on {max(parcel.ship_date for parcel in part.parcels)}" if waits else codes


def _telling(part: Part) -> list[Smaller]:
    """The smaller choices worth a word: what one warehouse never has, and how near one parcel fewer comes."""
    last = part.smaller[-1:]
    first = [one for one in part.smaller[:-1] if one["nowhere"] and not last[0]["nowhere"]]
    return first + last


def _impossible(smaller: Smaller) -> str:
    count, lacking = smaller["warehouses"], smaller["lacking"]
    if smaller["nowhere"]:
        item, quantity = next(iter(smaller["nowhere"].items()))
        return f"no {'single warehouse has' if count == 1 else f'{count} warehouses have'} {quantity} of {item}"
    item, quantity = next(iter(lacking.items()))
    lack = "lacks" if count == 1 else "lack"
    return f"even {' + '.join(smaller['nearest'])} {lack} {quantity} of {item}{_and_more(len(lacking))}"


def _and_more(count: int) -> str:
    return "" if count < 2 else f" and {count - 1} more item{'s' if count > 2 else ''}"


def _figures(lack: Lack) -> dict[str, str]:
    coming = {"coming": said(lack.coming_e3)} if lack.coming_e3 else {}
    return {"wanted": said(lack.wanted_e3), "free": said(lack.free_e3), **coming}
