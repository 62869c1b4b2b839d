"""The databases of a home: the order book's and Prefect's, in an embedded PostgreSQL or in one of your own.

The embedded server is started by the first process that needs it, shared by all, and stopped by the last. Users are
counted by a shared lock on a file: a killed process leaves the count by dying.
"""

import atexit
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TextIO
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from orderclerk.local.cluster import SUPERUSER, Cluster
from orderclerk.local.postgres_faults import PostgresError, explained
from orderclerk.settings import Settings

BOOK = "orderclerk"
PREFECT = "prefect"
LEAST_FREE_MB = 200


def book_url(settings: Settings) -> str:
    """The order book's SQLAlchemy URL. Raises PostgresError. The server stays up at least as long as this process."""
    if settings.external_database_url:
        return _with_driver(settings.external_database_url, "psycopg")
    server = share_server(settings.var / "postgres")
    server.ensure_database(BOOK)
    return server.url(BOOK)


def prefect_url(settings: Settings) -> str:
    """The URL of Prefect's own database, beside the book: ORDERCLERK_PREFECT_DATABASE_URL, else made there."""
    if settings.external_prefect_url:
        return _with_driver(settings.external_prefect_url, "asyncpg")
    if settings.external_database_url:
        return _beside(settings.external_database_url)
    server = share_server(settings.var / "postgres")
    server.ensure_database(PREFECT)
    return server.url(PREFECT, driver="asyncpg")


def share_server(folder: Path, *, durable: bool = True) -> "SharedServer":
    """The running server of the data folder `folder`, kept up until this process ends. Raises PostgresError."""
    folder = folder.absolute().parent.resolve() / folder.name
    server = SharedServer.joined.get(folder)
    if server is None or server.owner != os.getpid():
        server = SharedServer.joined[folder] = SharedServer.join(folder, durable)
        atexit.register(server.leave)
    server.ensure_running()  # somebody may have ended it since
    return server


@dataclass(eq=False)
class SharedServer:
    """One process's share in the server of `cluster`, held by an open lock file."""

    cluster: Cluster
    users: TextIO
    owner: int
    joined: ClassVar[dict[Path, "SharedServer"]] = {}

    @classmethod
    def join(cls, folder: Path, durable: bool) -> "SharedServer":
        """Count as a user; waits while the last user before us is stopping the server."""
        with explained(f"{folder.parent} cannot be used"):
            folder.parent.mkdir(parents=True, exist_ok=True)
            _check_room(folder.parent)
            users = folder.with_name(f"{folder.name}.users").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
        return cls(Cluster(folder, durable), users, os.getpid())

    def ensure_running(self) -> None:
        """Start the server if it does not answer; of several processes at once one starts it."""
        if not self.cluster.is_ready():
            with _alone(self.cluster.folder.with_name(f"{self.cluster.folder.name}.starting")):
                self.cluster.start()

    def leave(self) -> None:
        """Count no longer; the last one stops the server."""
        if self.users.closed or self.owner != os.getpid():
            return
        SharedServer.joined.pop(self.cluster.folder, None)
        fcntl.flock(self.users, fcntl.LOCK_UN)
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.cluster.stop()
        except BlockingIOError:
            pass  # others need it
        finally:
            self.users.close()

    def url(self, database: str, driver: str = "psycopg") -> str:
        """SQLAlchemy's URL of `database`."""
        return f"postgresql+{driver}://{SUPERUSER}@/{quote(database)}?host={quote(str(self.cluster.sockets))}"

    def ensure_database(self, name: str) -> None:
        """Make the database `name` unless it is there."""
        _ensure_database(self.cluster.conninfo(), name)


def is_in_use(folder: Path) -> bool:
    """Whether any process shares the server of the data folder `folder`."""
    try:
        with folder.with_name(f"{folder.name}.users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _ensure_database(conninfo: str, name: str) -> None:
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as conn:
            if conn.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        pass  # another process was faster
    except psycopg.errors.InsufficientPrivilege as error:
        raise PostgresError(
            f"The database {name} is not there and this user may not make it; "
            "have it made, or set ORDERCLERK_PREFECT_DATABASE_URL"
        ) from error
    except psycopg.OperationalError as error:
        raise PostgresError(f"The database server does not answer: {str(error).splitlines()[0]}") from error


def _beside(url: str) -> str:
    """Prefect's database on your own server: the book's name with _prefect."""
    parts = urlsplit(url)
    name = f"{parts.path.lstrip('/') or BOOK}_{PREFECT}"
    _ensure_database(urlunsplit(parts._replace(scheme="postgresql")), name)
    return _with_driver(urlunsplit(parts._replace(path=f"/{name}")), "asyncpg")


def _with_driver(url: str, driver: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise PostgresError(
            "ORDERCLERK_DATABASE_URL is no PostgreSQL URL; write postgresql://user:password@host:5432/orderclerk"
        )
    return f"postgresql+{driver}://{rest}"


def _check_room(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < LEAST_FREE_MB:
        raise PostgresError(
            f"The disk of {folder} is full ({free_mb} MB left, {LEAST_FREE_MB} needed); make room and run again"
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
