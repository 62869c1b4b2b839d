"""prefect.yaml deploys without a question, schedules start runs by themselves, and an operator's pause stays."""

import importlib.util

import pytest
import yaml

from orderclerk.local.deploying import deploy_all, deployments_for
from orderclerk.local.prefect_environment import PROJECT
from orderclerk.local.prefect_server import ServerError, running_server, start_server
from tests.flows.conftest import Operations, wait_until

EVERY_FIVE_SECONDS = [{"active": True, "schedule": {"interval": 5, "timezone": "UTC"}}]
FILE = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))


def function_of(entrypoint: str) -> object:
    path, name = entrypoint.split(":")
    spec = importlib.util.spec_from_file_location("deployed", PROJECT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def test_a_scheduled_run_starts_by_itself(operations: Operations, trial_pool, tmp_path):
    deployment_id = operations.deploy("tick", trial_pool, tmp_path, schedules=EVERY_FIVE_SECONDS)
    wait_until((tmp_path / "trace").exists)
    done = wait_until(lambda: [run for run in operations.runs(deployment_id) if run["state_name"] == "Completed"])
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


def test_the_desk_deploys_without_questions_and_again(operations: Operations):
    names = deploy_all(operations.home, operations.api_url, ["mail", "north", "files"], "Asia/Shanghai")
    deployed = {one["name"]: one for one in operations.ask("POST", "/deployments/filter", {}) if one["name"] in names}
    assert set(deployed) == set(names)
    assert {"pull-mail", "pull-north", "pull-files", "enter-order", "recover-runs"} <= set(names)
    assert deployed["pull-north"]["parameters"] == {"channel": "north"}
    assert deployed["pull-mail"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    automations = {one["name"] for one in operations.ask("POST", "/automations/filter", {})}
    assert automations == {"process-stored-batch", "mail-on-failure"}

    (schedule,) = deployed["pull-mail"]["schedules"]
    assert schedule["schedule"]["timezone"] == "Asia/Shanghai"
    path = f"/deployments/{deployed['pull-mail']['id']}/schedules/{schedule['id']}"
    operations.ask("PATCH", path, {"active": False})
    deploy_all(operations.home, operations.api_url, ["mail"], "Asia/Shanghai")
    left = {one["name"]: one for one in operations.ask("POST", "/deployments/filter", {})}
    assert [one["active"] for one in left["pull-mail"]["schedules"]] == [False]
    assert "pull-north" not in left, "a channel that is gone is not pulled any more"
    for name in names:
        if name in left:
            operations.ask("DELETE", f"/deployments/{left[name]['id']}")


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
