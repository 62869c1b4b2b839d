"""How the writer of a text writes: language, decimal mark, and the day on which they wrote."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Speech:
    """`decimal` is "." or ",", "" where it cannot be told; `is_shown`: the text's own figures show it."""

    language: str = ""
    decimal: str = ""
    is_shown: bool = False
    sent_on: date | None = None


PLAIN = Speech()
