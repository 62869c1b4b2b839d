"""Forecasts are finite and never negative, mean the same in any unit and order, and doubt what has not proved itself."""

from datetime import date, timedelta
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderclerk.planning.forecasting import demand_quantile, forecast_all, lead_time_demand
from orderclerk.planning.forecasting.classes import demand_class
from orderclerk.planning.forecasting.recurrences import croston, moving_mean, smooth, tsb

AS_OF = date(2026, 11, 30)


def history(*series, is_stockout=(), is_bulk=()):
    """Rows of (item, {days before AS_OF: quantity})."""
    rows = [
        (item, "W1", pd.Timestamp(AS_OF) - timedelta(days=age), round(quantity * 1_000), (item, age) in is_stockout, (item, age) in is_bulk)
        for item, days in series
        for age, quantity in days.items()
    ]  # fmt: skip
    names = ["item_id", "warehouse", "day", "quantity_e3", "is_stockout", "is_bulk"]
    return pd.DataFrame(rows, columns=names).astype({"day": "datetime64[s]", "quantity_e3": "int64"})


def one(*args, horizon_days=28, **more):
    return forecast_all(history(*args, **more), AS_OF, horizon_days, fitted=False).iloc[0]


@st.composite
def histories(draw):
    days = st.dictionaries(st.integers(1, 200), st.integers(0, 5_000), min_size=1, max_size=40)
    items = draw(st.lists(days, min_size=1, max_size=4))
    return history(*enumerate(items, start=1))


@settings(deadline=None, max_examples=25)
@given(histories(), st.integers(0, 2**32 - 1), st.sampled_from([2, 10, 1_000]))
def test_any_history_gives_the_same_finite_forecast_in_any_order_and_in_proportion(frame, seed, factor):
    made = forecast_all(frame, AS_OF, fitted=False)
    numbers = np.concatenate([*made["per_period"], made["daily_mean"], made["daily_sd"]])
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()
    assert len(made) == frame["item_id"].nunique()
    assert [len(path) for path in made["per_period"]] == (made["horizon_days"] // made["period_days"]).tolist()
    pd.testing.assert_frame_equal(forecast_all(frame.sample(frac=1, random_state=seed), AS_OF, fitted=False), made)
    scaled = forecast_all(frame.assign(quantity_e3=frame["quantity_e3"] * factor), AS_OF, fitted=False)
    for column in ("daily_mean", "daily_sd"):
        np.testing.assert_allclose(scaled[column], made[column] * factor, rtol=1e-6, atol=1e-9)


def test_no_demand_is_forecast_as_none():
    made = one((1, dict.fromkeys(range(1, 60), 0)))
    assert (made["demand_class"], made["daily_mean"], made["daily_sd"]) == ("none", 0.0, 0.0)
    assert pd.isna(made["last_demand"])


def test_an_empty_history_gives_an_empty_frame_with_the_columns_of_the_contract():
    made = forecast_all(history(), AS_OF)
    assert made.empty
    assert {"item_id", "daily_mean", "error"} <= set(made.columns)


def test_steady_demand_is_forecast_as_it_is_with_hardly_any_spread():
    made = one((1, dict.fromkeys(range(1, 113), 5)))
    assert made["period_days"] == 1
    assert made["daily_mean"] == pytest.approx(5)
    assert made["daily_sd"] < 0.5


def test_what_is_never_sold_on_weekends_is_not_forecast_on_weekends():
    weekdays = {age: 10 for age in range(1, 141) if (AS_OF - timedelta(days=age)).weekday() < 5}
    made = one((1, weekdays))
    path = np.array(made["per_period"]).reshape(-1, 7)  # AS_OF is a Monday
    assert path[:, :5].min() > 8
    assert path[:, 5:].max() < 1


def test_days_out_of_stock_are_not_taken_for_days_without_demand():
    sold = {age: 10 for age in range(1, 141) if age > 21}
    out = [(1, age) for age in range(1, 22)]
    believed = one((1, sold | dict.fromkeys(range(1, 22), 0)), is_stockout=out)
    not_told = one((1, sold))
    assert believed["daily_mean"] == pytest.approx(10, rel=0.05)
    assert not_told["daily_mean"] < 8


def test_a_one_off_bulk_order_hardly_moves_the_forecast():
    usual = dict.fromkeys(range(3, 200, 7), 4)
    bulk = usual | {5: 400}
    plain = one((1, usual))["daily_mean"]
    assert one((1, bulk), is_bulk=[(1, 5)])["daily_mean"] < 2.5 * plain
    assert one((1, bulk))["daily_mean"] > 2.5 * plain


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ([9, 10, 11, 10, 9, 10, 11, 10, 10, 9], "smooth"),
        ([1, 40, 2, 1, 55, 1, 2, 1, 60, 1], "erratic"),
        ([5, 0, 0, 5, 0, 6, 0, 0, 5, 0], "intermittent"),
        ([1, 0, 0, 90, 0, 2, 0, 0, 1, 0], "lumpy"),
        ([5, 5, 5], "new"),
        ([5, 0, 0, 0, 0, 0, 0, 0, 0, 5], "new"),
        ([0, 0, 0], "none"),
    ],
)
def test_demand_is_classed_by_how_often_and_how_evenly(weeks, expected):
    assert demand_class(np.array([weeks], dtype=float))[0] == expected


