"""The simulated warehouse does what a warehouse does, so that what it measures means something."""

from datetime import date

import numpy as np
import pytest

from tests.proofs.replenishment_world import World, simulate

FIRST = date(2026, 1, 1)


def world(daily: float, lead: float, spread: float = 0.0, days: int = 100) -> World:
    """Two items, wanted evenly; the second costs three times as much."""
    one = np.ones(2)
    return World(np.array([1, 2]), np.full((days, 2), daily), one * lead, one * spread, np.array([1.0, 3.0]))


def served(level: float, lot: float, lead: float = 5, spread: float = 0.0):
    return simulate(world(2.0, lead, spread), lambda _: (np.full(2, level), np.full(2, lot)), FIRST, FIRST)


def test_steady_demand_is_served_whole_at_the_demand_of_the_lead_time_and_not_below():
    assert served(level=2 * 5, lot=6).share == 1.0
    assert served(level=2 * 5 - 4, lot=6).share < 0.9


def test_a_lead_time_that_varies_needs_more():
    assert served(level=10, lot=6, spread=2.0).share < 1.0
    assert served(level=40, lot=6, spread=2.0).share == 1.0


def test_stock_is_counted_in_units_and_at_what_it_cost():
    outcome = served(level=10, lot=6)
    assert outcome.value == pytest.approx(outcome.stock / 2 * (1 + 3))
    assert served(level=20, lot=6).stock == pytest.approx(outcome.stock + 2 * 10, abs=1.0)


def test_what_is_missing_waits_and_is_served_before_anybody_else():
    late = simulate(
        world(2.0, 3), lambda day: (np.full(2, 0.0 if day == FIRST else 6.0), np.full(2, 4.0)), FIRST, FIRST
    )
    assert 0.5 < late.share < 1.0
