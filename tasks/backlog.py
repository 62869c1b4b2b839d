"""Scheduled runs that nobody could start in time: after a weekend without a worker they are thousands.

A worker takes the oldest first and needs a second or two even for those that are cancelled at once: the orders of
today would wait for hours. The latest late run of a deployment finds all the work that the earlier ones would have.
"""

from uuid import UUID

from prefect import get_run_logger, task
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterTags,
)
from prefect.client.schemas.sorting import FlowRunSort

AUTO_SCHEDULED = "auto-scheduled"
MOST_DEPLOYMENTS = 200


@task(task_run_name="drop-overtaken-runs")
def drop_overtaken_runs() -> int:
    """Delete every late scheduled run of which the same deployment has a later one; how many."""
    with get_client(sync_client=True) as client:
        dropped = sum(
            _drop_overtaken(client, deployment.id) for deployment in client.read_deployments(limit=MOST_DEPLOYMENTS)
        )
    if dropped:
        get_run_logger().warning("dropped %s late runs that later ones make unnecessary", dropped)
    return dropped


def _drop_overtaken(client: SyncPrefectClient, deployment_id: UUID) -> int:
    late = client.read_flow_runs(
        flow_run_filter=_late(deployment_id), sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=1
    )
    if not late:
        return 0
    overtaken = {"flow_runs": _late(deployment_id, late[0].id).model_dump(mode="json")}
    dropped = 0
    while deleted := client.request("POST", "/flow_runs/bulk_delete", json=overtaken).json()["deleted"]:  # type: ignore[arg-type]
        dropped += len(deleted)
    return dropped


def _late(deployment_id: UUID, but: UUID | None = None) -> FlowRunFilter:
    return FlowRunFilter(
        id=FlowRunFilterId(not_any_=[but]) if but else None,
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]),
        state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Late"])),
        tags=FlowRunFilterTags(all_=[AUTO_SCHEDULED]),
    )
