"""How sure a reading is: the prior of its form, lowered by what speaks against it (confidence.csv)."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MOST = 0.998  # no reading of free words is certain


def confidence_of(form: str, doubts: Iterable[str]) -> float:
    """The probability that a line read by `form` with these `doubts` is what its sender meant.

    "arithmetic agrees" is no doubt: quantity times price giving the stated total speaks for all three.
    """
    table = _table()
    value = table["form", form]
    for doubt in sorted(set(doubts)):
        value *= table["doubt", doubt]
    return round(min(value, MOST), 4)


@cache
def _table() -> dict[tuple[str, str], float]:
    with Path(__file__).with_name("confidence.csv").open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["name"]): float(row["value"]) for row in csv.DictReader(file)}
