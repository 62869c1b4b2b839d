"""What a document gives when it is opened, in a form that a confined process can hand over: plain JSON, no pickles.

A parser that a document has taken over must have no way to speak to the desk in code.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from connectors.mail.sources import Grid, Line

EMBEDDED = "application/ms-tnef; embedded"  # a mail within a winmail.dat


class RefusedError(ValueError):
    """A document that is not read: `rule` says which limit or lack, the message is for the operator."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Packed:
    """A file found within another."""

    name: str
    content: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """Lines and grids of one document, what could not be read of it, and the files within it."""

    lines: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()
    note: str = ""
    warnings: tuple[str, ...] = ()
    files: tuple[Packed, ...] = ()


def to_json(opened: Opened) -> bytes:
    """`opened` as bytes."""
    return json.dumps(
        {
            "lines": [(line.text, line.place) for line in opened.lines],
            "grids": [(grid.rows, grid.places, grid.after) for grid in opened.grids],
            "note": opened.note,
            "warnings": opened.warnings,
            "files": [(file.name, b64encode(file.content).decode(), file.media_type) for file in opened.files],
        }
    ).encode()


def from_json(content: bytes) -> Opened:
    """The other way. Raises RefusedError where the other side refused, ValueError where it is nonsense."""
    found: dict[str, Any] = json.loads(content)
    if "rule" in found:
        raise RefusedError(str(found["rule"]), str(found["reason"]))
    return Opened(
        tuple(Line(str(text), str(place)) for text, place in found["lines"]),
        tuple(_grid(*grid) for grid in found["grids"]),
        str(found["note"]),
        tuple(map(str, found["warnings"])),
        tuple(Packed(str(name), b64decode(content), str(kind)) for name, content, kind in found["files"]),
    )


def _grid(rows: list[list[str]], places: list[str], after: int) -> Grid:
    return Grid(tuple(tuple(map(str, row)) for row in rows), tuple(map(str, places)), int(after))
