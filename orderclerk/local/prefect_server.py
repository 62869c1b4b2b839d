"""A home's own Prefect server, worker and deployments: processes and environment variables, no import of Prefect.

The server keeps its data in PostgreSQL beside the order book. `var/prefect.json` says where it listens.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

START_TIMEOUT_S = 120
PROJECT = Path(__file__).parents[2]


class ServerError(Exception):
    """The Prefect server or worker cannot be started or reached; the message says why and what to do."""


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
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        _address_file(self.home).unlink(missing_ok=True)

    def __enter__(self) -> "ServerHandle":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def prefect_environment(home: Path, api_url: str, database_url: str = "") -> dict[str, str]:
    """The environment in which Prefect's commands and our flows work for this home.

    The older UI is served: the newer one calls an analytics host whatever the settings say.
    """
    var = home / "var"
    own = {
        "ORDERCLERK_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": str(var / "prefect"),
        "PREFECT_PROFILES_PATH": str(var / "prefect" / "profiles.toml"),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(var / "prefect" / "results"),
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # seconds, the least it takes; the janitor waits for three
        "PREFECT_LOGGING_EXTRA_LOGGERS": "connectors",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    }
    if database_url:
        own["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = database_url
    return {**os.environ, **own}


def running_server(home: Path) -> str | None:
    """The API address of this home's server, or None if it has none that answers."""
    try:
        api_url = str(json.loads(_address_file(home).read_text())["api_url"])
    except (OSError, ValueError, KeyError):
        return None
    return api_url if _is_healthy(api_url) else None


def start_server(home: Path, database_url: str, port: int = 0, host: str = "127.0.0.1") -> ServerHandle:
    """Start the server on `port` (0: a free one) and wait until it answers. Raises ServerError with its last words."""
    port = _usable_port(host, port)
    api_url = f"http://{host}:{port}/api"
    log = home / "var" / "log" / "prefect-server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    environment = prefect_environment(home, api_url, database_url) | {"PREFECT_SERVER_UI_API_URL": api_url}
    handle = ServerHandle(home, api_url, start_process(command, environment, log))
    try:
        _wait_until_healthy(handle, log)
    except BaseException:
        handle.stop()
        raise
    _address_file(home).write_text(json.dumps({"api_url": api_url, "pid": handle.pid}))
    return handle


def start_worker(home: Path, api_url: str, pool: str, name: str = "desk") -> "subprocess.Popen[bytes]":
    """A worker process that pulls from `pool` every two seconds; it dies with SIGTERM."""
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--name", name]
    environment = prefect_environment(home, api_url) | {"PREFECT_WORKER_QUERY_SECONDS": "2"}
    return start_process(command, environment, home / "var" / "log" / f"worker-{name}.log")


def start_process(command: list[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """`command` in the project's folder, its words in `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        return subprocess.Popen(command, env=dict(environment), cwd=PROJECT, stdout=file, stderr=subprocess.STDOUT)


def _address_file(home: Path) -> Path:
    return home / "var" / "prefect.json"


def _usable_port(host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerError(
                f"port {port} for the Prefect server is taken ({error.strerror}): choose another under [server] in "
                "orderclerk.toml, or 0 for a free one"
            ) from error
        return int(probe.getsockname()[1])


def _is_healthy(api_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api_url}/health", timeout=5) as answer:  # noqa: S310 our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_until_healthy(handle: ServerHandle, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _is_healthy(handle.api_url):
        if handle.process.poll() is not None or time.monotonic() > deadline:
            words = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
            raise ServerError(f"the Prefect server did not start; the end of {log}:\n{words}")
        time.sleep(0.2)
