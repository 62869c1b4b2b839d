"""The published optima of the textbook, where the instances are at hand; and what holds of the formulas without them."""

import pytest
from scipy import stats

from orderclerk.planning.replenishing.echelons import Stage, place_safety_stock
from orderclerk.planning.replenishing.levels import LeadDemand, base_levels, normal_levels, normal_levels_cost
from orderclerk.planning.replenishing.losses import demand_quantile, gamma_loss, normal_loss
from orderclerk.planning.replenishing.lots import all_units_lots, economic_lots, incremental_lots
from orderclerk.planning.replenishing.schedules import plan_lots
from tests.proofs.textbook import compared, instances


def test_every_published_optimum_is_met():
    cases = instances()
    if not cases:
        pytest.skip("no textbook instances beside this project")
    rows = list(compared(cases))
    assert len(rows) > 200
    assert not [row for row in rows if not row.is_met]


@pytest.mark.parametrize("level", [-3.0, 0.0, 4.0, 10.0, 25.0])
def test_losses_are_what_integration_gives(level):
    gamma = stats.gamma(2.5, scale=4.0)
    found = gamma_loss(level, gamma.mean(), gamma.std())
    assert found.first == pytest.approx(gamma.expect(lambda d: max(d - level, 0)), rel=1e-5, abs=1e-7)
    assert found.second == pytest.approx(gamma.expect(lambda d: max(d - level, 0) ** 2) / 2, rel=1e-5, abs=1e-7)
    normal = stats.norm(10, 3)
    assert normal_loss(level, 10, 3).second == pytest.approx(
        normal.expect(lambda d: max(d - level, 0) ** 2) / 2, rel=1e-5, abs=1e-7
    )


def test_quantiles_are_scipys():
    assert demand_quantile([0.9], [10.0], [6.0], [False])[0] == pytest.approx(stats.gamma(100 / 36, scale=3.6).ppf(0.9))
    assert demand_quantile([0.9], [10.0], [6.0], [True])[0] == pytest.approx(stats.norm(10, 6).ppf(0.9))


def test_a_single_price_gives_the_economic_lot_and_a_useless_break_changes_nothing():
    plain = economic_lots(8, 0.3 * 0.75, 1300).quantity[0]
    assert all_units_lots(8, 0.3, 1300, [[0]], [[0.75]]).quantity[0] == pytest.approx(plain)
    assert all_units_lots(8, 0.3, 1300, [[0, 100_000]], [[0.75, 0.74]]).quantity[0] == pytest.approx(plain)
    assert incremental_lots(8, 0.3, 1300, [[0]], [[0.75]]).quantity[0] == pytest.approx(plain)


def test_no_neighbour_of_the_found_levels_costs_less():
    case = LeadDemand(0.225, 7.5, 8, 1300, 150, 1 / 12)
    found = normal_levels(case)
    for r, q in ((1, 0), (-1, 0), (0, 3), (0, -3), (1, 3)):
        assert normal_levels_cost(case, found.reorder_at + r, found.quantity + q) > found.cost


@pytest.mark.parametrize(
    ("mean", "low", "high", "cost"),
    [(10, 6, 40, 35.022), (25, 19, 56, 54.262), (52, 44, 112, 72.246), (75, 67, 86, 79.554)],
)
def test_the_levels_of_zheng_and_federgruens_table(mean, low, high, cost):
    found = base_levels(1, 9, 64, stats.poisson(mean))
    assert (found.reorder_at, found.order_up_to) == (low, high)
    assert found.cost == pytest.approx(cost, abs=1e-3)


def test_a_dear_order_is_placed_once_and_a_free_one_each_period():
    assert plan_lots([5, 5, 5], 1000, 1).quantities == [15, 0, 0]
    assert plan_lots([5, 0, 5], 0, 1).quantities == [5, 0, 5]


def test_stages_in_a_circle_are_refused():
    with pytest.raises(ValueError, match="no tree"):
        place_safety_stock({1: Stage(1, 1, 1, (2,)), 2: Stage(1, 1, 1, (1,))})
