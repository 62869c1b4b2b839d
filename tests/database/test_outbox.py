"""The outbox: every message once, whatever dies or refuses; and nothing waits for somebody else's trouble."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import Engine

from connectors.errors import AccessError, ConnectorError, RejectedError, TransientError
from connectors.mail.sending import PostponedError, UncertainError
from orderclerk.database import outbox
from orderclerk.database.audit import audit_book
from orderclerk.domain.policy import Policy
from orderclerk.domain.reading import Kind
from orderclerk.domain.worktime import MailHours, WorkTime
from orderclerk.settings_sections import DeskSettings
from tasks.delivery import deliver_chunk
from tests.deskwork import NOON, bring, check, furnish, held, order, rows, value

ONE = ("IT-1", "5", "2.50")


class Post:
    """A desk whose mail server does as told: `says` maps a recipient to the errors of its next attempts."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.secret = engine, b"secret"
        self.settings = self
        self.policy = Policy()
        self.desk = DeskSettings(name="Harbour", address="orders@harbour.example", team="team@harbour.example")
        self.says: dict[str, list[ConnectorError]] = {}
        self.is_lost = True  # whether an uncertain mail was lost
        self.sent: list[str] = []
        self.in_sent_folder: set[str] = set()
        self.lookups: list[str] = []
        self.mailbox_error: ConnectorError | None = None

    @contextmanager
    def mail_sender(self) -> Iterator["Post"]:
        yield self

    def send(self, mail: EmailMessage) -> None:
        errors = self.says.get(mail["To"].addresses[0].addr_spec, [])
        error = errors.pop(0) if errors else None
        if error is None or (isinstance(error, UncertainError) and not self.is_lost):
            self.sent.append(mail["Message-ID"])
            self.in_sent_folder.add(mail["Message-ID"])
        if error is not None:
            raise error

    def was_sent(self, message_ref: str) -> bool:
        self.lookups.append(message_ref)
        if self.mailbox_error:
            raise self.mailbox_error
        return message_ref in self.in_sent_folder


@pytest.fixture
def house(engine: Engine) -> Engine:
    furnish(engine)
    return engine


@pytest.fixture
def post(house: Engine) -> Post:
    """Two offers wait: order 1 to C1, order 2 to C2."""
    bring(house, order("1", ONE), order("2", ONE, who="C2"))
    check(house)
    return Post(house)


def deliver(post: Any, at: datetime = NOON) -> dict[str, int]:
    return dict(deliver_chunk(post, at) or {})


def state_of(engine: Engine) -> list[Any]:
    return rows(engine, "SELECT state, attempts FROM outbox ORDER BY id")


def test_what_is_due_is_sent_once(post: Post) -> None:
    assert deliver(post) == {"sent": 2}
    assert deliver(post) == {}
    assert len(set(post.sent)) == 2
    assert {row[0] for row in rows(post.engine, "SELECT message_ref FROM outbox")} == set(post.sent)
    assert post.lookups == []


def test_two_senders_never_take_the_same_message(post: Post) -> None:
    with post.engine.begin() as one, post.engine.begin() as two:
        assert len(outbox.take_due(one, NOON, 1)) == 1
        assert len(outbox.take_due(two, NOON, 5)) == 1
    with post.engine.begin() as one, post.engine.begin() as two:
        first = outbox.hold_messages(one, [1])
        assert [m.id for m in outbox.hold_messages(two, [1, 2])] == [2]
        assert [m.id for m in first] == [1]
        with post.engine.begin() as three:
            assert outbox.take_due(three, NOON, 5) == []  # locked: their senders live


def test_a_killed_sender_is_found_by_its_lock_and_its_mail_is_looked_up(post: Post) -> None:
    with post.engine.begin() as conn:
        outbox.take_due(conn, NOON, 5)  # and then it died
    assert deliver(post) == {"sent": 2}
    assert len(post.lookups) == 2


def test_a_killed_senders_mail_that_went_out_is_not_sent_again(post: Post) -> None:
    deliver(post)
    with post.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE outbox SET state = 'sending', sent_at = NULL, message_ref = ''")
    assert deliver(post) == {"found sent": 2}
    assert len(post.sent) == 2
    assert audit_book(post.engine) == []


@pytest.mark.parametrize("error", [TransientError("mail", "the connection broke"), AccessError("mail", "refused")])
def test_a_mail_that_cannot_be_looked_up_is_not_sent_and_still_looked_up_later(
    post: Post, error: ConnectorError
) -> None:
    deliver(post)
    with post.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE outbox SET state = 'sending', sent_at = NULL, message_ref = ''")
    post.mailbox_error = error
    for _ in range(2):
        with pytest.raises(type(error)):
            deliver(post)
    post.mailbox_error = None
    assert deliver(post) == {"found sent": 2}
    assert len(post.sent) == 2


