"""Opens a desk in the sandbox: database, outside world, Prefect server, schema, master data; much of it at once."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orderclerk.cli_flows import free_port, let_prefect_finish, load_flow
from orderclerk.local.postgres import BOOK, PREFECT, SharedServer, share_server
from orderclerk.local.prefect_environment import ServerError, prefect_environment
from orderclerk.local.prefect_server import ServerHandle, start_server
from orderclerk.local.sandbox_process import Sandbox
from orderclerk.settings import Settings, load_settings

STEPS = 5
FLOWS = ("pull_orders", "enter_order", "process_orders", "confirm_orders", "report_quality", "send_outbox",
         "follow_purchases", "buy_item")  # fmt: skip
QUIET = "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"
_HOST = "127.0.0.1"
Told = Callable[[str], None]


@dataclass(frozen=True)
class OpenDesk:
    """Everything that runs while a sandbox day is worked."""

    settings: Settings
    sandbox: Sandbox
    server: ServerHandle


def forget_real_desk() -> list[str]:
    """Take every setting of a real installation out of the environment: a sandbox day must never touch its book.

    Returns the names of what was taken out.
    """
    taken = [name for name in os.environ if name.startswith("ORDERCLERK_") and name != "ORDERCLERK_DEBUG"]
    taken += [name for name in ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_PROFILE") if name in os.environ]
    for name in taken:
        del os.environ[name]
    return taken


@contextmanager
def open_desk(home: Path, orders: int, seed: int, day: date, faults: str, told: Told) -> Iterator[OpenDesk]:
    """Everything running and loaded for `home`; ended when left. `told` hears of each of STEPS steps."""
    api_url = f"http://{_HOST}:{free_port(_HOST)}/api"
    _prepare_prefect(home, api_url)
    told("the outside world starts")
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox.spawn(home, orders, seed, day, faults))
        told("PostgreSQL starts")
        database = share_server(home / "var" / "postgres")
        database.ensure_database(PREFECT)
        told("the Prefect server starts")
        beside = stack.enter_context(ThreadPoolExecutor(1))
        starting = beside.submit(start_server, home, database.url(PREFECT, "asyncpg"), _port(api_url), _HOST)
        stack.callback(_end, starting)
        settings = _load(home, sandbox, database, told)
        server = starting.result()
        stack.callback(let_prefect_finish)
        yield OpenDesk(settings, sandbox, server)


def _prepare_prefect(home: Path, api_url: str) -> None:
    """Prefect reads its environment when it is imported, so this comes first."""
    os.environ.update(prefect_environment(home, api_url))
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = (
        "CRITICAL"  # the progress bars are there; the UI has the logs
    )


def _end(starting: "Future[ServerHandle]") -> None:
    """End the server, also one that is still starting; why it did not start is said by whoever waits for it."""
    with suppress(ServerError):
        starting.result().stop()


def _load(home: Path, sandbox: Sandbox, database: SharedServer, told: Told) -> Settings:
    """Wait for the world, then schema, master data and the flows' own import."""
    from orderclerk.database.engine import make_engine
    from orderclerk.database.masterdata import load_master_data
    from orderclerk.database.migrate import migrate_engine

    told("the order book is made")
    database.ensure_database(BOOK)
    engine = make_engine(database.url(BOOK))
    migrate_engine(engine)
    sandbox.wait()
    settings = load_settings(home)
    told("master data is loaded")
    load_master_data(engine, home / "masterdata")
    engine.dispose()
    for name in FLOWS:
        load_flow(f"flows.{name}")
    os.environ.pop(QUIET, None)  # it has been read; the worker's log is to have its lines
    return settings


def _port(api_url: str) -> int:
    return int(api_url.split(":")[2].partition("/")[0])
