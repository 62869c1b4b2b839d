"""Orders that say "the same as last time": they get the lines of the order they mean, at today's prices.

"But only 20 of the blue" changes them where every word of it is understood; otherwise the order is held (ORD-008).
"""

import json
from datetime import date
from typing import Any

import pandas as pd

from orderclerk.database import repeats
from orderclerk.database.answers import book_lines
from orderclerk.database.engine import Connection
from orderclerk.domain.item_search import How
from orderclerk.domain.match_confidence import match_probability
from orderclerk.domain.repeats import changed_quantities, choose_originals


def with_repeats(conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`orders` with repeat_reason (why nothing could be taken over), and `lines` with those taken over, `is_added`."""
    orders, lines = orders.assign(repeat_reason=""), lines.assign(is_added=False)
    asking = (orders["repeats"] != "") & (orders["kind"] == "order") & (orders["state"] == "received")
    if not asking.any():
        return orders, lines
    own = lines.loc[~lines["is_charge"], "order_id"]
    done = lines.loc[lines["match"].map(_is_taken_over).astype(bool), "order_id"]
    revised = (orders["revision"] > 1) & orders["order_id"].isin(own)  # by the customer's words: they know what it says
    wanted = orders[asking & ~orders["order_id"].isin(done) & ~revised & (orders["customer_id"] > 0)]
    chosen = choose_originals(
        wanted.set_index("order_id").assign(has_lines=wanted["order_id"].isin(own).to_numpy()),
        repeats.earlier_orders(conn, wanted),
    )
    orders["repeat_reason"] = orders["order_id"].map(chosen["reason"]).fillna("")
    lines = _taken_over(conn, orders, lines, chosen[chosen["original_id"] > 0])
    return _without_understood(orders, lines), lines


def _is_taken_over(match: dict[str, Any] | None) -> bool:
    return match is not None and match["how"] == How.REPEAT


def _taken_over(conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    originals = repeats.lines_of(conn, chosen["original_id"].unique().tolist())
    added = chosen.reset_index()[["order_id", "original_id"]].merge(originals, on="original_id")
    if added.empty:
        return lines
    added = _changed(conn, orders, added)
    sure = orders.set_index("order_id")["repeats_confidence"].reindex(added["order_id"]).to_numpy()
    probability = match_probability(How.REPEAT, 1.0)
    last = lines.groupby("order_id")["line_no"].max().reindex(added["order_id"]).fillna(0).to_numpy()
    added = added.assign(
        line_no=(last + added.groupby("order_id").cumcount() + 1).astype("int64"), is_added=True, is_charge=False,
        reading=sure, unit_price_e4=pd.array([pd.NA] * len(added), dtype="Int64"),
        line_total_e4=pd.array([pd.NA] * len(added), dtype="Int64"),
        **dict.fromkeys(("barcode", "problems", "evidence", "language"), ""),
    )  # fmt: skip
    added["match"] = [
        {"how": str(How.REPEAT), "score": 1.0, "confidence": probability, "reading": float(reading), "order": number,
         "alternatives": [], **({"changed": words} if words else {})}
        for reading, number, words in zip(added["reading"], added["original_no"], added["changed"], strict=True)
    ]  # fmt: skip
    both = pd.concat([lines, added[lines.columns]], ignore_index=True)
    return both.astype(lines.dtypes.to_dict()).sort_values(["order_id", "line_no"], kind="stable", ignore_index=True)


def _changed(conn: Connection, orders: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """`added` as its customers want it otherwise, and `changed`, the words that said so where they were understood."""
    words = {order: said for order, said in map(_asked_otherwise, orders["order_id"], orders["problems"]) if said}
    added = added.assign(changed="")
    if not words:
        return added
    wanted = added.loc[added["order_id"].isin(words), ["order_id", "original_id"]].drop_duplicates()
    named = book_lines(conn, wanted["original_id"].tolist())
    days = orders.set_index("order_id")["day"]
    for order, original in wanted.itertuples(index=False):
        mine = added["order_id"] == order
        kept = set(added.loc[mine, "original_line"])
        goods = [one.line for one in named[original] if one.line.line_no in kept]
        quantities = changed_quantities(goods, words[order], date.fromisoformat(days[order]))
        if quantities:
            added.loc[mine, "quantity_e3"] = added.loc[mine, "original_line"].map(quantities).astype("Int64")
            added.loc[mine, "changed"] = words[order]
    return added[added["quantity_e3"] > 0]


def _asked_otherwise(order: int, problems: str) -> tuple[int, str]:
    """The words that say what an order wants otherwise than the one it repeats; "" for none."""
    return order, next((one["value"] for one in json.loads(problems or "[]") if _asks_otherwise(one)), "")


def _without_understood(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """`orders` without the problems that said what was understood since: the words changed the lines taken over."""
    changed = [(order, match["changed"]) for order, match in zip(lines["order_id"], lines["match"], strict=True)
               if match and match.get("changed")]  # fmt: skip
    said = dict(changed)
    left = [
        _problems_but(problems, said[order]) if order in said else problems
        for order, problems in zip(orders["order_id"], orders["problems"], strict=True)
    ]
    return orders.assign(problems=left)


def _problems_but(problems: str, words: str) -> str:
    """The JSON of problems, without the one that asked about `words` and those that found goods in their sentence."""
    left = [
        one
        for one in json.loads(problems or "[]")
        if not _asks_otherwise(one) and not (one["rule"] == "LIN-009" and words in one["value"])
    ]
    return json.dumps(left, ensure_ascii=False) if left else ""


def _asks_otherwise(problem: dict[str, str]) -> bool:
    return problem["rule"] == "ORD-008" and problem["field"] == "repeats"
