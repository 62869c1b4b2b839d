"""Accepting what nobody objects to: the checks that need locked rows, then reservation and the answer to the customer.

Two writings of one order want the same stock: its rows, locked first, make their checks wait for each other.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

from orderclerk.database import accepting, checking, comparing, moves, reserving
from orderclerk.database.engine import Connection
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.domain.checks import HOLD, holds_of, no_holds
from orderclerk.domain.duplicates import evidence_of, suspected_duplicates
from orderclerk.domain.kits import as_components
from orderclerk.domain.policy import Policy
from orderclerk.domain.returns import match_returns
from orderclerk.domain.terms import credit_holds, payment_method
from tasks.allocating import allocate_orders, reasons_of
from tasks.completing import Known
from tasks.objections import RULED, ruled
from tasks.promising import promise_orders

ACTOR = "orderclerk"


def accept(
    conn: Connection, sound: pd.DataFrame, known: Known, policy: Policy, as_of: datetime
) -> tuple[Counter[str], pd.DataFrame]:
    """Reserve and answer what can be of `sound`; counts, and objections to what cannot: no stock, twice, no credit."""
    goods = known.lines[known.lines["is_goods"] & known.lines["order_id"].isin(sound["order_id"])]
    owed = comparing.lock_credit(conn, sound["customer_id"].unique().tolist())
    items = goods["item_id"].unique().tolist()
    levels, coming = reserving.lock_stock(conn, items), reserving.lock_supplies(conn, items)
    wanted = known.orders[(known.orders["kind"] == "order") & ~known.orders["is_blocked"]]
    twice = ruled(duplicates(conn, wanted, policy), known, policy)  # also of those that are held for something else
    sound = _unheld(sound, twice)
    parts = as_components(goods, reserving.kit_components(conn, items))
    parts = parts[parts["order_id"].isin(sound["order_id"])]
    asking = sound.assign(is_confirmed=sound["is_agreed"])
    allocation = allocate_orders(conn, asking, parts, levels, coming, policy, as_of)
    short = ruled(allocation.short, known, policy)
    sound = _unheld(sound, short)
    beyond = ruled(credit_holds(with_credit(sound, known.lines, owed)), known, policy)
    sound = _unheld(sound, beyond)
    taken = allocation.taken[allocation.taken["order_id"].isin(sound["order_id"])]
    reserving.reserve(conn, taken, at=as_of, actor=ACTOR, moves_orders=False)
    binding = sound["channel"].isin(policy.binding) | sound["is_agreed"]
    reasons = reasons_of(allocation)
    _answer(conn, sound[binding], "confirmed", "confirmation", as_of, reasons)
    _answer(conn, sound[~binding], "offered", "offer", as_of, reasons, policy.deadlines(as_of))
    promise_orders(conn, sound["order_id"].tolist(), policy, as_of)
    late = [frame for frame in (twice, short, beyond) if not frame.empty]
    counts = Counter(confirmed=int(binding.sum()), offered=int((~binding).sum()))
    return counts, pd.concat(late or [pd.DataFrame(columns=RULED)], ignore_index=True)


def duplicates(conn: Connection, orders: pd.DataFrame, policy: Policy, *, earlier_only: bool = False) -> pd.DataFrame:
    """DUP-001 and DUP-002 for `orders` that look like another one, with what agrees and what differs.

    `earlier_only`: only what came before counts, as it did when the order was checked first.
    """
    window = max(policy.book.widest(rule, "window_days") for rule in ("DUP-001", "DUP-002"))
    given = comparing.duplicate_candidates(conn, orders["order_id"].tolist(), window)
    if earlier_only:
        given = replace(given, pairs=given.pairs[given.pairs["other_id"] < given.pairs["order_id"]])
    if given.pairs.empty:
        return no_holds()
    found = suspected_duplicates(given.pairs, given.orders, given.goods, given.habits)
    customers = found["order_id"].map(orders.set_index("order_id")["customer_no"])
    suspect = pd.Series(False, index=found.index)
    for rule in ("DUP-001", "DUP-002"):
        least, days = (policy.book.parameter(rule, name, customers) for name in ("threshold", "window_days"))
        suspect |= (found["rule"] == rule) & (found["score"] >= least) & (found["gap_days"] <= days)
    reasons = {
        "DUP-001": "the same customer has ordered the same goods in {}",
        "DUP-002": "the same customer has ordered nearly the same goods in {}",
    }
    rows = [
        (row.order_id, 0, row.rule, reasons[row.rule].format(row.other_no), evidence_of(row, given.orders, given.goods))
        for row in found[suspect].itertuples()
    ]
    return pd.DataFrame(rows, columns=HOLD)


def with_credit(orders: pd.DataFrame, lines: pd.DataFrame, owed: pd.DataFrame) -> pd.DataFrame:
    """`orders` with worth_e4, limit_e4 and exposure_e4; what is paid before the goods leave owes nothing."""
    if owed.empty:
        return orders.assign(limit_e4=pd.array([pd.NA] * len(orders), dtype="Int64"), worth_e4=0, exposure_e4=0)
    later = owed[owed["payment_method"].map(payment_method) != "prepaid"]
    exposure = later.groupby("customer_id")["open_e4"].sum()
    amount = lines["quantity_e3"].astype("float64") * lines["unit_price_e4"].astype("float64") / 1000
    summed = amount.groupby(lines["order_id"]).sum().round().reindex(orders["order_id"]).fillna(0).astype("int64")
    worth = orders["total_e4"].fillna(pd.Series(summed.to_numpy(), index=orders.index))
    prepaid = orders["payment_method"].map(payment_method) == "prepaid"
    return orders.assign(
        limit_e4=orders["customer_id"].map(owed.groupby("customer_id")["limit_e4"].first()).astype("Int64"),
        worth_e4=worth.astype("int64").where(~prepaid, 0),
        exposure_e4=orders["customer_id"].map(exposure).fillna(0).astype("int64"),
    )


def accept_returns(
    conn: Connection, returns: pd.DataFrame, known: Known, policy: Policy, as_of: datetime
) -> tuple[int, pd.DataFrame]:
    """Tie returned goods to their originals; how many returns, and objections to those that find none."""
    if returns.empty:
        return 0, pd.DataFrame(columns=RULED)
    waived = _keys(known.waived[known.waived["rule"] == "RET-001"])
    goods = known.lines[known.lines["order_id"].isin(returns["order_id"]) & ~known.lines["is_charge"]]
    goods = goods[~_keys(goods).isin(waived)]
    returned, bought = checking.open_purchases(conn, returns["order_id"].tolist())
    matched = match_returns(returned[_keys(returned).isin(_keys(goods))], bought)
    lost = goods[~_keys(goods).isin(_keys(matched))]
    checking.keep_returns(conn, matched[~matched["order_id"].isin(lost["order_id"])])
    reason = "no earlier order of this customer has this item at this price and quantity"
    held = ruled(holds_of(lost, "RET-001", reason, {"item": "item_ref"}), known, policy)
    agreed = returns[~returns["order_id"].isin(lost["order_id"])]["order_id"].tolist()
    moves.move_orders(conn, "commercial", agreed, "confirmed", at=as_of, actor=ACTOR, kind="return matched")
    return len(agreed), held


def orphans(orders: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """CAN-001 for cancellations that no order answers to, unless their channel is binding."""
    stray = orders[(orders["kind"] == "cancellation") & ~orders["channel"].isin(policy.binding)]
    return holds_of(stray, "CAN-001", "no order with this reference is known", {"reference": "order_ref"})


def _unheld(orders: pd.DataFrame, objections: pd.DataFrame) -> pd.DataFrame:
    held = objections.loc[objections["severity"] == "critical", "order_id"]
    return orders[~orders["order_id"].isin(held)]


def _keys(lines: pd.DataFrame) -> "pd.Series[str]":
    return lines["order_id"].astype(str) + "-" + lines["line_no"].astype(str)


def _answer(
    conn: Connection,
    orders: pd.DataFrame,
    state: str,
    mail: str,
    as_of: datetime,
    reasons: Mapping[int, Mapping[str, Any]],
    deadlines: tuple[datetime | None, datetime | None] = (None, None),
) -> None:
    ids = orders["order_id"].tolist()
    accepting.accept_orders(conn, ids, state, as_of, ACTOR, deadlines, reasons)
    enqueue_order_mails(conn, mail, ids, as_of)
