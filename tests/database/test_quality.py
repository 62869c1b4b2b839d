"""The figures of a day: right, the same again, by the desk's own calendar; and the facts of its report."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from orderclerk.database.inbox import quarantine
from orderclerk.database.quality_days import missing_days
from orderclerk.domain.reading import Unreadable
from tasks.quality import gather_facts, reported_day, take_figures
from tests.deskwork import NOON, bring, check, furnish, order, rows, value

DAY, LONDON = date(2026, 11, 23), "Europe/London"
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
FINE, DEAR = ("IT-1", "5", "2.50"), ("IT-2", "1", "5.00")


@pytest.fixture
def house(engine: Engine) -> Engine:
    """A day: three orders of which one is held, one unreadable document."""
    furnish(engine)
    bring(
        engine,
        order("1", FINE),
        order("2", DEAR),
        order("3", FINE, ("IT-3", "2", ""), who="C2", source="mail:c2@x.example"),
    )
    check(engine)
    with engine.begin() as conn:
        envelope = conn.execute(sql("SELECT id FROM envelopes")).scalar_one()
        quarantine(conn, [(envelope, Unreadable("row 4", "=1+1", "ROW-001", "the row names no order"))], NOON)
    return engine


def figures(engine: Engine, measure: str, day: date = DAY) -> dict[tuple[str, str], tuple[float, int]]:
    found = rows(
        engine,
        "SELECT scope, subject, value, cases FROM quality_days WHERE measure = :m AND day = :d",
        m=measure,
        d=day,
    )
    return {(row.scope, row.subject): (row.value, row.cases) for row in found}


def take(engine: Engine, zone: str = LONDON, as_of: datetime = MORNING) -> int:
    with engine.begin() as conn:
        return take_figures(conn, reported_day(as_of, zone), zone, as_of)


def test_the_figures_of_a_day_are_right_and_the_same_again(house: Engine) -> None:
    taken = take(house)
    assert figures(house, "orders") == {("channel:files", ""): (3, 3)}
    assert figures(house, "lines") == {("channel:files", ""): (4, 4)}
    assert figures(house, "documents") == {("channel:files", ""): (1, 1)}
    assert figures(house, "quarantined") == {("channel:files", ""): (1, 1)}
    held = {subject: round(share * cases) for (_, subject), (share, cases) in figures(house, "held").items()}
    assert (held[""], held["PRC-001"]) == (value(house, "SELECT count(DISTINCT order_id) FROM holds"), 1)
    filled = {subject: share for (_, subject), (share, _) in figures(house, "filled").items()}
    assert {name: filled[name] for name in ("customer", "line quantity", "line barcode")} == {
        "customer": 1, "line quantity": 1, "line barcode": 0,
    }  # fmt: skip
    assert figures(house, "price level") == {("channel:files", ""): (1.0, 4)}
    before = rows(house, "SELECT * FROM quality_days ORDER BY 1, 2, 3, 4")
    assert take(house) == taken
    assert rows(house, "SELECT * FROM quality_days ORDER BY 1, 2, 3, 4") == before


def test_a_day_is_the_desk_s_own(engine: Engine) -> None:
    furnish(engine)
    for hour, ref in ((15, "evening"), (17, "next morning in Shanghai")):
        bring(engine, order(ref, FINE), at=datetime(2026, 11, 23, hour, tzinfo=UTC))
    take(engine, "Asia/Shanghai", datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert figures(engine, "orders") == {("channel:files", ""): (1, 1)}


def test_days_that_were_missed_are_caught_up(house: Engine) -> None:
    bring(house, order("earlier", FINE), at=NOON - timedelta(days=3))
    take(house)
    measured = {row.day for row in rows(house, "SELECT DISTINCT day FROM quality_days")}
    assert measured == {DAY - timedelta(days=ago) for ago in range(4)}
    with house.connect() as conn:
        assert missing_days(conn, DAY, LONDON) == []


def facts(engine: Engine, as_of: datetime = MORNING) -> Any:
    with engine.begin() as conn:
        day = reported_day(as_of, LONDON)
        take_figures(conn, day, LONDON, as_of)
        return gather_facts(conn, day, LONDON, as_of)


def test_the_facts_say_what_was_held_by_whom_and_why(house: Engine) -> None:
    found = facts(house)
    (channel,) = found.channels
    assert (channel.channel, channel.documents, channel.orders, channel.quarantined) == ("files", 1, 3, 1)
    assert [(held.rule, held.open, held.new, held.overdue) for held in found.held if held.rule == "PRC-001"] == [
        ("PRC-001", 1, 1, 0)
    ]
    assert found.sources[0].source in ("p", "C1", "C2")
    assert {"C1", "p"} <= {source.source for source in found.sources}
    assert all("@x" not in example for source in found.sources for example in source.examples)
    assert [(cause.rule, cause.sender, cause.count) for cause in found.quarantine] == [("ROW-001", "p", 1)]
    assert found.release.open == sum(held.open for held in found.held)
    assert found.release.oldest_hours == 19.5
    assert {row.rule for row in found.held_rows} >= {"PRC-001"}
    assert found.rows_in_all == len(found.held_rows) + len(found.quarantine_rows)
    assert not found.is_well


def test_what_was_released_shows_in_the_time_to_release_and_what_waits_too_long_as_overdue(house: Engine) -> None:
    with house.begin() as conn:
        conn.execute(
            sql(
                "UPDATE holds SET state = 'released', closed_by = 'Ann', closed_at = opened_at + interval '2 hours' WHERE rule = 'PRC-001'"
            )
        )
        conn.execute(sql("UPDATE holds SET due_at = opened_at WHERE state = 'open'"))
    release = facts(house).release
    assert (release.closed, release.median_hours, release.p90_hours) == (1, 2.0, 2.0)
    assert release.overdue == release.open == value(house, "SELECT count(*) FROM holds WHERE state = 'open'")


def test_faults_of_master_data_and_drift_are_put_on_record_once(house: Engine) -> None:
    facts(house)
    kept = rows(house, "SELECT rule, subject, severity FROM findings ORDER BY 1, 2")
    assert ("DQ-032", "items", "warning") in [tuple(row) for row in kept]
    facts(house)
    assert rows(house, "SELECT rule, subject, severity FROM findings ORDER BY 1, 2") == kept
