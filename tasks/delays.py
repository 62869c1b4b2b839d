"""Supplies that slip: promises on them made anew, customers told, who may wait, split, take another item or cancel."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from orderclerk.database import delays, questions
from orderclerk.database.amendments import cancel_orders
from orderclerk.database.answers import BookLine, OpenAnswer
from orderclerk.database.engine import Connection, Engine
from orderclerk.database.outbox import enqueue_order_mails
from orderclerk.database.promises import make_promises, read_dispatches
from orderclerk.database.questions import AskedQuestion
from orderclerk.domain.answers import Change
from orderclerk.domain.answers.changes import Kind
from orderclerk.domain.policy import Policy
from tasks.line_changes import Wish, apply_wishes
from tasks.promising import promise_orders, usual_dispatch

ACTOR = "orderclerk"
RULE = "STK-002"
ITEM = "item:"
NAMED = 3  # lines that a question names; of more it says that there are
_SAID = {
    "wait": ("wait", "warten", "attendre", "esperar", "等待"),
    "split": ("split", "teilen", "partager", "dividir", "分批"),
    "cancel": ("cancel", "stornieren", "annuler", "cancelar", "取消"),
}
Row = Mapping[str, Any]


def remake_promises(engine: Engine, policy: Policy, as_of: datetime) -> Counter[str]:
    """Make the promises anew that stand on what is coming, as things are now; how many have slipped. Safe to repeat."""
    with engine.begin() as conn:
        ids = delays.waiting_orders(conn)
        dispatches = read_dispatches(conn, usual_dispatch(policy), everywhere=True)
        slipped = make_promises(conn, ids, dispatches, as_of, only_waiting=True) if ids else ()
    return Counter(slipped=len(slipped))


def tell_delays(engine: Engine, policy: Policy, as_of: datetime) -> Counter[str]:
    """Tell the customers whose goods come later than they were told; how many were asked, how many reminded.

    Who has confirmed is asked what to do; of an offer they are reminded, with its new day.
    """
    with engine.begin() as conn:
        late = [list(rows) for _, rows in groupby(delays.untold_delays(conn), key=lambda row: row["order_id"])]
        agreed = [rows for rows in late if rows[0]["state"] == "confirmed"]
        if agreed:
            questions.ask(conn, [_question(rows) for rows in agreed], as_of, policy.deadlines(as_of), ACTOR)
        offered = [rows[0]["order_id"] for rows in late if rows[0]["state"] == "offered"]
        again = f"{as_of:%Y%m%d%H%M}"
        enqueue_order_mails(conn, "reminder", offered, as_of, payload={"round": int(again)}, round_=again)
        delays.note_told(conn, [rows[0]["order_id"] for rows in late], as_of, ACTOR)
    return Counter(delays_asked=len(agreed), delays_reminded=len(offered))


def _question(rows: Sequence[Row]) -> AskedQuestion:
    """One question about all lines of an order that are late; it names those that the others wait for."""
    first = rows[0]
    rows = [row for row in rows if row["is_cause"]] or rows
    names = [row["item_zh" if first["is_chinese"] else "item"] for row in rows]
    days: list[date | None] = [row["now"] for row in rows]
    known = [day for day in days if day]
    about = {
        "item": ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else ""),
        "read": str(max(row["was"] for row in rows)),
        "limit": str(max(known)) if len(known) == len(days) else "",
    }
    values = ["wait"]
    if first["has_stock"] and not first["may_split"]:
        values.append("split")
    choices = [{"value": value, "names": list(_SAID[value])} for value in values]
    if len(rows) == 1 and rows[0]["substitute"]:
        names = [name for name in (rows[0]["substitute"], rows[0]["substitute_name"]) if name]
        choices.append({"value": f"{ITEM}{rows[0]['substitute']}", "names": names})
    choices.append({"value": "cancel", "names": list(_SAID["cancel"])})
    line_no = rows[0]["line_no"] if len(rows) == 1 else 0
    return AskedQuestion(first["order_id"], first["revision"], first["document_id"], first["round"], 1, line_no, RULE,
                         "wait", choices, {name: value for name, value in about.items() if value})  # fmt: skip


def follow_choices(
    conn: Connection,
    answers: Collection[OpenAnswer],
    lines: Mapping[int, list[BookLine]],
    asked: Mapping[int, list[AskedQuestion]],
    policy: Policy,
    as_of: datetime,
) -> None:
    """Do what customers chose about a delay: nothing for who waits, the rest as they said."""
    chosen = delays.choices_of(conn, [answer.envelope_id for answer in answers])
    cancelled = [one for one, (value, _) in chosen.items() if value == "cancel"]
    cancel_orders(conn, cancelled, at=as_of, actor="customer", why="the customer does not want to wait")
    wishes = [
        Wish(answer, _instead(asked[one], chosen[one][0], lines[one]), lines[one])
        for answer in answers
        if chosen.get(one := answer.order_id, ("", 0))[0].startswith(ITEM)
    ]
    if wishes:
        apply_wishes(conn, wishes, policy, as_of)
    split = {one: round_ for one, (value, round_) in chosen.items() if value == "split"}
    promise_orders(conn, split, policy, as_of)
    for round_ in sorted(set(split.values())):
        ids = [one for one, asked_in in split.items() if asked_in == round_]
        enqueue_order_mails(conn, "split", ids, as_of, payload={"round": round_}, round_=f"round{round_}")


def _instead(asked: Sequence[AskedQuestion], value: str, lines: list[BookLine]) -> tuple[Change, ...]:
    """The late line out, as many of the other item in."""
    line_no = next(question.line_no for question in asked if question.field == "wait")
    (late,) = (book.line for book in lines if book.line.line_no == line_no)
    item = value.removeprefix(ITEM)
    return (
        Change(Kind.REMOVE, "instead of it", late.line_no),
        Change(Kind.ADD, "in its place", quantity=late.quantity, item=item, unit=late.unit),
    )
