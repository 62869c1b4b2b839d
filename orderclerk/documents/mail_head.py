"""What every mail has, whoever it is for: language, colour, and the words that a mailbox shows first."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailHead:
    """Colours are those of its one accent, on light and on dark."""

    lang: str
    colour: str
    colour_dark: str
    subject: str
    preview: str
    headline: str
