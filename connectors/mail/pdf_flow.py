"""The lines of a PDF page outside its tables in the order in which a person reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from connectors.mail.pdf_words import Segment, TextLine, segments_of

_PARAGRAPH = 1.9  # line heights between baselines: a wider gap parts paragraphs
_ALIGNED = 3.0  # points
_FOOT, _SMALL, _APART = 5, 0.88, 3.0  # lines at a page's foot; their height and distance, in heights of the other lines


@dataclass(slots=True)
class Run:
    """Lines that belong together: words and number on the page (0: a blank line between paragraphs)."""

    top: float
    lines: list[tuple[str, int]] = field(default_factory=list)


def in_reading_order(lines: Sequence[TextLine], breaks: Sequence[float]) -> Iterator[Run]:
    """Runs of lines without a table (its top is in `breaks`) between them; two columns of letters one by one."""
    run: list[TextLine] = []
    for line in lines:
        if run and (_is_far(run[-1], line) or any(run[-1].top < at <= line.top for at in breaks)):
            yield _run(run)
            run = []
        run.append(line)
    if run:
        yield _run(run)


def small_print(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines at the foot of a page, apart and smaller than the rest: who the company is, never what it orders."""
    usual = median(line.height for line in lines) if lines else 0.0
    for count in range(1, min(_FOOT, len(lines) - 2) + 1):
        foot, above = lines[-count:], lines[-count - 1]
        if not all(line.height <= _SMALL * usual for line in foot):
            return []
        if foot[0].baseline - above.baseline > _APART * above.height:
            return list(foot)
    return []


def _is_far(above: TextLine, below: TextLine) -> bool:
    return below.baseline - above.baseline > _PARAGRAPH * max(above.height, below.height)


def _run(lines: list[TextLine]) -> Run:
    run = Run(lines[0].top)
    at = 0
    while at < len(lines):
        beside = _beside(lines[at:])
        if beside:
            for column in range(2):
                run.lines += [
                    (segments[column].text, line.number) for line, segments in beside if len(segments) > column
                ]
                run.lines.append(("", 0))
            at += len(beside)
        else:
            run.lines.append((lines[at].text, lines[at].number))
            at += 1
    run.lines.append(("", 0))
    return run


def _beside(lines: list[TextLine]) -> list[tuple[TextLine, list[Segment]]]:
    """The lines at the start of `lines` that are two letters side by side, as two addresses are; [] if they are not.

    The right one starts its lines at one place, and the left ones are no labels of what stands beside them.
    """
    block: list[tuple[TextLine, list[Segment]]] = []
    for line in lines:
        segments = segments_of(line.words)
        if len(segments) > 2 or (not block and len(segments) != 2):
            break
        if block and not _stands_in(segments, block[0][1]):
            break
        block.append((line, segments if len(segments) == 2 or not block else _in_column(segments, block[0][1])))
    pairs = [segments for _, segments in block if len(segments) == 2 and segments[0].words]
    labels = sum(left.text.rstrip().endswith((":", "：")) for left, _ in pairs[1:])
    return block if len(pairs) >= 3 and 2 * labels < len(pairs) else []


def _stands_in(segments: list[Segment], first: list[Segment]) -> bool:
    if len(segments) == 2:
        return abs(segments[1].x0 - first[1].x0) < _ALIGNED
    return abs(segments[0].x0 - first[1].x0) < _ALIGNED or segments[0].x1 < first[1].x0


def _in_column(segments: list[Segment], first: list[Segment]) -> list[Segment]:
    return [Segment(), segments[0]] if abs(segments[0].x0 - first[1].x0) < _ALIGNED else segments
