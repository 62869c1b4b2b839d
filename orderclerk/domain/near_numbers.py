"""Item numbers that are almost known: written with other hyphens, or with one character wrong."""

import re
import string
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

_MARKS = re.compile(r"[^0-9A-Z\u0080-\U0010ffff]")
_WORDS = re.compile(r"[^\W\d_]{3,}[\s,;].*\d|\d.*[\s,;][^\W\d_]{3,}|[\u3400-\u9fff]{2}")
_AT_ONCE = 256  # rows of distances held at a time
_LEAST = 4  # a shorter number is one character from too many


def compact(ref: str) -> str:
    """A reference (as `normal_ref` gives it) without blanks, hyphens and other marks."""
    return _MARKS.sub("", ref)


def is_number(ref: str) -> bool:
    """Whether a reference is a number of some kind, and not words that stood in its place (Hex nut, M8)."""
    return any(char.isdigit() for char in ref) and not _WORDS.search(ref)


def own_numbers(keys: pd.DataFrame) -> Mapping[tuple[int, str], int]:
    """(customer, number without its leading letters) -> item, where a customer's own numbers leave no choice.

    People leave out the letters that all their numbers begin with. `keys` has customer_id, value, item_id.
    """
    meant: dict[tuple[int, str], set[int]] = {}
    for row in keys[keys["customer_id"] > 0].itertuples():
        meant.setdefault((int(row.customer_id), core(str(row.value))), set()).add(int(row.item_id))
    return {key: next(iter(items)) for key, items in meant.items() if len(items) == 1 and len(key[1]) >= _LEAST}


def core(ref: str) -> str:
    """A reference without marks and leading letters."""
    return compact(ref).lstrip(string.ascii_uppercase)


def near_numbers(refs: Iterable[str], known: pd.DataFrame) -> Mapping[str, tuple[bool, tuple[int, ...]]]:
    """For each unknown reference: whether it is only written otherwise, and the items it may mean.

    `known` has value and item_id, the values normalised as `normal_ref` does.
    """
    wanted = sorted({ref for ref in refs if len(compact(ref)) >= _LEAST})
    meant: dict[str, set[int]] = {}
    for value, item in zip(known["value"], known["item_id"], strict=True):
        meant.setdefault(compact(value), set()).add(int(item))
    found = {ref: (True, tuple(sorted(meant[compact(ref)]))) for ref in wanted if compact(ref) in meant}
    return found | _slips([ref for ref in wanted if ref not in found], meant)


def is_slip(ref: str, number: str) -> bool:
    """Whether a reference is the number with other marks, or one character off."""
    return int(OSA.distance(compact(ref), compact(number))) <= 1


def _slips(refs: list[str], meant: Mapping[str, set[int]]) -> dict[str, tuple[bool, tuple[int, ...]]]:
    values, found = list(meant), {}
    for begin in range(0, len(refs) if values else 0, _AT_ONCE):
        some = refs[begin : begin + _AT_ONCE]
        distances = cdist([compact(ref) for ref in some], values, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
        for ref, row in zip(some, distances, strict=True):
            items = set().union(*(meant[values[place]] for place in np.flatnonzero(row <= 1)))
            if items:
                found[ref] = (False, tuple(sorted(items)))
    return found
