"""Flows without a desk, for tests of what Prefect does with flows; `folder` is where they leave their traces."""

import atexit
import os
import time
from pathlib import Path

from prefect import flow, task


def trace(folder: str, line: str) -> None:
    """Leave one line in `folder`."""
    with (Path(folder) / "trace").open("a") as file:
        file.write(f"{line}\n")


@flow
def tick(folder: str) -> None:
    """Leave a trace."""
    trace(folder, "tick")


@task(persist_result=True)
def pull(channel: str, folder: str) -> str:
    """Leave a trace; the shop named `down` fails until it is mended."""
    trace(folder, channel)
    if channel == "down" and not (Path(folder) / "mended").exists():
        atexit.register(time.sleep, 5)  # the process outlives its run, as a busy one may
        raise ConnectionError("down: the shop does not answer")
    return channel


@flow(persist_result=True)
def pull_all(folder: str) -> list[str]:
    """Pull three channels in turn."""
    return [pull(channel, folder) for channel in ("mail", "down", "files")]


@flow
def dawdle(folder: str, as_of: str = "") -> None:
    """The first run hangs, and says which process it is; a later one ends and says for which moment it worked."""
    began = Path(folder) / "pid"
    if not began.exists():
        began.with_suffix(".new").write_text(str(os.getpid()))
        began.with_suffix(".new").rename(began)
        time.sleep(600)
    trace(folder, f"done for {as_of}")
