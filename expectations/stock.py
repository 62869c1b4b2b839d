"""What must hold of stock levels; each rule as in docs/rules.md."""

import pandas as pd

from expectations.runner import has_rows, is_

PIECES = ("EA", "PCE", "H87", "C62", "NMP", "BX", "CT", "PK", "PR", "SET")  # units that are never halved


def _stock(frame: pd.DataFrame) -> pd.DataFrame:
    in_parts = frame["unit"].isin(PIECES) & (frame["on_hand"] % 1 != 0)
    return frame.assign(in_parts=in_parts, is_dead=~frame["is_sold"] & (frame["on_hand"] > 0))


SUITES = {"stock levels": (_stock, [has_rows(), is_(False, "DQ-060", "is_dead"), is_(False, "DQ-061", "in_parts")])}
