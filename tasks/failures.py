"""What the team is told about a run that failed: one mail when it begins, one a day while it lasts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect import get_run_logger, task
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort

from orderclerk.database.outbox import enqueue_team_mail
from tasks.desk import current_desk
from tasks.pages import run_page

REPORTER = "report-failure"
LONGEST = 1500  # characters of an error in a mail; the run's page has it whole
_PREAMBLE = "Flow run encountered an exception: "


@dataclass(frozen=True)
class Failure:
    """A failed run in words. Mails of one `episode` are sent once."""

    subject: str
    body: str
    episode: str


@task(task_run_name="mail-team", retries=3, retry_delay_seconds=[10, 60, 300])
def mail_team(run_id: str, as_of: datetime) -> bool:
    """Put a mail about the run into the outbox; False if it is no news, or no failure any more."""
    failure = describe_failure(run_id, as_of)
    if failure is None:
        return False
    with current_desk().engine.begin() as conn:
        new = enqueue_team_mail(conn, failure.subject, failure.body, failure.episode, as_of)
    get_run_logger().info("%s: %s", failure.subject, "the team gets a mail" if new else "the team knows already")
    return new


def describe_failure(run_id: str, as_of: datetime) -> Failure | None:
    """What Prefect knows about the run, in sentences; None if it did not fail, or is a step of another that did."""
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(UUID(run_id))
        job = client.read_flow(run.flow_id).name
        if run.state is None or run.state.type not in (StateType.FAILED, StateType.CRASHED):
            return None
        if job == REPORTER or run.parent_task_run_id is not None:
            return None
        episode = _episode(client, run, as_of)
        name = client.read_deployment(run.deployment_id).name if run.deployment_id else job
    happened = "was cut off" if run.state.type == StateType.CRASHED else "failed"
    return Failure(f"{name} {happened}", _body(run, name, happened), episode)


def _episode(client: SyncPrefectClient, run: FlowRun, as_of: datetime) -> str:
    """Scheduled runs of one deployment since its last success are one episode, anew each day; other runs their own."""
    if not run.auto_scheduled or run.deployment_id is None:
        return f"failure:{run.id}"
    succeeded = client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[run.deployment_id]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED])),
        ),
        sort=FlowRunSort.END_TIME_DESC,
        limit=1,
    )
    since = str(succeeded[0].id) if succeeded else "the beginning"
    return f"failure:{run.deployment_id}:since {since}:{as_of:%Y-%m-%d}"


def _body(run: FlowRun, name: str, happened: str) -> str:
    at = run.state.timestamp if run.state else run.created
    return "\n\n".join(
        (
            f"The run {run.name} of {name} {happened} at {at:%Y-%m-%d %H:%M} UTC.",
            _reason(run),
            "Nothing is lost: what was done stays in the book, and the next run goes on from there. "
            + (
                "It runs again by itself; you hear of it again only after it has worked once, or tomorrow."
                if run.auto_scheduled
                else "If nothing else is said above, press Retry on the run's page when the cause is mended."
            ),
            run_page(run.id),
        )
    )


def _reason(run: FlowRun) -> str:
    """The error without Prefect's preamble."""
    message = (run.state.message if run.state else None) or "Prefect gives no reason; the log on the run's page does."
    message = message.removeprefix(_PREAMBLE)
    return message if len(message) <= LONGEST else message[:LONGEST] + " ..."
