"""What must hold of suppliers, of what they sell us and at which prices; each rule as in docs/rules.md."""

import pandas as pd

from expectations.runner import has_rows, is_
from orderclerk.domain.mail_domains import FREE_MAIL_DOMAINS


def _suppliers(frame: pd.DataFrame) -> pd.DataFrame:
    domain = frame["email"].str.split("@").str[-1].str.lower()
    return frame.assign(
        has_mail=frame["email"].str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
        has_own_domain=~domain.isin(FREE_MAIL_DOMAINS),
        is_on_the_road_too_long=frame["transit_days"] > frame["lead_time_days"],
    )


def _items(frame: pd.DataFrame) -> pd.DataFrame:
    lowest, pack = frame["moq"], frame["order_multiple"]
    return frame.assign(packs_fit=lowest.isna() | pack.isna() | (lowest % pack.where(pack > 0) == 0))


SUITES = {
    # a desk may buy nothing
    "suppliers": (
        _suppliers,
        [has_rows(0), is_(True, "DQ-080", "has_mail"), is_(True, "DQ-081", "has_own_domain"),
         is_(False, "DQ-082", "is_on_the_road_too_long")],
    ),
    "supplier items": (
        _items,
        [has_rows(0), is_(True, "DQ-083", "has_price"), is_(True, "DQ-084", "packs_fit")],
    ),
}  # fmt: skip
