"""The janitor: runs that say RUNNING though nobody runs them.

Prefect notices when a flow's process dies, because its worker tells; when both die nobody tells, and the run stays
RUNNING for ever. What still lives sends a heartbeat every 30 seconds; what has sent one and then none for a while is
dead. Runs that never sent one are left alone: nobody can tell. The work is safe in the book, so it may be started
again; how often is bounded, counted in a tag.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import get_run_logger, task
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

HEARTBEAT = "prefect.flow-run.heartbeat"
TAG = "recovered:"
MOST = 3


@task(task_run_name="recover-silent-runs")
def recover_silent_runs(now: datetime, silent_s: int) -> int:
    """Mark silent runs crashed and start their work again, at most MOST times; how many were silent."""
    log = get_run_logger()
    with get_client(sync_client=True) as client:
        silent = [run for run in _running(client) if _is_silent(client, run, now - timedelta(seconds=silent_s))]
        for run in silent:
            client.set_flow_run_state(run.id, Crashed(message=_words(silent_s)), force=True)
            log.warning("crashed %s: %s", run.name, _start_again(client, run))
    return len(silent)


def _running(client: SyncPrefectClient) -> list[FlowRun]:
    running = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    return client.read_flow_runs(flow_run_filter=FlowRunFilter(state=running), limit=200)


def _is_silent(client: SyncPrefectClient, run: FlowRun, since: datetime) -> bool:
    if run.start_time is None or run.start_time > since:
        return False
    last = _last_heartbeat(client, run.id)
    return last is not None and last < since


def _last_heartbeat(client: SyncPrefectClient, run_id: UUID) -> datetime | None:
    wanted: dict[str, Any] = {
        "event": {"name": [HEARTBEAT]},
        "resource": {"id": [f"prefect.flow-run.{run_id}"]},
        "order": "DESC",
    }
    answer = client._client.post("/events/filter", json={"filter": wanted, "limit": 1})
    answer.raise_for_status()
    events = answer.json()["events"]
    return datetime.fromisoformat(events[0]["occurred"]) if events else None


def _start_again(client: SyncPrefectClient, run: FlowRun) -> str:
    done = max((int(tag.removeprefix(TAG)) for tag in run.tags if tag.startswith(TAG)), default=0)
    if run.deployment_id is None:
        return "it was started by hand; start it again by hand"
    if done >= MOST:
        return f"its work was started again {MOST} times and died each time; look at its log before starting it again"
    again = client.create_flow_run_from_deployment(
        run.deployment_id,
        parameters=run.parameters,
        tags=[*(tag for tag in run.tags if not tag.startswith(TAG)), f"{TAG}{done + 1}"],
        idempotency_key=f"recover:{run.id}",
    )
    return f"its work goes on in {again.name}"


def _words(silent_s: int) -> str:
    return f"No heartbeat for more than {silent_s} seconds: process and worker are gone. The work is started again."
