"""Changes that customers ask for in words: new lines at today's list price, an event that undoes them, a new check."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from orderclerk.database import reference_data, revisions
from orderclerk.database.answers import BookLine, OpenAnswer
from orderclerk.database.engine import Connection
from orderclerk.domain.answers import Change
from orderclerk.domain.answers.changes import Kind, LineResult, Outcome, line_results, only_reduces
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, scaled, unscaled
from orderclerk.domain.policy import Policy
from orderclerk.domain.pricing import list_prices


@dataclass(frozen=True)
class Wish:
    """An answer that changes an order's lines."""

    answer: OpenAnswer
    changes: tuple[Change, ...]
    lines: list[BookLine]


def apply_wishes(conn: Connection, wishes: Sequence[Wish], policy: Policy, as_of: datetime) -> None:
    """Write the changed orders, due for a check. What only takes away is agreed to at once where policy says so, and no
    price goes up by it; everything else is offered again, line by line."""
    results = {w.answer.order_id: line_results([b.line for b in w.lines], w.changes) for w in wishes}
    prices = _new_prices(conn, wishes, results)
    revisions.begin_revisions(conn, [_revision(w, results[w.answer.order_id]) for w in wishes], as_of, "customer")
    lines = [line for w in wishes for line in _new_lines(w, results[w.answer.order_id], prices)]
    revisions.write_lines(conn, [w.answer.order_id for w in wishes], lines)
    revisions.set_dates(conn, {w.answer.order_id: c.day for w in wishes for c in w.changes if c.kind is Kind.DATE})
    agreed = [w.answer.order_id for w in wishes if policy.accept_reductions and _is_plain_reduction(w, prices)]
    revisions.agree(conn, agreed)


def _revision(wish: Wish, results: list[LineResult]) -> revisions.Revision:
    cause = {
        "why": "the customer asked for it", "words": wish.answer.words[:2000],
        "result": [{"outcome": str(r.outcome), "was_no": r.was_no, "line_no": r.line_no} for r in results],
        "date": next((str(c.day) for c in wish.changes if c.kind is Kind.DATE), ""),
    }  # fmt: skip
    return revisions.Revision(
        wish.answer.order_id, wish.answer.envelope_id, f"answer:{wish.answer.id}", {n: v for n, v in cause.items() if v}
    )


Prices = dict[tuple[int, int], Decimal | None]


def _new_lines(wish: Wish, results: list[LineResult], prices: Prices) -> list[revisions.NewLine]:
    order_id = wish.answer.order_id
    return [
        revisions.NewLine(
            order_id, r.was_no, r.line_no, r.quantity, r.outcome is Outcome.CHANGED, prices.get((order_id, r.was_no)),
            r.item, r.unit,
        )
        for r in results
        if r.line_no
    ]  # fmt: skip


def _is_plain_reduction(wish: Wish, prices: Prices) -> bool:
    order_id = wish.answer.order_id
    same = all(prices.get((order_id, b.line.line_no), b.unit_price) == b.unit_price for b in wish.lines)
    return same and only_reduces([b.line for b in wish.lines], wish.changes)


def _new_prices(conn: Connection, wishes: Sequence[Wish], results: dict[int, list[LineResult]]) -> Prices:
    """The price of each changed line: the list's for the new quantity where the old was the list's, else the old."""
    rows = [
        (w.answer.order_id, b, r.quantity)
        for w in wishes
        for b in w.lines
        for r in results[w.answer.order_id]
        if r.was_no == b.line.line_no and r.outcome is Outcome.CHANGED
    ]
    before = listed(conn, [(b, b.line.quantity) for _, b, _ in rows])
    after = listed(conn, [(b, quantity) for _, b, quantity in rows])
    return {
        (order_id, b.line.line_no): new if old == b.unit_price else b.unit_price
        for (order_id, b, _), old, new in zip(rows, before, after, strict=True)
    }


def listed(conn: Connection, lines: Sequence[tuple[BookLine, Any]], day: str = "") -> list[Decimal | None]:
    """The list price of each (line, quantity) on `day`, or the order's own day; None where no list has one."""
    if not lines:
        return []
    frame = pd.DataFrame(
        [
            (b.price_list, b.currency, b.item_id, scaled(quantity, QUANTITY_SCALE) or 0, day or b.day)
            for b, quantity in lines
        ],
        columns=["price_list", "currency", "item_id", "quantity_e3", "day"],
    )
    found = list_prices(frame, reference_data.prices(conn, frame["item_id"].unique().tolist()))
    return [None if pd.isna(price) else unscaled(int(price), PRICE_SCALE) for price in found]