def test_unknown_periods_change_nothing():
    known = np.array([[3.0, 0, 0, 5, 0, 2]])
    gaps = np.array([[3.0, np.nan, 0, 0, np.nan, 5, 0, 2]])
    for method in (lambda y: smooth(y, 0.2), lambda y: croston(y, 0.1), lambda y: tsb(y, 0.1, 0.2)):
        assert method(gaps)[0, -1] == pytest.approx(method(known)[0, -1])
    assert moving_mean(gaps, 3)[0, -1] == pytest.approx((5 + 0 + 2) / 3)


@pytest.mark.skipif(find_spec("statsforecast") is None, reason="statsforecast is not installed for this Python")
def test_the_recurrences_give_what_the_library_gives():
    from statsforecast.models import TSB, CrostonClassic, CrostonSBA, SimpleExponentialSmoothing

    demand = np.random.default_rng(3).poisson(0.6, (20, 60)).astype(float)
    pairs = [
        (smooth(demand, 0.3), SimpleExponentialSmoothing(0.3)),
        (croston(demand, 0.1), CrostonClassic()),
        (croston(demand, 0.1, corrected=True), CrostonSBA()),
        (tsb(demand, 0.1, 0.2), TSB(0.1, 0.2)),
    ]
    for ours, model in pairs:
        theirs = [model.forecast(row, 1)["mean"][0] for row in demand]
        np.testing.assert_allclose(ours[:, -1], theirs, rtol=1e-5)


@pytest.mark.skipif(find_spec("statsforecast") is None, reason="statsforecast is not installed for this Python")
def test_a_clear_trend_is_followed():
    rising = {age: 100 + (200 - age) for age in range(1, 200)}
    made = forecast_all(history((1, rising)), AS_OF).iloc[0]
    assert made["method"].startswith(("ets", "theta"))
    assert made["daily_mean"] > 300


def test_lead_time_demand_follows_the_path_and_goes_on_at_its_mean():
    made = pd.DataFrame(
        {
            "period_days": [7, 1],
            "per_period": [[7.0, 14.0], [1.0, 3.0]],
            "daily_mean": [1.5, 2.0],
            "daily_sd": [2.0, 1.0],
        }
    )
    mean, sd = lead_time_demand(made, [10.5, 1.5])
    assert mean.tolist() == [14.0, 2.5]
    assert sd == pytest.approx([2 * 10.5**0.5, 1.5**0.5])
    mean, sd = lead_time_demand(made, 16, sd_days=3)
    assert mean.tolist() == [24.0, 32.0]
    assert sd[0] == pytest.approx((16 * 4 + (1.5 * 3) ** 2) ** 0.5)
    with pytest.raises(ValueError, match="never below 0"):
        lead_time_demand(made, -1)


def test_quantiles_rise_with_the_level_and_a_forgetful_mean_does_not_make_them_nought():
    low, high = demand_quantile(10, 4, [0.5, 0.95])
    assert 9 < low < 10 < high < 20
    assert demand_quantile(0, 0, 0.95) == 0
    assert demand_quantile(6, 0, 0.95) == 6
    assert demand_quantile(0.001, 3, 0.95) > 3
    with pytest.raises(ValueError, match="above 0 and below 1"):
        demand_quantile(1, 1, 1.0)


def test_a_horizon_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least 1 day"):
        one((1, {1: 1}), horizon_days=0)
