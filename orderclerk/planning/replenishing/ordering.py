"""What to buy now: one row an item and warehouse in, the same rows out with level, quantity and why.

The position (on hand, less promised, plus coming) is compared with the level that serves the target; below it, an
order brings it up to level plus lot. A second run, which sees the first one's order coming, buys nothing.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from orderclerk.domain.replenishing import BuyingRules
from orderclerk.planning.replenishing.losses import Floats
from orderclerk.planning.replenishing.lots import all_units_lots
from orderclerk.planning.replenishing.safety import (
    LEAST,
    SMOOTH,
    Demand,
    demand_until_next,
    level_for_no_stockout,
    levels_for_fill_rate,
    steadied_spread,
)
from orderclerk.planning.replenishing.sentences import reasons

E3, E4, YEAR_DAYS = 1000, 10000, 365
NEEDED = (
    "item_id", "warehouse", "supplier_id", "on_hand_e3", "reserved_e3", "incoming_e3", "daily_mean", "daily_sd",
    "demand_class", "lead_days", "lead_sd_days",
)  # fmt: skip
OPTIONAL: dict[str, float] = {
    "pegged_e3": 0, "backordered_e3": 0, "mean_sd": 0.0, "service_level": np.nan, "moq_e3": 0, "multiple_e3": E3,
    "unit_price_e4": np.nan, "shelf_life_days": np.nan, "safety_stock_e3": 0, "min_level_e3": np.nan,
    "max_level_e3": np.nan,
}  # fmt: skip
Ints = npt.NDArray[np.int64]


def reorder(
    frame: pd.DataFrame, as_of: date, rules: BuyingRules | None = None, breaks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Levels and quantities to buy for each row of `frame`, in its order; `quantity_e3` is 0 where nothing is needed.

    `frame` has the columns NEEDED (quantities in thousandths, demand in units a day, days as numbers) and may have
    those of OPTIONAL, and `currency` (values of two are not added up). `breaks` has supplier_id, item_id,
    min_quantity_e3, unit_price_e4. Returned columns: item_id, warehouse, supplier_id, position_e3, level_e3, lot_e3,
    quantity_e3, unit_price_e4, expected_e3, safety_e3, wanted_date, doubt ("" or why a person should look), why.
    Raises ValueError for a missing column or a bad target.
    """
    rules = rules or BuyingRules()
    known = _complete(frame, rules)
    demand = _demand(known, rules)
    break_starts, break_prices = _price_columns(known, breaks)
    lot = _lots(known, rules, break_starts, break_prices)
    level = _levels(known, demand, lot, rules)
    plan = known[["item_id", "warehouse", "supplier_id"]].assign(
        position_e3=_position(known),
        level_e3=_up(level),
        lot_e3=_up(lot),
        expected_e3=np.round(demand.mean * E3).astype("int64"),
        horizon_e3=_up(known["daily_mean"].to_numpy() * rules.horizon_days),
        expires_e3=_sold_before_expiry(known),
    )
    plan["safety_e3"] = plan["level_e3"] - plan["expected_e3"]
    plan["quantity_e3"], plan["doubt"] = _quantities(known, plan)
    plan["unit_price_e4"] = _price_at(plan["quantity_e3"].to_numpy(), break_starts, break_prices)
    plan["wanted_date"] = _days_later(as_of, known["lead_days"].to_numpy())
    plan["why"] = reasons(known, plan, as_of, rules.review_days)
    return plan.drop(columns=["horizon_e3", "expires_e3"])


def _complete(frame: pd.DataFrame, rules: BuyingRules) -> pd.DataFrame:
    missing = [column for column in NEEDED if column not in frame]
    if missing:
        raise ValueError(f"reorder needs the columns {', '.join(missing)}")
    known = frame.reset_index(drop=True).assign(
        **{column: default for column, default in OPTIONAL.items() if column not in frame}
    )
    for column in ("service_level", "unit_price_e4", "shelf_life_days", "min_level_e3", "max_level_e3"):
        known[column] = pd.to_numeric(known[column]).astype("float64")
    known["service_level"] = known["service_level"].fillna(rules.service_level)
    if not known["service_level"].between(0, 1, inclusive="left").all():
        raise ValueError("a service level is a share from 0 to below 1")
    known["currency"] = known["currency"].fillna("") if "currency" in known else ""
    if (known["multiple_e3"] <= 0).any() or (known["moq_e3"] < 0).any():
        raise ValueError("an order multiple is above 0 and a least quantity not below")
    return known


def _demand(known: pd.DataFrame, rules: BuyingRules) -> Demand:
    names = ("daily_mean", "daily_sd", "lead_days", "lead_sd_days")
    daily, daily_sd, lead, lead_sd = (known[name].to_numpy("float64") for name in names)
    review = np.full(len(known), rules.review_days)
    smooth = known["demand_class"].isin(SMOOTH).to_numpy()
    return demand_until_next(
        daily, steadied_spread(daily, daily_sd), lead, lead_sd, review, known["mean_sd"].to_numpy("float64"), smooth
    )


def _position(known: pd.DataFrame) -> pd.Series:
    """What there will be when all that is coming is here and all that is promised is gone."""
    promised = known["reserved_e3"] + known["pegged_e3"] + known["backordered_e3"]
    return (known["on_hand_e3"] + known["incoming_e3"] - promised).astype("int64")


def _lots(known: pd.DataFrame, rules: BuyingRules, starts: Floats, prices: Floats) -> Floats:
    """The cheapest lot by price, breaks and cost of an order, for at least a review period and at most the horizon."""
    daily = known["daily_mean"].to_numpy("float64")
    priced = np.isfinite(prices[:, 0]) & (prices[:, 0] > 0) & (daily > LEAST)
    lot = daily * rules.cover_days
    if priced.any():
        lot[priced] = all_units_lots(
            rules.order_cost, rules.holding_rate, daily[priced] * YEAR_DAYS, starts[priced], prices[priced]
        ).quantity
    return np.asarray(np.maximum(np.clip(lot, daily * rules.review_days, daily * rules.horizon_days), LEAST))


