"""Retry in the UI: the same run goes on at the step that failed."""

from tests.flows.conftest import Operations

AS_THE_UI_DOES = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retry from the UI"}}


def test_retry_goes_on_at_the_failed_step(operations: Operations, trial_pool, tmp_path):
    run_id = operations.start(operations.deploy("pull_all", trial_pool, tmp_path))
    failed = operations.wait_for(run_id, "Failed", "Crashed")
    assert "down: the shop does not answer" in failed["state"]["message"]
    assert (tmp_path / "trace").read_text().split() == ["mail", "down"]

    (tmp_path / "mended").touch()  # the failed run's process is still there, and its worker must live through that
    operations.ask("POST", f"/flow_runs/{run_id}/set_state", AS_THE_UI_DOES | {"force": False})
    operations.wait_for(run_id, "Completed")
    assert (tmp_path / "trace").read_text().split() == ["mail", "down", "down", "files"]
