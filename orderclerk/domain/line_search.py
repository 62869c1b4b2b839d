"""From lines whose number nobody knows to their items: a number almost right, the description, or both."""

from collections.abc import Mapping

import pandas as pd

from orderclerk.domain.item_index import ItemIndex
from orderclerk.domain.item_search import SUGGESTED, Found, Habits, How, agreeing, find_items
from orderclerk.domain.matching import normal_ref
from orderclerk.domain.near_numbers import core, is_number, near_numbers, own_numbers

_SURE_WORDS = frozenset({How.ALIAS, How.HISTORY, How.NAME, How.WORDS})


def search_lines(lines: pd.DataFrame, index: ItemIndex, numbers: pd.DataFrame, habits: Habits) -> "pd.Series[object]":
    """The Found of each row of `lines` (customer_id, item_ref, description), in its index.

    `numbers` has customer_id (0: whoever uses it), value and item_id: every number that means an item.
    """
    refs = [normal_ref(ref) if is_number(ref) else "" for ref in lines["item_ref"]]
    words = [
        description if ref else f"{item_ref} {description}".strip()
        for ref, item_ref, description in zip(refs, lines["item_ref"], lines["description"], strict=True)
    ]
    asked = list(zip((int(c) for c in lines["customer_id"]), words, strict=True))
    described = find_items((one for one in asked if one[1]), index, habits)
    near = near_numbers(map(normal_ref, lines["item_ref"]), numbers[numbers["customer_id"] == 0])
    own = own_numbers(numbers)
    found = [
        _own(own.get((one[0], core(ref)))) or _together(near.get(normal_ref(stated)), bool(ref), described.get(one))
        for ref, stated, one in zip(refs, lines["item_ref"], asked, strict=True)
    ]
    return pd.Series(found, index=lines.index, dtype="object")


def frames_of_habits(aliases: pd.DataFrame, bought: pd.DataFrame) -> Habits:
    """Habits from what was learned (customer_id, wording, item_id) and bought (customer_id, item_id, wording)."""
    words: dict[tuple[int, str], set[int]] = {}
    items: dict[int, set[int]] = {}
    for row in bought.itertuples():
        items.setdefault(int(row.customer_id), set()).add(int(row.item_id))
        if row.wording:
            words.setdefault((int(row.customer_id), str(row.wording)), set()).add(int(row.item_id))
    learned = {(int(row.customer_id), str(row.wording)): int(row.item_id) for row in aliases.itertuples()}
    return Habits(learned, {key: next(iter(ids)) for key, ids in words.items() if len(ids) == 1}, items)


def _own(item: int | None) -> Found | None:
    return Found(How.REWRITTEN, item, 1.0) if item else None


def _together(near: tuple[bool, tuple[int, ...]] | None, is_numbered: bool, described: Found | None) -> Found:
    if not is_numbered and (near is None or not near[0]):
        return described or Found(How.NONE)
    if near is not None:
        return _by_number(*near, described)
    return _beside(described)


def _by_number(is_rewritten: bool, items: tuple[int, ...], described: Found | None) -> Found:
    if is_rewritten and len(items) == 1:
        return Found(How.REWRITTEN, items[0], 1.0)
    agreed = [item for item in items if described is not None and agreeing(described, item)]
    if len(agreed) == 1:
        others = tuple(item for item in items if item != agreed[0])
        return Found(How.SLIP, agreed[0], 0.5 if others else 1.0, others[:SUGGESTED])
    hints = (described.item_id, *described.others) if described is not None else ()
    return Found(How.NONE, others=tuple(dict.fromkeys(item for item in (*items, *hints) if item))[:SUGGESTED])


def _beside(described: Found | None) -> Found:
    """An unknown number says nothing for an item, and may say something against it."""
    if described is None:
        return Found(How.NONE)
    if described.how in _SURE_WORDS:
        return Found(How.BESIDE, described.item_id, described.score, described.others)
    hints = tuple(item for item in (described.item_id, *described.others) if item)
    return Found(How.NONE, others=hints[:SUGGESTED])


def alternatives(found: Found, labels: Mapping[int, dict[str, str]]) -> list[dict[str, str]]:
    """What a found line may mean, likeliest first, each with item_no and name."""
    ids = dict.fromkeys((found.item_id, *found.others))
    return [labels[item] for item in ids if item in labels]
