"""Whether what is ordered fits what is agreed: quantities, dates, payment, credit, and where goods may go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from orderclerk.domain.checks import HOLD, holds_of, no_holds
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, unscaled
from orderclerk.domain.worktime import WorkTime

_PIECES = ("", "EA", "C62", "PCE", "H87", "PCS", "ST", "STK")
_METHODS = {
    "cod": r"\bcod\b|cash on delivery|nachnahme|contre[- ]remboursement|contra ?reembolso|货到付款|到付",
    "prepaid": r"pre-?paid|pre-?payment|in advance|pro[- ]?forma|vorkasse|vorauskasse|d'avance|anticipad[oa]|"
    r"预付|款到发货",
    "invoice": r"\binvoice\b|on account|\brechnung\b|\bfacture\b|\bfactura\b|net ?\d+|\d+ days|\d+ tage|"
    r"月结|账期|发票后付",
}


@dataclass(frozen=True)
class ExportRules:
    """Where goods do not go: `countries` (ISO alpha-2) get nothing, `classes` of goods do not go to their countries."""

    countries: frozenset[str] = frozenset()
    classes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def quantity_holds(goods: pd.DataFrame) -> pd.DataFrame:
    """QTY-001 and QTY-002: `goods` has quantity_e3, unit, item_unit, minimum_e3, multiple_e3 (<NA>: none), item_ref.

    An item's lines count together. A quantity in a unit that is not the item's says nothing here.
    """
    counted = goods[goods["quantity_e3"].notna() & (goods["minimum_e3"].notna() | goods["multiple_e3"].notna())]
    counted = counted[(counted["unit"] == counted["item_unit"]) | counted["unit"].isin(_PIECES)]
    if counted.empty:
        return no_holds()
    whole = counted.groupby(["order_id", "item_id"])["quantity_e3"].transform("sum")
    few = counted[(whole < counted["minimum_e3"]).fillna(False)]
    odd = counted[(whole % counted["multiple_e3"] != 0).fillna(False)]
    rows = [
        (r.order_id, r.line_no, rule, f"{_amount(r.quantity_e3)} of {r.item_ref} wanted, {words} {_amount(limit)}",
         {"wanted": _amount(r.quantity_e3), shown: _amount(limit)})
        for rule, lines, column, words, shown in (
            ("QTY-001", few, "minimum_e3", "the least is", "least"),
            ("QTY-002", odd, "multiple_e3", "it is sold in whole packs of", "pack"),
        )
        for r, limit in zip(lines.itertuples(), lines[column], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=HOLD)


def date_holds(orders: pd.DataFrame, work: WorkTime) -> pd.DataFrame:
    """DAT-001 and DAT-002: `orders` has requested_date, today (ISO texts, "" none), lead_days (<NA> not known).

    `work` says which days are working days.
    """
    asked = orders[orders["requested_date"] != ""]
    past = asked[asked["requested_date"] < asked["today"]]
    known = asked[asked["lead_days"].notna() & (asked["requested_date"] >= asked["today"])]
    ready = {
        pair: earliest_day(date.fromisoformat(pair[0]), int(pair[1]), work).isoformat()
        for pair in set(zip(known["today"], known["lead_days"], strict=True))
    }
    earliest = [ready[pair] for pair in zip(known["today"], known["lead_days"], strict=True)]
    known = known.assign(earliest=pd.Series(earliest, index=known.index, dtype="str"))  # also where there are none
    early = known[known["requested_date"] < known["earliest"]]
    rows = [
        (r.order_id, 0, "DAT-001", f"wanted on {r.requested_date}, today is {r.today}", {"wanted": r.requested_date})
        for r in past.itertuples()
    ] + [
        (r.order_id, 0, "DAT-002", f"wanted on {r.requested_date}, ready on {r.earliest} at the earliest",
         {"wanted": r.requested_date, "earliest": r.earliest, "working days": f"{r.lead_days:g}"})
        for r in early.itertuples()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=HOLD)


def earliest_day(start: date, working_days: int, work: WorkTime) -> date:
    """The day `working_days` working days after `start`; `start` itself for none."""
    day = start
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= day.weekday() in work.days and day not in work.holidays
    return day


def payment_method(text: str) -> str:
    """invoice, prepaid or cod, where the words clearly say one of them; "" where they do not."""
    found = [method for method, pattern in _METHODS.items() if re.search(pattern, text, re.IGNORECASE)]
    return found[0] if len(found) == 1 else ""


def payment_holds(orders: pd.DataFrame) -> pd.DataFrame:
    """PAY-001: `orders` has payment_method as stated and allowed_methods ("|" between, "" not agreed).

    Who pays before the goods leave is never refused.
    """
    meant = {text: payment_method(text) for text in orders["payment_method"].unique()}
    orders = orders.assign(meant=orders["payment_method"].map(meant))
    asked = orders[~orders["meant"].isin(("", "prepaid")) & (orders["allowed_methods"] != "")]
    is_refused = [r.meant not in r.allowed_methods.split("|") for r in asked.itertuples()]
    refused = asked[np.array(is_refused, dtype=bool)]
    shown = {"wanted": "payment_method", "agreed": "allowed_methods"}
    return holds_of(refused, "PAY-001", "this way of paying is not agreed with the customer", shown)


def export_holds(orders: pd.DataFrame, goods: pd.DataFrame, rules: ExportRules) -> pd.DataFrame:
    """EXP-001 and EXP-002: `orders` has order_id and destination; `goods` export_class and item_ref."""
    blocked = orders[orders["destination"].isin(rules.countries)]
    found = [holds_of(blocked, "EXP-001", "goods do not go to this country", {"country": "destination"})]
    classed = goods[goods["export_class"].isin(rules.classes)]
    if not classed.empty:
        to = classed["order_id"].map(orders.set_index("order_id")["destination"])
        classed = classed.assign(destination=to.fillna(""))
        is_stopped = [r.destination in rules.classes[r.export_class] for r in classed.itertuples()]
        stopped = classed[np.array(is_stopped, dtype=bool)]
        shown = {"item": "item_ref", "class": "export_class", "country": "destination"}
        found.append(holds_of(stopped, "EXP-002", "goods of this class do not go to this country", shown))
    return pd.concat(found, ignore_index=True)


def credit_holds(orders: pd.DataFrame) -> pd.DataFrame:
    """CRD-001 for orders that go beyond what their customer may owe, in their sequence; one that is held uses nothing.

    `orders` has order_id, customer_id, worth_e4 (what this order will owe), limit_e4 (<NA>: none), exposure_e4.
    """
    limited = orders[orders["limit_e4"].notna() & (orders["worth_e4"] > 0)]
    if limited.empty:
        return no_holds()
    running = limited.groupby("customer_id")["worth_e4"].cumsum() + limited["exposure_e4"]
    beyond = limited.loc[running > limited["limit_e4"], "customer_id"]
    rows = []
    for _, own in limited[limited["customer_id"].isin(beyond)].groupby("customer_id", sort=False):
        owed = int(own["exposure_e4"].iloc[0])
        for row in own.itertuples():
            worth, limit = int(row.worth_e4), int(row.limit_e4)
            if owed + worth <= limit:
                owed += worth
                continue
            figures = {"order": _money(worth), "open": _money(owed), "limit": _money(limit)}
            reason = f"{figures['open']} open and {figures['order']} more go beyond the limit of {figures['limit']}"
            rows.append((row.order_id, 0, "CRD-001", reason, figures))
    return pd.DataFrame(rows, columns=HOLD)


def _amount(value_e3: float) -> str:
    return f"{unscaled(int(value_e3), QUANTITY_SCALE).normalize():f}"


def _money(value_e4: int) -> str:
    return f"{unscaled(value_e4, PRICE_SCALE):.2f}"
