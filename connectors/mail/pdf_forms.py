"""Forms on a PDF page: small labels side by side, each with its value below in larger letters, read label by label."""

from collections.abc import Sequence

from connectors.mail.pdf_flow import Run
from connectors.mail.pdf_words import Segment, TextLine, segments_of

_SMALLER = 0.9  # of the value's height
_ALIGNED = 3.0  # points
_BELOW, _ON = 1.6, 1.4  # line heights to the value, and to the line that goes on with it
_LONGEST = 5  # words of a label, lines of a value


def take_forms(lines: list[TextLine]) -> tuple[list[Run], list[TextLine]]:
    """Each label with its value on one line, a tab between them; and the lines that are no such form."""
    forms: list[Run] = []
    left: list[TextLine] = []
    place = 0
    while place < len(lines):
        values = _values(lines[place : place + _LONGEST + 1])
        if values:
            forms.append(Run(lines[place].top, _read(lines[place], values)))
            place += 1 + len(values)
        else:
            left.append(lines[place])
            place += 1
    return forms, left


def _values(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines of values below the first of `lines`, if that is a row of labels; else []."""
    labels = segments_of(lines[0].words)
    if len(labels) < 2 or not all(map(_is_label, labels)):
        return []
    values: list[TextLine] = []
    last, far = lines[0], _BELOW
    for line in lines[1:]:
        is_below = line.baseline - last.baseline <= far * line.height and lines[0].height <= _SMALLER * line.height
        if not is_below or not all(_column(piece, labels) >= 0 for piece in segments_of(line.words)):
            break
        values.append(line)
        last, far = line, _ON
    return values


def _is_label(piece: Segment) -> bool:
    return len(piece.words) <= _LONGEST and not any(char.isdigit() for char in piece.text)


def _column(piece: Segment, labels: Sequence[Segment]) -> int:
    return next((nth for nth, label in enumerate(labels) if abs(piece.x0 - label.x0) <= _ALIGNED), -1)


def _read(head: TextLine, values: Sequence[TextLine]) -> list[tuple[str, int]]:
    labels = segments_of(head.words)
    below: list[list[str]] = [[] for _ in labels]
    for line in values:
        for piece in segments_of(line.words):
            below[_column(piece, labels)].append(piece.text)
    return [
        (f"{label.text}\t{' '.join(words)}" if words else label.text, values[0].number)
        for label, words in zip(labels, below, strict=True)
    ]
