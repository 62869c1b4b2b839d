"""What the desk saw in a mail or document before it looked for an order: for operators who wonder."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderclerk.settings import Settings

if TYPE_CHECKING:
    from connectors.mail.sources import Source
    from connectors.mail.unpacking import Unpacked


def seen_in(kind: str, path: Path, settings: Settings) -> dict[str, Any]:
    """The sources of a mail (`kind` mail), or of a document as if a mail had brought it, and what was refused."""
    from connectors.mail.mime import TooMuchError, parse_mail
    from connectors.mail.unpacking import unpack_file, unpack_mail
    from tasks.desk import mail_limits

    limits, content = mail_limits(settings), path.read_bytes()
    if len(content) > limits.mail_bytes:
        return {"refused": [f"ENV-003 {path.name}: {len(content)} bytes are more than the desk takes in"]}
    try:
        found = unpack_mail(parse_mail(content), limits) if kind == "mail" else unpack_file(path.name, content, limits)
    except TooMuchError as error:
        return {"refused": [f"ENV-003 {path.name}: {error}"]}
    return _shown(found)


def _shown(found: "Unpacked") -> dict[str, Any]:
    shown: dict[str, Any] = {"sources": [_source(source) for source in found.sources]}
    others = [file.filename for file in found.files if file.filename not in {source.part for source in found.sources}]
    if others:
        shown["order_formats"] = others
    if found.refused:
        shown["refused"] = [f"{item.rule} {item.ref}: {item.reason}" for item in found.refused]
    return shown


def _source(source: "Source") -> dict[str, Any]:
    """Lines as `place: text`, each grid in its sequence among them."""
    blocks: list[Any] = [f"{line.place}: {line.text}" if line.text else "" for line in source.lines]
    for grid in reversed(source.grids):
        rows = [f"{place}: {' | '.join(row)}" for place, row in zip(grid.places, grid.rows, strict=True)]
        blocks.insert(grid.after, rows)
    named: dict[str, Any] = {"part": source.part, "medium": source.medium, "is_forwarded": source.is_forwarded}
    named |= {"note": source.note, "warnings": list(source.warnings), "seen": blocks}
    return {name: value for name, value in named.items() if value}
