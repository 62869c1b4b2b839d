"""What must hold of items and of what others call them; each rule as in docs/rules.md."""

import pandas as pd
from stdnum import ean

from expectations.runner import Expected, has_rows, is_, matches

UNIT = "[A-Z0-9]{1,3}"  # UN/ECE Recommendation 20 and 21


def _items(frame: pd.DataFrame) -> pd.DataFrame:
    barcode_fits = [not code or ean.is_valid(code) for code in frame["barcode"]]
    sold = frame["is_active"]
    return frame.assign(
        barcode_fits=pd.Series(barcode_fits, index=frame.index, dtype="bool"),
        is_weighed=~frame["is_goods"] | ~sold | (frame["weight_g"].fillna(0) > 0),
        is_priced=~sold | ~frame["is_goods"] | frame["has_price"],
        keeps_lots=~frame["spoils"] | frame["is_lot_kept"],
        is_kept=~sold | ~frame["is_goods"] | frame["has_stock"],
    )


def _item_keys(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


SUITES = {
    "items": (
        _items,
        [
            has_rows(),
            matches("DQ-030", "name", r"(?s:.*\S.*)"),
            is_(True, "DQ-031", "barcode_fits"),
            is_(True, "DQ-032", "is_weighed"),
            matches("DQ-033", "unit", UNIT),
            is_(True, "DQ-036", "is_priced"),
            is_(True, "DQ-037", "keeps_lots"),
            is_(True, "DQ-062", "is_kept"),
        ],
    ),
    "item keys": (
        _item_keys,
        [
            has_rows(0),  # a desk may know no other people's numbers
            Expected("DQ-034", "ExpectColumnValuesToBeBetween", {"column": "items", "max_value": 1}),
            is_(False, "DQ-035", "is_our_other"),
        ],
    ),
}
