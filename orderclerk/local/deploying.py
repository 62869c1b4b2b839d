"""Deploys the desk to a Prefect server: the work pool, and every deployment of prefect.yaml, without questions."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from orderclerk.local.prefect_environment import POOL, PROJECT, ServerError, prefect_environment

_SHOP = "pull-woo"


def deploy_all(home: Path, api_url: str, channels: Iterable[str], timezone: str) -> list[str]:
    """Deploy one `pull-` deployment a channel and all others; their names. Safe to repeat. Raises ServerError.

    Schedules that an operator paused stay paused.
    """
    rendered = home / "var" / "prefect.yaml"
    content = deployments_for(list(channels), timezone)
    rendered.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    _prefect(home, api_url, "work-pool", "create", POOL, "--type", "process", "--overwrite")
    _prefect(home, api_url, "--no-prompt", "deploy", "--all", "--prefect-file", str(rendered))
    return [str(deployment["name"]) for deployment in content["deployments"]]


def deployments_for(channels: list[str], timezone: str) -> dict[str, Any]:
    """prefect.yaml for these channels: what pulls a channel that is not there is left out, shops are pulled alike."""
    content: dict[str, Any] = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))
    content.pop("definitions", None)
    given = {deployment["name"]: deployment for deployment in content["deployments"]}
    pulls = [_pull(given.get(f"pull-{channel}") or given[_SHOP], channel, n) for n, channel in enumerate(channels)]
    others = [deployment for name, deployment in given.items() if not name.startswith("pull-")]
    for deployment in (*pulls, *others):
        for schedule in deployment.get("schedules", ()):
            schedule["timezone"] = timezone
    return {**content, "deployments": [*pulls, *others]}


def _pull(template: dict[str, Any], channel: str, number: int) -> dict[str, Any]:
    schedule = {"cron": f"{number % 5}-59/5 * * * *"}  # staggered, so that they do not all start in one minute
    return {**template, "name": f"pull-{channel}", "parameters": {"channel": channel}, "schedules": [schedule]}


def _prefect(home: Path, api_url: str, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *words],
        env=prefect_environment(home, api_url),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise ServerError(f"`prefect {' '.join(words)}` failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
