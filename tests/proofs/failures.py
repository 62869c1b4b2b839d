"""What an operator sees when something outside fails, and that the next run continues and loses nothing.

Real sockets, a real disk that is full, a real PostgreSQL that is stopped in the middle of a step. For each failure one
sentence: what, where, and the remedy; no traceback, no secret.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import text as sql

from orderclerk.cli_errors import exit_code, sentence
from orderclerk.database.masterdata import load_master_data
from orderclerk.local.postgres import SharedServer, share_server
from tasks.desk import Desk
from tests.proofs import truth_check
from tests.proofs.sandbox_day import MIDNIGHT, SandboxDay
from tests.proofs.wholesale import fresh_book

NOON = MIDNIGHT + timedelta(hours=12)
LONGEST = 420  # characters of a sentence that is still read
_LEAVES_TRACES = ("Traceback", 'File "', "object at 0x", "sqlalche.me", "ConnectionPool", "Error(")


@dataclass
class Stage:
    """Everything the failures happen to, and what was seen so far."""

    server: SharedServer
    sandbox: SandboxDay
    desk: Desk
    secrets: tuple[str, ...]
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, work: Callable[[], object], words: str) -> None:
        """`work` must fail with a sentence that has `words` in it."""
        try:
            work()
        except Exception as error:
            said = sentence(error)
            self.wrong += [f"{what}: {fault}" for fault in self._faults(said, error, words)]
        else:
            said = "nothing failed"
            self.wrong.append(f"{what}: nothing failed")
        self.shown.append((what, said, ""))

    def go_on(self, work: Callable[[], object]) -> None:
        """The next run after the failure: it must work, and what it did is shown."""
        what, said, _ = self.shown[-1]
        try:
            self.shown[-1] = (what, said, str(work()))
        except Exception as error:
            self.wrong.append(f"{what}: the next run failed too: {sentence(error)}")

    def _faults(self, said: str, error: Exception, words: str) -> Iterator[str]:
        if exit_code(error) != 2:
            yield f"taken for a fault of the program: {said}"
        if words not in said:
            yield f"{words!r} is not in: {said}"
        if len(said) > LONGEST or any(mark in said for mark in _LEAVES_TRACES):
            yield f"no sentence for people: {said}"
        if any(secret in said for secret in self.secrets):
            yield "the sentence holds a secret"


def shop_down(stage: Stage) -> None:
    """A shop that refuses connections, and one that answers 503 until its caller gives up."""
    for how, words in (("refused", "woo"), ("503", "503")):
        stage.sandbox.systems(woo=how)
        stage.expect(f"a shop is down ({how})", lambda: pull(stage.desk, "woo"), words)
        stage.sandbox.systems(woo="up")
        stage.go_on(lambda: pull(stage.desk, "woo"))


def mailbox_unreachable(stage: Stage) -> None:
    """A port where nobody listens, for reading and for sending."""
    away = with_mail(stage.desk, port=closed_port(), smtp_port=closed_port())
    stage.expect("the mailbox is unreachable", lambda: pull(away, "mail"), "localhost:")
    stage.go_on(lambda: pull(stage.desk, "mail"))
    work_up(stage.desk)
    stage.expect("the mail server is unreachable", lambda: deliver(away), "localhost:")
    stage.go_on(lambda: deliver(stage.desk, most=1))


def wrong_password(stage: Stage) -> None:
    """The server refuses the login: repeating it would only lock the account."""
    wrong = with_mail(stage.desk, password="wrong-password-of-the-proof")
    stage.expect("a wrong password (reading)", lambda: pull(wrong, "mail"), "password")
    stage.go_on(lambda: pull(stage.desk, "mail"))
    stage.sandbox.advance(NOON + timedelta(hours=2))
    pull(stage.desk, "mail")
    work_up(stage.desk)
    stage.expect("a wrong password (sending)", lambda: deliver(wrong), "password")
    stage.go_on(lambda: deliver(stage.desk, most=1))


def full_disk(stage: Stage) -> None:
    """A drop folder without room to move files, and a database without room to store envelopes."""
    drop = stage.desk.settings.home / "var" / "drop" / "northgate"
    with tiny_disk(drop, "size=256k,nr_inodes=4") as is_there:
        if not is_there:
            stage.shown.append(("the disk of the drop folder is full", "skipped: no right to mount here", ""))
            return
        for name in ("a.csv", "b.csv"):
            (drop / name).write_text(f"order,item,quantity\n{name},X,1\n")
        time.sleep(0.3)
        stage.expect("the disk of the drop folder is full", lambda: pull(stage.desk, "files"), "disk is full")
        (drop / "b.csv").unlink()
        stage.go_on(lambda: pull(stage.desk, "files"))


def full_database(stage: Stage) -> None:
    """The book in a tablespace on a small disk that somebody fills up."""
    folder = stage.server.cluster.folder.parent / "small"
    folder.mkdir()
    with tiny_disk(folder, "size=24m") as is_there:
        if not is_there:
            stage.shown.append(("the disk of the database is full", "skipped: no right to mount here", ""))
            return
        subprocess.run(["chown", f"--reference={stage.server.cluster.folder}", folder], check=True)
        with autocommit(stage.desk) as conn:
            conn.execute(sql(f"CREATE TABLESPACE small LOCATION '{folder}'"))
            conn.execute(sql("ALTER TABLE envelopes SET TABLESPACE small"))
        with suppress(OSError), (folder / "filler").open("wb") as filler:
            while True:
                filler.write(b"x" * 4096)
                filler.flush()
        stage.sandbox.advance(NOON + timedelta(hours=3))
        stage.expect("the disk of the database is full", lambda: fill(stage.desk), "disk is full")
        (folder / "filler").unlink()
        stage.go_on(lambda: pull(stage.desk, "mail"))
        with autocommit(stage.desk) as conn:
            conn.execute(sql("ALTER TABLE envelopes SET TABLESPACE pg_default"))
            conn.execute(sql("DROP TABLESPACE small"))


def database_gone(stage: Stage) -> None:
    """PostgreSQL stopped while a step runs, still away at the next run, and back at the one after."""
    stage.sandbox.advance(NOON + timedelta(hours=6))
    stopper = threading.Timer(0.15, stage.server.cluster.stop)
    stopper.start()
    stage.expect(
        "the database goes away in the middle", lambda: [whole_run(stage.desk) for _ in range(200)], "nothing is lost"
    )
    stopper.join()
    stage.expect("the database is still away", lambda: whole_run(stage.desk), "nothing is lost")
    stage.server.cluster.start()
    stage.go_on(lambda: whole_run(stage.desk))


FAILURES = (shop_down, mailbox_unreachable, wrong_password, full_disk, full_database, database_gone)


def pull(desk: Desk, channel: str, as_of: datetime = NOON) -> str:
    """One pull, in words."""
    from tasks.pulling import pull as pull_channel

    return f"{pull_channel(desk.engine, desk.channel(channel), as_of)} new envelopes"


def fill(desk: Desk) -> None:
    """Envelopes until the disk has no room left."""
    from orderclerk.database.inbox import keep_once
    from orderclerk.domain.envelopes import Envelope

    for number in range(200):
        with desk.engine.begin() as conn:
            keep_once(conn, [Envelope("files", f"big-{number}", os.urandom(300_000), "text/csv", "northgate")], NOON)


def work_up(desk: Desk, as_of: datetime = NOON) -> None:
    """Read and check whatever is there."""
    from tasks.intake import read_chunk
    from tasks.verification import check_chunk

    while read_chunk(desk.engine, desk.read, desk.policy.binding, as_of) is not None:
        pass
    while check_chunk(desk.engine, desk.policy, as_of) is not None:
        pass


def deliver(desk: Desk, most: int = 1000, as_of: datetime = NOON) -> str:
    """Up to `most` portions of the outbox, in words."""
    from tasks.delivery import deliver_chunk

    sent = 0
    for _ in range(most):
        if (done := deliver_chunk(desk, as_of)) is None:
            break
        sent += done["sent"] + done["found sent"]
    return f"{sent} mails sent"


def whole_run(desk: Desk) -> str:
    """Everything once."""
    as_of = NOON + timedelta(hours=6)
    pulled = [f"{channel}: {pull(desk, channel, as_of)}" for channel in desk.settings.channels]
    work_up(desk, as_of)
    return "; ".join([*pulled, deliver(desk, as_of=as_of)])


def with_mail(desk: Desk, **changed: object) -> Desk:
    """The same desk with other mail settings, as after an edit of orderclerk.toml or secrets.env."""
    mail = replace(desk.settings.required_mail(), **changed)  # type: ignore[arg-type]
    return Desk(replace(desk.settings, mail=mail))


def closed_port() -> int:
    """A port where nobody listens."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def tiny_disk(folder: Path, options: str) -> Iterator[bool]:
    """A tmpfs on `folder`; False where this process may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True)
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=False)


@contextmanager
def autocommit(desk: Desk) -> Iterator[object]:
    """A connection for statements that run in no transaction."""
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        yield conn


def prove(server: SharedServer, home: Path, orders: int) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Every failure in turn on one desk; what was seen, and what is wrong."""
    from orderclerk.settings import load_settings

    url = fresh_book(server.url("postgres"), "failures")
    os.environ |= {"ORDERCLERK_HOME": str(home), "ORDERCLERK_DATABASE_URL": url}
    with SandboxDay(home, orders, 1) as sandbox:
        desk = Desk(load_settings(home))
        load_master_data(desk.engine, home / "masterdata")
        secrets = tuple(
            line.partition("=")[2] for line in (home / "secrets.env").read_text().splitlines() if "=" in line
        )
        stage = Stage(server, sandbox, desk, (*secrets, "wrong-password-of-the-proof"))
        sandbox.advance(NOON)
        for failure in FAILURES:
            failure(stage)
        stage.wrong += truth_check.audit_faults(desk.engine)
        stage.wrong += truth_check.mail_faults(desk.engine, sandbox.mails())
        desk.engine.dispose()
    return stage.shown, stage.wrong


def main() -> int:
    """The proof as a command; 1 if a sentence is bad or a run did not go on."""
    console, table = Console(), Table(title="What the operator sees", show_lines=True)
    for head in ("failure", "the sentence", "the next run"):
        table.add_column(head, overflow="fold")
    with tempfile.TemporaryDirectory(prefix="orderclerk-failures-") as folder:
        os.chmod(folder, 0o755)
        server = share_server(Path(folder) / "postgres", durable=False)
        try:
            shown, wrong = prove(server, Path(folder) / "home", 60)
        finally:
            server.leave()
    for row in shown:
        table.add_row(*row)
    console.print(table)
    for line in wrong:
        console.print(line, style="red", markup=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
