"""The quality report as a message of the outbox: its facts lie in the row, the mail is made when it goes out."""

from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from orderclerk.database.engine import Connection
from orderclerk.database.outbox import enqueue_team_mail, last_of_kind, payload_of
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.quality_facts import QualityFacts, facts_from_json, facts_to_json

QUALITY = "quality"


def enqueue_report(conn: Connection, facts: QualityFacts, language: str, at: datetime) -> bool:
    """Put the report about a day into the outbox; False if one about that day is there."""
    payload = {"language": language, "facts": facts_to_json(facts)}
    return enqueue_team_mail(conn, "", "", str(facts.day), at, kind=QUALITY, payload=payload)


def mailed_report(conn: Connection, day: date) -> QualityFacts | None:
    """The facts of the report about `day` as it was mailed; None if none was."""
    payload = payload_of(conn, f"{QUALITY}:{day}")
    return facts_from_json(payload["facts"]) if payload else None


def last_reported(conn: Connection) -> date | None:
    """The last day a report was mailed about; None if none was."""
    found = last_of_kind(conn, QUALITY)
    return date.fromisoformat(found["facts"]["day"]) if found else None


def quality_mail(house: DeskFacts, payload: dict[str, Any], to: str, key: str, at: datetime) -> EmailMessage:
    """The mail of an outbox row, the same bytes each time."""
    from orderclerk.documents.quality_mail import render_quality_mail  # its charts cost a second of import

    return render_quality_mail(house, facts_from_json(payload["facts"]), payload["language"], to, key, at)
