"""Plain words, CSV and other delimited text, and text/enriched as lines and grids."""

import csv
import io
import re

from connectors.mail.gridding import PlacedRow, lines_and_grids
from connectors.mail.opened import Opened, RefusedError
from connectors.mail.sources import Line

_DELIMITERS = "\t;,|"
_LOOK_AHEAD = 60  # records
FLOWED_AT = 66  # characters at which mail programs break a line, and above
_ENRICHED = re.compile(r"<(/?)(param|[a-zA-Z-]{1,60})>", re.IGNORECASE)
_PARAM = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)


def read_plain(text: str) -> Opened:
    """Each line with its number; blank ones too, because they part what belongs together."""
    return Opened(tuple(Line(line, f"line {n}") for n, line in enumerate(text.split("\n"), start=1)))


def read_table_text(text: str, most_rows: int, is_table: bool) -> Opened:
    """Text of a file: a grid if it is delimited evenly (`is_table`: its sender says that it is), else its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    delimiter = _delimiter(text, is_table)
    if not delimiter:
        return read_plain(text)
    lines, grids = lines_and_grids(_records(text, delimiter), 0, most_rows)
    return Opened(tuple(lines), tuple(grids))


def _records(text: str, delimiter: str) -> list[PlacedRow]:
    if stated := re.match(r"sep=.\n", text, re.IGNORECASE):
        text = text[stated.end() - 1 :]  # the line stays, empty: row numbers are those of a spreadsheet
    limit = csv.field_size_limit(max(len(text), 131_072))
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise RefusedError("ENV-001", f"The table cannot be read: {error}") from None
    finally:
        csv.field_size_limit(limit)
    return [(f"row {n}", [cell.strip() for cell in row]) for n, row in enumerate(rows, start=1)]


def _delimiter(text: str, is_table: bool) -> str:
    """The delimiter that cuts the first lines evenly into cells; "" where none does."""
    if stated := re.match(r"sep=(.)\n", text, re.IGNORECASE):
        return stated[1]
    lines = [line for line in text[:100_000].split("\n")[:_LOOK_AHEAD] if line.strip()]
    best, score = "", 0.0
    for mark in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        usual = max(set(widths), key=lambda width: (widths.count(width) if width > 1 else 0, width), default=1)
        share = sum(width == usual for width in widths) / len(widths) if usual > 1 else 0.0
        if share * min(usual, 4) > score:
            best, score, evenness = mark, share * min(usual, 4), share
    enough = 0.3 if is_table else 0.8
    if not best or evenness < enough or (not is_table and (len(lines) < 2 or (best == "," and _are_sentences(lines)))):
        return ""
    return best


def _are_sentences(lines: list[str]) -> bool:
    """Whether lines with commas are sentences rather than rows: a comma followed by a blank in most of them."""
    return sum(", " in line for line in lines) * 2 > len(lines)


def unflowed(text: str, *, deletes_blank: bool = False) -> str:
    """text/plain; format=flowed (RFC 3676) with the lines joined that only the mail program broke.

    A line that ends with a blank goes on below, if the word below would not have fit: a blank may be a slip of its
    writer. Quoted lines and "-- " stay as they are.
    """
    lines = text.split("\n")
    joined = lines[:1]
    for nth, line in enumerate(lines[1:]):
        above, first = lines[nth], line.split(" ", 1)[0]
        is_flowed = above.endswith(" ") and above != "-- " and not above.startswith(">") and line.strip() != ""
        if is_flowed and not line.startswith((">", " ")) and len(above) + len(first) >= FLOWED_AT:
            joined[-1] = (joined[-1][:-1] if deletes_blank else joined[-1]) + line
        else:
            joined.append(line)
    return "\n".join(joined)


def enriched_to_text(text: str) -> str:
    """text/enriched (RFC 1896) as plain text: one line break is a blank, more are one fewer; `<<` is `<`."""
    words = _PARAM.sub("", text.replace("<<", "\x00"))
    pieces, filled = [], True
    at = 0
    for tag in _ENRICHED.finditer(words):
        pieces.append(_filled(words[at : tag.start()], filled))
        at = tag.end()
        if tag[2].lower() == "nofill":
            filled = bool(tag[1])
    pieces.append(_filled(words[at:], filled))
    return "".join(pieces).replace("\x00", "<")


def _filled(words: str, is_filled: bool) -> str:
    return re.sub(r"\n+", lambda found: "\n" * (len(found[0]) - 1) or " ", words) if is_filled else words
