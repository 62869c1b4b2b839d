"""Kits: sold as one, kept as their components."""

import pandas as pd

from orderclerk.domain.lineframe import QUANTITY_SCALE

_ONE_E3 = 10**QUANTITY_SCALE


def as_components(lines: pd.DataFrame, kits: pd.DataFrame) -> pd.DataFrame:
    """`lines` with each line for a kit replaced by one a component, under the line's own number.

    `kits` has kit_id, component_id, component_no, quantity_e3 of one kit. A part of a thousandth counts whole.
    """
    if kits.empty:
        return lines
    inside = kits.rename(columns={"kit_id": "item_id", "quantity_e3": "each_e3"})
    both = lines.assign(place=range(len(lines))).merge(inside, on="item_id", how="left")
    is_part = both["component_id"].notna()
    product = both["quantity_e3"] * both["each_e3"].fillna(_ONE_E3).astype("int64")
    return both.assign(
        item_ref=both["item_ref"].mask(is_part, both["component_no"] + " (in " + both["item_ref"] + ")"),
        item_id=both["component_id"].fillna(both["item_id"]).astype("int64"),
        quantity_e3=-(-product // _ONE_E3),
    )[list(lines.columns)]
