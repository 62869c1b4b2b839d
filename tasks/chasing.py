"""Suppliers who do not answer are asked again, goods that do not come are asked after; then a person is told."""

from datetime import datetime, timedelta

from orderclerk.database import purchase_chasing, purchasing
from orderclerk.database.engine import Connection, Engine
from orderclerk.domain.policy import Policy
from orderclerk.domain.purchasing import PurchasePolicy
from tasks.purchasing import local_day


def chase_suppliers(engine: Engine, as_of: datetime, policy: Policy, buying: PurchasePolicy) -> dict[str, int]:
    """Chase what is due, all in one transaction; counts. Run twice at one time, it asks once."""
    with engine.begin() as conn:
        return _chase_silent(conn, as_of, policy, buying) | _chase_late(conn, as_of, policy)


def _chase_silent(conn: Connection, as_of: datetime, policy: Policy, buying: PurchasePolicy) -> dict[str, int]:
    silent = purchase_chasing.silent_orders(conn, as_of)
    tired = [row.id for row in silent if row.chased >= buying.chase_times]
    by_round: dict[int, list[int]] = {}
    for row in silent:
        if row.id not in tired:
            by_round.setdefault(row.chased + 1, []).append(row.id)
    for round_, ids in by_round.items():
        purchasing.enqueue_purchase_mails(
            conn, "purchase-chase", ids, as_of, round_=str(round_), payload={"round": round_}
        )
        purchasing.record_purchase_events(
            conn, [(id_, as_of, "orderclerk", "chased", "", "", {"round": round_}) for id_ in ids]
        )
        purchase_chasing.mark_chased(conn, ids, as_of, policy.worktime.after(as_of, buying.answer_hours))
    purchase_chasing.leave_to_person(conn, tired)
    reason = f"no answer after {buying.chase_times} reminders"
    held = purchasing.hold_purchases(conn, [(id_, 0, "PUR-004", reason, {}) for id_ in tired], policy.book, as_of)
    return {"chased": sum(map(len, by_round.values())), "given up": held}


def _chase_late(conn: Connection, as_of: datetime, policy: Policy) -> dict[str, int]:
    """A mail for each day that passed without the goods it promised; a hold some days later."""
    day = local_day(as_of, policy.worktime.timezone)
    late = purchase_chasing.late_orders(conn, day)
    asked = 0
    for expected in sorted({row.expected for row in late}):
        ids = [row.id for row in late if row.expected == expected]
        ordinal = expected.toordinal()
        asked += purchasing.enqueue_purchase_mails(
            conn, "purchase-late", ids, as_of, round_=f"{expected}", payload={"round": ordinal}
        )
    patience = timedelta(days=int(policy.book.figure("PUR-005", "patience_days")))
    overdue: list[tuple[int, int, str, str, dict[str, int]]] = [
        (row.id, 0, "PUR-005", f"expected on {row.expected}: line {', '.join(map(str, row.lines))}", {})
        for row in late
        if row.expected + patience < day
    ]
    return {"late": asked, "overdue": purchasing.hold_purchases(conn, overdue, policy.book, as_of)}
