"""Tables in plain text: cells between tabs or bars, or columns kept apart by blanks."""

import re
from collections.abc import Sequence

from connectors.mail.normal import plain_line

_GAP = re.compile(r" {2,}|\t+")
_RULER = re.compile(r"[\s|+=:_.*-]*")
MAX_GAPS = 40


def split_cells(line: str) -> list[str]:
    """The cells of a line of text between tabs or bars; one cell if it has neither."""
    mark = "\t" if "\t" in line else "|"
    inner = line.strip(" \r\n")
    inner = inner.removeprefix("|").removesuffix("|") if mark == "|" else line.strip("\r\n")
    cells = [plain_line(cell) for cell in inner.split(mark)]
    return cells if any(cells) else [""]


def text_rows(raw: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at `raw[start]` and how many lines it takes; ([], 0) if none begins there."""
    first = raw[start]
    if len(split_cells(first)) > 1:
        return _marked(raw, start)
    if len(_spaced(first)) > 1:
        return _aligned(raw, start)
    return [], 0


def _marked(raw: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    rows, end = [], start
    while end < len(raw) and (len(split_cells(raw[end])) > 1 or (raw[end].strip() and _RULER.fullmatch(raw[end]))):
        rows.append(split_cells(raw[end]))
        end += 1
    return rows, end - start


def _spaced(line: str) -> list[tuple[int, str]]:
    """The pieces of a line between gaps of two blanks or more, with where they begin."""
    pieces: list[tuple[int, str]] = []
    place = len(line) - len(line.lstrip())
    for gap in _GAP.finditer(line.rstrip(), place):
        if len(pieces) >= MAX_GAPS:
            break
        pieces.append((place, line[place : gap.start()]))
        place = gap.end()
    rest = line[place:].rstrip()
    return [*pieces, (place, rest)] if rest else pieces


def _aligned(raw: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    """Rows whose pieces stand below those of the first, by how far they overlap."""
    heads = _spaced(raw[start])
    rows, end = [[plain_line(text) for _, text in heads]], start + 1
    while end < len(raw):
        line = raw[end]
        if line.strip() and _RULER.fullmatch(line):
            rows.append([])
            end += 1
            continue
        pieces = _spaced(line)
        if not pieces or (len(pieces) < 2 and not (pieces[0][0] >= heads[-1][0])):
            break
        rows.append(_below(heads, pieces))
        end += 1
    return (rows, end - start) if end - start > 1 else ([], 0)


def _below(heads: list[tuple[int, str]], pieces: list[tuple[int, str]]) -> list[str]:
    if len(pieces) == len(heads):
        return [plain_line(text) for _, text in pieces]
    cells = [""] * len(heads)
    for begin, text in pieces:
        nearest = min(range(len(heads)), key=lambda nth: _distance(heads[nth], begin, begin + len(text)))
        cells[nearest] = f"{cells[nearest]} {plain_line(text)}".strip()
    return cells


def _distance(head: tuple[int, str], begin: int, end: int) -> int:
    left, right = head[0], head[0] + len(head[1])
    overlap = min(end, right) - max(begin, left)
    return -overlap if overlap > 0 else min(abs(begin - left), abs(end - right))
