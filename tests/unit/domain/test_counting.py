"""What is due to be counted, and what a count means."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.counting import CountPolicy, accuracy, due_lines, judge_counts

TODAY = date(2026, 11, 23)
POLICY = CountPolicy(lines_a_day=3)


def stock(*rows: tuple[int, str, int, str, str | None, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["item_id", "bin", "on_hand_e3", "abc_class", "last_counted", "emptied_since"])
    return frame.assign(location_id=1, lot="", last_counted=pd.to_datetime(frame["last_counted"]))


SHELF = stock(
    (1, "B2", 5_000, "A", "2026-10-20", False),  # 34 days: over its 30
    (2, "A1", 5_000, "A", "2026-11-01", False),
    (3, "A2", 0, "B", "2026-11-01", True),  # ran empty
    (4, "C9", 7_000, "C", None, False),  # never counted
    (5, "A3", 7_000, "", "2025-11-20", False),  # 368 days
    (6, "A4", 0, "C", "2026-11-01", False),  # was empty when it was counted
)


@pytest.mark.parametrize(("method", "items"), [("abc", [5, 1, 4]), ("zero", [3]), ("full", [2, 3, 5, 6, 1, 4])])
def test_each_way_to_count_takes_what_it_should_in_the_sequence_of_the_shelves(method: str, items: list[int]) -> None:
    assert due_lines(SHELF, method, TODAY, POLICY)["item_id"].tolist() == items


def test_a_sample_is_the_same_for_the_same_day_and_another_on_another() -> None:
    shelf = pd.concat([SHELF.assign(item_id=SHELF["item_id"] + n * 10) for n in range(20)], ignore_index=True)
    first = due_lines(shelf, "random", TODAY, POLICY)["item_id"].tolist()
    assert len(first) == 3
    assert due_lines(shelf[::-1], "random", TODAY, POLICY)["item_id"].tolist() == first
    assert due_lines(shelf, "random", date(2026, 11, 24), POLICY)["item_id"].tolist() != first


def test_an_unknown_way_to_count_is_named() -> None:
    with pytest.raises(ValueError, match="'sometimes'; there are abc, zero, random, full"):
        due_lines(SHELF, "sometimes", TODAY, POLICY)


def counted(
    first: int | None,
    expected: int,
    second: int | None = None,
    then: int | None = None,
    cost: float = 1.0,
    by: str = "Bo",
) -> pd.Series:
    frame = pd.DataFrame({
        "first_e3": pd.array([first], "Int64"), "second_e3": pd.array([second], "Int64"),
        "first_expected_e3": [expected], "second_expected_e3": [expected if then is None else then],
        "first_by": ["Ann"], "second_by": [by if second is not None else ""], "unit_cost": [cost],
    })  # fmt: skip
    return judge_counts(frame, POLICY).iloc[0]


@pytest.mark.parametrize(
    ("line", "verdict", "difference"),
    [
        (counted(None, 5_000), "open", 0),
        (counted(5_000, 5_000), "right", 0),
        (counted(1_999_000, 2_000_000), "differs", -1_000),  # half a thousandth, worth 1
        (counted(1_999_000, 2_000_000, cost=80), "recount", 0),  # small, and dear
        (counted(4_000, 5_000), "recount", 0),
        (counted(1_000, 0), "recount", 0),  # nothing is near to nothing
        (counted(4_000, 5_000, 4_000), "differs", -1_000),
        (counted(4_000, 5_000, 5_000), "right", 0),  # the first was a miscount
        (counted(4_000, 5_000, 3_500), "disputed", 0),
        (counted(4_000, 5_000, 2_000, then=3_000), "differs", -1_000),  # two left meanwhile
        (counted(4_000, 5_000, 4_000, by="Ann"), "disputed", 0),  # nobody checks himself
    ],
)
def test_what_a_count_means(line: pd.Series, verdict: str, difference: int) -> None:
    assert (line["verdict"], line["difference_e3"]) == (verdict, difference)


def test_accuracy_is_told_by_warehouse_and_class() -> None:
    lines = pd.DataFrame({
        "warehouse": ["LDN", "LDN", "MAN"], "abc_class": ["A", "A", "C"], "difference_e3": pd.array([0, -2_000, 1_000], "Int64"),
        "first_expected_e3": [5_000] * 3, "unit_cost": [3.0, 3.0, float("nan")], "verdict": ["right", "differs", "differs"],
    })  # fmt: skip
    found = accuracy(lines).set_index(["warehouse", "abc_class"])
    assert found.loc[("LDN", "A")].tolist() == [2, 50.0, -6.0, 6.0]
    assert found.loc[("all", "all"), "lines"] == 3
    assert found.loc[("MAN", "all"), "gross_value"] == 0


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_moves_between_the_counts_change_no_verdict(expected: int, moved: int, gap_1: int, gap_2: int) -> None:
    one = counted(expected + gap_1, expected, expected + gap_2)
    other = counted(expected + gap_1, expected, expected + moved + gap_2, then=expected + moved)
    assert (one["verdict"], one["difference_e3"]) == (other["verdict"], other["difference_e3"])
