"""Item numbers that are almost known: written with other hyphens, or with one character wrong."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

_MARKS = re.compile(r"[^0-9A-Z\u0080-\U0010ffff]")
_AT_ONCE = 256  # rows of distances held at a time
_LEAST = 4  # a shorter number is one character from too many


def compact(ref: str) -> str:
    """A reference (as `normal_ref` gives it) without blanks, hyphens and other marks."""
    return _MARKS.sub("", ref)


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
