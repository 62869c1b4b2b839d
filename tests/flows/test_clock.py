"""The moment a run stands for, whatever kind of datetime Prefect hands over."""

from datetime import UTC, datetime, timedelta

import pytest
from prefect.types._datetime import DateTime

from tasks.clock import moment

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("given", [NOON, DateTime.fromisoformat(NOON.isoformat()), NOON.replace(tzinfo=None)])
def test_a_moment_stays_aware_when_time_is_taken_off(given):
    assert (moment(given) - timedelta(minutes=1)).tzinfo is not None
    assert moment(given) == NOON
    assert type(moment(given)) is datetime


def test_a_run_without_a_moment_stands_for_now():
    assert abs(moment(None) - timedelta(minutes=1) - datetime.now(UTC)) < timedelta(minutes=2)
