"""The quality report as a whole: figures, mail in the outbox, page in the UI, Data Docs; once a day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.report_quality import report_quality
from orderclerk.database import outbox
from tasks.delivery import compose
from tasks.desk import _desk_of, current_desk
from tests.deskwork import bring, check, furnish, order, rows, value
from tests.flows.conftest import Operations

MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.fixture
def house(desk_home: Path, engine: Engine, operations: Operations) -> Iterator[Path]:
    furnish(engine)
    bring(engine, order("1", ("IT-1", "5", "2.50")), order("2", ("IT-2", "1", "9.99")))
    check(engine)
    _desk_of.cache_clear()
    with operations.in_process():
        yield desk_home
    _desk_of.cache_clear()


def test_a_day_is_reported_once_with_its_figures_and_rows(house: Path, engine: Engine, operations: Operations) -> None:
    first = report_quality(as_of=MORNING)
    assert (first["orders"], first["held"], first["reports"]) == (2, 1, 1)
    again = report_quality(as_of=MORNING)
    assert again == first | {"reports": 0}
    assert value(engine, "SELECT count(*) FROM outbox WHERE kind = 'quality'") == 1
    assert rows(engine, "SELECT DISTINCT day FROM quality_days") == [(date(2026, 11, 23),)]

    with engine.begin() as conn:
        ids = outbox.take_due(conn, MORNING, 20)
        (message,) = [one for one in outbox.hold_messages(conn, ids) if one.kind == "quality"]
    mail = compose(current_desk(), message, {})
    assert mail.as_bytes() == compose(current_desk(), message, {}).as_bytes()
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert read["To"] == "team@harbour.example"
    assert "PRC-001" in read.get_body(("plain",)).get_content()
    assert [part.get_filename() for part in read.iter_attachments()] == ["quality-2026-11-23.xlsx"]

    (page,) = operations.ask("POST", "/artifacts/latest/filter", {"artifacts": {"key": {"any_": ["quality-report"]}}})
    assert "PRC-001" in page["data"]
    assert (house / "var" / "data-docs" / "2026-11-23" / "index.html").exists()


def test_data_docs_that_cannot_be_built_do_not_stop_the_report(house: Path, engine: Engine) -> None:
    (house / "var").mkdir(exist_ok=True)
    (house / "var" / "data-docs").write_text("in the way")
    assert report_quality(as_of=MORNING)["reports"] == 1
