"""A home's desk at work by itself: deployments and a worker on its Prefect server, watched until Ctrl-C."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from orderclerk.local.deploying import deploy_all
from orderclerk.local.prefect_environment import ServerError, end_process
from orderclerk.local.prefect_server import ServerHandle, start_worker
from orderclerk.settings import Settings

if TYPE_CHECKING:
    import subprocess

LOOK_EVERY_S = 1.0
START_AGAIN_AFTER_S = 10.0  # a worker that cannot live is no reason to keep a core busy


@dataclass
class Service:
    """The desk's deployments by name and the worker that runs them, started again should it end by itself."""

    server: ServerHandle
    names: list[str]
    start: Callable[[], "subprocess.Popen[bytes]"]

    def __post_init__(self) -> None:
        self.worker, self.started = self.start(), time.monotonic()

    def keep(self, again_after_s: float = START_AGAIN_AFTER_S) -> None:
        """Start the worker again if it ended, `again_after_s` after its last start; its log says why it did."""
        if self.worker.poll() is not None and time.monotonic() > self.started + again_after_s:
            self.worker, self.started = self.start(), time.monotonic()


@contextmanager
def deployed(settings: Settings, server: ServerHandle) -> Iterator[Service]:
    """Every deployment of the desk with its schedules, and a worker that runs them."""
    names = deploy_all(settings.home, server.api_url, settings.channels, settings.desk.timezone)
    service = Service(server, names, partial(start_worker, settings.home, server.api_url))
    try:
        yield service
    finally:
        end_process(service.worker)


def stay(service: Service, every: Callable[[], None] = lambda: None) -> None:
    """Keep the worker alive and call `every` once a second; returns at Ctrl-C or SIGTERM.

    Raises ServerError if the server ends.
    """

    def ask_to_end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ask_to_end)
    with suppress(KeyboardInterrupt):
        server = service.server
        while server.process.poll() is None:
            service.keep()
            every()
            time.sleep(LOOK_EVERY_S)
        raise ServerError(
            f"The Prefect server ended by itself; its log is {server.home / 'var' / 'log' / 'prefect-server.log'}. "
            "Run again: nothing is lost"
        )
    signal.signal(signal.SIGTERM, before)
