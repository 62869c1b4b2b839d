"""Orders that say "the same as last time": they get the lines of the order they mean, at today's prices."""

from typing import Any

import pandas as pd

from orderclerk.database import repeats
from orderclerk.database.engine import Connection
from orderclerk.domain.item_search import How
from orderclerk.domain.match_confidence import match_probability
from orderclerk.domain.repeats import choose_originals


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
    return orders, _taken_over(conn, orders, lines, chosen[chosen["original_id"] > 0])


def _is_taken_over(match: dict[str, Any] | None) -> bool:
    return match is not None and match["how"] == How.REPEAT


def _taken_over(conn: Connection, orders: pd.DataFrame, lines: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    originals = repeats.lines_of(conn, chosen["original_id"].unique().tolist())
    added = chosen.reset_index()[["order_id", "original_id"]].merge(originals, on="original_id")
    if added.empty:
        return lines
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
         "alternatives": []}
        for reading, number in zip(added["reading"], added["original_no"], strict=True)
    ]  # fmt: skip
    both = pd.concat([lines, added[lines.columns]], ignore_index=True)
    return both.astype(lines.dtypes.to_dict()).sort_values(["order_id", "line_no"], kind="stable", ignore_index=True)
