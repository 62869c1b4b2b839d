"""A Prefect server on PostgreSQL and a worker, as an installation runs them, for the whole test session."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orderclerk.local.postgres import SharedServer
from orderclerk.local.prefect_environment import PROJECT, end_process
from orderclerk.local.prefect_server import start_server, start_worker

ENTRYPOINTS = "tests/flows/clockwork.py"
HEARTBEAT = {"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}}


def wait_until(condition: Callable[[], Any], timeout_s: float = 60) -> Any:
    """What `condition` gives as soon as it is true."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return value


@dataclass(frozen=True)
class Operations:
    """The server as its API shows it."""

    home: Path
    api_url: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The API's answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.api_url + path, method=method, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    @contextmanager
    def in_process(self) -> Iterator[None]:
        """Flows called here and now report to this server."""
        from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

        with temporary_settings({PREFECT_API_URL: self.api_url, PREFECT_HOME: self.home / "var" / "prefect"}):
            yield

    def make_pool(self, name: str) -> str:
        """A work pool of processes; gives the name back."""
        from prefect.workers.process import ProcessWorker

        template = ProcessWorker.get_default_base_job_template()
        self.ask("POST", "/work_pools/", {"name": name, "type": "process", "base_job_template": template})
        return name

    def deploy(self, function: str, pool: str, folder: Path, **more: Any) -> str:
        """A deployment of one of the clockwork's flows; its id."""
        flow_id = self.ask("POST", "/flows/", {"name": function.replace("_", "-")})["id"]
        schema = {"type": "object", "properties": {"folder": {"type": "string"}, "as_of": {"type": "string"}}}
        body = {
            "flow_id": flow_id, "name": function, "entrypoint": f"{ENTRYPOINTS}:{function}", "work_pool_name": pool,
            "parameters": {"folder": str(folder)}, "parameter_openapi_schema": schema, "job_variables": HEARTBEAT,
            "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": str(PROJECT)}}],
        }  # fmt: skip
        return str(self.ask("POST", "/deployments/", body | more)["id"])

    def start(self, deployment_id: str) -> str:
        """The id of a new run."""
        return str(self.ask("POST", f"/deployments/{deployment_id}/create_flow_run", {})["id"])

    def end(self, run_id: str, state: str, message: str = "") -> str:
        """Say of a run that it ended so; its id."""
        body = {"state": {"type": state, "message": message}, "force": True}
        self.ask("POST", f"/flow_runs/{run_id}/set_state", body)
        return run_id

    def runs(self, deployment_id: str) -> list[Any]:
        """All runs of a deployment, the first first."""
        wanted = {"deployments": {"id": {"any_": [deployment_id]}}, "sort": "EXPECTED_START_TIME_ASC"}
        return list(self.ask("POST", "/flow_runs/filter", wanted))

    def wait_for(self, run_id: str, *states: str, timeout_s: float = 60) -> Any:
        """The run as soon as it is in one of `states`."""

        def there() -> Any:
            run = self.ask("GET", f"/flow_runs/{run_id}")
            return run if run["state_name"] in states else None

        return wait_until(there, timeout_s)


@pytest.fixture(scope="session")
def operations(postgres: SharedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    """A server on PostgreSQL with no deployments."""
    home = tmp_path_factory.mktemp("operations")
    postgres.ensure_database("prefect_operations")
    with start_server(home, postgres.url("prefect_operations", "asyncpg")) as server:
        yield Operations(home, server.api_url)


@pytest.fixture(scope="session")
def trial_pool(operations: Operations) -> Iterator[str]:
    """A work pool with a worker."""
    pool = operations.make_pool("trial")
    worker = start_worker(operations.home, operations.api_url, "trial", pool=pool)
    yield pool
    end_process(worker)
