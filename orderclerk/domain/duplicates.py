"""The same order twice: through two channels, resent in other words, or from a sender who gives no references.

Candidates (orders of one customer within the window that share an item) are scored by named features with weights;
what contradicts a duplicate caps the score, whatever else agrees. Nothing is compared that is not a candidate.
"""

import operator
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

WEIGHTS = {"items": 0.35, "quantities": 0.25, "reference": 0.15, "day": 0.10, "delivery": 0.10, "requested": 0.05}
"""What speaks for a duplicate, and how much of the score it is; every feature goes from 0 (differs) to 1 (agrees)."""
UNKNOWN = {"reference": 0.5, "delivery": 0.7, "requested": 0.7}
CAP = 0.6
"""The most that two orders score that go to different places, or are repeated as their customer usually does."""
_NEXT_ORDER_DAYS = 6  # a week later, a day more or less, it is the next order rather than the same again
_HABIT = 3  # so many orders of the same goods are a habit


def suspected_duplicates(
    pairs: pd.DataFrame, orders: pd.DataFrame, goods: pd.DataFrame, habits: pd.DataFrame
) -> pd.DataFrame:
    """The likest other order of each order that has one: order_id, rule, score, other_no, evidence (a dict).

    `pairs` has order_id, other_id; `orders` is indexed by order_id: order_no, source, order_ref, customer_po, day,
    street, city, postal_code, requested_date; `goods` has order_id, item_id, item_no, quantity_e3; `habits` other_id
    and the days (ISO) of all orders with the other's very goods. Equal goods are DUP-001, similar ones DUP-002.
    """
    scored = pd.concat([pairs.reset_index(drop=True), *_features(pairs.reset_index(drop=True), orders, goods)], axis=1)
    scored["score"] = sum((scored[name] * weight for name, weight in WEIGHTS.items()), pd.Series(0.0, scored.index))
    is_next = (scored["gap_days"] >= _NEXT_ORDER_DAYS) | _is_habit(scored, habits)
    contradicted = (scored["delivery"] == 0) | is_next
    scored["score"] = scored["score"].where(~contradicted | (scored["reference"] == 1), scored["score"].clip(upper=CAP))
    best = scored.sort_values(["order_id", "score", "other_id"], ascending=[True, False, True]).drop_duplicates(
        "order_id"
    )
    best["rule"] = np.where((best["items"] == 1) & (best["quantities"] == 1), "DUP-001", "DUP-002")
    return best.assign(other_no=best["other_id"].map(orders["order_no"]))


def evidence_of(row: Any, orders: pd.DataFrame, goods: pd.DataFrame) -> dict[str, str]:
    """What agrees and what differs between an order and its likest other, for a person."""
    other = orders.loc[row.other_id]
    names = [name for name in WEIGHTS if getattr(row, name) == 1]
    mine, theirs = (
        goods[goods["order_id"] == i].groupby("item_no")["quantity_e3"].sum() for i in (row.order_id, row.other_id)
    )
    both = pd.concat([mine, theirs], axis=1, keys=["mine", "theirs"]).fillna(0)
    changed = [f"{no}: {m / 1000:g}, there {t / 1000:g}" for no, m, t in both.itertuples() if m != t]
    differs = [
        f"{name} ({row.gap_days:g} days)" if name == "day" else name for name in WEIGHTS if getattr(row, name) == 0
    ]
    shown = {
        "other order": str(other["order_no"]), "its source": str(other["source"]),
        "its reference": str(other["order_ref"]),
        "likeness": f"{row.score:.2f}", "agrees": ", ".join(names), "goods that differ": "; ".join(changed[:6]),
        "differs": ", ".join(differs),
    }  # fmt: skip
    return {what: text for what, text in shown.items() if text}


