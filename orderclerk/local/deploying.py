"""Deploys the desk to a Prefect server: the work pool, and every deployment of prefect.yaml, without questions."""

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from orderclerk.local.prefect_environment import POOL, PROJECT, ServerError, prefect_command, prefect_environment

PULL = "flows/pull_orders.py:pull_orders"
TEMPLATE = "pull-shopify"  # how a shop that prefect.yaml does not name is pulled
EVERY_MINUTES = 5
URGENT = "urgent"  # the queue that workers look into first
RUNS_AT_ONCE = 4  # of the other queue, by all workers together; forms and the janitor never wait for it

Deployment = dict[str, Any]


def deploy_all(home: Path, api_url: str, channels: Iterable[str], timezone: str) -> list[str]:
    """Deploy one `pull-` deployment a channel and all others; their names. Safe to repeat. Raises ServerError.

    Schedules that an operator paused stay paused; deployments that pull a channel which is gone are removed.
    """
    rendered = home / "var" / "prefect.yaml"
    content = deployments_for(list(channels), timezone)
    rendered.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    if _ask(api_url, "GET", f"/work_pools/{POOL}") is None:  # once: its limits are the operator's afterwards
        _prefect(home, api_url, "work-pool", "create", POOL, "--type", "process")
        _ask(api_url, "POST", f"/work_pools/{POOL}/queues", {"name": URGENT, "priority": 1})
        _ask(api_url, "PATCH", f"/work_pools/{POOL}/queues/default", {"concurrency_limit": RUNS_AT_ONCE})
    _prefect(home, api_url, "--no-prompt", "deploy", "--all", "--prefect-file", str(rendered))
    names = [str(deployment["name"]) for deployment in content["deployments"]]
    _remove_others(api_url, names)
    return names


def deployments_for(channels: list[str], timezone: str) -> dict[str, Any]:
    """prefect.yaml for these channels: what pulls another channel is left out, new shops are pulled like the first."""
    content: dict[str, Any] = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))
    content.pop("definitions", None)
    written = {pull["parameters"]["channel"]: pull for pull in content["deployments"] if _is_pull(pull)}
    template = next(pull for pull in written.values() if pull["name"] == TEMPLATE)
    pulls = [written[channel] for channel in channels if channel in written]
    pulls += [_pull_like(template, channel, n) for n, channel in enumerate(c for c in channels if c not in written)]
    deployments = pulls + [deployment for deployment in content["deployments"] if not _is_pull(deployment)]
    return {**content, "deployments": [_in_timezone(deployment, timezone) for deployment in deployments]}


def _is_pull(deployment: Deployment) -> bool:
    return bool(deployment["entrypoint"] == PULL)


def _pull_like(template: Deployment, channel: str, number: int) -> Deployment:
    """`number` staggers them, so that they do not all start in one minute."""
    cron = f"{number % EVERY_MINUTES}-59/{EVERY_MINUTES} * * * *"
    schedules = [{**schedule, "cron": cron} for schedule in template["schedules"]]
    return {**template, "name": f"pull-{channel}", "parameters": {"channel": channel}, "schedules": schedules}


def _in_timezone(deployment: Deployment, timezone: str) -> Deployment:
    if "schedules" not in deployment:
        return deployment
    return {**deployment, "schedules": [{**schedule, "timezone": timezone} for schedule in deployment["schedules"]]}


def _remove_others(api_url: str, names: list[str]) -> None:
    """Delete the deployments that pull what this desk no longer has: each run of theirs would fail."""
    for deployment in _ask(api_url, "POST", "/deployments/filter", {"flows": {"name": {"any_": ["pull-orders"]}}}):
        if deployment["name"] not in names:
            _ask(api_url, "DELETE", f"/deployments/{deployment['id']}")


def _ask(api_url: str, method: str, path: str, body: Any = None) -> Any:
    """What the server answers; None for "not found" and for nothing. Raises ServerError."""
    request = urllib.request.Request(  # noqa: S310 (our own address)
        api_url + path,
        method=method,
        data=json.dumps(body or {}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            text = answer.read()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise ServerError(f"the Prefect server at {api_url} answers {error.code} to {method} {path}") from error
    except OSError as error:
        raise ServerError(
            f"the Prefect server at {api_url} does not answer: {error}; is `orderclerk up` running?"
        ) from error
    return json.loads(text) if text else None


def _prefect(home: Path, api_url: str, *words: str) -> None:
    done = subprocess.run(
        prefect_command(*words),
        env=prefect_environment(home, api_url),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise ServerError(f"`prefect {' '.join(words)}` failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
