"""Deadlines in the house's time: no weekend, no holiday, no night counts where the house does not work."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderclerk.domain.worktime import MailHours, WorkTime

FRIDAY_EVENING = datetime(2026, 11, 27, 19, tzinfo=UTC)
OFFICE = {"timezone": "Europe/London", "days": frozenset(range(5)), "opens": time(9), "closes": time(17, 30)}


@pytest.mark.parametrize(
    ("count", "hours", "expected"),
    [
        ("hours", 48, "2026-11-30 09:00"),  # Sunday 19:00 is no working time
        ("working-days", 72, "2026-12-03 09:00"),  # Wednesday 19:00, when nobody is there any more
        ("working-hours", 8.5, "2026-11-30 17:30"),
        ("working-hours", 9, "2026-12-01 09:30"),
    ],
)
def test_what_begins_on_friday_evening_does_not_end_on_sunday(count, hours, expected):
    assert f"{WorkTime(**OFFICE, count=count).after(FRIDAY_EVENING, hours):%Y-%m-%d %H:%M}" == expected


def test_a_holiday_does_not_count():
    work = WorkTime(**OFFICE, holidays=frozenset({date(2026, 11, 30)}), count="working-days")
    assert work.after(FRIDAY_EVENING, 72) == datetime(2026, 12, 4, 9, tzinfo=UTC)


def test_the_plain_clock_adds_hours():
    assert WorkTime().after(FRIDAY_EVENING, 72) == datetime(2026, 11, 30, 19, tzinfo=UTC)


@given(
    st.integers(0, 8760).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    st.integers(0, 200),
    st.sampled_from(["hours", "working-days", "working-hours"]),
)
def test_a_deadline_lies_in_working_time_and_longer_ones_later(start, hours, count):
    work = WorkTime(**OFFICE, count=count)
    end = work.after(start, hours)
    assert start <= end <= work.after(start, hours + 1)
    assert end.weekday() < 5
    assert work.after(start, 0) <= end


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [("2026-11-27T12:00+00:00", True), ("2026-11-27T19:00+00:00", False), ("2026-11-28T12:00+00:00", False)],
)
def test_customers_are_written_to_in_mail_hours_only(moment, allowed):
    hours = MailHours(WorkTime(**OFFICE), time(8), time(18))
    assert hours.allow(datetime.fromisoformat(moment)) is allowed
