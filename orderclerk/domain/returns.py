"""Goods that come back: each returned line finds the line it was bought on, or waits."""

import pandas as pd


def match_returns(returned: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """The original of each returned line: order_id, line_no, origin_order_id, origin_line_no, quantity_e3.

    `returned` has order_id, line_no, customer_id, item_id, unit_price_e4, quantity_e3, day, original_ref, in the
    sequence they are served. `bought` has origin_order_id, origin_line_no, customer_id, item_id, unit_price_e4,
    open_e3 (bought and not yet returned), day, order_ref. Same customer, item and price, bought no later than
    returned, enough left on that one line; the order the document names, else the latest. No match, no row.
    """
    pairs = returned.merge(bought, on=["customer_id", "item_id", "unit_price_e4"], suffixes=("", "_bought"))
    named = (pairs["original_ref"] != "") & (pairs["original_ref"] == pairs["order_ref"])
    pairs = pairs[named | ((pairs["original_ref"] == "") & (pairs["day_bought"] <= pairs["day"]))]
    pairs = pairs.sort_values(
        ["order_id", "line_no", "day_bought", "origin_order_id", "origin_line_no"],
        ascending=[True, True, False, False, True],
    )
    left: dict[tuple[int, int], int] = {}
    served: set[tuple[int, int]] = set()
    rows = []
    for pair in pairs.itertuples():
        line, origin = (pair.order_id, pair.line_no), (pair.origin_order_id, pair.origin_line_no)
        available = left.get(origin, pair.open_e3)
        if line in served or available < pair.quantity_e3:
            continue
        served.add(line)
        left[origin] = available - pair.quantity_e3
        rows.append((*line, *origin, pair.quantity_e3))
    return pd.DataFrame(rows, columns=["order_id", "line_no", "origin_order_id", "origin_line_no", "quantity_e3"])
