"""From one line frame to orders and lines: grouped, matched, hashed. Pure; the book's rows without their ids."""

from dataclasses import asdict, dataclass

import pandas as pd

from orderclerk.domain.identity import content_hashes, fingerprints
from orderclerk.domain.lineframe import HEADER_MORE, HEADER_OTHER, HEADER_TEXT, LINE_OTHER, LINE_TEXT
from orderclerk.domain.matching import match_customers, match_items
from orderclerk.domain.reading import Evidence, Problem

KEY = ["envelope_id", "kind", "source", "order_ref"]


@dataclass(frozen=True)
class Known:
    """The frames of `orderclerk.database.reference_data` that matching needs."""

    customer_keys: pd.DataFrame
    item_keys: pd.DataFrame
    items: pd.DataFrame


@dataclass(frozen=True)
class Incoming:
    """`headers` one row an order, `lines` one row a line whose column `order` is the index of its header."""

    headers: pd.DataFrame
    lines: pd.DataFrame


def incoming_orders(frame: pd.DataFrame, known: Known) -> Incoming:
    """Group a line frame (with the columns envelope_id and channel added) into orders and match them.

    Adds to headers: customer_id, content_hash, fingerprint; to lines: order, line_no, item_id.
    """
    order = frame.groupby(KEY, sort=False).ngroup().to_numpy()
    first = ~pd.Series(order).duplicated().to_numpy()
    headers = frame.loc[first, ["envelope_id", "channel", *HEADER_TEXT, *HEADER_MORE, *HEADER_OTHER]].reset_index(
        drop=True
    )
    lines = frame[["envelope_id", *LINE_TEXT, *LINE_OTHER]].assign(order=order)
    lines = lines[_says_anything(lines)]
    headers["customer_id"] = match_customers(headers, known.customer_keys)["customer_id"]
    lines = lines.sort_values("order", kind="stable").reset_index(drop=True)
    lines["line_no"] = lines.groupby("order").cumcount() + 1
    lines["customer_id"] = headers["customer_id"].reindex(lines["order"]).to_numpy()
    lines["item_id"] = match_items(lines, known.item_keys, known.items)["item_id"]
    headers["content_hash"] = content_hashes(headers, lines)
    headers["fingerprint"] = fingerprints(headers, lines)
    return Incoming(headers, lines.drop(columns="customer_id"))


def _says_anything(lines: pd.DataFrame) -> "pd.Series[bool]":
    """False for the one empty row that stands for an order without lines."""
    told = lines["quantity_e3"].notna() | lines["unit_price_e4"].notna() | lines["problems"].map(bool).astype(bool)
    for column in LINE_TEXT:
        told |= lines[column] != ""
    return told


def problem_dicts(problems: object) -> list[dict[str, str]] | None:
    """The readers' Problems as JSON; None for none."""
    listed = problems if isinstance(problems, tuple) else ()
    return [_as_dict(p) for p in listed if isinstance(p, Problem)] or None


def _as_dict(problem: Problem) -> dict[str, str]:
    return {"rule": problem.rule, "field": problem.field, "value": problem.value, "reason": problem.reason}


def evidence_dicts(evidence: object) -> list[dict[str, object]] | None:
    """The readers' Evidence as JSON; None for none."""
    listed = evidence if isinstance(evidence, tuple) else ()
    return [asdict(e) for e in listed if isinstance(e, Evidence)] or None
