"""Runs whose process died: noticed, marked, started again, and not for ever."""

import os
import signal
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orderclerk.local.prefect_environment import end_process
from orderclerk.local.prefect_server import start_worker
from tests.flows.conftest import Operations, wait_until

LATER = timedelta(minutes=3)
MUCH_LATER = timedelta(minutes=30)


def look(operations: Operations, ahead: timedelta) -> int:
    """One run of the janitor, at a moment so far ahead; how many dead runs it found."""
    from flows.recover_runs import recover_runs

    with operations.in_process():
        return recover_runs(as_of=datetime.now(UTC) + ahead)


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children = [pid]
    for line in sorted(table.splitlines(), key=lambda line: int(line.split()[0])):
        child, parent = map(int, line.split())
        if parent in children:
            children.append(child)
    return children


@pytest.fixture
def unwatched(operations: Operations):
    """A run made Running by the API alone: nobody works on it, nobody sends its heartbeat."""
    pools: list[str] = []

    def make(folder: Path, tags: tuple[str, ...] = (), state: str = "RUNNING") -> tuple[str, str]:
        pool = operations.make_pool(f"nobody-{folder.name[-40:]}-{len(pools)}".replace("_", "-"))
        pools.append(pool)
        deployment_id = operations.deploy("dawdle", pool, folder, name=pool)
        run_id = operations.start(deployment_id)
        operations.ask("PATCH", f"/flow_runs/{run_id}", {"tags": list(tags)})
        operations.ask("POST", f"/flow_runs/{run_id}/set_state", {"state": {"type": state}, "force": True})
        return deployment_id, run_id

    yield make
    for pool in pools:
        operations.ask("DELETE", f"/work_pools/{pool}")


def test_work_of_a_killed_worker_and_process_is_taken_up_again(operations: Operations, tmp_path):
    pool = operations.make_pool("doomed")
    doomed = start_worker(operations.home, operations.api_url, "doomed", pool=pool)
    deployment_id = operations.deploy("dawdle", pool, tmp_path, concurrency_limit=1)
    run_id = operations.start(deployment_id)
    flow_pid = int(wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    for pid in {*family(doomed.pid), flow_pid}:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    doomed.wait()

    successor = start_worker(operations.home, operations.api_url, "successor", pool=pool)
    try:
        assert look(operations, timedelta()) == 0, "it was heard of a moment ago"
        assert look(operations, LATER) == 0, "the first look only notes it"
        assert operations.ask("GET", f"/flow_runs/{run_id}")["tags"] == ["silent"]
        assert look(operations, LATER) == 1
        crashed, again = operations.runs(deployment_id)
        assert crashed["id"] == run_id
        assert crashed["state_name"] == "Crashed"
        assert again["id"] in crashed["state"]["message"]
        assert again["tags"] == ["recovered:1"]
        log = operations.ask("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
        assert crashed["state"]["message"] in [line["message"] for line in log], "where people look"
        operations.wait_for(again["id"], "Completed")
    finally:
        end_process(successor)
    moment = datetime.fromisoformat((tmp_path / "trace").read_text().removeprefix("done for ").strip())
    assert moment == datetime.fromisoformat(crashed["expected_start_time"]), "it stands for the moment of the first"


def test_a_run_that_is_heard_of_again_is_left_alone(operations: Operations, unwatched, tmp_path):
    _, run_id = unwatched(tmp_path)
    look(operations, LATER)
    assert operations.ask("GET", f"/flow_runs/{run_id}")["tags"] == ["silent"]
    look(operations, timedelta())
    run = operations.ask("GET", f"/flow_runs/{run_id}")
    assert (run["tags"], run["state_name"]) == ([], "Running")


def test_work_that_died_three_times_is_not_started_again(operations: Operations, unwatched, tmp_path):
    deployment_id, _ = unwatched(tmp_path, ("silent", "recovered:3"))
    look(operations, LATER)
    (run,) = operations.runs(deployment_id)
    assert run["state_name"] == "Crashed"
    assert "started again 3 times" in run["state"]["message"]


def test_a_run_that_waits_for_somebody_is_left_alone(operations: Operations, unwatched, tmp_path):
    _, run_id = unwatched(tmp_path, ("silent",), "PAUSED")
    look(operations, MUCH_LATER)
    assert operations.ask("GET", f"/flow_runs/{run_id}")["state_name"] == "Paused"


def test_a_run_that_its_worker_took_and_never_began_is_started_again(operations: Operations, unwatched, tmp_path):
    deployment_id, run_id = unwatched(tmp_path, ("silent",), "PENDING")
    assert look(operations, LATER) == 0, "a process may take its time to start"
    operations.ask("PATCH", f"/flow_runs/{run_id}", {"tags": ["silent"]})
    look(operations, MUCH_LATER)
    assert [run["state_name"] for run in operations.runs(deployment_id)] == ["Crashed", "Scheduled"]


def test_of_late_scheduled_runs_the_latest_alone_is_kept(operations: Operations, tmp_path):
    pool = operations.make_pool("weekend")
    deployment_id = operations.deploy("tick", pool, tmp_path)
    for minute in range(60):
        late = {
            "type": "SCHEDULED",
            "name": "Late",
            "state_details": {"scheduled_time": f"2026-11-21T08:{minute:02}:00Z"},
        }
        body = {"state": late, "tags": ["auto-scheduled"] if minute else []}
        operations.ask("POST", f"/deployments/{deployment_id}/create_flow_run", body)
    look(operations, timedelta())
    kept = [run["expected_start_time"] for run in operations.runs(deployment_id)]
    assert [moment[11:16] for moment in kept] == ["08:00", "08:59"], "what a person asked for is not dropped"
