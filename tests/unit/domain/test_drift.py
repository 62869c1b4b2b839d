"""Drift: what really changed is found, and ordinary variation is not."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from orderclerk.domain.drift import LEAST_WEEKS, Alarm, find_drift

DAY = np.datetime64("2026-11-23")  # a Monday
COLUMNS = ["day", "scope", "measure", "subject", "value", "cases"]
WEEKDAYS = np.array([1.3, 1.0, 0.9, 1.0, 0.8, 0.15, 0.05])


def days_before(count: int) -> list[np.datetime64]:
    return [DAY - np.timedelta64(ago, "D") for ago in range(count, -1, -1)]


def counts(
    rng: np.random.Generator, level: float, spread: float = 0.15, days: int = 90, scope: str = "channel:mail"
) -> pd.DataFrame:
    """A channel's orders a day, today included: Poisson about a level that varies by weekday and from day to day."""
    rows = []
    for day in days_before(days):
        weekday = (day.astype(int) + 3) % 7
        mean = level * WEEKDAYS[weekday] * np.exp(rng.normal(0, spread))
        rows.append((day, scope, "orders", "", float(rng.poisson(mean)), 0))
    return pd.DataFrame(rows, columns=COLUMNS)


def shares(rng: np.random.Generator, p: float, cases: int, measure: str, subject: str = "") -> pd.DataFrame:
    rows = []
    for day in days_before(40):
        n = max(int(rng.poisson(cases)), 1)
        true = np.clip(p + rng.normal(0, 0.02), 0, 1)
        rows.append((day, "channel:mail", measure, subject, rng.binomial(n, true) / n, n))
    return pd.DataFrame(rows, columns=COLUMNS)


def levels(rng: np.random.Generator, cases: int) -> pd.DataFrame:
    rows = []
    for day in days_before(40):
        ratios = np.where(rng.random(cases) < 0.6, 1.0, np.exp(rng.normal(0, 0.04, cases)))
        rows.append((day, "channel:mail", "price level", "", float(np.median(ratios)), cases))
    return pd.DataFrame(rows, columns=COLUMNS)


def confidences(rng: np.random.Generator, cases: int) -> pd.DataFrame:
    rows = [
        (day, "channel:mail", "confidence", "", float(rng.beta(20, 1, cases).mean()), cases) for day in days_before(40)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


STABLE: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
    "a busy channel": lambda rng: counts(rng, 400),
    "a quiet channel": lambda rng: counts(rng, 8, 0.25),
    "a moody channel": lambda rng: counts(rng, 60, 0.3),
    "a growing channel": lambda rng: counts(rng, 100).pipe(lambda f: f.assign(value=np.round(f["value"] * np.linspace(0.7, 1.1, len(f))))),
    "a full field": lambda rng: shares(rng, 0.98, 60, "filled", "street"),
    "a half-filled field": lambda rng: shares(rng, 0.5, 40, "filled", "requested_date"),
    "a rule": lambda rng: shares(rng, 0.04, 80, "held", "PRC-001"),
    "a kind of mail": lambda rng: shares(rng, 0.3, 50, "letters", "order"),
    "a quarantine": lambda rng: shares(rng, 0.02, 50, "quarantined"),
    "prices": lambda rng: levels(rng, 40),
    "confidence": lambda rng: confidences(rng, 30),
}  # fmt: skip


@pytest.mark.parametrize("name", STABLE)
def test_ordinary_variation_rings_on_fewer_than_one_day_in_twenty(name: str) -> None:
    rng = np.random.default_rng(20261123)
    rang = sum(bool(find_drift(STABLE[name](rng), DAY)) for _ in range(60))
    assert rang / 60 < 0.05


def test_a_whole_quiet_report_rings_on_fewer_than_one_day_in_twenty() -> None:
    rng = np.random.default_rng(7)
    fields = [lambda rng, f=f: shares(rng, 0.9, 60, "filled", f) for f in ("street", "city", "currency", "customer_po")]

    def report() -> pd.DataFrame:
        made = [counts(rng, level, scope=f"channel:{level}") for level in (300, 80, 25, 6)]
        made += [field(rng) for field in fields]
        return pd.concat([*made, shares(rng, 0.05, 60, "held", "PRC-001"), levels(rng, 60), confidences(rng, 60)])

    assert sum(bool(find_drift(report(), DAY)) for _ in range(25)) / 25 < 0.05


def today(frame: pd.DataFrame, value: float) -> pd.DataFrame:
    return frame.assign(value=frame["value"].where(frame["day"] != DAY, value))