@pytest.mark.parametrize("is_lost", [True, False])
def test_an_uncertain_mail_is_looked_up_a_minute_later_and_sent_exactly_once(post: Post, is_lost: bool) -> None:
    post.is_lost = is_lost
    post.says["c1@x.example"] = [UncertainError("mail", "the connection broke while the mail was handed over")]
    assert deliver(post) == {"uncertain": 1, "sent": 1}
    assert deliver(post) == {}
    assert deliver(post, NOON + timedelta(minutes=1)) == ({"sent": 1} if is_lost else {"found sent": 1})
    assert len(post.sent) == len(set(post.sent)) == 2


def test_a_dead_senders_mail_about_what_is_no_longer_so_is_not_sent(post: Post) -> None:
    with post.engine.begin() as conn:
        outbox.take_due(conn, NOON, 5)
    later = NOON + timedelta(hours=1)
    bring(post.engine, order("1", ("IT-1", "8", "2.50")), at=later)
    check(post.engine, later)
    assert deliver(post, later) == {"superseded": 1, "sent": 2}
    assert audit_book(post.engine) == []


def test_a_rejected_mail_opens_a_hold_and_stops_nobody_else(post: Post) -> None:
    post.says["c1@x.example"] = [RejectedError("mail", "the recipient c1@x.example was refused: 550 no such user")]
    assert deliver(post) == {"undeliverable": 1, "sent": 1}
    assert held(post.engine) == {"1": {"OUT-001"}}
    assert "550 no such user" in value(post.engine, "SELECT reason FROM holds")
    assert audit_book(post.engine) == []


def test_a_failed_mail_is_sent_again_to_another_address(post: Post) -> None:
    post.says["c1@x.example"] = [RejectedError("mail", "550")] * 9
    deliver(post)
    with post.engine.begin() as conn:
        assert outbox.resend(conn, [1, 2], "new@x.example", NOON) == 1
    assert deliver(post) == {"sent": 1}
    assert value(post.engine, "SELECT recipient FROM outbox WHERE id = 1") == "new@x.example"


def test_one_mail_refused_for_now_waits_alone_longer_each_time_and_fails_in_the_end(post: Post) -> None:
    post.says["c1@x.example"] = [PostponedError("mail", "the mail was refused: 452 mailbox full")] * 9
    assert deliver(post) == {"postponed": 1, "sent": 1}
    at, waits = NOON, []
    for _ in range(6):
        due = value(post.engine, "SELECT next_try_at FROM outbox WHERE id = 1")
        assert deliver(post, due - timedelta(seconds=1)) == {}
        waits.append((due - at) // timedelta(minutes=1))
        at = due
        assert deliver(post, at) == {"postponed": 1}
    assert waits == [1, 2, 4, 8, 16, 32]
    assert deliver(post, at + timedelta(days=1)) == {"undeliverable": 1}
    assert held(post.engine) == {"1": {"OUT-001"}}
    assert value(post.engine, "SELECT state FROM outbox WHERE id = 1") == "failed"


@pytest.mark.parametrize(
    "error", [TransientError("mail", "refuses connections"), AccessError("mail", "wrong password")]
)
def test_a_server_out_of_reach_costs_no_message_an_attempt(post: Post, error: ConnectorError) -> None:
    post.says["c1@x.example"] = [error] * 20
    for _ in range(20):
        with pytest.raises(type(error)):
            deliver(post)
    assert state_of(post.engine) == [("pending", 0), ("pending", 0)]
    assert value(post.engine, "SELECT max(last_error) FROM outbox") == str(error)
    assert deliver(post) == {"sent": 2}


def test_a_withdrawn_message_is_never_sent(post: Post) -> None:
    bring(post.engine, order("1", kind=Kind.CANCELLATION), at=NOON + timedelta(hours=1))
    assert deliver(post, NOON + timedelta(hours=1)) == {"sent": 1}
    assert value(post.engine, "SELECT state FROM outbox WHERE order_id = 1 AND kind = 'offer'") == "superseded"
    assert value(post.engine, "SELECT count(*) FROM outbox WHERE kind = 'cancellation'") == 0  # they never heard of us


def test_the_same_decision_twice_is_one_message(house: Engine) -> None:
    bring(house, order("1", ONE))
    with house.begin() as conn:
        assert outbox.enqueue_order_mails(conn, "offer", [1], NOON) == 1
        assert outbox.enqueue_order_mails(conn, "offer", [1], NOON) == 0
        assert outbox.enqueue_order_mails(conn, "offer", [1], NOON, round_="2") == 1
        assert outbox.enqueue_team_mail(conn, "s", "b", "run:1", NOON)
        assert not outbox.enqueue_team_mail(conn, "s", "b", "run:1", NOON)


def test_customers_are_written_to_in_mail_hours_and_the_team_at_any_time(post: Post) -> None:
    post.policy = Policy(mail_hours=MailHours(WorkTime(), time(13), time(18)))
    with post.engine.begin() as conn:
        outbox.enqueue_team_mail(conn, "Held", "2 orders", "held", NOON)
    assert deliver(post) == {"sent": 1}
    assert [ref.startswith("<team.") for ref in post.sent] == [True]
    assert deliver(post, NOON + timedelta(hours=1)) == {"sent": 2}
