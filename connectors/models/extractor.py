"""What the desk needs of a language model: the words of a mail in, a candidate order with quotations out."""

from collections.abc import Sequence
from typing import Any, Protocol

from connectors.mail.sources import Source

MAX_SHOWN = 30_000  # characters of a mail that a model is shown


class OrderExtractor(Protocol):
    """A model behind any wire. `name` is kept beside its answers."""

    name: str

    def extract(self, sources: Sequence[Source]) -> dict[str, Any]:
        """The candidate order of `sources` in the form of `SCHEMA`, unproven. Raises ConnectorError."""


def shown(sources: Sequence[Source]) -> str:
    """`sources` as numbered places, so that each value can be quoted with where it stands."""
    rows = [f"[{part}] {place}: {text}" for (part, place), text in places(sources).items() if text.strip()]
    return "\n".join(rows)[:MAX_SHOWN]


def places(sources: Sequence[Source]) -> dict[tuple[str, str], str]:
    """The text at each (part, place); the cells of a table's row between tabs. A place named twice is left out."""
    found: dict[tuple[str, str], str] = {}
    twice: set[tuple[str, str]] = set()
    for source in sources:
        rows = [(line.place, line.text) for line in source.lines]
        rows += [
            (place, "\t".join(row)) for grid in source.grids for place, row in zip(grid.places, grid.rows, strict=False)
        ]
        for place, text in rows:
            key = (source.part, place)
            if found.setdefault(key, text) != text:
                twice.add(key)
    return {key: text for key, text in found.items() if key not in twice}


_FIELD = {
    "type": ["object", "null"],
    "properties": {name: {"type": "string"} for name in ("value", "quote", "part", "place")},
    "required": ["value", "quote", "part", "place"],
    "additionalProperties": False,
}
_LINE = dict.fromkeys(("item", "description", "quantity", "unit", "unit_price"), _FIELD)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "order_ref": _FIELD,
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": _LINE, "required": list(_LINE), "additionalProperties": False},
        },
    },
    "required": ["order_ref", "lines"],
    "additionalProperties": False,
}
"""JSON schema of an answer: every value with the exact words it was read from, and where they stand."""
