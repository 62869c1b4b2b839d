"""One shift of the desk without Prefect: everything there is to do at one `as_of`, in a process that may be killed.

Each phase is written into a small file as it begins, so that who kills the process knows what it was doing.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from connectors.errors import TransientError
from connectors.phone import phone_envelope
from orderclerk.database import inbox
from tasks.answers import apply_answers, expire, remind
from tasks.delivery import deliver_chunk
from tasks.desk import Desk, current_desk
from tasks.intake import read_chunk
from tasks.pulling import pull
from tasks.questions import ask_customers
from tasks.verification import check_chunk
from tests.proofs.sandbox_day import calls

PHASE_FILE = "phase"
PHASES = ("pull", "read", "check", "answers", "deliver")
TRIES = 40  # the sandbox spoils no request more than three times in a row, and a pull has many requests


def work_shift(home: str, url: str, as_of: datetime) -> None:
    """The body of a worker process: every phase once, each until nothing is left; ends with exit code 0."""
    # the server that forks this process has the environment of whoever started it first
    os.environ |= {"ORDERCLERK_HOME": home, "ORDERCLERK_DATABASE_URL": url}
    desk = current_desk()
    phases: dict[str, Callable[[], object]] = {
        "pull": lambda: _pull_all(desk, as_of),
        "read": lambda: until_done(lambda: read_chunk(desk.engine, desk.read, desk.policy.binding, as_of)),
        "check": lambda: check(desk, as_of),
        "answers": lambda: hear(desk, as_of),
        "deliver": lambda: until_done(lambda: deliver_chunk(desk, as_of)),
    }
    for name, work in phases.items():
        Path(home, PHASE_FILE).write_text(name)
        _patiently(work)
    Path(home, PHASE_FILE).write_text("done")


def _pull_all(desk: Desk, as_of: datetime) -> None:
    for name in desk.settings.channels:
        _patiently(lambda name=name: pull(desk.engine, desk.channel(name), as_of))  # type: ignore[misc]
    for call in calls(desk.settings.home, as_of):
        form = dict(call)
        form["order_ref"] = form.pop("their_reference", "")
        when = datetime.fromisoformat(form.pop("at")).astimezone(UTC)
        envelope = phone_envelope(form, str(form.pop("clerk", "Ann")), when)
        with desk.engine.begin() as conn:
            inbox.keep_once(conn, [envelope], as_of)
    for name in (*desk.settings.channels, "phone"):
        with desk.engine.begin() as conn:
            inbox.open_batch(conn, name, as_of)


def hear(desk: Desk, as_of: datetime) -> None:
    """Answers applied, offers expired and reminded, and what follows checked."""
    until_done(lambda: apply_answers(desk.engine, as_of, desk.policy))
    expire(desk.engine, as_of, desk.policy)
    remind(desk.engine, as_of)
    check(desk, as_of)


def check(desk: Desk, as_of: datetime) -> None:
    """Whatever is due is checked, and what only customers can say is asked."""
    until_done(lambda: check_chunk(desk.engine, desk.policy, as_of))
    ask_customers(desk.engine, desk.policy, as_of)


def until_done(chunk: Callable[[], Counter[str] | None]) -> Counter[str]:
    """Chunk after chunk until none is left; the counts of all."""
    total: Counter[str] = Counter()
    while (done := chunk()) is not None:
        total += done
    return total


def _patiently(work: Callable[[], object]) -> object:
    """Again after a transient error, as the next scheduled run would; any other error ends the worker."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except TransientError:
            time.sleep(0.1)
    return work()
