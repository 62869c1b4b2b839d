"""One business day as the desk works it: hour by hour the world moves on, and the flows run as on their schedules."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from orderclerk.cli_flows import load_flow
from orderclerk.local.sandbox_process import Sandbox

STEPS_OF_WAVE = 5
REPORT = "next day: the quality report"
AT_ONCE = 4  # flows: most of a second of each is Prefect waiting


@dataclass(frozen=True)
class Wave:
    """A time of the day at which the desk works; `channels` are pulled then, and some begin with the team's report."""

    at: datetime
    label: str
    channels: tuple[str, ...]
    reports: bool = False


@dataclass
class Work:
    """What the desk did: flow runs and those that failed, with their words."""

    runs: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    entered: int = 0
    bought: int = 0


def waves(day: date, timezone: str, channels: tuple[str, ...]) -> list[Wave]:
    """The day in four waves, its evening, and the times at which reminders and expiry are due."""
    mail = tuple(channel for channel in channels if channel == "mail")
    both = tuple(channel for channel in channels if channel in ("mail", "files"))
    plan = [
        (0, time(10, 0), "the morning", channels),
        (0, time(12, 30), "noon", channels),
        (0, time(15, 0), "the afternoon", channels),
        (0, time(18, 0), "closing time", channels),
        (0, time(20, 30), "the evening", channels),
        (1, time(7, 30), REPORT, mail),
        (1, time(20, 45), "next day: reminders", both),
        (1, time(22, 0), "their answers", mail),
        (4, time(9, 0), "after three days: expiry", both),
    ]
    zone = ZoneInfo(timezone)
    return [
        Wave(datetime.combine(day + timedelta(days=later), clock, zone).astimezone(UTC), label, pulled, label == REPORT)
        for later, clock, label, pulled in plan
    ]


class Desk:
    """The clerk at work: `told` is called with what is being done before every step."""

    def __init__(self, sandbox: Sandbox, told: Callable[[str], None]) -> None:
        self.work, self._sandbox, self._told = Work(), sandbox, told

    def work_wave(self, wave: Wave) -> None:
        """The world moves on to `wave`; then everything that came is pulled, entered, processed, answered and sent."""
        self._told(f"{wave.label}: orders arrive")
        self._sandbox.advance(wave.at)
        self._told(f"{wave.label}: pulling {len(wave.channels)} channels")
        self._run_all(("pull_orders", {"channel": channel, "as_of": wave.at}) for channel in wave.channels)
        self._told(f"{wave.label}: answering the phone")
        self._run_all(("enter_order", call) for call in self._new_calls(wave.at))
        self._buy(wave.at)
        self._told(f"{wave.label}: checking orders")
        self._run("process_orders", {"as_of": wave.at})
        self._run("confirm_orders", {"as_of": wave.at})
        self._run("follow_purchases", {"as_of": wave.at})
        if wave.reports:
            self._run("report_quality", {"as_of": wave.at})
        self._told(f"{wave.label}: sending mails")
        self._run("send_outbox", {"as_of": wave.at})

    def _buy(self, at: datetime) -> None:
        """The buyer's list of the morning."""
        if not self.work.bought:
            wanted = self._sandbox.needs()
            self._run_all(
                ("buy_item", {**need, "wanted": date.fromisoformat(need["wanted"]), "as_of": at}) for need in wanted
            )
            self.work.bought = len(wanted)

    def _new_calls(self, until: datetime) -> Iterator[dict[str, Any]]:
        calls = self._sandbox.calls(until)
        for call in calls[self.work.entered :]:
            yield {name: value for name, value in call.items() if name != "at"} | {
                "as_of": datetime.fromisoformat(call["at"])
            }
        self.work.entered = len(calls)

    def _run_all(self, runs: Iterable[tuple[str, dict[str, Any]]]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda run: self._run(*run), list(runs)))

    def _run(self, name: str, values: dict[str, Any]) -> None:
        """Run a flow; a failure is noted and the day goes on, as it does when a schedule's run fails."""
        self.work.runs += 1
        try:
            load_flow(f"flows.{name}")(**values)
        except Exception as error:
            self.work.failures.append((name, f"{type(error).__name__}: {error}".splitlines()[0]))
