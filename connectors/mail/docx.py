"""DOCX as a person reads it: page headers, paragraphs as lines, tables as grids. Runs confined. Source: ECMA-376."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from connectors.mail.gridding import lines_and_grids
from connectors.mail.opened import Opened, RefusedError
from connectors.mail.sources import DITTO, Grid, Line

MAX_PART, MAX_COLUMNS = 30_000_000, 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_UNSEEN = frozenset({f"{_W}vanish", f"{_W}strike", f"{_W}dstrike"})
_PASSED = ("Fallback", "instrText", "delText", "del", "moveFrom", "footnote", "rPr", "pPr")
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def open_docx(content: bytes, unpacked_bytes: int, grid_rows: int) -> Opened:
    """The lines and tables of `content`. Raises RefusedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > unpacked_bytes:
                raise RefusedError("ENV-003", f"The document unpacks to more than {unpacked_bytes} bytes")
            heads = sorted(name for name in archive.namelist() if re.fullmatch(r"word/header\d+\.xml", name))
            trees = [_tree(archive, name) for name in [*heads[:6], "word/document.xml"]]
    except DefusedXmlException:
        raise RefusedError("ENV-003", "The document defines XML entities, which the desk does not open") from None
    except (zipfile.BadZipFile, KeyError, SyntaxError, NotImplementedError, OSError) as error:
        raise RefusedError("ENV-001", f"The document is damaged ({type(error).__name__}: {error})") from None
    lines: list[Line] = []
    grids: list[Grid] = []
    tables = 0
    for block in (block for tree in trees for block in _blocks(tree)):
        if isinstance(block, str):
            lines += [Line(text, f"line {len(lines) + n}") for n, text in enumerate(block.split("\n"), start=1)]
            continue
        tables += 1
        rows = [(f"table {tables} row {n}" if tables > 1 else f"row {n}", row) for n, row in enumerate(block, start=1)]
        more, found = lines_and_grids(rows, len(lines), grid_rows)
        lines += more
        grids += found
    return Opened(tuple(lines), tuple(grids), "; ".join(_notes(trees)))


def _tree(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as part:
        xml = part.read(MAX_PART + 1)
    if len(xml) > MAX_PART:
        raise RefusedError("ENV-003", f"{name!r} in the document unpacks to more than {MAX_PART} bytes")
    return fromstring(xml.replace(_STRICT.encode(), _W[1:-1].encode()))


def _notes(trees: list[Element]) -> Iterator[str]:
    tags = {element.tag for tree in trees for element in tree.iter()}
    if tags & {f"{_W}strike", f"{_W}dstrike"}:
        yield "It has words struck out, which were not read"
    if tags & {f"{_W}ins", f"{_W}del"}:
        yield "It has tracked changes; they were read as accepted"


def _blocks(parent: Element) -> Iterator[str | list[list[str]]]:
    """Paragraphs and tables in sequence, whatever they are wrapped in."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield _words(child)
            for box in child.iter(f"{_W}txbxContent"):
                yield from _blocks(box)
        elif child.tag == f"{_W}tbl":
            yield _rows(child)
        elif not child.tag.endswith(_PASSED):
            yield from _blocks(child)


def _rows(table: Element) -> list[list[str]]:
    return [_cells(row) for row in _children(table, "tr")]


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in _children(row, "tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        is_covered = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
        words = "\n".join(text for part in cell.iter(f"{_W}p") if (text := _words(part)))
        width = span.get(f"{_W}val", "1") if span is not None else "1"
        cells += [DITTO if is_covered else words, *[""] * (min(int(width), MAX_COLUMNS) - 1)]
    return cells


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Children of this name, also those within content controls."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _children(child, name)


def _words(parent: Element) -> str:
    return "".join(_runs(parent)).strip(" ")


def _runs(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag.endswith(_PASSED) or child.tag in (f"{_W}txbxContent", f"{_W}tbl"):
            continue
        elif child.tag != f"{_W}r" or not _is_unseen(child):
            yield from _runs(child)


def _is_unseen(run: Element) -> bool:
    style = run.find(f"{_W}rPr")
    off = ("0", "false", "off")
    return style is not None and any(mark.tag in _UNSEEN and mark.get(f"{_W}val", "1") not in off for mark in style)
