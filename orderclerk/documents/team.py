"""A mail to the desk's own people: a subject and paragraphs, in English."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderclerk.documents.cleaning import clean_line, clean_lines
from orderclerk.documents.facts import DeskFacts
from orderclerk.documents.mail_head import MailHead


@dataclass(frozen=True, slots=True)
class TeamView(MailHead):
    """What the team templates place."""

    paragraphs: tuple[tuple[str, ...], ...]
    desk: tuple[str, ...]


def team_view(desk: DeskFacts, subject: str, paragraphs: Sequence[str]) -> TeamView:
    """`paragraphs` may have several lines each; empty ones are left out."""
    shown = tuple(filter(None, (tuple(clean_lines(text, 20_000)) for text in paragraphs)))
    headline = clean_line(subject, 150)
    preview = shown[0][0] if shown else ""
    return TeamView("en-GB", "#44546a", "#b3c0d1", headline, preview, headline, shown, (clean_line(desk.name, 100),))