REAL: dict[str, tuple[str, Callable[[np.random.Generator], pd.DataFrame]]] = {
    "half of a busy channel": ("DQ-101", lambda rng: today(counts(rng, 400, 0.1), 250)),
    "silence of a middling channel": ("DQ-101", lambda rng: counts(rng, 40).query("day < @DAY")),
    "three times as much": ("DQ-102", lambda rng: today(counts(rng, 60), 240)),
    "an empty field": ("DQ-103", lambda rng: today(shares(rng, 0.95, 40, "filled", "street"), 0.0)),
    "a field that one customer in three left out": ("DQ-103", lambda rng: today(shares(rng, 0.95, 80, "filled", "city"), 0.6)),
    "prices a tenth higher": ("DQ-104", lambda rng: today(levels(rng, 40), 1.10)),
    "prices in another unit": ("DQ-104", lambda rng: today(levels(rng, 40), 0.083)),
    "a rule that holds every third order": ("DQ-105", lambda rng: today(shares(rng, 0.04, 60, "held", "PRC-001"), 0.33)),
    "mail that is all newsletters": ("DQ-106", lambda rng: today(shares(rng, 0.1, 60, "letters", "newsletter"), 0.8)),
    "documents read with doubt": ("DQ-107", lambda rng: today(confidences(rng, 40), 0.7)),
    "a third unreadable": ("DQ-108", lambda rng: today(shares(rng, 0.02, 60, "quarantined"), 0.35)),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_drift_is_found(name: str) -> None:
    rule, make = REAL[name]
    rng = np.random.default_rng(11)
    found = [{alarm.rule for alarm in find_drift(pad(make(rng)), DAY)} for _ in range(10)]
    assert sum(rule in rules for rules in found) >= 9


def pad(frame: pd.DataFrame) -> pd.DataFrame:
    """Something else was measured today, so that silence is silence and not a day nobody looked at."""
    return pd.concat([frame, pd.DataFrame([(DAY, "channel:phone", "orders", "", 1.0, 1)], columns=COLUMNS)])


def test_an_alarm_names_the_figures() -> None:
    rows = [
        (DAY - np.timedelta64(7 * week, "D"), "channel:shop", "orders", "", 100.0 + week, 0) for week in range(1, 11)
    ]
    frame = pad(pd.DataFrame([*rows, (DAY, "channel:shop", "orders", "", 12.0, 12)], columns=COLUMNS))
    (alarm,) = find_drift(frame, DAY)
    assert alarm == Alarm("DQ-101", "channel:shop", "orders", "", 12.0, 105.5, 103.25, 107.75, 10, 12)


def test_a_weekday_is_compared_with_its_like_and_only_when_there_are_enough() -> None:
    quiet_sundays = [
        (DAY - np.timedelta64(ago, "D"), "channel:shop", "orders", "", 0.0 if ago % 7 == 1 else 100.0, 0)
        for ago in range(80)
    ]
    assert find_drift(pad(pd.DataFrame(quiet_sundays, columns=COLUMNS)), DAY - np.timedelta64(1, "D")) == []
    few = [
        (DAY - np.timedelta64(7 * week, "D"), "channel:shop", "orders", "", 100.0, 0) for week in range(1, LEAST_WEEKS)
    ]
    assert find_drift(pad(pd.DataFrame(few, columns=COLUMNS)), DAY) == []


def test_a_holiday_is_said_once() -> None:
    rng = np.random.default_rng(3)
    channels = [today(counts(rng, level, scope=f"channel:{level}"), 0.0) for level in (300, 90, 60)]
    assert [(alarm.rule, alarm.scope) for alarm in find_drift(pd.concat(channels), DAY)] == [("DQ-101", "channel:all")]


def test_a_rule_without_a_hold_that_day_counts_as_none_and_a_kind_of_mail_may_vanish() -> None:
    rows = [(day, "channel:mail", "held", "", 0.05, 50) for day in days_before(20)]
    rows += [(DAY, "channel:mail", "held", "PRC-001", 0.3, 50)]
    rows += [(day, "channel:mail", "letters", "order", 0.5 if day < DAY else 1.0, 50) for day in days_before(20)]
    rows += [(day, "channel:mail", "letters", "newsletter", 0.5, 50) for day in days_before(20)[:-1]]
    found = find_drift(pd.DataFrame(rows, columns=COLUMNS), DAY)
    assert [(alarm.rule, alarm.subject, alarm.value) for alarm in found] == [
        ("DQ-105", "PRC-001", 0.3), ("DQ-106", "newsletter", 0.0), ("DQ-106", "order", 1.0),
    ]  # fmt: skip
