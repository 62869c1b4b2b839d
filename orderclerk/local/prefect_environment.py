"""The environment in which Prefect's server, worker and commands work for one home, and starting such a process."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[2]
POOL = "desk"
LAST_LINES = 12
RUNS_KEPT_S = 30 * 24 * 3600


class ServerError(Exception):
    """The Prefect server or worker cannot be started or reached; the message says why and what to do."""


def prefect_environment(home: Path, api_url: str, database_url: str = "") -> dict[str, str]:
    """Environment variables for everything of Prefect that works for `home`; `database_url` only for its server.

    The older UI is served: the newer one calls an analytics host whatever the settings say.
    """
    home = home.absolute()
    folder = home / "var" / "prefect"
    own = {
        "ORDERCLERK_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": str(folder),
        "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(folder / "results"),
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # seconds, the least it takes
        "PREFECT_LOGGING_EXTRA_LOGGERS": "connectors",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        # slots outlive the server: kept in memory, a restart would forget who holds them
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # a desk makes thousands of runs a day; the book keeps what matters of them
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUNS_KEPT_S),
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if database_url:
        own["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = database_url
    return {**os.environ, **own}


def prefect_command(*arguments: str) -> list[str]:
    """Prefect's command line, of this very installation."""
    return [sys.executable, "-m", "prefect", *arguments]


def start_process(
    command: list[str], environment: Mapping[str, str], log: Path, folder: Path = PROJECT
) -> "subprocess.Popen[bytes]":
    """`command` in `folder` (the project's), its words in `log`. Ctrl-C in the terminal does not reach it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        return subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end_process(process: "subprocess.Popen[bytes]", patience_s: float = 20) -> None:
    """End it, gently first. Safe to repeat."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def last_lines(text: str) -> str:
    """The end of a log, where the reason stands."""
    return "\n".join(text.splitlines()[-LAST_LINES:])
