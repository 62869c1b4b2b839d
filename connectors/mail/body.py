"""What one readable part of a mail holds: order lines, labelled values, and the sentences that are neither.

Lines of text and tables keep their sequence: each is one place in the part's `rows`.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from connectors.mail.amounts import decimal_mark
from connectors.mail.day_phrases import find_days
from connectors.mail.item_blocks import counts_again, doubt_count, read_block, read_labelled_line
from connectors.mail.lines.pairs import read_pair
from connectors.mail.lines.words import QUANTITY_LABEL
from connectors.mail.mime import TooMuchError
from connectors.mail.missed import has_placeholder, is_missed, is_unread_row
from connectors.mail.normal import plain_line
from connectors.mail.paragraphs import Paragraph, lines_of_prose, paragraph_at
from connectors.mail.parts import BodyRead, Placed, Row
from connectors.mail.prose import orders_something
from connectors.mail.quoting import closing_at
from connectors.mail.sources import Grid, Source
from connectors.mail.speech import Speech
from connectors.mail.tabled import add_table, stood_upright
from connectors.mail.tables.finding import find_table
from connectors.mail.tables.several import parts_of
from connectors.mail.tables.textual import text_rows
from connectors.mail.text_fields import read_fields
from orderclerk.domain.reading import Problem

MAX_LINES = 5_000  # of a sender's own; quotations do not count
_COUNT_LEADS = ("counted item", "counted description", "count times item", "count times description")
_FIRST_POSITIONS = (Decimal(1), Decimal(10), Decimal(100))


_PAGE = re.compile(r"page (\d{1,4})\b")
_PAGE_NUMBER = re.compile(r"^(?:page|seite|página|pagina|第)\s*|\s*(?:/|of|von|de|sur|di|页).*$", re.IGNORECASE)
MAX_LEADERS = 60  # blanks: patterns try again at each
_NUMBER_BEFORE = re.compile(r"^([ \t]*)\d{1,3}[.)] (?=[^\s\d]|\d{4})")  # 1. AB-1234    20
_WIDE_BLANK = re.compile(r"(?<=\S)[ \u00a0]{3,}(?=\S)")
_GROUPED_WIDE = re.compile(r"(?<!\w)\d{1,3}(?:，\d{3})+(?!\d)")
_GROUPED_BLANK = re.compile(  # 2 000: no number begins with a nought, and behind a label stands one alone
    r"(?<![\w.,'/+-])(?<!\d )\d{1,3} 0\d\d(?: \d{3})*(?![\d.,'/-]|\s\d)"
)
_LABELLED_GROUPS = re.compile(
    rf"(?<![^\W\d_]){QUANTITY_LABEL}\s*\d{{1,3}}(?: \d{{3}})+(?![\d.,'/-]|\s\d)", re.IGNORECASE
)
_LONG_DASH = re.compile(r"(?<!-)--(?!-)")
_LEADERS = re.compile(r"(?<![(\[])(?:\.{3,}|…+|_{3,}|(?:\. ){3,})")


def read_body(own: Sequence[str], language: str = "", sent_on: date | None = None) -> BodyRead:
    """What `own` lines (without quotations) hold. Raises TooMuchError."""
    return _read([Row(text, f"line {nth}") for nth, text in enumerate(own, start=1)], "body", language, sent_on)


def read_source(source: Source, language: str = "", sent_on: date | None = None) -> BodyRead:
    """What a readable part holds. Raises TooMuchError."""
    rows: list[Row] = []
    grids = sorted(source.grids, key=lambda grid: grid.after)
    for nth, line in enumerate(source.lines):
        if source.medium == "pdf" and _is_footer(line.text, line.place):
            continue
        while grids and grids[0].after <= nth:
            rows += _rows_of(grids.pop(0))
        rows.append(Row(line.text, line.place))
    for grid in grids:
        rows += _rows_of(grid)
    return _read(rows, source.part, language, sent_on)


def _is_footer(text: str, place: str) -> bool:
    """Whether a line of a page ends with the page's number, as its foot does."""
    page = _PAGE.match(place)
    last = text.rstrip().rsplit("\t", 1)
    return page is not None and len(last) == 2 and _PAGE_NUMBER.sub("", last[1].strip()) == page[1]


