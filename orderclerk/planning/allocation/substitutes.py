"""Which items of an order are replaced: only those of which there is too little, as few ranks down as possible."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from orderclerk.planning.allocation.parts import Need, Substitute

Replacement = Mapping[int, Substitute]


def replace_needs(needs: Sequence[Need], swap: Replacement) -> list[Need]:
    """`needs` with the items of `swap` replaced, equal items of a line as one."""
    merged: dict[tuple[int, int], Need] = {}
    for need in needs:
        if (substitute := swap.get(need.item_id)) is not None:
            quantity = replaced_quantity(need.quantity_e3, substitute.ratio)
            need = Need(need.line_no, substitute.item_id, substitute.item_ref, quantity, substitute.weight_g)
        known = merged.get((need.line_no, need.item_id))
        merged[need.line_no, need.item_id] = (
            need if known is None else known._replace(quantity_e3=known.quantity_e3 + need.quantity_e3)
        )
    return list(merged.values())


def replaced_quantity(quantity_e3: int, ratio: Fraction) -> int:
    """How much of a substitute serves for `quantity_e3`: rounded up, to whole units where whole units were wanted."""
    step = 1000 if quantity_e3 % 1000 == 0 else 1
    return -(-quantity_e3 * ratio.numerator // (ratio.denominator * step)) * step


def replacements(
    needs: Sequence[Need], free: Mapping[int, int], substitutes: Mapping[int, Sequence[Substitute]]
) -> Iterator[Replacement]:
    """All ways to replace exactly the items of which there is too little that suffice in all and go down the fewest
    ranks together; none if there is no way or nothing is lacking."""
    wanted: dict[int, int] = {}
    for need in needs:
        wanted[need.item_id] = wanted.get(need.item_id, 0) + need.quantity_e3
    short = [item for item, quantity in wanted.items() if quantity > free.get(item, 0)]
    if not short or any(not substitutes.get(item) for item in short):
        return
    left = {item: free.get(item, 0) - quantity for item, quantity in wanted.items() if item not in short}
    ways = list(_ways(short, needs, free, left, substitutes))
    best = min((sum(one.rank for one in way.values()) for way in ways), default=0)
    yield from (way for way in ways if sum(one.rank for one in way.values()) == best)


def _ways(
    short: Sequence[int],
    needs: Sequence[Need],
    free: Mapping[int, int],
    left: Mapping[int, int],
    substitutes: Mapping[int, Sequence[Substitute]],
) -> Iterator[dict[int, Substitute]]:
    """The replacements of `short` for which `left`, or all of an item nobody wants yet, suffices."""
    if not short:
        yield {}
        return
    first, *others = short
    for substitute in sorted(substitutes[first], key=lambda one: (one.rank, one.item_id)):
        quantity = sum(replaced_quantity(need.quantity_e3, substitute.ratio) for need in needs if need.item_id == first)
        spare = left.get(substitute.item_id, free.get(substitute.item_id, 0)) - quantity
        if spare >= 0:
            for way in _ways(others, needs, free, {**left, substitute.item_id: spare}, substitutes):
                yield {first: substitute, **way}