def _levels(known: pd.DataFrame, demand: Demand, lot: Floats, rules: BuyingRules) -> Floats:
    target = known["service_level"].to_numpy("float64")
    if rules.service == "fill":
        lot = np.maximum(lot, known["moq_e3"].to_numpy("float64") / E3)
        level = levels_for_fill_rate(target, lot, demand, _values(known), known["currency"].to_numpy())
    elif rules.service == "cycle":
        level = level_for_no_stockout(target, demand)
    else:
        raise ValueError(f"service is fill or cycle, not {rules.service!r}")
    level = np.maximum(level, known["safety_stock_e3"].to_numpy("float64") / E3)
    return np.asarray(np.fmax(level, known["min_level_e3"].to_numpy() / E3))


def _values(known: pd.DataFrame) -> Floats:
    """What a unit counts: its price; the usual one where none is known."""
    price = known["unit_price_e4"].where(known["unit_price_e4"] > 0)
    usual = price.median()
    return np.asarray(price.fillna(1.0 if pd.isna(usual) else usual), "float64")


def _sold_before_expiry(known: pd.DataFrame) -> Floats:
    """The position that is sold before goods ordered now expire, in thousandths; inf for what keeps."""
    return np.where(
        known["shelf_life_days"].notna(),
        np.floor(known["daily_mean"] * (known["lead_days"] + known["shelf_life_days"].fillna(0)) * E3),
        np.inf,
    )


def _quantities(known: pd.DataFrame, plan: pd.DataFrame) -> tuple[Ints, list[str]]:
    """Whole multiples up to level plus lot, within maximum and shelf life, never below the supplier's least."""
    position, multiple = plan["position_e3"].to_numpy(), known["multiple_e3"].to_numpy("int64")
    least = _whole(known["moq_e3"].to_numpy("int64"), multiple)
    level = plan["level_e3"].to_numpy()
    short = (position < level) | ((position <= level) & (known["daily_mean"].to_numpy() > LEAST))
    wanted = np.maximum(_whole(plan["level_e3"].to_numpy() + plan["lot_e3"].to_numpy() - position, multiple), least)
    limit = np.fmin(plan["expires_e3"].to_numpy(), known["max_level_e3"].to_numpy())
    room = np.where(np.isfinite(limit), np.nan_to_num(limit, posinf=0) - position, np.inf)
    fitting = np.where(np.isfinite(room), np.floor(np.nan_to_num(room, posinf=0) / multiple) * multiple, wanted)
    allowed = np.minimum(wanted, fitting)
    possible = short & (allowed > 0) & (allowed >= least)
    quantity = np.where(possible, allowed, 0).astype("int64")
    doubt = np.full(len(plan), "", dtype=object)
    usual = np.maximum(plan["lot_e3"].to_numpy(), plan["level_e3"].to_numpy() - position)
    too_long = (quantity > plan["horizon_e3"].to_numpy() + usual) & (quantity > 0)
    doubt[too_long] = "the least quantity is for longer than the horizon"
    doubt[short & ~possible] = "no quantity that can be bought is sold before it expires, or fits below the maximum"
    return quantity, list(doubt)


def _price_columns(known: pd.DataFrame, breaks: pd.DataFrame | None) -> tuple[Floats, Floats]:
    """A row an item: where each of its prices begins (units, inf where there is none) and what a unit costs."""
    single = known["unit_price_e4"].to_numpy("float64")[:, None] / E4
    if breaks is None or breaks.empty:
        return np.zeros((len(known), 1)), single
    keys = ["supplier_id", "item_id"]
    ordered = breaks.sort_values([*keys, "min_quantity_e3"])
    ordered = ordered.assign(step=ordered.groupby(keys).cumcount())
    wide = ordered.pivot(index=keys, columns="step", values=["min_quantity_e3", "unit_price_e4"])
    rows = wide.reindex(pd.MultiIndex.from_frame(known[keys]))
    starts = rows["min_quantity_e3"].to_numpy("float64") / E3
    prices = rows["unit_price_e4"].to_numpy("float64") / E4
    starts[:, 0] = np.where(np.isnan(prices[:, 0]), 0.0, starts[:, 0])
    prices[:, 0] = np.where(np.isnan(prices[:, 0]), single[:, 0], prices[:, 0])
    starts[:, 0] = np.where(starts[:, 0] <= 1, 0.0, starts[:, 0])
    return np.where(np.isnan(starts), np.inf, starts), prices


def _price_at(quantity_e3: Ints, starts: Floats, prices: Floats) -> pd.Series:
    """The price at which the quantity is bought, <NA> where none is known."""
    reached = (starts <= np.maximum(quantity_e3, 1)[:, None] / E3) & np.isfinite(prices)
    last = np.where(reached.any(axis=1), reached.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1), 0)
    price = prices[np.arange(len(prices)), last]
    return pd.Series(np.round(price * E4)).astype("Int64")


def _up(units: Floats) -> Ints:
    """Thousandths, upwards; a tenth of one is noise of the arithmetic."""
    return np.ceil(units * E3 - 0.1).astype("int64")


def _whole(quantity: Ints, multiple: Ints) -> Ints:
    """Upwards to whole multiples, in integers."""
    return -(-quantity // multiple) * multiple


def _days_later(as_of: date, days: Floats) -> npt.NDArray[np.object_]:
    later = np.datetime64(as_of) + np.ceil(days).astype("timedelta64[D]")
    return later.astype("datetime64[D]").astype(object)
