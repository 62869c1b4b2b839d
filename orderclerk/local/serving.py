"""A home's desk at work by itself: deployments and a worker on its Prefect server, watched until Ctrl-C."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from orderclerk.local.deploying import deploy_all
from orderclerk.local.prefect_environment import ServerError, end_process
from orderclerk.local.prefect_server import ServerHandle, start_worker
from orderclerk.settings import Settings

LOOK_EVERY_S = 1.0
Say = Callable[[str], None]


@contextmanager
def deployed(settings: Settings, server: ServerHandle) -> Iterator[list[str]]:
    """Every deployment of the desk with its schedules, and a worker that runs them; gives the deployments' names."""
    names = deploy_all(settings.home, server.api_url, settings.channels, settings.desk.timezone)
    worker = start_worker(settings.home, server.api_url)
    try:
        yield names
    finally:
        end_process(worker)


def stay(server: ServerHandle, every: Callable[[], None] = lambda: None) -> None:
    """Return at Ctrl-C or SIGTERM; call `every` once a second until then. Raises ServerError if the server ends."""

    def ask_to_end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ask_to_end)
    with suppress(KeyboardInterrupt):
        while server.process.poll() is None:
            every()
            time.sleep(LOOK_EVERY_S)
        raise ServerError(
            f"The Prefect server ended by itself; its log is {server.home / 'var' / 'log' / 'prefect-server.log'}. "
            "Run again: nothing is lost"
        )
    signal.signal(signal.SIGTERM, before)
