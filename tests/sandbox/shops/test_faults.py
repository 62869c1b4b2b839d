"""Faults at their rates, repeatable, and never without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.faults import FAILURES, MAX_IN_A_ROW, Faults


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_occurs_at_its_rate(name):
    faults = Faults(seed=3)
    faults.set({name: 0.2})
    failed = [faults.failure(f"request {n}") for n in range(2000)]
    assert set(failed) == {name, None}
    assert 330 < failed.count(name) < 470
    assert faults.counts[name] == failed.count(name)


def test_the_same_seed_fails_the_same_requests_in_any_order():
    def failed(seed, order):
        faults = Faults(seed)
        faults.set({"timeouts": 0.3, "status_500": 0.3})
        return {n: faults.failure(f"request {n}") for n in order}

    assert failed(7, range(200)) == failed(7, reversed(range(200)))
    assert failed(7, range(200)) != failed(8, range(200))


@given(st.integers(), st.floats(0, 1), st.floats(0, 1))
def test_a_request_fails_at_most_three_times_in_a_row(seed, one, other):
    faults = Faults(seed)
    faults.set({"dropped": one, "status_429": other})
    attempts = [faults.failure("GET /orders") for _ in range(40)]
    assert all(None in attempts[n : n + MAX_IN_A_ROW + 1] for n in range(40 - MAX_IN_A_ROW))


@pytest.mark.parametrize("rates", [{"timeout": 0.1}, {"timeouts": 1.1}, {"timeouts": -0.1}])
def test_an_unknown_fault_or_an_impossible_rate_is_refused_by_name(rates):
    with pytest.raises(ValueError, match="timeout"):
        Faults().set(rates)


def test_setting_one_rate_leaves_the_others():
    faults = Faults()
    faults.set({"timeouts": 1})
    faults.set({"dropped": 0})
    assert faults.failure("x") == "timeouts"
