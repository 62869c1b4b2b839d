"""What tests share: one PostgreSQL a session, an empty book for every test, a Prefect server when asked for."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

# before anything imports prefect: no calls home, no colours in what tests read
os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "NO_COLOR": "1"}
for name in [name for name in os.environ if name.startswith("ORDERCLERK_")]:
    del os.environ[name]  # nobody's real desk

from orderclerk.local.postgres import SharedServer, share_server  # noqa: E402

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
TEMPLATE = "book_template"
DESK = '[desk]\nname = "Harbour Trading"\naddress = "orders@harbour.example"\nteam = "team@harbour.example"\n'
FLOWS = "tests/flows/"
_numbers = count(1)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector, which else walks through it again and again, is told so."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For `make test`, which has a process a core: a file's tests stay together, and flows, which share one Prefect server."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):  # xdist 3.8's own groups change nothing under pytest 9.2
        def _split_scope(self, nodeid: str) -> str:
            return FLOWS if nodeid.startswith(FLOWS) else str(super()._split_scope(nodeid))

    return Together(config, log)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of material nobody here wrote; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgres() -> Iterator[SharedServer]:
    """A PostgreSQL of this test session, without care for its data."""
    folder = Path(tempfile.mkdtemp(prefix="orderclerk-"))
    server = share_server(folder / "postgres", durable=False)
    yield server
    server.leave()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def book_template(postgres: SharedServer) -> str:
    """The name of a migrated, empty book to copy from."""
    from orderclerk.database.migrate import migrate

    postgres.ensure_database(TEMPLATE)
    migrate(postgres.url(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def book_url(postgres: SharedServer, book_template: str) -> Iterator[str]:
    """The SQLAlchemy URL of an empty book of this test's own."""
    name = f"book_{next(_numbers)}"
    with psycopg.connect(postgres.cluster.conninfo(), autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {book_template} STRATEGY FILE_COPY")
        yield postgres.url(name)
        conn.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def engine(book_url: str) -> Iterator[object]:
    """An engine on an empty book of this test's own."""
    from orderclerk.database.engine import make_engine

    engine = make_engine(book_url)
    yield engine
    engine.dispose()


@pytest.fixture
def desk_home(tmp_path: Path, book_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the shortest orderclerk.toml, on an empty book; add sections to the file before a flow reads it."""
    (tmp_path / "orderclerk.toml").write_text(DESK, encoding="utf-8")
    monkeypatch.setenv("ORDERCLERK_HOME", str(tmp_path))
    monkeypatch.setenv("ORDERCLERK_DATABASE_URL", book_url)
    return tmp_path


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A Prefect server for the whole session; costs about ten seconds, so only tests that run a flow ask for it."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=60):
        yield
