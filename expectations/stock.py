"""What must hold of stock levels, warehouses, kits, substitutes and stock rules; each rule as in docs/rules.md."""

from zoneinfo import available_timezones

import pandas as pd

from expectations.runner import has_rows, is_

PIECES = ("EA", "PCE", "H87", "C62", "NMP", "BX", "CT", "PK", "PR", "SET")  # units that are never halved


def _stock(frame: pd.DataFrame) -> pd.DataFrame:
    in_parts = frame["unit"].isin(PIECES) & (frame["on_hand"] % 1 != 0)
    return frame.assign(in_parts=in_parts, is_dead=~frame["is_sold"] & (frame["on_hand"] > 0))


def _warehouses(frame: pd.DataFrame) -> pd.DataFrame:
    zones = available_timezones() | {""}
    return frame.assign(
        is_placed=(frame["city"] != "") & (frame["country"] != ""), zone_exists=frame["timezone"].isin(zones)
    )


def _kits(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(can_be_made=~frame["is_sold"] | frame["component_is_sold"])


def _substitutes(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(stands_in=frame["is_sold"] & frame["has_its_unit"])


def _rules(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(fits=~(frame["safety_stock"] > frame["max_level"]))


SUITES = {
    "stock levels": (_stock, [has_rows(), is_(False, "DQ-060", "is_dead"), is_(False, "DQ-061", "in_parts")]),
    "warehouses": (_warehouses, [has_rows(), is_(True, "DQ-070", "is_placed"), is_(True, "DQ-071", "zone_exists")]),
    # a desk may have none of these
    "kits": (_kits, [has_rows(0), is_(False, "DQ-072", "has_stock"), is_(True, "DQ-073", "can_be_made")]),
    "substitutes": (_substitutes, [has_rows(0), is_(True, "DQ-074", "stands_in")]),
    "stock rules": (_rules, [has_rows(0), is_(True, "DQ-075", "fits")]),
}
