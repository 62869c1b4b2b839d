"""What a customer can be told: how much now, how much when, and on which stock or supply that stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from orderclerk.domain.dispatch import Dispatch, leave_and_arrive

WAYS = ["item_id", "warehouse", "supply_id", "kind", "free_e3", "ship_date", "arrive_date"]
PROMISED = ["order_id", "line_no", "ship_date", "promised_date"]


@dataclass(frozen=True)
class Part:
    """So much of it, from there, then. `supply_id` None: of what is on hand."""

    quantity_e3: int
    warehouse: str
    supply_id: int | None
    kind: str
    ship_date: date
    arrive_date: date


@dataclass(frozen=True)
class Answer:
    """`parts` by arrival, `short_e3` of which nothing is known; what is said holds until `holds_until`."""

    parts: tuple[Part, ...]
    short_e3: int
    holds_until: datetime

    @property
    def complete_date(self) -> date | None:
        """When all of it is there; None while something is short."""
        return None if self.short_e3 or not self.parts else max(part.arrive_date for part in self.parts)


def ways_to(
    country: str, stock: pd.DataFrame, supplies: pd.DataFrame, dispatches: Mapping[str, Dispatch], as_of: datetime
) -> pd.DataFrame:
    """Everything that is free and when it would be in `country` (WAYS), per item the earliest first.

    `stock` has item_id, warehouse, free_e3; `supplies` supply_id, kind, item_id, warehouse, free_e3 (still to come and
    promised to nobody), expected_date. Warehouses without a Dispatch send nothing.
    """
    now = stock.assign(supply_id=pd.NA, kind="stock", expected_date=pd.NaT)
    both = pd.concat([frame for frame in (now, supplies) if not frame.empty] or [now], ignore_index=True)
    both = both[(both["free_e3"] > 0) & both["warehouse"].isin(list(dispatches))].assign(country=country)
    dated = leave_and_arrive(both.reset_index(drop=True), dispatches, as_of)
    dated["supply_id"] = dated["supply_id"].astype("Int64")
    by = ["item_id", "arrive_date", "ship_date", "warehouse", "supply_id"]
    return dated.sort_values(by, na_position="first", ignore_index=True)[WAYS]


def answer(
    ways: pd.DataFrame, item_id: int, wanted_e3: int, dispatches: Mapping[str, Dispatch], as_of: datetime
) -> Answer:
    """How `wanted_e3` of an item can be had from `ways`, the earliest first."""
    left, parts = wanted_e3, []
    for way in ways[ways["item_id"] == item_id].itertuples():
        if left <= 0:
            break
        taken = min(left, int(way.free_e3))
        left -= taken
        supply = None if pd.isna(way.supply_id) else int(way.supply_id)
        parts.append(Part(taken, way.warehouse, supply, way.kind, way.ship_date.date(), way.arrive_date.date()))
    sources = [dispatches[part.warehouse] for part in parts] or list(dispatches.values())
    until = min((dispatch.holds_until(as_of) for dispatch in sources), default=as_of)
    return Answer(tuple(parts), max(left, 0), until)


def date_pegs(
    pegs: pd.DataFrame, orders: pd.DataFrame, dispatches: Mapping[str, Dispatch], as_of: datetime
) -> pd.DataFrame:
    """`pegs` with the day each piece leaves and arrives, and whether its order may be split.

    `pegs` has order_id, line_no, warehouse, expected_date (NaT: on hand); of a kit's line a row for each component.
    `orders` has order_id, country, may_split.
    """
    pieces = pegs.merge(orders[["order_id", "country", "may_split"]], on="order_id")
    return leave_and_arrive(pieces, dispatches, as_of)


def promise_lines(dated: pd.DataFrame) -> pd.DataFrame:
    """When each line is promised (PROMISED, dates as datetime64), by what is kept for it (`date_pegs`).

    A line is there with its last piece; an order that may not be split leaves with its last line.
    """
    if dated.empty:
        return pd.DataFrame(columns=PROMISED)
    lines = dated.groupby(["order_id", "line_no"], as_index=False).agg(
        ship_date=("ship_date", "max"),
        promised_date=("arrive_date", "max"),
        may_split=("may_split", "first"),
    )
    whole = ~lines["may_split"].astype(bool)
    for column in ("ship_date", "promised_date"):
        last = lines.groupby("order_id")[column].transform("max")
        lines[column] = lines[column].where(~whole, last)
    return lines[PROMISED]
