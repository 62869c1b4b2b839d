"""What must hold of price lists; each rule as in docs/rules.md."""

import pandas as pd
from babel.numbers import list_currencies

from expectations.runner import Expected, has_rows, is_

SLIP = 9.0  # a slipped decimal point is a factor of ten; customs and discounts never are


def _prices(frame: pd.DataFrame) -> pd.DataFrame:
    price, usual, before = frame["unit_price"], frame["usual"], frame["tier_before"]
    slipped = (price > 0) & (usual > 0) & ((price > usual * SLIP) | (price * SLIP < usual))
    return frame.assign(slipped=slipped, rises=(price > before).fillna(False).astype(bool))


SUITES = {
    "prices": (
        _prices,
        [
            has_rows(),
            Expected(
                "DQ-050",
                "ExpectColumnValuesToBeBetween",
                {"column": "unit_price", "min_value": 0, "strict_min": True},
            ),
            is_(False, "DQ-051", "rises"),
            is_(False, "DQ-052", "slipped"),
            Expected(
                "DQ-053",
                "ExpectColumnValuesToBeInSet",
                {"column": "currency", "value_set": sorted(list_currencies())},
            ),
        ],
    )
}
