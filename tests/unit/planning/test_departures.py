"""When stock and supplies can leave: the cut-off, handling days, weekends."""

from datetime import UTC, date, datetime

import pandas as pd

from orderclerk.domain.dispatch import Dispatch
from orderclerk.domain.worktime import WorkTime
from orderclerk.planning.allocation.departures import supplies_with_ship_dates, with_ship_dates

WEEK = WorkTime(days=frozenset(range(5)))
DISPATCHES = {"A": Dispatch(WEEK), "B": Dispatch(WEEK, handling_days=1)}
FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)


def test_what_misses_the_cut_off_leaves_the_next_working_day_and_the_next_parcels_the_one_after():
    warehouses = pd.DataFrame({"warehouse": ["A", "B"]})
    early = with_ship_dates(warehouses, DISPATCHES, FRIDAY)
    assert early["ship_date"].tolist() == [date(2026, 11, 27), date(2026, 11, 30)]
    assert early["next_ship_date"].tolist() == [date(2026, 11, 30), date(2026, 12, 1)]
    late = with_ship_dates(warehouses, DISPATCHES, FRIDAY.replace(hour=16))
    assert late["ship_date"].tolist() == [date(2026, 11, 30), date(2026, 12, 1)]


def test_a_supply_leaves_when_it_was_received_and_handled_and_one_without_a_sender_never():
    supplies = pd.DataFrame({"supply_id": [1, 2, 3], "warehouse": ["A", "B", "X"], "expected_date": ["2026-12-01"] * 3})
    dated = supplies_with_ship_dates(supplies, DISPATCHES, FRIDAY)
    assert dated["ship_date"].tolist() == [date(2026, 12, 2), date(2026, 12, 3)]
