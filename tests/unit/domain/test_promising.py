"""What customers are told: how much now, how much when, on what it stands, and until when it holds."""

from datetime import UTC, date, datetime, time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.domain.dispatch import Dispatch, leave_and_arrive
from orderclerk.domain.promising import answer, date_pegs, promise_lines, ways_to
from orderclerk.domain.worktime import WorkTime

WEEK = frozenset(range(5))
THURSDAY = datetime(2026, 12, 24, 10, tzinfo=UTC)
HOUSE = WorkTime("Europe/London", WEEK, holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
LDN = Dispatch(HOUSE, cut_off=time(15), transit={"GB": 1}, transit_days=3)
MAN = Dispatch(HOUSE, cut_off=time(9), handling_days=1, transit={"GB": 2})
BOTH = {"LDN": LDN, "MAN": MAN}


def stock(*rows: tuple[int, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item_id", "warehouse", "free_e3"])


def supplies(*rows: tuple[int, int, str, int, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["supply_id", "item_id", "warehouse", "free_e3", "expected_date"])
    return frame.assign(kind="purchase", expected_date=pd.to_datetime(frame["expected_date"]))


def dates(warehouse: str, expected: str | None, country: str, at: datetime) -> tuple[date, date]:
    piece = pd.DataFrame({"warehouse": [warehouse], "country": [country], "expected_date": [pd.to_datetime(expected)]})
    (row,) = leave_and_arrive(piece, BOTH, at).itertuples()
    return row.ship_date.date(), row.arrive_date.date()


@pytest.mark.parametrize(
    ("warehouse", "expected", "country", "hour", "ships", "arrives"),
    [
        ("LDN", None, "GB", 10, "2026-12-24", "2026-12-29"),  # Christmas and the Monday after are holidays
        ("LDN", None, "GB", 15, "2026-12-29", "2026-12-30"),  # the cut-off itself is too late
        ("LDN", None, "FR", 10, "2026-12-24", "2026-12-31"),
        ("MAN", None, "GB", 10, "2026-12-30", "2027-01-01"),  # after its cut-off, and a day of handling
        ("LDN", "2026-12-30", "GB", 10, "2026-12-31", "2027-01-01"),  # a day to be received
        ("LDN", "2026-12-26", "GB", 10, "2026-12-30", "2026-12-31"),  # arrives on a Saturday: received on the Tuesday
        ("LDN", "2026-12-01", "GB", 10, "2026-12-29", "2026-12-30"),  # overdue: expected today
    ],
)
def test_days_are_working_days(
    warehouse: str, expected: str | None, country: str, hour: int, ships: str, arrives: str
) -> None:
    found = dates(warehouse, expected, country, THURSDAY.replace(hour=hour))
    assert found == (date.fromisoformat(ships), date.fromisoformat(arrives))


def test_an_answer_takes_the_earliest_first_and_says_what_is_short() -> None:
    coming = supplies((7, 1, "LDN", 30_000, "2026-12-30"), (8, 1, "LDN", 10_000, "2027-01-11"))
    ways = ways_to("GB", stock((1, "LDN", 4_000), (1, "MAN", 5_000), (2, "LDN", 99_000)), coming, BOTH, THURSDAY)
    found = answer(ways, 1, 50_000, BOTH, THURSDAY)
    assert [(part.warehouse, part.supply_id, part.quantity_e3) for part in found.parts] == [
        ("LDN", None, 4_000), ("MAN", None, 5_000), ("LDN", 7, 30_000), ("LDN", 8, 10_000),
    ]  # fmt: skip
    assert found.short_e3 == 1_000
    assert found.complete_date is None
    assert answer(ways, 1, 39_000, BOTH, THURSDAY).complete_date == date(2027, 1, 1)


def test_an_answer_holds_until_the_next_cut_off() -> None:
    ways = ways_to("GB", stock((1, "LDN", 4_000)), supplies(), BOTH, THURSDAY)
    assert answer(ways, 1, 1_000, BOTH, THURSDAY).holds_until == datetime(2026, 12, 24, 15, tzinfo=UTC)
    later = THURSDAY.replace(hour=16)
    assert answer(ways, 1, 1_000, BOTH, later).holds_until == datetime(2026, 12, 29, 15, tzinfo=UTC)


def test_nothing_is_free_and_nothing_comes() -> None:
    found = answer(ways_to("GB", stock(), supplies(), BOTH, THURSDAY), 1, 5_000, BOTH, THURSDAY)
    assert found.parts == ()
    assert found.short_e3 == 5_000
    assert found.complete_date is None


def test_an_order_s_date_is_its_latest_line_s_unless_it_may_be_split() -> None:
    pegs = pd.DataFrame(
        [(1, 1, "LDN", None), (1, 2, "LDN", "2026-12-30"), (2, 1, "LDN", None), (2, 2, "LDN", "2026-12-30")],
        columns=["order_id", "line_no", "warehouse", "expected_date"],
    ).assign(expected_date=lambda f: pd.to_datetime(f["expected_date"]))  # fmt: skip
    orders = pd.DataFrame({"order_id": [1, 2], "country": ["GB", "GB"], "may_split": [False, True]})
    found = promise_lines(date_pegs(pegs, orders, BOTH, THURSDAY)).set_index(["order_id", "line_no"])["promised_date"]
    assert {key: str(day.date()) for key, day in found.items()} == {
        (1, 1): "2027-01-01", (1, 2): "2027-01-01", (2, 1): "2026-12-29", (2, 2): "2027-01-01",
    }  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["LDN", "MAN"]), st.integers(0, 9_000)), max_size=8),
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9_000), st.dates(date(2026, 12, 1), date(2027, 3, 1))), max_size=8),
    st.integers(1, 30_000),
)  # fmt: skip
def test_no_more_is_promised_than_is_free_and_never_into_the_past(
    here: list[tuple[int, str, int]], coming: list[tuple[int, int, date]], wanted: int
) -> None:
    due = [(n, item, "LDN", free, day.isoformat()) for n, (item, free, day) in enumerate(coming)]
    ways = ways_to("GB", stock(*here), supplies(*due), BOTH, THURSDAY)
    free = sum(f for item, _, f in here if item == 1) + sum(f for item, f, _ in coming if item == 1)
    found = answer(ways, 1, wanted, BOTH, THURSDAY)
    assert sum(part.quantity_e3 for part in found.parts) == min(free, wanted)
    assert found.short_e3 == max(wanted - free, 0)
    assert [part.arrive_date for part in found.parts] == sorted(part.arrive_date for part in found.parts)
    assert all(part.arrive_date > part.ship_date >= THURSDAY.date() for part in found.parts)
