"""Quarantine repaired and read again: singly, by cause, as a trial; the envelope stays, and the same comes of it again."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from orderclerk.database import inbox
from orderclerk.database.audit import audit_book
from orderclerk.database.repairs import Cause, quarantine_table
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.repairs import Repair, RepairError
from orderclerk.settings import load_settings
from tasks.desk import Desk
from tasks.intake import read_chunk
from tasks.repairing import prepare
from tests.deskwork import NOON, furnish, rows, value

STRANGE = "Bestellung;Artikel;Anzahl Stueckzahl\nA1;IT-1;5\n"
COLUMNS = {"order_ref": "Bestellung", "item_ref": "Artikel", "quantity": "Anzahl Stueckzahl"}


@pytest.fixture
def desk(desk_home: Path, engine: Engine) -> Desk:
    """Two files whose columns nobody knows, from two senders, in quarantine."""
    furnish(engine)
    desk = Desk(load_settings(desk_home))
    with engine.begin() as conn:
        files = [
            Envelope("files", f"{who}.csv", STRANGE.replace("A1", who).encode(), "text/csv", who)
            for who in ("acme", "globex")
        ]
        inbox.keep_once(conn, files, NOON)
    read(desk)
    assert rows(engine, "SELECT rule, state FROM quarantine") == [("ENV-004", "open")] * 2
    return desk


def read(desk: Desk) -> Any:
    return read_chunk(desk.engine, desk.read, desk.policy.binding, NOON)


def do(desk: Desk, cause: Cause, repair: Repair, *, dry_run: bool = False) -> dict[str, int]:
    with desk.engine.connect() as conn, conn.begin() as work:
        counts = prepare(conn, desk, cause, repair, "on the phone", NOON, dry_run)
        if dry_run:
            work.rollback()
    return counts


def test_one_document_is_repaired_by_its_number_and_the_other_waits(desk: Desk, engine: Engine) -> None:
    number = value(
        engine, "SELECT q.id FROM quarantine q JOIN envelopes e ON e.id = q.envelope_id WHERE sender_ref = 'acme'"
    )
    before = rows(engine, "SELECT id, content, sha256 FROM envelopes ORDER BY id")
    assert do(desk, Cause(number), Repair(columns=COLUMNS, customer_number="C1", person="Ann")) == {"documents": 1}
    assert read(desk) == {"envelopes": 1, "new": 1}
    assert rows(
        engine, "SELECT order_ref, item_ref, quantity FROM orders JOIN order_lines l ON l.order_id = orders.id"
    ) == [("acme", "IT-1", 5)]
    assert sorted(rows(engine, "SELECT state FROM quarantine")) == [("open",), ("replayed",)]
    assert rows(engine, "SELECT id, content, sha256 FROM envelopes ORDER BY id") == before
    assert rows(engine, "SELECT person, reason FROM repairs") == [("Ann", "on the phone")]
    assert audit_book(engine) == []


def test_whatever_is_read_later_is_read_with_what_was_stated(desk: Desk, engine: Engine) -> None:
    do(desk, Cause(sender="acme"), Repair(columns=COLUMNS, customer_number="C1", person="Ann"))
    read(desk)
    with engine.begin() as conn:
        conn.exec_driver_sql("UPDATE envelopes SET state = 'stored' WHERE sender_ref = 'acme'")
    assert read(desk) == {"envelopes": 1, "repeat": 1}


def test_a_trial_says_what_would_come_of_it_and_changes_nothing(desk: Desk, engine: Engine) -> None:
    tables = ("orders", "repairs", "quarantine", "envelopes")
    before = {table: rows(engine, f"SELECT * FROM {table} ORDER BY 1") for table in tables}
    tried = do(desk, Cause(rule="ENV-004"), Repair(columns=COLUMNS, person="Ann"), dry_run=True)
    assert tried == {"documents": 2, "would be read as orders": 2, "new": 2}
    assert do(desk, Cause(channel="files"), Repair(person="Ann"), dry_run=True)["would be quarantined again"] == 2
    assert {table: rows(engine, f"SELECT * FROM {table} ORDER BY 1") for table in tables} == before


def test_what_nobody_needs_is_discarded_with_its_reason(desk: Desk, engine: Engine) -> None:
    do(desk, Cause(sender="globex"), Repair(discarded="a test of theirs", person="Ann"))
    read(desk)
    found = rows(
        engine,
        "SELECT e.state, e.reason, q.state FROM envelopes e JOIN quarantine q ON q.envelope_id = e.id WHERE sender_ref = 'globex'",
    )
    assert found == [("filed", "discarded by Ann: a test of theirs", "discarded")]
    assert audit_book(engine) == []


@pytest.mark.parametrize(
    ("cause", "repair", "words"),
    [
        (Cause(4711), Repair(person="Ann"), "Quarantine 4711 is not open"),
        (Cause(), Repair(), "give your name"),
        (Cause(), Repair(encoding="utf-16", person="Ann"), "not in utf-16"),
    ],
)
def test_what_cannot_be_applied_is_said_and_changes_nothing(
    desk: Desk, engine: Engine, cause: Cause, repair: Repair, words: str
) -> None:
    with pytest.raises(RepairError, match=words):
        do(desk, cause, repair)
    assert value(engine, "SELECT count(*) FROM repairs") == 0
    assert rows(engine, "SELECT DISTINCT state FROM quarantine") == [("open",)]


def test_the_table_names_number_cause_and_sender_and_no_address(desk: Desk, engine: Engine) -> None:
    with engine.begin() as conn:
        mail = Envelope("mail", "1", b"\x00", "message/rfc822; oversize=99999999", "ann@secret.example")
        inbox.keep_once(conn, [mail], NOON)
    read(desk)
    with engine.connect() as conn:
        table, total = quarantine_table(conn, 2)
        whole, _ = quarantine_table(conn, 10)
    assert (len(table), total) == (2, 3)
    assert [(row["sender"], row["rule"]) for row in whole] == [
        ("acme", "ENV-004"),
        ("globex", "ENV-004"),
        ("@secret.example", "ENV-003"),
    ]
