"""The embedded PostgreSQL: shared, restarted after any death, and plain about what is in its way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from orderclerk.local import postgres
from orderclerk.local.postgres import BOOK, SharedServer, is_in_use, share_server
from orderclerk.local.postgres_faults import PostgresError, said_by
from orderclerk.settings import load_settings

DESK = '[desk]\nname = "x"\naddress = "a@example.com"\nteam = "t@example.com"\n'
ANOTHER = """
import sys, time
from pathlib import Path
from orderclerk.local.postgres import share_server
share_server(Path(sys.argv[1]), durable=False).ensure_database("orderclerk")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "var" / "postgres"
    yield folder
    for server in list(SharedServer.joined.values()):
        if server.cluster.folder.is_relative_to(folder.parents[1]):
            server.leave()


def another_process(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def test_one_server_for_all_processes_and_the_last_one_stops_it(folder):
    other = another_process(folder)
    server = share_server(folder, durable=False)
    pid = server.cluster.server_pid()
    other.communicate("")
    assert server.cluster.server_pid() == pid, "the first to start it has left, we have not"
    assert is_in_use(folder)
    server.leave()
    assert server.cluster.server_pid() is None
    assert not is_in_use(folder)


def test_a_killed_starter_leaves_a_server_that_the_next_one_shares_and_stops(folder):
    other = another_process(folder)
    other.kill()
    other.wait()
    server = share_server(folder, durable=False)
    server.ensure_database("kept")
    server.leave()
    assert server.cluster.server_pid() is None


def test_a_killed_server_is_started_again_with_what_it_had(folder):
    server = share_server(folder, durable=False)
    server.ensure_database(BOOK)
    with psycopg.connect(server.cluster.conninfo(BOOK)) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(server.cluster.server_pid(), signal.SIGKILL)
    server = share_server(folder, durable=False)
    with psycopg.connect(server.cluster.conninfo(BOOK)) as conn:
        assert conn.execute("SELECT answer FROM kept").fetchone() == (42,)
    server.leave()


def test_a_stale_pid_that_became_somebody_elses_does_not_matter(folder):
    server = share_server(folder, durable=False)
    os.kill(server.cluster.server_pid(), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.cluster.server_pid() is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    pid_file = folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not server.cluster.is_ready()
    assert share_server(folder, durable=False).cluster.is_ready()
    server.leave()


def test_eight_processes_at_once_on_a_new_home(tmp_path):
    folder = tmp_path / "var" / "postgres"
    started = [
        subprocess.Popen([sys.executable, "-c", ANOTHER, str(folder)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        for _ in range(8)
    ]
    assert [process.communicate(timeout=60)[0] for process in started] == [b"ready\n"] * 8
    assert not (folder / "postmaster.pid").exists(), "the last one out stopped it"


def test_a_home_killed_while_it_is_made_is_made_again(tmp_path):
    half = tmp_path / "var" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = share_server(tmp_path / "var" / "postgres", durable=False)
    assert server.cluster.is_ready()
    server.leave()


def test_two_deep_homes_side_by_side_with_their_own_urls(tmp_path):
    homes = [tmp_path / ("deep" * 30) / name for name in ("one", "two")]
    for home in homes:
        home.mkdir(parents=True)
        (home / "orderclerk.toml").write_text(DESK)
    books = [postgres.book_url(load_settings(home, {})) for home in homes]
    assert books[0] != books[1]
    for home, url in zip(homes, books, strict=True):
        with psycopg.connect(url.replace("+psycopg", "")) as conn:
            assert conn.execute("SHOW data_directory").fetchone()[0] == str(home / "var" / "postgres")
            assert conn.execute("SHOW fsync").fetchone()[0] == "on"
        assert postgres.prefect_url(load_settings(home, {})).startswith("postgresql+asyncpg://postgres@/prefect?host=/")
        share_server(home / "var" / "postgres").leave()


def test_a_database_of_your_own_is_used_as_given(tmp_path):
    (tmp_path / "orderclerk.toml").write_text(DESK)
    url = "postgresql://clerk:pw@db.example.com/book"
    settings = load_settings(tmp_path, {"ORDERCLERK_DATABASE_URL": url, "ORDERCLERK_PREFECT_DATABASE_URL": url})
    assert settings.database_url() == "postgresql+psycopg://clerk:pw@db.example.com/book"
    assert postgres.prefect_url(settings).startswith("postgresql+asyncpg://clerk")
    assert not (tmp_path / "var").exists()


def test_another_kind_of_database_is_refused_with_an_example(tmp_path):
    (tmp_path / "orderclerk.toml").write_text(DESK)
    settings = load_settings(tmp_path, {"ORDERCLERK_DATABASE_URL": "mysql://x"})
    with pytest.raises(PostgresError, match="write postgresql://"):
        postgres.book_url(settings)


def test_a_full_disk_is_said_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "LEAST_FREE_MB", 10**9)
    with pytest.raises(PostgresError, match=r"is full .* make room and run again"):
        share_server(tmp_path / "var" / "postgres")
    said = "2026 FATAL:  could not write lock file: No space left on device"
    assert "the disk is full" in said_by("pg_ctl", tmp_path, said)


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file where a folder belongs")
    with pytest.raises(PostgresError, match="cannot be used"):
        share_server(tmp_path / "var" / "postgres")


def test_data_of_another_major_version_is_left_alone(tmp_path):
    folder = tmp_path / "var" / "postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("11\n")
    with pytest.raises(PostgresError, match="made by PostgreSQL 11"):
        share_server(folder)
