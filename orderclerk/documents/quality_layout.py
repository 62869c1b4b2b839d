"""The pieces a report to the team is laid out from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about, small print, and its figures."""

    label: str
    small: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture by its name, the words above it, and what it shows for whoever does not see it."""

    name: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences, pictures and a table; `head` are the names of the figures."""

    heading: str
    lines: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    is_alarm: bool = False
