"""Stocktaking: what is due to be counted, what a count means, and how right the book was.

A count is compared with what the book says was there at the moment of counting, so goods may move meanwhile. What
differs beyond tolerance is counted again by someone else; two people who agree are believed.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

METHODS = ("abc", "zero", "random", "full")
CAUSES = (
    "miscount",  # the first count was wrong, the book right
    "misplaced",  # it lies in another bin
    "damage",
    "theft or loss",
    "receipt not booked",
    "issue not booked",
    "wrong unit",
    "wrong item",
    "unknown",
)
LINE = ["item_id", "location_id", "lot"]


@dataclass(frozen=True)
class CountPolicy:
    """How often a class is counted, in days, and what difference needs no second look.

    A difference is within tolerance if it is at most `tolerance_percent` of what the book says, and worth at most
    `tolerance_value` of the house's currency where the item's worth is known. Nothing is ever within tolerance of zero.
    """

    days_a: int = 30
    days_b: int = 90
    days_c: int = 365
    lines_a_day: int = 40
    tolerance_percent: float = 0.5
    tolerance_value: float = 50.0

    def every_days(self, abc: "pd.Series[str]") -> "pd.Series[int]":
        """Days between two counts, by class; what has none is counted as C."""
        return abc.map({"A": self.days_a, "B": self.days_b}).fillna(self.days_c).astype("int64")


def due_lines(stock: pd.DataFrame, method: str, as_of: date, policy: CountPolicy, seed: str = "") -> pd.DataFrame:
    """The rows of `stock` that a count by `method` takes, in the sequence in which they are best walked.

    `stock` has item_id, location_id, lot, bin, on_hand_e3, abc_class, last_counted (datetime64, NaT: never),
    emptied_since (bool: the book said nought since it was last counted). `full` takes all, `zero` what ran empty (the
    cheapest count there is), `abc` what is over its class's days, the longest overdue first, `random` a sample that
    is the same for the same `seed`; these two at most `lines_a_day`. Raises ValueError for another method.
    """
    if method not in METHODS:
        raise ValueError(f"no such way to count: {method!r}; there are {', '.join(METHODS)}")
    taken = stock
    if method == "zero":
        taken = stock[stock["emptied_since"] & (stock["on_hand_e3"] == 0)]
    elif method == "abc":
        since = (pd.Timestamp(as_of) - stock["last_counted"]).dt.days.fillna(np.inf)
        late = since / policy.every_days(stock["abc_class"])
        ranked = stock.assign(late=late, rank=stock["abc_class"].replace("", "C"))
        due = ranked[ranked["late"] >= 1].sort_values(
            ["late", "rank", *LINE], ascending=[False, True, True, True, True]
        )
        taken = due.head(policy.lines_a_day).drop(columns=["late", "rank"])
    elif method == "random":
        drawn = [_draw(seed or as_of.isoformat(), key) for key in stock[LINE].itertuples(index=False)]
        taken = stock.assign(drawn=drawn).sort_values(["drawn", *LINE]).head(policy.lines_a_day).drop(columns="drawn")
    return taken.sort_values(["bin", *LINE], ignore_index=True)


def judge_counts(lines: pd.DataFrame, policy: CountPolicy) -> pd.DataFrame:
    """`lines` with difference_e3 and `verdict`: open, recount, third, right, differs or disputed.

    They have first_e3 and second_e3 (Int64, NA: not counted yet), first_expected_e3 and second_expected_e3 (what the
    book says was there at the time of either count), first_by, second_by, unit_cost (float, NaN: not known). `right`: a
    count agrees with the book. `differs`: two people agree with each other and not with the book, or the difference is
    small; `difference_e3` is then what is to be posted. `recount`: the first is beyond tolerance, another person
    counts. `disputed`: two counts that agree with nothing; a person looks.
    """
    first, second = lines["first_e3"], lines["second_e3"]
    gap_1 = (first - lines["first_expected_e3"]).astype("Int64")
    gap_2 = (second - lines["second_expected_e3"]).astype("Int64")
    small_1 = within(gap_1, lines["first_expected_e3"], lines["unit_cost"], policy)
    agree = (gap_1 == gap_2) & second.notna()
    verdict = np.select(
        [
            first.isna().to_numpy(),
            (gap_1 == 0).fillna(False).to_numpy() & second.isna().to_numpy(),
            second.isna().to_numpy() & small_1.to_numpy(),
            second.isna().to_numpy(),
            (gap_2 == 0).fillna(False).to_numpy(),
            agree.fillna(False).to_numpy() & (lines["first_by"] != lines["second_by"]).to_numpy(),
        ],
        ["open", "right", "differs", "recount", "right", "differs"],
        default="disputed",
    )
    difference = gap_2.where(second.notna(), gap_1).where(pd.Series(verdict, index=lines.index) == "differs", 0)
    return lines.assign(difference_e3=difference.astype("Int64"), verdict=verdict)


def within(
    gap_e3: "pd.Series[int]", expected_e3: "pd.Series[int]", unit_cost: "pd.Series[float]", policy: CountPolicy
) -> "pd.Series[bool]":
    """Which differences need no second look."""
    size = gap_e3.abs().astype("float64")
    share = size * 100 <= expected_e3.astype("float64") * policy.tolerance_percent
    worth = size / 1000 * unit_cost
    return (share & ~(worth > policy.tolerance_value)).fillna(False)


def accuracy(lines: pd.DataFrame) -> pd.DataFrame:
    """How right the book was: by warehouse, class and over all, of lines that were judged right or differing.

    `lines` has warehouse, abc_class, difference_e3, first_expected_e3, unit_cost, verdict. Gives warehouse, abc_class,
    lines, right_percent, net_value and gross_value of the differences (float, what has no cost counts as nought).
    """
    done = lines[lines["verdict"].isin(["right", "differs"])]
    worth = done["difference_e3"].astype("float64") / 1000 * done["unit_cost"].fillna(0)
    done = done.assign(is_right=(done["difference_e3"] == 0), net=worth, gross=worth.abs())
    done = pd.concat([done, done.assign(abc_class="all"), done.assign(abc_class="all", warehouse="all")])
    found = done.groupby(["warehouse", "abc_class"], as_index=False).agg(
        lines=("is_right", "size"), right=("is_right", "sum"), net_value=("net", "sum"), gross_value=("gross", "sum")
    )
    found["right_percent"] = found.pop("right") * 100 / found["lines"]
    return found[["warehouse", "abc_class", "lines", "right_percent", "net_value", "gross_value"]]


def _draw(seed: str, key: object) -> bytes:
    """A number that nobody can choose and everybody can draw again."""
    return hashlib.sha256(f"{seed}:{key}".encode()).digest()
