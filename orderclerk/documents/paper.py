"""Papers: what a document says, laid out as a PDF/A that is the same, byte for byte, for the same facts.

There is one layout, `papers/paper.typ`, for every paper of the desk. A paper is made of boxes (who, where to), facts,
tables, totals and paragraphs, all plain text in the reader's language; nothing here is markup, whatever it contains.
Fonts are the ones that are installed with the program, so that a paper looks the same everywhere.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from orderclerk.documents.cleaning import clean_line

_TEMPLATE = Path(__file__).parent / "papers" / "paper.typ"
_LONG_WORD = re.compile(r"[^\s\u200b\u3000-\u9fff]{18,}")
_CHUNK = 12


@dataclass(frozen=True, slots=True)
class Box:
    """Lines under a small heading; the first stands out."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `align` left, right or center; one of `width` "fill" takes what the others leave."""

    name: str
    align: str = "left"
    width: str = "auto"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of two lines, the second small; "" leaves it out."""

    main: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Rows of as many cells as there are columns; its head is repeated on every page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Cell]]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says. `house` is our name and address, `language` the reader's (en, zh_CN)."""

    title: str
    number: str
    house: Sequence[str]
    language: str
    boxes: Sequence[Box] = ()
    facts: Sequence[tuple[str, str]] = ()
    before: Sequence[str] = ()
    tables: Sequence[PaperTable] = ()
    totals: Sequence[tuple[str, str]] = ()
    after: Sequence[str] = ()


def paper_pdf(paper: Paper, made_at: datetime) -> bytes:
    """`paper` as PDF/A-2b. `made_at` (aware) stands in the file: give the document's time, not the clock's."""
    import typst  # its import and fonts are needed where a paper is made, and nowhere else

    language, _, region = paper.language.partition("_")
    data = _shown(asdict(paper)) | {"lang": language or "en", "region": region or None}
    return bytes(
        typst.compile(
            _TEMPLATE, root=_TEMPLATE.parent, font_paths=_fonts(), sys_inputs={"data": json.dumps(data)}, format="pdf",
            timestamp=made_at.astimezone(UTC).replace(microsecond=0), pdf_standards="a-2b",
        )
    )  # fmt: skip


@cache
def _fonts() -> Any:
    """The fonts, read once a process: those of this machine are left alone."""
    import pylopdf_fonts_zh_cn
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[Path(pylopdf_fonts_zh_cn.sans_path()).parent],
    )


def _shown(value: Any) -> Any:
    """Every text of `value` clean, with places at which a long part number may break."""
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda found: _breakable(found[0]), clean_line(value))
    if isinstance(value, dict):
        return {name: _shown(inner) for name, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list | tuple) else value


def _breakable(word: str) -> str:
    return "\u200b".join(word[start : start + _CHUNK] for start in range(0, len(word), _CHUNK))
