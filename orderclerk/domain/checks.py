"""What a clerk checks before an order may be accepted: every objection with its rule, its reason and its evidence."""

import json
from collections.abc import Mapping

import pandas as pd

HOLD = ["order_id", "line_no", "rule", "reason", "evidence"]
"""The columns of every frame of objections; `line_no` 0 is the order as a whole, `evidence` a dict."""


def no_holds() -> pd.DataFrame:
    """An empty frame of objections."""
    return pd.DataFrame(columns=HOLD)


def holds_of(orders: pd.DataFrame, rule: str, reason: str, evidence: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The same objection to each row of `orders`; `evidence` names columns to show: {what: column}."""
    if orders.empty:
        return no_holds()
    shown = [
        {what: str(row[column]) for what, column in (evidence or {}).items() if str(row[column])}
        for row in orders.to_dict("records")
    ]
    line_no = orders["line_no"].to_numpy() if "line_no" in orders else 0
    frame = pd.DataFrame({"order_id": orders["order_id"].to_numpy(), "line_no": line_no})
    return frame.assign(rule=rule, reason=reason, evidence=pd.Series(shown, dtype="object", index=frame.index))[HOLD]


def reading_holds(frame: pd.DataFrame) -> pd.DataFrame:
    """What the reader could not read: the JSON in `problems` of orders or lines, one objection a problem."""
    troubled = frame[frame["problems"] != ""]
    rows = [
        (row.order_id, getattr(row, "line_no", 0), p["rule"], p["reason"], {"field": p["field"], "value": p["value"]})
        for row in troubled.itertuples()
        for p in json.loads(row.problems)
    ]
    return pd.DataFrame(rows, columns=HOLD)


def party_holds(orders: pd.DataFrame) -> pd.DataFrame:
    """Objections to who orders and where to: `orders` with the matching verdict (rule, reason) and the customer's data.

    Columns: customer_id, rule, reason, stated customer columns, contact, kind, has_address, has_home_address,
    currency, home_currency.
    """
    stated = {"number": "customer_number", "email": "customer_email", "name": "customer_name", "key": "customer_key"}
    found = [
        holds_of(group, str(rule), str(group["reason"].iloc[0]), stated)
        for rule, group in orders[orders["rule"] != ""].groupby("rule")
    ]
    known = orders[orders["customer_id"] > 0]
    placed = known[known["kind"] == "order"]
    found += [
        holds_of(placed[placed["contact"] == ""], "CUS-003", "no contact with a mail address is on file"),
        holds_of(
            placed[~placed["has_address"] & ~placed["has_home_address"]],
            "ADR-001",
            "the order names no delivery address, and the customer has not exactly one on file",
        ),
        holds_of(
            known[(known["currency"] != "") & (known["currency"] != known["home_currency"])],
            "ORD-004",
            "the order is in another currency than the customer's prices",
            {"currency": "currency", "customer's currency": "home_currency"},
        ),
    ]
    return pd.concat(found, ignore_index=True)


def item_holds(lines: pd.DataFrame) -> pd.DataFrame:
    """Objections to what is ordered: `lines` that are no charges, with item_id, is_active, item_ref, description."""
    shown = {"item": "item_ref", "barcode": "barcode", "description": "description"}
    inactive = lines[(lines["item_id"] > 0) & ~lines["is_active"]]
    return holds_of(inactive, "ITM-003", "it is not sold any more", shown)


def without_waived(holds: pd.DataFrame, waived: pd.DataFrame, not_waivable: frozenset[str]) -> pd.DataFrame:
    """`holds` less those a person has released for this revision (`waived`: order_id, line_no, rule)."""
    if holds.empty or waived.empty:
        return holds
    marked = holds.merge(waived.drop_duplicates(), on=["order_id", "line_no", "rule"], how="left", indicator=True)
    return marked.loc[(marked["_merge"] == "left_only") | marked["rule"].isin(not_waivable), HOLD]


def without_explained(holds: pd.DataFrame) -> pd.DataFrame:
    """`holds` less LIN-001 on lines whose quantity is missing because the reader objected to a negative one."""
    lines = holds["order_id"].astype(str) + "-" + holds["line_no"].astype(str)
    negative = set(lines[holds["rule"] == "LIN-007"])
    return holds[(holds["rule"] != "LIN-001") | ~lines.isin(negative)]
