"""prefect.yaml deploys without a question, schedules start runs by themselves, and an operator's pause stays."""

import importlib.util
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import yaml

from orderclerk.local.deploying import RUNS_AT_ONCE, deploy_all, deployments_for
from orderclerk.local.prefect_environment import PROJECT
from orderclerk.local.prefect_server import ServerError, running_server, start_server
from tests.flows.conftest import Operations, wait_until

EVERY_FIVE_SECONDS = [{"active": True, "schedule": {"interval": 5, "timezone": "UTC"}}]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FILE = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))


def function_of(entrypoint: str) -> object:
    path, name = entrypoint.split(":")
    spec = importlib.util.spec_from_file_location("deployed", PROJECT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def test_a_scheduled_run_starts_by_itself(operations: Operations, trial_pool, tmp_path):
    deployment_id = operations.deploy("tick", trial_pool, tmp_path, schedules=EVERY_FIVE_SECONDS)
    try:
        wait_until((tmp_path / "trace").exists)
        done = wait_until(lambda: [run for run in operations.runs(deployment_id) if run["state_name"] == "Completed"])
    finally:  # else it starts a process every five seconds, to the end of the suite
        operations.ask("DELETE", f"/deployments/{deployment_id}")
    assert done[0]["auto_scheduled"]


@pytest.mark.parametrize("deployment", FILE["deployments"], ids=lambda deployment: deployment["name"])
def test_every_deployment_names_a_flow_its_parameters_and_when_it_runs(deployment):
    flow = function_of(deployment["entrypoint"])
    assert flow.name == deployment["entrypoint"].split(":")[1].replace("_", "-")
    for given in (deployment.get("parameters", {}), *(t["parameters"] for t in deployment.get("triggers", ()))):
        assert set(given) <= set(flow.parameters.properties)
    for schedule in deployment.get("schedules", ()):
        assert {"slug", "cron", "timezone"} == set(schedule), "`active` would undo an operator's pause"


@pytest.fixture(scope="module")
def deployed(operations: Operations):
    """Every deployment of the desk by its name; nobody works on them."""
    names = deploy_all(operations.home, operations.api_url, ["mail", "north", "files"], "Asia/Shanghai")
    every = {one["name"]: one for one in operations.ask("POST", "/deployments/filter", {}) if one["name"] in names}
    assert set(every) == set(names)
    yield every
    for one in every.values():
        if operations.ask("POST", "/deployments/filter", {"deployments": {"id": {"any_": [one["id"]]}}}):
            operations.ask("DELETE", f"/deployments/{one['id']}")


def test_the_desk_deploys_without_questions(operations: Operations, deployed):
    assert {"pull-mail", "pull-north", "pull-files", "enter-order", "process-orders"} <= set(deployed)
    assert deployed["pull-north"]["parameters"] == {"channel": "north"}
    assert deployed["pull-mail"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert deployed["pull-mail"]["schedules"][0]["schedule"]["timezone"] == "Asia/Shanghai"
    assert deployed["recover-runs"]["work_queue_name"] == "urgent"
    queues = operations.ask("POST", "/work_pools/desk/queues/filter", {})
    found = sorted((queue["priority"], queue["name"], queue["concurrency_limit"]) for queue in queues)
    assert found == [(1, "urgent", None), (2, "default", RUNS_AT_ONCE)]


def test_a_failed_run_is_reported_and_a_failed_report_is_not(operations: Operations, deployed):
    reporter = deployed["report-failure"]["id"]
    failed = operations.end(operations.start(deployed["send-outbox"]["id"]), "FAILED")
    (report,) = wait_until(lambda: operations.runs(reporter))
    assert report["parameters"] == {"run_id": f"prefect.flow-run.{failed}"}
    operations.end(report["id"], "FAILED")
    operations.end(operations.start(deployed["send-outbox"]["id"]), "CRASHED")
    wait_until(lambda: len(operations.runs(reporter)) > 1)
    assert len(operations.runs(reporter)) == 2


def test_a_stored_batch_starts_its_processing(operations: Operations, deployed):
    event = {
        "occurred": datetime.now(UTC).isoformat(), "event": "orderclerk.batch.stored", "id": str(uuid4()),
        "resource": {"prefect.resource.id": "orderclerk.batch.12"}, "payload": {"batch_id": 12},
    }  # fmt: skip
    operations.ask("POST", "/events", [event])
    process = deployed["process-orders"]["id"]
    (run,) = wait_until(lambda: [run for run in operations.runs(process) if not run["auto_scheduled"]])
    assert run["parameters"] == {"batch_id": 12}


def test_the_team_hears_once_of_a_failing_shop_and_again_when_it_fails_anew(operations: Operations, deployed):
    from tasks.failures import describe_failure

    first, second, third, fourth = (run["id"] for run in operations.runs(deployed["pull-north"]["id"])[:4])
    message = "Flow run encountered an exception: AccessError: north: the password is wrong (set it in secrets.env)"
    with operations.in_process():
        told = describe_failure(operations.end(first, "FAILED", message), NOON)
        assert told.subject == "pull-north failed"
        assert "\n\nAccessError: north: the password is wrong (set it in secrets.env)\n\n" in told.body
        assert f"/runs/flow-run/{first}" in told.body
        assert describe_failure(operations.end(second, "FAILED", message), NOON).episode == told.episode
        assert describe_failure(second, NOON + timedelta(days=1)).episode != told.episode
        operations.end(third, "COMPLETED")
        assert describe_failure(operations.end(fourth, "FAILED", message), NOON).episode != told.episode
        assert describe_failure(third, NOON) is None


def test_deployed_again_a_pause_stays_and_a_channel_that_is_gone_is_not_pulled(operations: Operations, deployed):
    pull = deployed["pull-mail"]
    operations.ask("PATCH", f"/deployments/{pull['id']}/schedules/{pull['schedules'][0]['id']}", {"active": False})
    deploy_all(operations.home, operations.api_url, ["mail"], "UTC")
    left = {one["name"]: one for one in operations.ask("POST", "/deployments/filter", {})}
    assert [(one["active"], one["schedule"]["timezone"]) for one in left["pull-mail"]["schedules"]] == [(False, "UTC")]
    assert "pull-north" not in left
    assert len(operations.ask("POST", "/automations/filter", {})) == 2


def test_shops_of_any_name_are_pulled_at_minutes_of_their_own():
    pulls = deployments_for(["mail", "eu", "us", "files"], "UTC")["deployments"][:4]
    assert [pull["name"] for pull in pulls] == ["pull-mail", "pull-files", "pull-eu", "pull-us"]
    assert len({pull["schedules"][0]["cron"] for pull in pulls}) >= 3


def test_a_home_knows_its_own_server_alone(operations: Operations, tmp_path):
    assert running_server(operations.home) == operations.api_url
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "prefect.json").write_text((operations.home / "var" / "prefect.json").read_text())
    assert running_server(tmp_path) is None, "its port belongs to another home now"


def test_a_taken_port_is_said_plainly(operations: Operations, tmp_path):
    port = int(operations.api_url.removesuffix("/api").rsplit(":", 1)[1])
    with pytest.raises(ServerError, match=rf"port {port} .*port = 0 takes a free one"):
        start_server(tmp_path, "postgresql+asyncpg:///none", port)


def test_a_server_without_database_says_its_last_words(tmp_path):
    with pytest.raises(ServerError, match="did not start"):
        start_server(tmp_path, f"postgresql+asyncpg://nobody@/none?host={tmp_path}")
