"""Whatever customers and people say in whatever sequence: money, stock, papers and questions stay one."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from orderclerk.database import order_facts
from orderclerk.database.amendments import cancel_orders
from orderclerk.database.audit import audit_book
from orderclerk.database.releasing import ReleaseError
from orderclerk.domain.policy import Policy
from tasks.answers import apply_answers, expire
from tasks.decisions import undo_last
from tasks.order_mails import order_mail_facts
from tasks.questions import ask_customers
from tests.database.test_answers import say
from tests.database.test_questions import incomplete
from tests.deskwork import NOON, bring, check, furnish, order, rows, value

STEPS = 50
WORDS = (
    "Yes", "No", "please cancel the order", "only {n} of IT-1", "change line 2 to {n}", "cancel line 1", "cancel line 2",
    "确认，但是第一行只要{n}个", "add {n} of IT-3", "ok for line 1, cancel the rest", "deliver on the 12th instead", "only {n}",
    "1) {n} 2) Friday", "{n}", "the second", "Hm", "yes but the price is too high", "ohne Position 2", "line 1",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_any_fifty_steps_leave_the_book_consistent(engine: Engine, seed: int) -> None:
    furnish(engine, on_hand=300)
    luck, policy = random.Random(seed), Policy(accept_reductions=seed % 2 == 0, ask_prices=True)
    bring(
        engine,
        order("1", ("IT-1", "50", "2.50"), ("IT-2", "40", "2.50")),
        incomplete("2"),
        order("3", ("IT-1", "9", "2.50")),
    )
    for step in range(STEPS):
        at = NOON + step * timedelta(hours=3)
        _step(engine, luck, policy, at, step)
        check(engine, at, policy)
        ask_customers(engine, policy, at)
        _stands(engine, step)


def _step(engine: Engine, luck: random.Random, policy: Policy, at: datetime, step: int) -> None:
    ref = luck.choice("123")
    kind = luck.choices(("answer", "document", "cancel", "undo", "expire"), (12, 2, 1, 4, 1))[0]
    if kind == "answer":
        revision = value(engine, "SELECT revision FROM orders WHERE order_ref = :ref", ref=ref)
        say(engine, luck.choice(WORDS).format(n=luck.randint(1, 60)), ref=ref, revision=revision, times=step)
        while apply_answers(engine, at, policy) is not None:
            pass
    elif kind == "document":
        bring(engine, order(ref, ("IT-1", str(luck.randint(1, 60)), "2.50"), ("IT-2", "7", "2.50")), at=at)
    elif kind == "expire":
        expire(engine, at + timedelta(hours=72), policy)
    else:
        _decide(engine, int(ref), kind, policy, at)


def _decide(engine: Engine, order_id: int, kind: str, policy: Policy, at: datetime) -> None:
    """A person calls an order off, or takes back what was done last."""
    state = value(engine, "SELECT commercial_state FROM orders WHERE id = :id", id=order_id)
    with engine.begin() as conn:
        if kind == "cancel" and state in ("received", "offered", "confirmed"):
            cancel_orders(conn, [order_id], at=at, actor="Ann", why="asked on the phone")
        elif kind == "undo" and state != "declined":
            try:
                undo_last(conn, order_id, "Ann", policy, at)
            except ReleaseError:
                return


def _stands(engine: Engine, step: int) -> None:
    assert audit_book(engine) == [], f"after step {step}"
    wanted: Any = value(
        engine,
        """SELECT coalesce(sum(l.quantity), 0) FROM order_lines l JOIN orders o ON o.id = l.order_id
           WHERE commercial_state IN ('offered', 'confirmed') AND NOT is_charge""",
    )
    assert value(engine, "SELECT sum(reserved) FROM stock_levels") == wanted
    live = "SELECT order_id FROM outbox WHERE kind = 'offer' AND state = 'pending' GROUP BY 1 HAVING count(*) > 1"
    assert rows(engine, live) == [], "one live offer an order"
    with engine.connect() as conn:
        facts = order_facts.order_facts(conn, [1, 2, 3])
    for order_id, known in facts.items():
        if known["commercial_state"] in ("offered", "confirmed"):
            mail = order_mail_facts(known, b"secret", known["revision"])
            book = value(
                engine, "SELECT sum(round(quantity * unit_price, 2)) FROM order_lines WHERE order_id = :id", id=order_id
            )
            assert mail.total == book.quantize(Decimal("0.01"))
