"""PDF as a person reads it: lines with page and place, tables with rules and without. Runs confined.

pdfium reads the letters (fast, and it has met every broken PDF there is); pdfplumber finds the cells between rules;
the columns without rules are ours. What has no letters is a scan, and a person must read it.
"""

import re
from dataclasses import dataclass, field, replace

import pypdfium2
import pypdfium2.raw as pdfium

from connectors.mail.gridding import lines_and_grids
from connectors.mail.opened import Opened, RefusedError
from connectors.mail.pdf_columns import take_aligned
from connectors.mail.pdf_flow import in_reading_order, small_print
from connectors.mail.pdf_forms import take_forms
from connectors.mail.pdf_page import read_page
from connectors.mail.pdf_tables import PageTable, take_ruled
from connectors.mail.pdf_words import TextLine, lines_of, segments_of, words_of
from connectors.mail.sources import Grid, Line

_PAGE_NUMBER = r"\W*(?:page|seite|pag\S*|página|blatt|第)?\s*{}\s*(?:(?:/|of|von|de|di|sur|页|共|\s)+\d+)?\s*页?\W*"
_PASSWORD = 4  # FPDF_ERR_PASSWORD


@dataclass(slots=True)
class _Read:
    """What the pages before gave, in sequence."""

    blocks: list[list[tuple[str, str]] | tuple[PageTable, list[str]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    letters: int = 0


def open_pdf(content: bytes, pages: int, characters: int) -> Opened:
    """The lines and tables of a PDF. Raises RefusedError."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == _PASSWORD or "password" in str(error).lower():
            raise RefusedError(
                "ENV-002", "The PDF is locked with a password; ask the sender for it without one"
            ) from None
        raise RefusedError("ENV-001", f"The PDF is damaged ({error})") from None
    with document:
        if len(document) > pages:
            reason = f"The PDF has {len(document)} pages, more than the {pages} the desk reads (max_pdf_pages)"
            raise RefusedError("ENV-003", reason)
        document.init_forms()
        read = _Read()
        for number in range(1, len(document) + 1):
            _read_page(document, number, characters, read)
    return _opened(read)


def _few(notes: list[str]) -> str:
    return "; ".join(notes[:5]) + (f" and {len(notes) - 5} more" if len(notes) > 5 else "")


def _read_page(document: pypdfium2.PdfDocument, number: int, characters: int, read: _Read) -> None:
    try:
        page = _with_fields(document, number - 1)
    except pypdfium2.PdfiumError:
        read.notes.append(f"page {number} is damaged")
        return
    try:
        found = read_page(page.raw, characters - read.letters)
    except OverflowError as error:
        raise RefusedError("ENV-003", f"{error}, more than the desk reads") from None
    finally:
        page.close()
    read.letters += len(found.letters)
    if not found.letters and found.has_picture:
        read.notes.append(f"page {number} is a picture without text; a person must read it")
    if found.is_unmapped:
        read.notes.append(f"page {number} does not say which characters its letters are; a person must read it")
        return
    if found.turned.strip():
        read.warnings.append(f"page {number}: words that stand aslant were not read: {found.turned.strip()}")
    visual = _without_page_number(lines_of(words_of(found.letters)), number)
    foot = small_print(visual)
    if foot and number == 1:
        read.warnings.append(f"small print at the foot of the page: {' / '.join(line.text for line in foot)[:300]}")
    _lay_out(found.rules, visual[: len(visual) - len(foot)], number, read)


def _with_fields(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """The page with what was typed into its form fields as part of it."""
    page = document[index]
    if pdfium.FPDFPage_GetAnnotCount(page.raw):
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = document[index]
    return page


def _lay_out(rules: list[tuple[float, float, float, float]], visual: list[TextLine], number: int, read: _Read) -> None:
    """The page's lines and tables into `read`, from above."""
    words = [word for line in visual for word in line.words]
    ruled, frames, words = take_ruled(rules, words)
    forms, lines = take_forms(_renumbered(lines_of(words), visual))
    aligned, lines = take_aligned(lines)
    tables = sorted([*ruled, *aligned], key=lambda table: table.top)
    placed: list[tuple[float, list[tuple[str, str]] | tuple[PageTable, list[str]]]] = []
    for nth, table in enumerate(tables, start=1):
        name = f"page {number} table {nth}" if len(tables) > 1 else f"page {number}"
        placed.append((table.top, (table, [f"{name} row {row}" for row in range(1, len(table.rows) + 1)])))
    for frame in frames:
        inner = _renumbered(frame, visual)
        placed.append((inner[0].top, [(line.text, f"page {number} line {line.number}") for line in inner] + [("", "")]))
    breaks = [table.top for table in tables] + [form.top for form in forms]
    for run in [*forms, *in_reading_order(lines, breaks)]:
        placed.append((run.top, [(text, f"page {number} line {line}" if line else "") for text, line in run.lines]))
    for _, block in sorted(placed, key=lambda item: item[0]):
        _keep(block, read)


def _without_page_number(visual: list[TextLine], number: int) -> list[TextLine]:
    """The lines without the page's number, where that stands apart in the first or last of them: it counts nothing."""
    said = re.compile(_PAGE_NUMBER.format(number), re.IGNORECASE)
    kept = []
    for nth, line in enumerate(visual):
        pieces = segments_of(line.words)
        if nth in (0, len(visual) - 1) and len(visual) > 2 and said.fullmatch(pieces[-1].text):
            pieces = pieces[:-1]
        kept += [replace(line, words=[word for piece in pieces for word in piece.words])] if pieces else []
    return kept


def _renumbered(lines: list[TextLine], visual: list[TextLine]) -> list[TextLine]:
    """`lines` with the numbers that their baselines have on the whole page."""
    numbers = {id(word): line.number for line in visual for word in line.words}
    return [replace(line, number=numbers[id(line.words[0])]) for line in lines]


def _keep(block: list[tuple[str, str]] | tuple[PageTable, list[str]], read: _Read) -> None:
    if isinstance(block, tuple):
        before = [one for one in read.blocks if isinstance(one, tuple)]
        if before and _goes_on(before[-1][0], block[0], before[-1][1][-1], block[1][0]):
            before[-1][0].rows += block[0].rows
            before[-1][1].extend(block[1])
            return
    read.blocks.append(block)


def _goes_on(above: PageTable, below: PageTable, last: str, first: str) -> bool:
    """Whether a table is the rest of the last one of the page before: the same columns, and no header of its own."""
    if _page(first) != _page(last) + 1 or len(above.columns) != len(below.columns) or len(above.rows) < 2:
        return False
    if below.rows[0] == above.rows[0] or not any(char.isdigit() for cell in below.rows[0] for char in cell):
        return False
    return all(a[0] < b[1] and b[0] < a[1] for a, b in zip(above.columns, below.columns, strict=True))


def _page(place: str) -> int:
    return int(place.split()[1])


def _opened(read: _Read) -> Opened:
    lines: list[Line] = []
    grids: list[Grid] = []
    for block in read.blocks:
        if isinstance(block, tuple):
            more, found = lines_and_grids(list(zip(block[1], block[0].rows, strict=True)), len(lines))
            lines += more
            grids += found
        else:
            lines += [Line(text, place) for text, place in block]
    return Opened(tuple(lines), tuple(grids), _few(read.notes), tuple(read.warnings[:5]))
