"""Goods that come back: each returned line finds the line it was bought on, or waits."""

import pandas as pd

_Match = tuple[int, int, int, int, int]


def match_returns(returned: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """The original of each returned line: order_id, line_no, origin_order_id, origin_line_no, quantity_e3.

    `returned` has order_id, line_no, customer_id, item_id, unit_price_e4, quantity_e3, day, original_ref, in the
    sequence they are served. `bought` has origin_order_id, origin_line_no, customer_id, item_id, unit_price_e4,
    open_e3 (bought and not yet returned), day, order_ref. Same customer, item and price, bought no later than
    returned, enough left on that one line; the order the document names, else the latest. No match, no row.
    A return of which a line finds nothing takes nothing: what its other lines found is free for the next return.
    """
    pairs = returned.merge(bought, on=["customer_id", "item_id", "unit_price_e4"], suffixes=("", "_bought"))
    named = (pairs["original_ref"] != "") & (pairs["original_ref"] == pairs["order_ref"])
    pairs = pairs[named | ((pairs["original_ref"] == "") & (pairs["day_bought"] <= pairs["day"]))]
    pairs = pairs.sort_values(
        ["order_id", "line_no", "day_bought", "origin_order_id", "origin_line_no"],
        ascending=[True, True, False, False, True],
    )
    wanted = returned.groupby("order_id").size()
    taken: dict[tuple[int, int], int] = {}
    rows: list[_Match] = []
    for order_id, own in pairs.groupby("order_id"):
        found, taken_here = _match_one(own, taken)
        rows += found
        if len(found) == wanted[order_id]:
            taken.update(taken_here)
    return pd.DataFrame(rows, columns=["order_id", "line_no", "origin_order_id", "origin_line_no", "quantity_e3"])


def _match_one(
    pairs: pd.DataFrame, taken: dict[tuple[int, int], int]
) -> tuple[list[_Match], dict[tuple[int, int], int]]:
    """The matches of one return, and what is taken of the lines they come from if it keeps them."""
    here: dict[tuple[int, int], int] = {}
    found: dict[int, _Match] = {}
    for pair in pairs.itertuples():
        origin = (int(pair.origin_order_id), int(pair.origin_line_no))
        before = here.get(origin, taken.get(origin, 0))
        if pair.line_no in found or pair.open_e3 - before < pair.quantity_e3:
            continue
        here[origin] = before + int(pair.quantity_e3)
        found[pair.line_no] = (int(pair.order_id), int(pair.line_no), *origin, int(pair.quantity_e3))
    return list(found.values()), here
