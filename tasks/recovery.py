"""The janitor: runs that say Running though nobody runs them.

When a flow's process dies, its worker tells Prefect. When both die, nobody tells, and the run stays Running for ever.
What lives sends a heartbeat every 30 seconds (prefect.yaml sets it for our deployments; 180 is Prefect's default for
runs started elsewhere). A run that gave no sign for three heartbeats is noted with a tag; one that is still silent at
the next look, a minute later, is dead. One look is not enough: after the Prefect server was away, all are silent.

The work is safe in the book, so it may be started again; how often is bounded, counted in a tag.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect import get_run_logger, task
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.states import Crashed

from tasks.backlog import AUTO_SCHEDULED
from tasks.pages import run_page

HEARTBEAT = "prefect.flow-run.heartbeat"
SILENT = "silent"
RECOVERED = "recovered:"
MOST = 3
PAGE = 200
NEVER = datetime.min.replace(tzinfo=UTC)
PATIENCE_ELSEWHERE = timedelta(minutes=10)  # a run that no deployment started: three of Prefect's own heartbeats
PATIENCE_PENDING = timedelta(minutes=5)  # it was given to a worker, and no process has begun


@task(task_run_name="find-silent-runs")
def find_silent_runs(now: datetime, silent_s: int) -> list[str]:
    """Ids of the runs that were silent at the last look and are at this one; tags those that are silent anew."""
    dead = []
    with get_client(sync_client=True) as client:
        for run in _unfinished(client):
            silent = _last_sign(client, run) < now - _patience(run, timedelta(seconds=silent_s))
            if silent and SILENT in run.tags:
                dead.append(str(run.id))
            elif silent != (SILENT in run.tags):
                others = [tag for tag in run.tags if tag != SILENT]
                client.update_flow_run(run.id, tags=[*others, SILENT] if silent else others)
    return dead


@task(task_run_name="recover-{run_id}")
def recover_run(run_id: str, now: datetime) -> str:
    """Start the work of a dead run again, then mark the run crashed; one sentence. Safe to repeat."""
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(UUID(run_id))
        if run.state is None or run.state.is_final():
            return f"{run.name} has ended meanwhile"
        outcome = _start_again(client, run)
        words = f"No sign of life since {_last_sign(client, run):%H:%M:%S} UTC: process and worker are gone. {outcome}"
        _write_into_its_log(client, run, words, now)  # where people look: the page does not show a state's message
        client.set_flow_run_state(run.id, Crashed(message=words))
    get_run_logger().warning("crashed %s: %s", run.name, words)
    return words


def _write_into_its_log(client: SyncPrefectClient, run: FlowRun, words: str, now: datetime) -> None:
    line = {"name": __name__, "level": logging.ERROR, "message": words, "timestamp": now.isoformat()}
    client.create_logs([line | {"flow_run_id": str(run.id)}])


def _unfinished(client: SyncPrefectClient) -> Iterator[FlowRun]:
    """Running runs, and those a worker took and did not begin. Paused runs wait for somebody and are not among them."""
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING]))
    offset = 0
    while page := client.read_flow_runs(flow_run_filter=FlowRunFilter(state=states), limit=PAGE, offset=offset):
        yield from page
        offset += PAGE


def _patience(run: FlowRun, with_heartbeat: timedelta) -> timedelta:
    if run.state_type == StateType.PENDING:
        return PATIENCE_PENDING
    return with_heartbeat if run.deployment_id else PATIENCE_ELSEWHERE


def _last_sign(client: SyncPrefectClient, run: FlowRun) -> datetime:
    """When the run was last heard of: its latest heartbeat, or its last change of state."""
    began = run.state.timestamp if run.state else NEVER
    events = client.read_events(
        EventFilter(
            event=EventNameFilter(name=[HEARTBEAT]),
            resource=EventResourceFilter(id=[f"prefect.flow-run.{run.id}"]),
            occurred=EventOccurredFilter(since=began),
        ),
        limit=1,
    ).events  # the latest first
    return max([began, *(event.occurred for event in events)])


def _start_again(client: SyncPrefectClient, run: FlowRun) -> str:
    """A new run of the same deployment for the same moment: what it makes twice, the book's keys make once."""
    done = max((int(tag.removeprefix(RECOVERED)) for tag in run.tags if tag.startswith(RECOVERED)), default=0)
    if run.parent_task_run_id is not None:
        return "The run that called it begins it again."
    if run.deployment_id is None:
        return "It was started by hand: start it again by hand."
    if done >= MOST:
        return f"Its work was started again {MOST} times and died each time: look at its log, then start it by hand."
    kept = [tag for tag in run.tags if tag not in (SILENT, AUTO_SCHEDULED) and not tag.startswith(RECOVERED)]
    again = client.create_flow_run_from_deployment(
        run.deployment_id,
        parameters=_same_moment(client, run, run.deployment_id),
        tags=[*kept, f"{RECOVERED}{done + 1}"],
        idempotency_key=f"recover:{run.id}",
    )
    return f"Its work goes on in {run_page(again.id)}"


def _same_moment(client: SyncPrefectClient, run: FlowRun, deployment_id: UUID) -> dict[str, object]:
    deployment = client.read_deployment(deployment_id)
    takes_it = "as_of" in (deployment.parameter_openapi_schema or {}).get("properties", {})
    if not takes_it or run.parameters.get("as_of") or run.expected_start_time is None:
        return run.parameters
    return {**run.parameters, "as_of": run.expected_start_time.isoformat()}