def _rows_of(grid: Grid) -> list[Row]:
    """A table as one row for each order in it; one without order lines as text with tabs between the cells."""
    if parts := parts_of(grid):
        rows = []
        for part in parts:
            rows += [Row(part.label, part.place)] if part.label else []
            rows.append(Row("", part.grid.places[0] if part.grid.places else "", part.grid))
        return rows
    texts = ("\t".join(" ".join(cell.split("\n")) for cell in row).rstrip("\t") for row in grid.rows)
    return [Row("", ""), *(Row(text, place) for text, place in zip(texts, grid.places, strict=False)), Row("", "")]


def _read(rows: list[Row], part: str, language: str, sent_on: date | None) -> BodyRead:
    if len(rows) > MAX_LINES and not any(row.grid for row in rows):
        raise TooMuchError(f"The mail has {len(rows)} lines of words, more than {MAX_LINES}")
    whole = "\n".join(row.raw for row in rows) + "\n".join(_words(row.grid) for row in rows if row.grid)
    decimal, is_shown = decimal_mark(plain_line(whole[:200_000]), language)
    rows = stood_upright(rows)
    lines = [_LEADERS.sub(_parted, plain_line(row.raw)) for row in rows]
    read = BodyRead(part, rows, speech=Speech(language, decimal, is_shown, sent_on))
    read.fields = read_fields(lines, [row.raw for row in rows])
    lines = [_LEADERS.sub(_parted, _as_spoken(row.raw)) for row in rows]
    place, closing = 0, closing_at(lines)
    while place < len(rows):
        place += _read_at(read, lines, place, closing)
    _settle_numbers(read)
    _miss_rows(read)
    return read


def _miss_rows(read: BodyRead) -> None:
    """What was not read between order lines, or right below the last one, is missed."""
    places = [one.row for one in read.lines]
    if not places:
        return
    last, rows = max(places), read.rows
    end = next((nth for nth in range(last + 1, len(rows)) if not rows[nth].raw.strip()), len(rows))
    for place, text in read.left:
        if not min(places) < place < end or rows[place].grid or text in read.missed:
            continue
        if is_unread_row(text, is_within=place < last):
            read.missed.append(text)


def _as_spoken(raw: str) -> str:
    """`raw` as a plain line in which what parts its pieces is seen: wide blanks, a Chinese comma, a long dash.

    It keeps the length of `plain_line`: evidence counts its characters.
    """
    parted = _WIDE_BLANK.sub("\t", raw.strip())
    if not parted.isascii():
        parted = _GROUPED_WIDE.sub(lambda found: found[0].replace("，", ","), parted).replace("，", "、")
    plain = _LABELLED_GROUPS.sub(_ungrouped, plain_line(parted))
    return _LONG_DASH.sub("- ", _GROUPED_BLANK.sub(_ungrouped, plain))


def _ungrouped(figure: "re.Match[str]") -> str:
    """Blanks between groups of digits as marks that can be nothing else, of the same length."""
    return re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "'", figure[0])


def _parted(leaders: "re.Match[str]") -> str:
    """Dots that lead the eye from a name to its number, as a colon of the same length."""
    return ":" + " " * min(len(leaders[0]) - 1, MAX_LEADERS)


def _words(grid: Grid | None) -> str:
    return "\n".join(" ; ".join(row) for row in grid.rows[:2_000]) if grid else ""


def _read_at(read: BodyRead, lines: Sequence[str], place: int, closing: int) -> int:
    """Read what begins at `place`; how many rows it takes."""
    row = read.rows[place]
    if row.grid:
        add_table(read, place, [list(cells) for cells in row.grid.rows], row.grid.places)
        return 1
    if place in read.fields.used or not lines[place]:
        return 1
    raw = [_NUMBER_BEFORE.sub(r"\1", other.raw) for other in read.rows[place : place + 400]]
    cells, length = text_rows(raw, 0)
    if length and find_table(cells):
        length = next((nth for nth in range(1, length) if place + nth in read.fields.used and nth > 1), length)
        add_table(read, place, cells[:length], [other.place for other in read.rows[place : place + length]])
        return length
    if labelled := read_labelled_line(lines[place], read.speech):
        read.lines.append(Placed(place, row.place, row.raw, labelled))
        return 1
    if counts_again(lines[place]) and read.lines and place - read.lines[-1].row == 1:
        doubt_count(read.lines[-1].line, lines[place])
        return 1
    if block := read_block(lines[place : place + 40], read.speech):
        read.lines.append(Placed(place, row.place, row.raw, block.line))
        return block.length
    if place + 1 not in read.fields.used and (pair := read_pair(lines[place : place + 2], read.speech)):
        read.lines.append(Placed(place, row.place, row.raw, pair))
        return 2
    return _read_words(read, lines, place, is_signature=place >= closing)


