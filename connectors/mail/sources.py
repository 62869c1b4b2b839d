"""The one form that everything readable in a mail takes before anyone looks for an order in it.

Body, HTML, PDF, CSV, spreadsheet, an enclosed mail: each is a Source of lines and grids that know where they stood,
so that every field read from them can say so.
"""

from dataclasses import dataclass, field

DITTO = "〃"
"""What stands in a cell that a taller one above covers: "as above", for the reader of the column to judge."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `place` as a person would look for it: `line 12`, `page 1 line 7`.

    A tab stands where the page leaves a wide gap.
    """

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells as written, ragged rows allowed. `places` names each row (`row 3`, `page 1 row 3`).

    `after` is the number of the source's lines that stand before it, so that text and tables keep their sequence.
    The words of a cell that spans columns stand in the first of them (the others are ""); spanned rows hold DITTO.
    A line break within a cell is a line break here.
    """

    rows: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    after: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One readable part. `part`: `body`, `html`, `order.pdf`, `fwd.eml/body`, `fwd.eml/headers`.

    `medium`: text, html, headers, csv, xlsx, pdf, docx, rtf, picture. `is_forwarded`: words of somebody else than the
    sender. `note` says what could not be read of it, if anything: then a person must look. `warnings` are what
    a person would notice and what changes nothing of the words (hidden rows, macros).
    """

    part: str
    medium: str
    lines: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()
    is_forwarded: bool = False
    note: str = ""
    warnings: tuple[str, ...] = field(default=())
