"""Quarantined documents repaired and read again, singly or by cause; a dry run says what would come of it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact

from orderclerk.database import inbox, repairs
from orderclerk.database.engine import Connection
from orderclerk.database.letters import said_kinds
from orderclerk.domain.reading import EnvelopeKind
from orderclerk.domain.repairs import (
    Repair,
    RepairError,
    check_repair,
    parse_columns,
)
from orderclerk.domain.rules import RULES
from tasks.desk import Desk, current_desk
from tasks.intake import store_readings

__all__ = ["Cause", "Repair", "parse_columns", "read_quarantined", "show_quarantine"]

SHOWN = 200
Cause = repairs.Cause


@task(task_run_name="read-again")
def read_quarantined(
    cause: Cause, repair: Repair, person: str, reason: str, as_of: datetime, dry_run: bool
) -> dict[str, int]:
    """Put the documents of `cause` back to be read, with what is stated about them; counts.

    A dry run changes nothing and counts what would come of it. Raises RepairError for what cannot be applied.
    """
    desk, log = current_desk(), get_run_logger()
    with desk.engine.connect() as conn, conn.begin() as work:
        counts = prepare(conn, desk, cause, replace(repair, person=person.strip()), reason, as_of, dry_run)
        if dry_run:
            work.rollback()
    log.info("%s: %s", "what would come of it" if dry_run else "read again", counts)
    return counts


def prepare(
    conn: Connection, desk: Desk, cause: Cause, repair: Repair, reason: str, as_of: datetime, dry_run: bool
) -> dict[str, int]:
    """The work of `read_quarantined` within a transaction, which a dry run then undoes."""
    if not repair.person:
        raise RepairError("A document is repaired by a person: give your name")
    check_repair(repair)
    ids = repairs.quarantined_envelopes(conn, cause)
    states_something = repair != Repair(person=repair.person)
    if states_something:
        repairs.keep_repair(conn, ids, repair, reason, as_of)
    stored = inbox.envelopes_by_id(conn, ids) if states_something or dry_run else []
    stated = repairs.repairs_of(conn, ids)
    said = said_kinds(conn, ids)
    readings = [(s, desk.read(s.envelope, said.get(s.id), stated.get(s.id))) for s in stored]  # says what cannot be
    if repair.is_no_order:
        repairs.discard(conn, ids)
    repairs.read_again(conn, ids, repair.person, as_of)
    if not dry_run:
        return {"documents": len(ids)}
    counts = store_readings(conn, readings, desk.policy.binding, as_of)
    kinds = Counter(f"would be {_BECOMES[reading.kind]}" for _, reading in readings)
    return {"documents": len(ids), **kinds, **counts}


_BECOMES = {
    EnvelopeKind.ORDERS: "read as orders",
    EnvelopeKind.REPLY: "read as answers",
    EnvelopeKind.OTHER: "filed",
    EnvelopeKind.UNREADABLE: "quarantined again",
}


@task(task_run_name="show-quarantine")
def show_quarantine(as_of: datetime) -> int:
    """Publish the table of quarantined documents with their causes and next steps; how many it shows."""
    with current_desk().engine.connect() as conn:
        rows, total = repairs.quarantine_table(conn, SHOWN)
    for row in rows:
        known = RULES.get(row["rule"])
        row["cause"], row["next step"] = (known.title, known.next_step) if known else ("", "")
    create_table_artifact(
        table=rows or [{"quarantine": "empty"}],
        key="quarantine",
        description=f"# Quarantine, {as_of:%Y-%m-%d %H:%M} UTC\n{len(rows)} of {total} shown, the oldest first. "
        "Say what a document lacks with the deployment **repair-quarantine** (the number stands in the first column), "
        "or read many again with **retry-quarantine**.",
    )
    return len(rows)
