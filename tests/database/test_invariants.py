"""Whatever happens to orders in whatever sequence: the audit stays clean, and stock is never promised twice."""

import time
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database import inbox, releasing
from orderclerk.database.answers import keep_answers
from orderclerk.database.audit import audit_book
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Kind, ReplyRead
from orderclerk.domain.references import sign_reference
from tasks.answers import apply_answers, expire, remind
from tests.deskwork import NOON, bring, check, furnish, order, rows, value
from tests.stockwork import stock_up

_BOOK = "answers, deliveries, envelopes, events, holds, order_lines, order_revisions, orders, outbox, quarantine, reservations, stock_moves, bin_levels, stock_levels"
REFS = st.sampled_from("ABCD")
QUANTITIES = st.sampled_from(("1", "7", "12", "20", "21"))
ITEMS = st.sampled_from(("IT-1", "IT-2", "NOPE"))
WORDS = st.sampled_from(("Yes", "No", "Hm", "yes but 3"))
LINES = st.lists(st.tuples(ITEMS, QUANTITIES, st.just("2.50")), min_size=1, max_size=2)
STEPS = st.one_of(
    st.tuples(
        st.just("order"), REFS, LINES, st.sampled_from((("files:p", "files"), ("shop", "shop"))), st.integers(-3, 3)
    ),
    st.tuples(st.just("return"), REFS, LINES),
    st.tuples(st.just("cancel"), REFS, st.integers(-3, 3)),
    st.tuples(st.just("answer"), REFS, WORDS, st.integers(0, 1)),
    st.tuples(st.just("release"), st.integers(0, 3)),
    st.tuples(st.just("check")),
    st.tuples(st.just("check")),
    st.tuples(st.just("wait"), st.sampled_from((1, 30, 80))),
)
BUDGET_S = 8
SHOP_BINDS = Policy(answers={"shop": "confirm"})


class Clerk:
    """Does one step after the other on a book; every step is what a flow would do."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.at, self.number = engine, NOON, 0

    def do(self, name: str, *given: object) -> None:
        self.number += 1
        self.at += timedelta(minutes=1)
        getattr(self, name)(*given)

    def order(self, ref: str, lines: list[tuple[str, str, str]], where: tuple[str, str], hours: int) -> None:
        made = order(ref, *lines, source=where[0], version_at=self.at + timedelta(hours=hours))
        bring(self.engine, made, at=self.at, channel=where[1], policy=SHOP_BINDS)

    def cancel(self, ref: str, hours: int) -> None:
        made = order(ref, kind=Kind.CANCELLATION, version_at=self.at + timedelta(hours=hours))
        bring(self.engine, made, at=self.at, policy=SHOP_BINDS)

    def answer(self, ref: str, words: str, behind: int) -> None:
        found = rows(
            self.engine, "SELECT order_no, revision FROM orders WHERE order_ref = :ref ORDER BY id LIMIT 1", ref=ref
        )
        for number, revision in found:
            reply = ReplyRead(sign_reference(number, max(1, revision - behind), b"s"), "c1@x.example", words)
            content = f"answer {self.number}".encode()
            with self.engine.begin() as conn:
                inbox.keep_once(conn, [Envelope("mail", str(self.number), content, "message/rfc822")], self.at)
                envelope = conn.execute(sql("SELECT max(id) FROM envelopes")).scalar_one()
                inbox.mark_read(conn, [(envelope, "read", "")])
                keep_answers(conn, [(envelope, reply)])
        apply_answers(self.engine, self.at)

    def release(self, which: int) -> None:
        waivable = [hold for hold, rule in rows(self.engine, "SELECT id, rule FROM holds WHERE state = 'open' ORDER BY id")
                    if rule not in releasing.NOT_WAIVABLE and rule != "AMD-001"]  # fmt: skip
        if waivable:
            with self.engine.begin() as conn:
                releasing.release(conn, waivable[which % len(waivable)], "Ann", "", self.at)

    def check(self) -> None:
        check(self.engine, self.at, SHOP_BINDS)

    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        expire(self.engine, self.at)
        remind(self.engine, self.at)


setattr(
    Clerk, "return", lambda self, ref, lines: bring(self.engine, order("R" + ref, *lines, kind=Kind.RETURN), at=self.at)
)


def test_any_sequence_keeps_the_book_whole(engine: Engine) -> None:
    furnish(engine)

    until = time.monotonic() + BUDGET_S

    @settings(max_examples=60, deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(STEPS, min_size=4, max_size=14))
    def holds(steps: list[tuple[object, ...]]) -> None:
        if time.monotonic() > until:
            return  # what a slow machine has no time for
        with engine.begin() as conn:
            conn.execute(sql(f"TRUNCATE {_BOOK} RESTART IDENTITY CASCADE"))
            stock_up(conn, "SELECT id, 'W1', '', 40000 FROM items")
        clerk = Clerk(engine)
        for step in (*steps, ("check",)):
            clerk.do(*step)  # type: ignore[arg-type]
        assert audit_book(engine) == []
        assert value(engine, "SELECT count(*) FROM stock_levels WHERE reserved < 0 OR reserved > on_hand") == 0

    holds()