def ref_key(text: str) -> str:
    """A reference without the words, marks and zeros people write before its digits: PO-0081/26 is 8126."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())
    digits = "".join(c for c in plain if c.isdigit()).lstrip("0")
    return digits if len(digits) >= 3 else plain


def _features(pairs: pd.DataFrame, orders: pd.DataFrame, goods: pd.DataFrame) -> list[pd.DataFrame]:
    mine = orders.loc[pairs["order_id"]].reset_index(drop=True)
    other = orders.loc[pairs["other_id"]].reset_index(drop=True)
    day = [pd.to_datetime(frame["day"]) for frame in (mine, other)]
    gap = (day[0] - day[1]).abs().dt.days.astype("float64")
    plain = pd.DataFrame(
        {
            "gap_days": gap,
            "day": (1.2 - gap / 5).clip(0, 1),
            "reference": _same_reference(mine, other),
            "delivery": _same_place(mine, other),
            "requested": _compared(mine["requested_date"], other["requested_date"], UNKNOWN["requested"]),
        }
    )
    return [plain, _same_goods(pairs, goods)]


def _same_goods(pairs: pd.DataFrame, goods: pd.DataFrame) -> pd.DataFrame:
    """items: the share of the items that both name; quantities: 1 where those are equal, less the more they differ."""
    amounts = goods.groupby(["order_id", "item_id"], as_index=False)["quantity_e3"].sum()
    counts = amounts.groupby("order_id").size()
    at = pairs.assign(at=pairs.index)
    shared = at.merge(amounts, on="order_id").merge(
        amounts.rename(columns={"order_id": "other_id", "quantity_e3": "other_e3"}), on=["other_id", "item_id"]
    )
    low, high = shared[["quantity_e3", "other_e3"]].min(axis=1), shared[["quantity_e3", "other_e3"]].max(axis=1)
    alike = (low / high.where(high > 0, 1)).where(low == high, low / high.where(high > 0, 1) / 2)
    per_pair = shared.assign(alike=alike.where(high > 0, 1.0)).groupby("at")["alike"].agg(["size", "mean"])
    common = per_pair["size"].reindex(pairs.index).fillna(0)
    union = pairs["order_id"].map(counts).fillna(0) + pairs["other_id"].map(counts).fillna(0) - common
    return pd.DataFrame(
        {"items": common / union.where(union > 0, 1), "quantities": per_pair["mean"].reindex(pairs.index).fillna(0.0)}
    )


def _same_reference(mine: pd.DataFrame, other: pd.DataFrame) -> "pd.Series[float]":
    """1 where a reference or purchase order number of one is one of the other; else it cannot be told."""
    keys = {}
    for side, frame in (("mine", mine), ("other", other)):
        for name in ("order_ref", "customer_po"):
            column = frame[name].where(frame["has_own_ref"] | (name == "customer_po"), "")
            keys[side, name] = column.map({text: ref_key(text) for text in column.unique()})
    same = pd.Series(False, index=mine.index)
    for a in ("order_ref", "customer_po"):
        for b in ("order_ref", "customer_po"):
            same |= (keys["mine", a] == keys["other", b]) & (keys["mine", a] != "")
    return same.map({True: 1.0, False: UNKNOWN["reference"]})


def _same_place(mine: pd.DataFrame, other: pd.DataFrame) -> "pd.Series[float]":
    """0 where postal codes, cities or house numbers differ, 1 where one is the same, both being stated.

    A street that has the other's numbers and more (a gate, a floor) is no other street.
    """
    found = pd.Series(UNKNOWN["delivery"], index=mine.index)
    differs = pd.Series(False, index=mine.index)
    for name, plain, covers in _PLACE:
        a, b = (frame[name].map({text: plain(text) for text in frame[name].unique()}) for frame in (mine, other))
        stated = a.astype(bool) & b.astype(bool)
        differs |= stated & pd.Series([not (covers(x, y) or covers(y, x)) for x, y in zip(a, b, strict=True)], a.index)
        found = found.mask(stated & (a == b), 1.0)
    return found.mask(differs, 0.0)


def _compared(a: "pd.Series[str]", b: "pd.Series[str]", unknown: float) -> "pd.Series[float]":
    stated = (a != "") & (b != "")
    return (a == b).astype("float64").where(stated, unknown)


def _is_habit(scored: pd.DataFrame, habits: pd.DataFrame) -> "pd.Series[bool]":
    """Whether the other order's goods are ordered regularly, and as much time has gone by as usually does."""
    if habits.empty:
        return pd.Series(False, index=scored.index)
    usual = {}
    for other_id, days in habits.groupby("other_id")["day"]:
        dates = pd.to_datetime(days).drop_duplicates().sort_values()
        if len(dates) >= _HABIT:
            usual[other_id] = float(dates.diff().dt.days.dropna().median())
    least = scored["other_id"].map(usual).astype("float64")
    return ((scored["gap_days"] >= 0.75 * least) & (scored["gap_days"] >= 1)).fillna(False)


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _numbers(text: str) -> frozenset[str]:
    """The numbers in a street, 12 and 4 of "House K7, Mill Lane 12a, gate 4"; those behind a letter are names."""
    return frozenset(re.findall(r"(?<![A-Za-z\d])\d+", unicodedata.normalize("NFKC", text)))


_PLACE: tuple[tuple[str, Callable[[str], Any], Callable[[Any, Any], bool]], ...] = (
    ("postal_code", _letters, operator.eq),
    ("city", _letters, operator.contains),  # York is no other town than York, North Yorkshire
    ("street", _numbers, operator.ge),
)
"""What tells places apart, in which form, and when one of two says all that the other does."""