def _read_words(read: BodyRead, lines: Sequence[str], place: int, is_signature: bool) -> int:
    """A line or a paragraph of words."""
    paragraph = paragraph_at(lines, place, read.fields.used)
    found, left = lines_of_prose(paragraph, read.speech, _context(read, lines, place))
    read.orders_by_verb = read.orders_by_verb or bool(found and orders_something(paragraph.text))
    if is_signature:
        found = [(row, line) for row, line in found if line.names_item]
    read.lines += [Placed(row, read.rows[row].place, read.rows[row].raw, line) for row, line in found]
    if not is_signature:
        left = [(row, text.replace("、", ",")) for row, text in left]
        read.left += left
        is_list = bool(read.lines) or _context(read, lines, place)
        read.missed += [text for _, text in left if is_missed(text, is_list)]
        raw = [row.raw for row in read.rows[place : place + paragraph.length]]
        if (found or is_list) and any(map(has_placeholder, raw)) and not any(line.problems for _, line in found):
            read.left.append((place, paragraph.text))
            read.missed.append(paragraph.text)
        read.days += _days(paragraph)
    return paragraph.length


def _days(paragraph: Paragraph) -> list[tuple[int, str]]:
    return [(paragraph.row_at(start), day) for start, _, day in find_days(paragraph.text)]


def _context(read: BodyRead, lines: Sequence[str], place: int) -> bool:
    """Whether a line here stands in a list of what is ordered: below one that was read, or below an introduction."""
    if read.lines and place - read.lines[-1].row <= 3 and not read.lines[-1].line.problems:
        return True
    nth = next((nth for nth in range(place - 1, max(-1, place - 5), -1) if re.search(r"\w", lines[nth])), -1)
    if any(one.place == nth and one.name == "order_ref" for one in read.fields.stated):
        return True
    above = lines[nth] if nth >= 0 else ""
    return above.endswith((":", "：")) or bool(_INTRODUCES.search(above))


_INTRODUCES = re.compile(
    r"follow|as below|order|need|require|send|supply|deliver|folgend|bestell|liefer|benötig|brauch|commande|livr|"
    r"besoin|suivant|pedido|envi|necesit|siguiente|ordin|seguent|invi|订|采购|供货|发货|需要|如下|明细|要",
    re.IGNORECASE,
)


def _settle_numbers(read: BodyRead) -> None:
    """`10 AB-1234` over several lines: counted up from the first they are line numbers, else quantities."""
    lines = [one.line for one in read.lines if one.line.form in ("count then item", "bare count first")]
    numbers = [line.maybe or line.quantity for line in lines]
    if _are_positions(numbers):
        for line in lines:
            if line.quantity is not None:
                line.maybe, line.quantity = line.quantity, None
                reason = f"{line.maybe} may be a quantity or the number of the line"
                line.problems.append(Problem("LIN-001", "quantity", str(line.maybe), reason))
    elif (
        len(lines) > 1
        or any(one.line.form in _COUNT_LEADS for one in read.lines)
        or (numbers and numbers[0] not in _FIRST_POSITIONS)
    ):
        for line in lines:
            if line.maybe is not None:
                line.settle(line.maybe)


def _are_positions(numbers: Sequence[Decimal | None]) -> bool:
    known = [number for number in numbers if number is not None]
    steps = {second - first for first, second in pairwise(known)}
    return len(known) > 2 and known[0] in _FIRST_POSITIONS and len(steps) == 1 and steps <= set(_FIRST_POSITIONS)
