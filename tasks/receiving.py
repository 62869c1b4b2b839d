"""What arrives: receipts matched to purchase orders and posted into stock; what was not ordered waits for a person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import pandas as pd

from orderclerk.database import purchase_supplies, purchasing, receipts, supplies
from orderclerk.database.backorders import recheck_waiting
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.receipts import NewReceipt
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import ReceiptRead
from tasks.backorders import refill_orders

CHUNK = 500
_OPEN = ("approved", "sent", "confirmed", "received")


@dataclass
class Fate:
    """What becomes of a receipt. `parts`: line, supply, thousandths that go into stock; `over_e3` beyond the order."""

    receipt_id: int
    po_id: int = 0
    line_no: int = 0
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    over_e3: int = 0
    reason: str = ""


def keep_read_receipts(conn: Connection, found: Iterable[tuple[int, str, Sequence[ReceiptRead], datetime]]) -> int:
    """Keep the receipts of files (envelope, sender, receipts, when it came); how many are new.

    A delivery note names a receipt for good: the same note, order, item and lot again is the same goods.
    """
    return receipts.keep_receipts(
        conn,
        [
            NewReceipt(_key(envelope, sender, one), envelope, one, at, sender)
            for envelope, sender, listed, at in found for one in listed
        ],
    )  # fmt: skip


def _key(envelope: int, sender: str, one: ReceiptRead) -> str:
    if one.delivery_ref:
        return f"{sender}:{one.delivery_ref}:{one.po_no}:{one.item_ref}:{one.lot}".lower()
    return f"{sender}:envelope {envelope}:{one.row}"


def post_receipts(engine: Engine, as_of: datetime, policy: Policy) -> Counter[str] | None:
    """Post some open receipts; counts by outcome, or None when none is left. Who waits for such goods is helped."""
    with engine.begin() as conn:
        counts = post_open(conn, as_of, policy)
    if counts:
        refill_orders(engine, policy, as_of)
    return counts


def post_open(conn: Connection, as_of: datetime, policy: Policy, receipt_id: int = 0) -> Counter[str] | None:
    """Post open receipts (one, if it is named) in this transaction.

    Lines of an order are filled in the sequence of their numbers. Of more than is open the rest waits (PUR-006), unless
    a person accepted it; what is on no open order waits whole (PUR-007).
    """
    rows = receipts.claim_receipts(conn, CHUNK, receipt_id)
    if rows.empty:
        return None
    fates = _fates(rows)
    _raise_orders(conn, rows, fates, as_of)
    arriving = [
        (f"goods:{fate.receipt_id}:{line}:{quantity}", supply, quantity, row.lot, row.bin)
        for fate in fates for row in [_first(rows, fate.receipt_id)] for line, supply, quantity in fate.parts
    ]  # fmt: skip
    if arriving:
        frame = pd.DataFrame(arriving, columns=["key", "supply_id", "quantity_e3", "lot", "bin"])
        supplies.receive(conn, frame, at=as_of, actor="orderclerk")
        recheck_waiting(conn, supplies.items_of(conn, frame["supply_id"]))
    receipts.write_outcomes(conn, [_outcome(fate) for fate in fates])
    _follow(conn, fates, as_of, policy)
    return Counter("held" if fate.reason else "posted" for fate in fates)


def _fates(rows: pd.DataFrame) -> list[Fate]:
    """Receipts in the sequence they came, each taking what those before left open."""
    left: dict[int, int] = {}
    fates = []
    for receipt_id, candidates in rows.groupby("receipt_id", sort=True):
        fate = Fate(int(receipt_id))
        fates.append(fate)
        first = candidates.iloc[0]
        lines = candidates[candidates["line_no"] > 0]
        fate.po_id = int(first.po_id)
        if lines.empty or first.po_state not in _OPEN:
            fate.reason = _stray(first)
            continue
        wanted = int(first.quantity_e3)
        for line in lines.itertuples():
            still = left.setdefault(int(line.supply_id), max(int(line.open_e3), 0))
            taken = min(wanted, still)
            if taken:
                fate.parts.append((int(line.line_no), int(line.supply_id), taken))
                left[int(line.supply_id)] -= taken
                wanted -= taken
        fate.line_no = fate.parts[0][0] if fate.parts else int(lines["line_no"].iloc[-1])
        _over(fate, wanted, lines, accepted=bool(first.is_accepted))
    return fates


def _over(fate: Fate, wanted: int, lines: pd.DataFrame, *, accepted: bool) -> None:
    if not wanted:
        return
    if accepted:
        last = lines.iloc[-1]
        fate.over_e3 = wanted
        fate.parts.append((int(last.line_no), int(last.supply_id), wanted))
        return
    fate.reason = f"{_shown(wanted)} more than is open of the order"


def _stray(row: pd.Series) -> str:
    if not row.po_id:
        return f"there is no purchase order {row.po_no}" if row.po_no else "it names no purchase order"
    if row.po_state not in _OPEN:
        return f"{row.po_no} is {row.po_state}"
    return f"{row.po_no} has no item {row.item_ref}"


def _raise_orders(conn: Connection, rows: pd.DataFrame, fates: Sequence[Fate], as_of: datetime) -> None:
    """What a person accepts beyond the order is agreed before it arrives."""
    more: dict[tuple[int, int], int] = {}
    for fate in fates:
        if fate.over_e3:
            place = (fate.po_id, fate.parts[-1][0])
            more[place] = more.get(place, 0) + fate.over_e3
    if more:
        agreed = purchasing.agreed_quantities(conn, list(more))
        changes = [(po, line, agreed[po, line] + _quantity(extra), None) for (po, line), extra in more.items()]
        purchase_supplies.change_supplies(conn, changes, as_of, "orderclerk")


def _follow(conn: Connection, fates: Sequence[Fate], as_of: datetime, policy: Policy) -> None:
    """What arrived is told in the orders' histories; those complete are received; what is over is held."""
    arrived = [fate for fate in fates if fate.parts]
    purchasing.record_purchase_events(
        conn,
        [
            (fate.po_id, as_of, "warehouse", "goods received", "", "",
             {"receipt": fate.receipt_id, "lines": {str(line): _shown(quantity) for line, _, quantity in fate.parts}})
            for fate in arrived
        ],
    )  # fmt: skip
    whole = receipts.received_whole(conn, [fate.po_id for fate in arrived])
    purchasing.move_purchases(conn, whole, "received", at=as_of, actor="warehouse", kind="received in full")
    purchasing.close_purchase_holds(
        conn, whole, as_of, state="resolved", by="orderclerk", note="everything arrived", rules=("PUR-004", "PUR-005")
    )
    over = [
        (f.po_id, f.line_no, "PUR-006", f.reason, {"receipt": f.receipt_id}) for f in fates if f.reason and _is_over(f)
    ]
    purchasing.hold_purchases(conn, over, policy.book, as_of)


def _is_over(fate: Fate) -> bool:
    return fate.line_no > 0


def _outcome(fate: Fate) -> tuple[int, str, Decimal, int, int, str, str]:
    posted = _quantity(sum(quantity for _, _, quantity in fate.parts))
    rule = "" if not fate.reason else "PUR-006" if _is_over(fate) else "PUR-007"
    state = "held" if fate.reason else "posted"
    return fate.receipt_id, state, posted, fate.po_id, fate.line_no, rule, fate.reason


def _first(rows: pd.DataFrame, receipt_id: int) -> pd.Series:
    return rows[rows["receipt_id"] == receipt_id].iloc[0]


def _quantity(thousandths: int) -> Decimal:
    return Decimal(thousandths).scaleb(-3)


def _shown(thousandths: int) -> str:
    return f"{_quantity(thousandths).normalize():f}"


def read_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of receipts under names of their own."""
    return {f"receipts {name}": count for name, count in counts.items()}
