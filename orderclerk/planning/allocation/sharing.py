"""Who gets what there is too little of. Whatever the policy, nobody confirmed loses what is reserved for them.

priority: the customers of the highest priority first, then as they came. commitment: confirmed before offered, then the
earlier date. fair: everybody the same share of what they still want, in whole packs, the odd packs to the largest
remainders. Under all of them what a confirmed demand holds stays its own; the rest is shared anew.
"""

from fractions import Fraction

import pandas as pd

from orderclerk.domain.stock_policy import Shortage
from orderclerk.planning.allocation.parts import said

_SEQUENCE = {
    "priority": (["priority", "is_confirmed", "day"], [False, False, True]),
    "commitment": (["is_confirmed", "day", "priority"], [False, True, False]),
    "fair": (["is_confirmed", "day", "priority"], [False, True, False]),  # decides between equal remainders
}


def in_sequence(policy: Shortage, demands: pd.DataFrame) -> pd.DataFrame:
    """`demands` (is_confirmed, day, priority) in the sequence they are served; equal ones as they stand."""
    names, ascending = _SEQUENCE[policy]
    return demands.sort_values(names, ascending=ascending, kind="stable", ignore_index=True)


def share_shortage(policy: Shortage, demands: pd.DataFrame, free: pd.DataFrame) -> pd.DataFrame:
    """`demands` in the sequence they are served with granted_e3, the whole they have then, and why.

    demands: order_id, line_no, item_id, quantity_e3 wanted, held_e3 reserved already (no more than wanted),
    is_confirmed, day, priority (higher first), pack_e3 (> 0). free: item_id, free_e3 beyond what is held.
    What an offered demand holds is shared with the rest. Raises ValueError for a policy that is none.
    """
    if policy not in _SEQUENCE:
        raise ValueError(f"{policy!r} is no policy: write one of {', '.join(_SEQUENCE)}")
    queue = in_sequence(policy, demands)
    kept = queue["held_e3"].where(queue["is_confirmed"].astype(bool), 0)
    claim = queue["quantity_e3"] - kept
    pool = (queue["held_e3"] - kept).groupby(queue["item_id"]).sum()
    pool = pool.add(free.groupby("item_id")["free_e3"].sum(), fill_value=0).astype("int64").clip(lower=0)
    given = pd.Series(0, index=queue.index, dtype="int64")
    for item, rows in claim.groupby(queue["item_id"]):
        there = int(pool.get(item, 0))
        claims, packs = [int(one) for one in rows], [int(one) for one in queue.loc[rows.index, "pack_e3"]]
        given[rows.index] = _in_turn(claims, there) if policy != "fair" else _fairly(claims, packs, there)
    granted = kept + given
    wanted = queue["quantity_e3"].map(said)
    share = granted.map(said) + " of " + wanted
    return queue.assign(
        granted_e3=granted, why=_WHY[policy] + ": " + share.where(granted < queue["quantity_e3"], wanted)
    )


_WHY = {
    "priority": "the customer's priority, then the date",
    "commitment": "confirmed before offered, then the date",
    "fair": "the same share for everybody, in whole packs",
}


def _in_turn(claims: list[int], there: int) -> list[int]:
    """One after the other, each as much as is left."""
    given = []
    for claim in claims:
        given.append(min(claim, there))
        there -= given[-1]
    return given


def _fairly(claims: list[int], packs: list[int], there: int) -> list[int]:
    """Largest remainder: the whole packs of each one's share, then one pack more while it lasts, the largest remainder
    of a pack first. A claim's last piece may be less than a pack."""
    total = sum(claims)
    if total <= there:
        return claims
    shares = [claim * there for claim in claims]  # in units of 1 / total
    given = [share // (total * pack) * pack for share, pack in zip(shares, packs, strict=True)]
    rests = [Fraction(share - one * total, pack) for share, one, pack in zip(shares, given, packs, strict=True)]
    rank = sorted(range(len(claims)), key=lambda one: rests[one], reverse=True)
    left, before = there - sum(given), -1
    while left != before:
        before = left
        for one in rank:
            more = min(packs[one], claims[one] - given[one])
            if more <= left:
                given[one] += more
                left -= more
    return given
