"""`make run`: one business day in the sandbox through the real flows, and what it came to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orderclerk.local.day_home import fresh_home
from orderclerk.local.day_opening import STEPS, OpenDesk, forget_real_desk, open_desk
from orderclerk.local.day_summary import day_figures, print_summary
from orderclerk.local.day_work import STEPS_OF_WAVE, Desk, waves
from orderclerk.settings import home_folder

AGO_DAYS = 5  # so that even the expiry after three days lies behind us


def work_one_day(orders: int, seed: int, faults: str) -> None:
    """Work one day in a fresh home and print its summary; everything that was started ends with it."""
    console, started = Console(), time.monotonic()
    base = home_folder()
    say_what_is_ignored(console, forget_real_desk())
    home, day = fresh_home(base), business_day(datetime.now(UTC).date(), AGO_DAYS)
    with progress(console) as bar, opened(bar, home, orders, seed, day, faults) as desk:
        clerk = work_waves(bar, desk, day)
        figures = day_figures(desk.settings)
    print_summary(console, figures, clerk.work, home, f"{day:%A, %d %B %Y}", time.monotonic() - started)


def work_waves(bar: Progress, desk: OpenDesk, day: date, *, how_many: int | None = None) -> Desk:
    """Work the waves of `day` (the first `how_many`), telling the progress bar of every step."""
    plan = waves(day, desk.settings.desk.timezone, desk.settings.channels)[:how_many]
    steps = Steps(bar, "The day", STEPS_OF_WAVE * len(plan))
    clerk = Desk(desk.sandbox, steps.begin)
    for wave in plan:
        clerk.work_wave(wave)
    steps.end("the day is worked" if how_many is None else "the day so far is worked")
    return clerk


@contextmanager
def opened(bar: Progress, home: Path, orders: int, seed: int, day: date, faults: str) -> Iterator[OpenDesk]:
    """`open_desk` with its progress bar."""
    steps = Steps(bar, "Opening the desk", STEPS)
    with open_desk(home, orders, seed, day, faults, steps.begin) as desk:
        steps.end("the desk is open")
        yield desk


class Steps:
    """A progress bar that names the step being done and counts those that are."""

    def __init__(self, bar: Progress, words: str, total: int) -> None:
        self._bar, self._task, self._begun = bar, bar.add_task(words, total=total), 0

    def begin(self, words: str) -> None:
        """The next step begins: the one before it is done."""
        self._bar.update(self._task, description=words, completed=self._begun)
        self._begun += 1

    def end(self, words: str) -> None:
        """All steps are done."""
        self._bar.update(self._task, description=words, completed=self._begun)


@contextmanager
def progress(console: Console) -> Iterator[Progress]:
    """Progress bars; plain lines where nobody watches."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<36}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=8) as bar:
        yield bar


def business_day(today: date, ago_days: int) -> date:
    """The last Monday to Friday at least `ago_days` before `today`."""
    day = today - timedelta(days=ago_days)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def say_what_is_ignored(console: Console, names: list[str]) -> None:
    """Say which settings of a real installation the sandbox day does without."""
    ignored = [name for name in names if name != "ORDERCLERK_HOME"]
    if ignored:
        console.print(f"Ignored, for the sandbox has its own: {', '.join(sorted(ignored))}", highlight=False)
