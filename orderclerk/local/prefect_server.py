"""A home's own Prefect server and worker: processes and environment variables, no import of Prefect.

The server keeps its data in PostgreSQL beside the order book. `var/prefect.json` says where it listens.
"""

import json
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from orderclerk.local.prefect_environment import (
    POOL,
    ServerError,
    end_process,
    last_lines,
    prefect_command,
    prefect_environment,
    start_process,
)

START_TIMEOUT_S = 120
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (only recognised here)


@dataclass
class ServerHandle:
    """A running server; leaving the context stops it."""

    home: Path
    api_url: str
    process: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int:
        """The server's process."""
        return self.process.pid

    @property
    def ui_url(self) -> str:
        """The address for the browser."""
        return self.api_url.removesuffix("/api")

    def stop(self) -> None:
        """End the server and wait for it. Safe to repeat."""
        end_process(self.process)
        _address_file(self.home).unlink(missing_ok=True)

    def __enter__(self) -> "ServerHandle":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def running_server(home: Path) -> str | None:
    """The API address of this home's server, or None if it has none that answers.

    A server of another home that took the port of a dead one is not ours: it says which folder it works for.
    """
    try:
        api_url = str(json.loads(_address_file(home).read_text())["api_url"])
        settings = json.loads(_get(f"{api_url}/admin/settings"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return api_url if settings.get("home") == _prefect_home(home) else None


def start_server(home: Path, database_url: str, port: int = 0, host: str = "127.0.0.1") -> ServerHandle:
    """Start the server on `port` (0: a free one) and wait until it answers; `database_url` is of asyncpg.

    Raises ServerError if the home has a server already, the port is taken, or it dies: with its last words.
    """
    if (api_url := running_server(home)) is not None:
        raise ServerError(f"{home} has a Prefect server already, at {api_url}; stop it first, or use it")
    port = _usable_port(host, port)
    api_url = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/api"
    log = home / "var" / "log" / "prefect-server.log"
    environment = prefect_environment(home, api_url, database_url)
    command = prefect_command("server", "start", "--host", host, "--port", str(port))
    handle = ServerHandle(home, api_url, start_process(command, environment, log))
    try:
        _wait_until_healthy(handle, log)
    except BaseException:
        handle.stop()
        raise
    _address_file(home).write_text(json.dumps({"api_url": api_url, "pid": handle.pid}))
    return handle


def start_worker(home: Path, api_url: str, name: str = "desk", pool: str = POOL) -> "subprocess.Popen[bytes]":
    """A worker that pulls from `pool` every two seconds; it ends with SIGTERM.

    How much is done at a time is the work queue's to say: a worker with a `--limit` of its own ends with a traceback
    when a failed run is retried before its first process is gone (Prefect 3.8.8).
    """
    command = prefect_command("worker", "start", "--pool", pool, "--name", name)
    environment = prefect_environment(home, api_url) | {"PREFECT_WORKER_QUERY_SECONDS": "2"}
    return start_process(command, environment, home / "var" / "log" / f"worker-{name}.log")


def _address_file(home: Path) -> Path:
    return home / "var" / "prefect.json"


def _prefect_home(home: Path) -> str:
    return prefect_environment(home, "")["PREFECT_HOME"]


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own address)
        return answer.read()


def _usable_port(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerError(
                f"the Prefect server cannot listen on {host} port {port} ({error.strerror}): choose another under "
                "[server] in orderclerk.toml, port = 0 takes a free one"
            ) from error
        return int(probe.getsockname()[1])


def _wait_until_healthy(handle: ServerHandle, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _is_healthy(handle.api_url):
        if handle.process.poll() is not None or time.monotonic() > deadline:
            words = last_lines(log.read_text(errors="replace"))
            raise ServerError(f"the Prefect server did not start; the end of {log}:\n{words}")
        time.sleep(0.2)


def _is_healthy(api_url: str) -> bool:
    try:
        return bool(_get(f"{api_url}/health"))
    except OSError:
        return False
