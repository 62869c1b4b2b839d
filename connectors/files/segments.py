"""EDI text into segments: the part EDIFACT and X12 share.

Own code: one bad segment must not cost the others (see docs/decisions/files.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters an interchange separates with; `release` makes the next one plain ("" in X12)."""

    component: str
    element: str
    terminator: str
    release: str = ""
    repetition: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if two are the same or one is a letter, digit or control character that cannot separate."""
        marks = [mark for mark in (self.component, self.element, self.terminator, self.release) if mark]
        if len(set(marks)) < len(marks) or any(mark.isalnum() or mark == " " for mark in marks):
            raise ValueError(f"The separators {''.join(marks)!r} cannot separate")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its tag, its elements as tuples of components, and its place in the text, from 1."""

    tag: str
    elements: tuple[tuple[str, ...], ...]
    place: int

    def get(self, element: int, component: int = 0) -> str:
        """Element and component counted as the standards do: from 1, and from 0; "" where absent."""
        parts = self.elements[element - 1] if element <= len(self.elements) else ()
        return parts[component].strip() if component < len(parts) else ""

    def __str__(self) -> str:
        return "+".join((self.tag, *(":".join(parts) for parts in self.elements)))


def split_segments(text: str, marks: Separators) -> Iterator[Segment]:
    """The segments of `text` in order; blanks and line breaks around them do not count."""
    for place, raw in enumerate(filter(None, map(str.strip, _split(text, marks.terminator, marks.release))), start=1):
        tag, *elements = _split(raw, marks.element, marks.release)
        yield Segment(tag.strip().upper(), tuple(_components(element, marks) for element in elements), place)


def _components(element: str, marks: Separators) -> tuple[str, ...]:
    parts = _split(element, marks.component, marks.release)
    return tuple(_released(part, marks.release) for part in parts)


def _split(text: str, mark: str, release: str) -> list[str]:
    if not release or release not in text:
        return text.split(mark)
    found = re.finditer(f"{re.escape(release)}.|{re.escape(mark)}", text, re.DOTALL)
    edges = [-1, *(match.start() for match in found if match.group() == mark), len(text)]
    return [text[start + 1 : end] for start, end in pairwise(edges)]


def _released(text: str, release: str) -> str:
    return re.sub(re.escape(release) + "(.)", r"\1", text, flags=re.DOTALL) if release and release in text else text
