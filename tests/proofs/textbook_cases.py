"""How each textbook instance is put to the planning functions, and what of their answers is compared."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from orderclerk.planning.replenishing import echelons, levels, lots, schedules, season, unsure_supply

Data = dict[str, Any]
Found = dict[str, float]


def solve(name: str, data: Data) -> Found:
    """The answers to one instance, by name of the figure."""
    return next(how for prefix, how in CASES.items() if name in prefix.split())(data)


def _lot(found: lots.Lots) -> Found:
    return {"quantity": float(found.quantity[0]), "cost": float(found.cost[0])}


def economic(data: Data) -> Found:
    return _lot(lots.economic_lots(data["fixed_cost"], data["holding_cost"], data["demand_rate"]))


def backorders(data: Data) -> Found:
    found, share = lots.lots_with_backorders(
        data["fixed_cost"], data["holding_cost"], data["stockout_cost"], data["demand_rate"]
    )
    return {**_lot(found), "share that waits": float(share[0])}


def slow(data: Data) -> Found:
    return _lot(
        lots.lots_of_slow_supply(data["fixed_cost"], data["holding_cost"], data["demand_rate"], data["production_rate"])
    )


def discounts(data: Data) -> Found:
    return _lot(
        lots.all_units_lots(
            data["fixed_cost"],
            data["holding_cost_rate"],
            data["demand_rate"],
            [data["breakpoints"]],
            [data["unit_costs"]],
        )
    )


def periods(data: Data) -> Found:
    found = schedules.plan_lots(data["demand"], data["fixed_cost"], data["holding_cost"], data.get("purchase_cost"))
    return {"cost": found.cost, **{f"buy in {t}": q for t, q in enumerate(found.quantities, 1)}}


def joint(data: Data) -> Found:
    found = schedules.plan_joint_order(
        data["shared_fixed_cost"], data["individual_fixed_costs"], data["holding_costs"], data["demand_rates"]
    )
    return {"interval": found.interval, "cost": found.cost, **{f"every {i}": k for i, k in enumerate(found.every, 1)}}


def _season(found: season.Season) -> Found:
    return {"level": found.level, "cost": found.cost, "profit": found.profit or math.nan}


def normal_season(data: Data) -> Found:
    spans = data.get("lead_time", 0) + 1
    demand = stats.norm(data["demand_mean"] * spans, data["demand_sd"] * spans**0.5)
    return _season(season.season_level(demand, data["holding_cost"], data["stockout_cost"]))


def network_season(data: Data) -> Found:
    node = data["_nodes"][0]
    source = node["demand_source"]
    demand = stats.norm(source["mean"], source["standard_deviation"])
    return _season(season.season_level(demand, node["local_holding_cost"], node["stockout_cost"]))


def priced_season(data: Data) -> Found:
    demand = stats.norm(data["demand_mean"], data["demand_sd"])
    return _season(season.season_level_at_prices(demand, data["revenue"], data["purchase_cost"], data["salvage_value"]))


def poisson_season(data: Data) -> Found:
    return _season(season.season_level(stats.poisson(data["demand_mean"]), data["holding_cost"], data["stockout_cost"]))


def counted_season(data: Data) -> Found:
    demand = season.demand_as_counted({float(key): value for key, value in data["demand_pmf"].items()})
    return _season(season.season_level(demand, data["holding_cost"], data["stockout_cost"]))


def lognormal_season(data: Data) -> Found:
    demand = stats.lognorm(data["sigma"], 0, np.exp(data["mu"]))
    return _season(season.season_level(demand, data["holding_cost"], data["stockout_cost"]))


def base(data: Data) -> Found:
    found = levels.base_levels(
        data["holding_cost"], data["stockout_cost"], data["fixed_cost"], stats.poisson(data["demand_mean"])
    )
    free = poisson_season(data)
    return {
        "s": found.reorder_at,
        "S": found.order_up_to,
        "cost": found.cost,
        "level without fixed cost": free["level"],
    }


def approximate_base(data: Data) -> Found:
    low, high = levels.approximate_base_levels(
        data["holding_cost"], data["stockout_cost"], data["fixed_cost"], data["demand_mean"], data["demand_sd"]
    )
    return {"s": low, "S": high}


def lead_levels(data: Data) -> Found:
    case = levels.LeadDemand(
        data["holding_cost"], data["stockout_cost"], data["fixed_cost"], data["demand_mean"], data["demand_sd"],
        data["lead_time"],
    )  # fmt: skip
    found = levels.normal_levels(case)
    at = {f"cost of ({r:g}, {q:g})": levels.normal_levels_cost(case, r, q) for r, q in ((100, 250), (126.8, 328.5))}
    best = {f"r for {q:g}": levels.reorder_for(case, q) for q in (150, 318, 750)}
    return {"r": found.reorder_at, "Q": found.quantity, "cost": found.cost, **at, **best}


def whole_levels(data: Data) -> Found:
    found = levels.whole_unit_levels(
        data["holding_cost"], data["stockout_cost"], data["fixed_cost"], data["demand_mean"], data["lead_time"]
    )
    return {"r": found.reorder_at, "Q": found.quantity, "cost": found.cost}


def placement(data: Data) -> Found:
    stages = {node["_index"]: _stage(node) for node in data["_nodes"]}
    found = echelons.place_safety_stock(stages)
    return {"cost": found.cost, **{f"promise of {key}": days for key, days in found.promised.items()}}


def _stage(node: Data) -> echelons.Stage:
    source = node.get("demand_source") or {}
    return echelons.Stage(
        node["local_holding_cost"],
        node["processing_time"],
        node["demand_bound_constant"],
        tuple(node["_predecessor_indices"]),
        source.get("standard_deviation") or 0.0,
        node.get("external_outbound_cst"),
        node.get("external_inbound_cst") or 0,
    )


def chain(data: Data) -> Found:
    nodes = sorted(data["_nodes"], key=lambda node: node["_index"])
    source = nodes[0]["demand_source"]
    mean, sd = source["mean"], source["standard_deviation"]

    def demand(time: float) -> Any:
        return stats.poisson(mean * time) if source["type"] == "P" else stats.norm(mean * time, sd * time**0.5)

    found = echelons.chain_levels(
        [node["echelon_holding_cost"] for node in nodes],
        [node["shipment_lead_time"] for node in nodes],
        nodes[0]["stockout_cost"],
        demand,
    )
    return {"cost": found.cost, **{f"level {stage}": level for stage, level in enumerate(found.levels, 1)}}


def _choice(found: unsure_supply.Choice) -> Found:
    return {"quantity": found.quantity, "cost": found.cost}


def failing_supply(data: Data) -> Found:
    names = ("fixed_cost", "holding_cost", "stockout_cost", "demand_rate", "disruption_rate", "recovery_rate")
    return _choice(unsure_supply.lot_with_disruptions(*(data[name] for name in names)))


def failing_level(data: Data) -> Found:
    names = ("holding_cost", "stockout_cost", "demand", "disruption_prob", "recovery_prob")
    return _choice(unsure_supply.level_with_disruptions(*(data[name] for name in names)))


YIELD = ("fixed_cost", "holding_cost", "demand_rate", "yield_mean", "yield_sd")


def added_yield(data: Data) -> Found:
    return _choice(unsure_supply.lot_with_added_yield(*(data[name] for name in YIELD)))


def yield_share(data: Data) -> Found:
    return _choice(unsure_supply.lot_with_yield_share(*(data[name] for name in YIELD)))


def yield_level(data: Data) -> Found:
    deviation = stats.uniform(data["yield_lo"], data["yield_hi"] - data["yield_lo"])
    return _choice(
        unsure_supply.level_with_added_yield(data["holding_cost"], data["stockout_cost"], data["demand"], deviation)
    )


CASES: dict[str, Callable[[Data], Found]] = {
    "example_3_1 problem_3_1": economic,
    "example_3_8 problem_3_2b": backorders,
    "problem_3_22": slow,
    "example_3_5 problem_3_12": discounts,
    "example_3_9 problem_3_27 problem_3_29 scmo_ww_hw_c": periods,
    "scmo_jrp_ex spp_jrp silver_jrp scmo_jrp_hw_1 scmo_jrp_hw_2 scmo_jrp_hw_3": joint,
    "example_4_1 example_4_3 problem_4_1 example_4_4": normal_season,
    "example_4_1_network": network_season,
    "example_4_2 problem_4_3b": priced_season,
    "problem_4_8a": poisson_season,
    "problem_4_7b": counted_season,
    "problem_4_8b": lognormal_season,
    "example_4_7 problem_4_31": base,
    "example_4_8 problem_4_32": approximate_base,
    "example_5_1 problem_5_1 problem_5_3": lead_levels,
    "problem_5_2 example_5_8": whole_levels,
    "example_6_3 problem_6_7 problem_6_8 problem_6_9 example_6_5 figure_6_14": placement,
    "example_6_1 problem_6_1 problem_6_2a problem_6_2b problem_6_16 shang_song_1 shang_song_9 shang_song_17 shang_song_25": chain,
    "example_9_1 problem_9_8": failing_supply,
    "example_9_3": failing_level,
    "example_9_4 problem_9_4a": added_yield,
    "example_9_5 problem_9_4b": yield_share,
    "example_9_6 problem_9_5": yield_level,
}
