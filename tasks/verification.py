"""From orders that came in to orders that are accepted or held: one chunk claimed, checked, decided and committed.

Everything is decided on frames; the only waiting is for the rows of credit and stock, which are locked last and in key
order. The procedure: complete (`tasks.completing`), object (`tasks.objections`), accept (`tasks.acceptance`).
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from orderclerk.database import checking, moves
from orderclerk.database.engine import Connection, Engine
from orderclerk.domain.policy import Policy
from tasks.acceptance import accept, accept_returns, orphans
from tasks.completing import Known, choose, complete, keep
from tasks.objections import RULED, objections

CHUNK = 2000  # orders: bounds memory and how long stock rows stay locked


def check_chunk(engine: Engine, policy: Policy, as_of: datetime, count: int = CHUNK) -> Counter[str] | None:
    """Check up to `count` orders in one transaction; counts by outcome, or None when nothing is due."""
    with engine.begin() as conn:
        return check_claimed(conn, checking.claim_unchecked(conn, count), policy, as_of)


def check_claimed(conn: Connection, claimed: checking.Claimed, policy: Policy, as_of: datetime) -> Counter[str] | None:
    """Check what this transaction has claimed; counts by outcome, or None for nothing."""
    if claimed.orders.empty:
        return None
    known = complete(conn, claimed, as_of.astimezone(ZoneInfo(policy.worktime.timezone)).date().isoformat())
    keep(conn, known)
    known = choose(conn, known, policy.min_confidence)
    counts = _decide(conn, _received(known), policy, as_of)
    stray = orphans(known.orders, policy)
    moves.open_holds(conn, stray, as_of)
    checking.checked(conn, known.orders["order_id"].tolist())
    wanted = (known.orders["kind"] == "order") & (known.orders["state"] == "received")
    checking.recheck_returns(conn, known.orders.loc[wanted, "customer_id"].unique().tolist())
    return counts + Counter(held=len(stray))


def _received(known: Known) -> Known:
    """What is still to be decided: an order may have been claimed that was answered or called off meanwhile."""
    orders = known.orders[known.orders["state"] == "received"]
    return replace(known, orders=orders, lines=known.lines[known.lines["order_id"].isin(orders["order_id"])])


def _decide(conn: Connection, known: Known, policy: Policy, as_of: datetime) -> Counter[str]:
    """Accept what nobody objects to, hold the rest, and write it all down."""
    found = objections(known, policy)
    held = found.loc[found["severity"] == "critical", "order_id"]
    free = known.orders[~known.orders["is_blocked"] & ~known.orders["order_id"].isin(held)]
    returned, lost = accept_returns(conn, free[free["kind"] == "return"], known, policy, as_of)
    accepted, late = accept(conn, free[free["kind"] == "order"], known, policy, as_of)
    found = pd.concat([f for f in (found, lost, late) if not f.empty] or [pd.DataFrame(columns=RULED)])
    holds = found[found["severity"] == "critical"]
    moves.open_holds(conn, holds, as_of, checked=[int(i) for i in known.orders["order_id"]])
    moves.note_warnings(conn, found[found["severity"] == "warning"], as_of)
    return accepted + Counter(held=holds["order_id"].nunique(), returns=returned)
