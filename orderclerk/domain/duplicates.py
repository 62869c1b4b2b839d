"""The same order twice: through two channels, or from a sender who gives no references."""

import pandas as pd

DAY_S = 86_400


def suspected_duplicates(order_ids: "pd.Series[int]", alike: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """Those of `order_ids` that look like another, with the first: order_id, other_no, other_source, other_ref.

    `alike` as `orderclerk.database.checking.look_alikes` gives it: orders of one customer with the same goods. Two are
    suspect if they came through different sources, or one has no reference of the sender's own, within the window.
    It is the later that is suspect, and any that is not accepted while the other is.
    """
    mine = alike[alike["order_id"].isin(order_ids)]
    pairs = mine.merge(alike, on="fingerprint", suffixes=("", "_other"))
    pairs = pairs[
        (pairs["order_id"] != pairs["order_id_other"])
        & ((pairs["source"] != pairs["source_other"]) | ~pairs["has_own_ref"] | ~pairs["has_own_ref_other"])
        & ((pairs["received_s"] - pairs["received_s_other"]).abs() <= window_days * DAY_S)
        & ((pairs["order_id_other"] < pairs["order_id"]) | ~pairs["is_open_other"])
    ]
    first = pairs.sort_values(["order_id", "order_id_other"]).drop_duplicates("order_id")
    names = {"order_no_other": "other_no", "source_other": "other_source", "order_ref_other": "other_ref"}
    return first.rename(columns=names)[["order_id", *names.values()]]
