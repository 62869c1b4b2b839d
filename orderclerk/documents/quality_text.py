"""Tables of a quality report in plain text: figures in columns at the right, small print beneath."""

from collections.abc import Iterator

from orderclerk.documents.columns import pad, pad_left, width, wrap
from orderclerk.documents.quality_layout import Section
from orderclerk.documents.tables import PLACES

GAP = 2


def table_lines(section: Section) -> list[str]:
    """The section's rows, at most PLACES wide unless a figure needs more."""
    widths = [
        max([width(name), *(width(row.figures[place]) for row in section.rows if row.figures)])
        for place, name in enumerate(section.head)
    ]
    room = PLACES - sum(size + GAP for size in widths)
    return list(_lines(section, widths, max(room, 20)))


def _lines(section: Section, widths: list[int], room: int) -> Iterator[str]:
    if section.head and section.rows:
        yield _line("", section.head, widths, room)
    for row in section.rows:
        first, *rest = wrap(f"- {row.label}" if not row.figures else row.label, room)
        yield _line(first, row.figures, widths, room)
        yield from (f"  {line}" for line in rest)
        yield from (f"  {line}" for line in (wrap(row.small, PLACES - 2) if row.small else ()))


def _line(label: str, figures: tuple[str, ...], widths: list[int], room: int) -> str:
    columns = "".join(" " * GAP + pad_left(figure, size) for figure, size in zip(figures, widths, strict=False))
    return (pad(label, room) + columns) if figures else label
