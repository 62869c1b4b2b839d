"""The working process of the conversation's proof: one shift of the desk, killed where it was told to.

A cut is a place where a kill leaves something different behind: before a commit, after it, and after the mail server
took a mail. `SIGKILL` gives the process no time for anything there, as at any other place.
"""

import os
import signal
from datetime import datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy import text as sql

from connectors.mail.sending import MailSender
from orderclerk.database import inbox
from orderclerk.database.engine import Engine
from tasks.decisions import release_one, undo_change_of
from tasks.delivery import deliver_chunk
from tasks.desk import Desk, current_desk
from tasks.intake import read_chunk
from tasks.pulling import pull
from tests.proofs.desk_shift import check, hear, until_done

PERSON = "Ann"


class Cuts:
    """Counts the cuts and kills the process at number `fatal` (0: at none), saying what it was doing."""

    def __init__(self, fatal: int, log: Path) -> None:
        self.fatal, self.log, self.count, self.phase = fatal, log, 0, "start"

    def cut(self, place: str) -> None:
        """One more cut is reached; maybe the last."""
        self.count += 1
        if self.count == self.fatal:
            self.log.write_text(f"{self.phase}: {place}")
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: Engine) -> None:
        """Count what `engine` commits and what the mail server takes."""
        commit, send = engine.dialect.do_commit, MailSender.send

        def committed(connection: object) -> None:
            commit(connection)
            self.cut("after a commit")

        def sent(sender: MailSender, message: object) -> None:
            send(sender, message)  # type: ignore[arg-type]
            self.cut("after a mail was taken")

        event.listen(engine, "commit", lambda _: self.cut("before a commit"))
        engine.dialect.do_commit = committed  # type: ignore[method-assign]
        MailSender.send = sent  # type: ignore[method-assign,assignment]


def work_step(home: str, url: str, as_of: datetime, decisions: dict[str, str], fatal: int) -> None:
    """The body of a worker process: everything there is to do at `as_of`, dead at cut `fatal`."""
    os.environ |= {"ORDERCLERK_HOME": home, "ORDERCLERK_DATABASE_URL": url}
    desk = current_desk()
    cuts = Cuts(fatal, Path(home, "killed"))
    cuts.watch(desk.engine)
    phases = {
        "pull": lambda: _pull(desk, as_of),
        "read": lambda: until_done(lambda: read_chunk(desk.engine, desk.read, desk.policy.binding, as_of)),
        "person": lambda: _decide(desk, decisions, as_of),
        "check": lambda: check(desk, as_of),
        "answers": lambda: hear(desk, as_of),
        "deliver": lambda: until_done(lambda: deliver_chunk(desk, as_of)),
    }
    for cuts.phase, work in phases.items():
        work()


def _pull(desk: Desk, as_of: datetime) -> None:
    for name in desk.settings.channels:
        pull(desk.engine, desk.channel(name), as_of)
        with desk.engine.begin() as conn:
            inbox.open_batch(conn, name, as_of)


def _decide(desk: Desk, decisions: dict[str, str], as_of: datetime) -> None:
    """What a person does in forms; one who sees it done already does not do it again."""
    for ref, decision in decisions.items():
        order_no, hold_id = _order(desk.engine, ref, as_of)
        if not order_no:
            continue
        if decision == "undo":
            undo_change_of.fn(order_no, PERSON, as_of)
        else:
            release_one.fn(hold_id, PERSON, decision, "on the phone", as_of)


def _order(engine: Engine, ref: str, as_of: datetime) -> tuple[str, int]:
    """Number and first open hold of an order that nobody has decided on at this moment yet."""
    query = """SELECT order_no, coalesce((SELECT min(id) FROM holds h WHERE h.order_id = o.id AND h.state = 'open'), 0)
               FROM orders o WHERE order_ref = :ref
                 AND NOT EXISTS (SELECT FROM events e WHERE e.order_id = o.id AND e.actor = :who AND e.at = :at)"""
    with engine.connect() as conn:
        found = conn.execute(sql(query), {"ref": ref, "who": PERSON, "at": as_of}).first()
    return (str(found[0]), int(found[1])) if found else ("", 0)
