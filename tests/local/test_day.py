"""The sandbox day: a home of its own every time, never the real desk's, and a summary of what came of it."""

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.console import Console

from orderclerk.domain.rules import RULES
from orderclerk.local.day import business_day
from orderclerk.local.day_home import KEPT, end_leftovers, fresh_home, works_for
from orderclerk.local.day_opening import forget_real_desk
from orderclerk.local.day_summary import DayFigures, print_summary
from orderclerk.local.day_work import Work, waves
from orderclerk.local.sandbox_process import Sandbox, SandboxError
from orderclerk.settings import load_settings

DAY = date(2026, 11, 18)


def test_every_day_has_a_fresh_home_and_the_last_three_are_kept(tmp_path):
    homes = [fresh_home(tmp_path) for _ in range(5)]
    assert [home.name for home in homes] == [f"day-{number}" for number in range(1, 6)]
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == [f"day-{n}" for n in range(6 - KEPT, 6)]


def test_a_day_that_is_being_worked_is_not_forgotten(tmp_path):
    first = fresh_home(tmp_path)
    (first / "var").mkdir()
    script = "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_SH); print(1, flush=True); sys.stdin.read()"
    users = str(first / "var" / "postgres.users")
    at_work = subprocess.Popen([sys.executable, "-c", script, users], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    at_work.stdout.readline()
    for _ in range(4):
        fresh_home(tmp_path)
    assert first.exists()
    at_work.communicate(b"")
    fresh_home(tmp_path)
    assert not first.exists()


def test_what_a_killed_day_left_running_is_ended(tmp_path):
    environment = os.environ | {"ORDERCLERK_HOME": str(tmp_path)}
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env=environment)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    while not works_for(left.pid, tmp_path):
        pass
    end_leftovers(tmp_path)
    assert left.wait(5) < 0
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_real_desk_is_forgotten_before_the_sandbox_opens(monkeypatch):
    monkeypatch.setenv("ORDERCLERK_DATABASE_URL", "postgresql://real/book")
    monkeypatch.setenv("ORDERCLERK_MAIL_PASSWORD", "real")
    monkeypatch.setenv("PREFECT_API_URL", "http://real/api")
    assert {"ORDERCLERK_DATABASE_URL", "ORDERCLERK_MAIL_PASSWORD", "PREFECT_API_URL"} <= set(forget_real_desk())
    assert "ORDERCLERK_DATABASE_URL" not in os.environ
    assert "PREFECT_API_URL" not in os.environ


def test_the_day_is_a_business_day_so_long_ago_that_all_of_it_is_over():
    for later in range(14):
        today = date(2026, 11, 16) + timedelta(days=later)
        day = business_day(today, 5)
        assert day.weekday() < 5
        plan = waves(day, "Europe/London", ("mail", "files"))
        assert plan[-1].at < datetime.combine(today, datetime.min.time(), UTC)


def test_waves_go_forward_and_cover_reminder_and_expiry():
    plan = waves(DAY, "Europe/London", ("mail", "shop", "files"))
    assert [wave.at for wave in plan] == sorted(wave.at for wave in plan)
    assert plan[-1].at - plan[4].at > timedelta(hours=72)
    assert any(timedelta(hours=24) < wave.at - plan[4].at < timedelta(hours=48) for wave in plan)
    assert plan[-1].channels == ("mail", "files")  # answers, and what warehouses report


def test_a_sandbox_starts_is_configured_and_moves(tmp_path):
    with Sandbox.spawn(tmp_path, 12, 1, DAY) as sandbox:
        sandbox.wait()
        settings = load_settings(tmp_path, {})
        assert {"mail", "files"} < set(settings.channels)
        closing = datetime(2026, 11, 18, 18, tzinfo=UTC)
        done = sandbox.advance(closing)
        assert done["mails"] + done["placed"] + done["files"] + len(sandbox.calls(closing)) >= 12
        assert sandbox.mails() == []
    with pytest.raises(SandboxError, match="does not answer"):
        sandbox.advance(closing)


def test_a_sandbox_that_cannot_start_says_why(tmp_path):
    with Sandbox.spawn(tmp_path, 12, 1, DAY, "no json") as sandbox, pytest.raises(SandboxError, match="faults"):
        sandbox.wait()


def test_the_summary_says_what_came_and_why_it_waits(tmp_path):
    figures = DayFigures(
        arrived={"mail": 7, "phone": 1}, orders={"mail": 5, "phone": 1}, confirmed={"mail": 3}, held={"mail": 2},
        states={"confirmed": 3, "received": 3}, held_by_rule={"PRC-001": 2}, quarantined={"ENV-001": 1},
        messages={"offer": 4}, questions={"open": 1, "answered": 2}, undelivered=1, findings=0,
        purchases={"sent": 2}, goods={"posted": 3},
    )  # fmt: skip
    console = Console(record=True, width=120)
    print_summary(console, figures, Work(runs=9, failures=[("pull_orders", "Gone: away")]), tmp_path, "Wednesday", 61.2)
    said = console.export_text()
    assert "mail             7       5          3     2      0" in said
    assert "all              8       6          3     2      1" in said
    assert RULES["PRC-001"].title in said
    assert "4 sent: 4 offer, 1 not delivered" in said
    assert "3 questions, 2 answered" in said
    assert "2 sent; goods received: 3 posted" in said
    assert "9 flow runs in 61 s" in said
    assert "pull_orders: Gone: away" in said
    assert f"orderclerk --home {tmp_path} status" in said


@pytest.mark.slow
def test_a_whole_small_day(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "orderclerk", "--home", str(tmp_path), "day", "--orders", "12"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Audit     clean" in done.stdout
    assert "Failed" not in done.stdout
    assert not [line for line in done.stderr.splitlines() if "Traceback" in line]
    postgres = tmp_path / "var" / "day-1" / "var" / "postgres" / "postmaster.pid"
    deadline = time.monotonic() + 30  # whoever leaves last stops it: perhaps a process that has yet to end
    while postgres.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not postgres.exists(), "everything has ended"
