"""Buying: needed lines become purchase orders, those above the limit wait for a person, the others go out."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd

from orderclerk.database import purchase_supplies, purchasing
from orderclerk.database.engine import Connection
from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE
from orderclerk.domain.policy import Policy
from orderclerk.domain.purchasing import PurchasePolicy

POLICY = "policy"
"""Who approves what needs no person."""


def draft_orders(
    conn: Connection,
    needed: pd.DataFrame,
    key: str,
    as_of: datetime,
    policy: PurchasePolicy | None = None,
    timezone: str = "UTC",
) -> list[int]:
    """Purchase orders of the `needed` lines, one a supplier, currency and warehouse; the ids of those that are new.

    `needed`: item_id, warehouse, supplier_id, quantity and unit_price (or quantity_e3 and unit_price_e4), wanted_date,
    why; `currency` where it is not the supplier's own. `key` names the decision: the same key again buys nothing more.
    An order within the limit of `policy` is approved by it and goes out; any other waits for a person.
    Raises PurchaseError.
    """
    policy = policy or PurchasePolicy()
    ids = purchasing.insert_drafts(conn, _exact(needed), key, as_of)
    totals = purchasing.totals_of(conn, ids)
    waiting = [id_ for id_, currency, total in totals if policy.needs_person(currency, total)]
    purchasing.move_purchases(conn, waiting, "waiting", at=as_of, actor=POLICY, kind="waits for a person")
    approve_orders(conn, sorted(set(ids) - set(waiting)), POLICY, as_of, timezone)
    return ids


def approve_orders(
    conn: Connection, ids: Collection[int], actor: str, as_of: datetime, timezone: str = "UTC", note: str = ""
) -> int:
    """Approved orders are counted on, and go to their suppliers; how many."""
    moved = purchasing.move_purchases(
        conn, ids, "approved", at=as_of, actor=actor, kind="approved", cause={"note": note} if note else None
    )
    purchase_supplies.open_purchase_supplies(conn, moved, local_day(as_of, timezone), as_of)
    purchasing.enqueue_purchase_mails(conn, "purchase", moved, as_of)
    return len(moved)


def mark_ordered(conn: Connection, ids: Collection[int], as_of: datetime, policy: Policy, answer_hours: int) -> None:
    """The mails with these orders went out: from now on an answer is waited for."""
    moved = purchasing.move_purchases(conn, ids, "sent", at=as_of, actor="orderclerk", kind="sent")
    purchasing.wait_for_answers(conn, moved, policy.worktime.after(as_of, answer_hours))


def local_day(moment: datetime, timezone: str) -> date:
    """The day it is at the desk."""
    return moment.astimezone(ZoneInfo(timezone)).date()


_SCALED = (("quantity", "quantity_e3", QUANTITY_SCALE), ("unit_price", "unit_price_e4", PRICE_SCALE))


def _exact(needed: pd.DataFrame) -> pd.DataFrame:
    """Quantities and prices as Decimals, from whichever columns there are."""
    frame = needed.copy()
    for name, scaled, digits in _SCALED:
        if name not in frame and scaled in frame:
            frame[name] = [Decimal(int(value)).scaleb(-digits) for value in frame[scaled]]
        frame[name] = [value if isinstance(value, Decimal) else Decimal(str(value)) for value in frame[name]]
    return frame
