"""Where each value stands: the part of the mail, the place in it, the characters, and the text as written there."""

from connectors.mail.lines.model import Span
from connectors.mail.normal import plain_line, written_span
from connectors.mail.parts import BodyRead, Placed
from orderclerk.domain.reading import Evidence

LABELLED = 0.99  # of a value beside its label
TOLD = 0.95  # of a value within a sentence


def line_evidence(part: str, placed: Placed) -> tuple[Evidence, ...]:
    """The evidence of an order line: its form and the doubts about it first, then each field."""
    line = placed.line
    how = "; ".join((line.form, *sorted(line.doubts)))
    form = Evidence("form", part, placed.place, 0, len(placed.raw), how, line.confidence)
    return (form, *(_field(part, placed, span) for span in line.spans))


def _field(part: str, placed: Placed, span: Span) -> Evidence:
    if span.place or span.text:
        return Evidence(span.name, part, span.place.strip() or placed.place, span.start, span.end, span.text, LABELLED)
    start, end = written_span(placed.raw, span.start, span.end)
    text = placed.raw[start:end]
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    start += lead
    if not text and span.name == "description":
        text = placed.line.description
    confidence = LABELLED if span.name != "description" else TOLD
    return Evidence(span.name, part, placed.place, start, start + len(text), text, confidence)


def field_evidence(read: BodyRead, name: str, value: str, row: int, confidence: float) -> Evidence:
    """The evidence of a header field whose `value` was read from the given row."""
    first = value.split("\n")[0]
    for nth in range(row, min(row + 3, len(read.rows))):
        raw, place = read.rows[nth].raw, read.rows[nth].place
        if (start := raw.find(first)) >= 0:
            return Evidence(name, read.part, place, start, start + len(first), first, confidence)
        if (start := plain_line(raw).find(first)) >= 0:
            begin, end = written_span(raw, start, start + len(first))
            return Evidence(name, read.part, place, begin, end, raw[begin:end], confidence)
    place = read.rows[row].place if row < len(read.rows) else ""
    return Evidence(name, read.part, place, 0, len(first), first, confidence)
