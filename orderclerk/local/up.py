"""`make up`: the sandbox's day, and it stays; and `orderclerk serve`, the same machinery for a real home."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from rich.console import Console

from orderclerk.local.day import opened, progress, say_what_is_ignored, work_waves
from orderclerk.local.day_home import fresh_home
from orderclerk.local.day_opening import OpenDesk, forget_real_desk
from orderclerk.local.day_work import waves
from orderclerk.local.postgres import book_url, prefect_url
from orderclerk.local.prefect_server import ServerHandle, start_server
from orderclerk.local.sandbox_process import SandboxError
from orderclerk.local.serving import deployed, stay
from orderclerk.settings import Settings, home_folder, load_settings

WORKED_WAVES = 3  # the morning, noon and the afternoon; what comes later arrives while you watch
LIVE_EVERY_S = 20
LIVE_STEP = timedelta(minutes=5)


def stay_up(orders: int, seed: int, faults: str) -> None:
    """Work a sandbox day up to the afternoon, then leave the rest to the schedules until Ctrl-C."""
    console = Console()
    base = home_folder()
    say_what_is_ignored(console, forget_real_desk())
    home, day = fresh_home(base), datetime.now(UTC).date() - timedelta(days=1)
    with progress(console) as bar, opened(bar, home, orders, seed, day, faults) as desk:
        work_waves(bar, desk, day, how_many=WORKED_WAVES)
        task = bar.add_task("deployments and worker", total=1)
        with deployed(desk.settings, desk.server) as service:
            bar.update(task, completed=1)
            bar.stop()
            _tell(console, desk.settings, desk.server, service.names)
            console.print("  the afternoon's orders arrive little by little, and customers answer")
            console.print("\nCtrl-C ends it all.")
            worked = waves(day, desk.settings.desk.timezone, desk.settings.channels)[WORKED_WAVES - 1].at
            stay(service, LiveWorld(desk, worked).move)
    console.print("Ended.")


def serve() -> None:
    """Run the desk of this home until Ctrl-C: database, Prefect server, every deployment, a worker."""
    from orderclerk.database.migrate import migrate

    console, settings = Console(), load_settings()
    settings.files.folder.mkdir(parents=True, exist_ok=True)
    migrate(book_url(settings))
    start = partial(start_server, settings.home, prefect_url(settings), settings.server.port, settings.server.host)
    with start() as server, deployed(settings, server) as service:
        _tell(console, settings, server, service.names)
        console.print("\nCtrl-C ends it.")
        stay(service)
    console.print("Ended.")


@dataclass
class LiveWorld:
    """The sandbox while people watch: five of its minutes every twenty seconds."""

    desk: OpenDesk
    now: datetime
    next_at: float = 0.0

    def move(self) -> None:
        """Move on if it is time; a sandbox that is gone is no reason to end."""
        if time.monotonic() < self.next_at:
            return
        self.now += LIVE_STEP
        with suppress(SandboxError):
            self.desk.sandbox.advance(self.now)
        self.next_at = time.monotonic() + LIVE_EVERY_S


def _tell(console: Console, settings: Settings, server: ServerHandle, names: list[str]) -> None:
    """What there is to look at, and where."""
    ui, home = server.ui_url, settings.home
    rows = {
        "Prefect": f"{ui}/dashboard",
        "runs": f"{ui}/runs",
        "deployments": f"{ui}/deployments  ({len(names)}, schedules active)",
        "held orders": f"{ui}/artifacts/key/held-orders",
        "release a hold": f"{ui}/deployments: release-hold, Custom run",
        "a phone order": f"{ui}/deployments: enter-order, Custom run",
        "an order": f"orderclerk --home {home} status SO100001",
        "the book re-checked": f"orderclerk --home {home} audit",
        "logs": f"{home}/var/log/",
    }
    if (home / "customers").is_dir():
        rows["customers' mails"] = f"{home}/customers/"
    console.print("\n[bold]The desk is open[/]")
    for name, place in rows.items():
        console.print(f"  {name:<22}{place}", soft_wrap=True, highlight=False)
