"""Which customers a stated name resembles: a hint for a person, never taken by itself."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import cdist

from orderclerk.domain.item_words import bare
from orderclerk.domain.matching import normal_ref

LEAST_LIKENESS = 80  # per cent
SHOWN = 3
_LEGAL_FORM = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|ohg|gbr|co|company|ltd|limited|plc|llc|llp|inc|corp|sarl|sas|sasu|sa|sl|slu|srl|spa|bv|nv|the)\b"
    r"|(?:股份)?有限(?:责任)?公司|公司"
)


def suggest_customers(stated: Sequence[str], customers: pd.DataFrame) -> list[list[dict[str, str]]]:
    """For each stated name the customers (customer_no, name) called nearly so, the likest first; [] for none."""
    if not stated or customers.empty:
        return [[] for _ in stated]
    known = [_plain(name) for name in customers["name"]]
    likeness = cdist([_plain(name) for name in stated], known, scorer=token_sort_ratio, score_cutoff=LEAST_LIKENESS)
    return [_best(row, customers) if _plain(name) else [] for name, row in zip(stated, likeness, strict=True)]


def _best(row: "np.ndarray[tuple[int], np.dtype[np.float32]]", customers: pd.DataFrame) -> list[dict[str, str]]:
    places = [int(place) for place in np.argsort(-row, kind="stable")[:SHOWN] if row[place] > 0]
    return [
        {"customer_no": str(customers["customer_no"].iloc[place]), "name": str(customers["name"].iloc[place])}
        for place in places
    ]


def _plain(name: str) -> str:
    """A company's name without its legal form, accents and marks."""
    words = re.sub(r"[^\w\s]", " ", bare(normal_ref(name).lower()).replace(".", ""))
    return " ".join(_LEGAL_FORM.sub(" ", words).split())
