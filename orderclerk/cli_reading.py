"""`orderclerk read`: what the desk would make of a file, as JSON. Opens no database, writes nothing, asks nobody."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderclerk.settings import FILE_NAME, Settings, home_folder, load_settings
from orderclerk.settings_sections import DeskSettings

if TYPE_CHECKING:
    import pandas as pd

    from orderclerk.domain.envelopes import Envelope
    from orderclerk.domain.reading import Reading

KINDS = {
    "mail": "message/rfc822",
    "document": "",
    "file": "",
    "shopify": "application/vnd.shopify.order+json",
    "woocommerce": "application/vnd.woocommerce.order+json",
    "phone": "application/vnd.orderclerk.phone+json",
}
_ABSENT: tuple[Any, ...] = (None, "", (), [], {})


class ReadError(Exception):
    """What was asked for cannot be read at all: an unknown kind, or no such file."""


def print_readings(kind: str, files: list[Path], sender: str) -> None:
    """Print a JSON array with one object a file."""
    if kind not in KINDS:
        raise ReadError(f"{kind} is no kind; there are {', '.join(KINDS)}")
    if absent := [str(path) for path in files if not path.is_file()]:
        raise ReadError(f"{', '.join(absent)}: no such file")
    settings = _settings()
    sys.stdout.write("[")
    for number, path in enumerate(files):
        shown = {"file": str(path), **reading_of(kind, path, sender, settings)}
        sys.stdout.write(",\n" if number else "\n")
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1, default=str))
    sys.stdout.write("\n]\n")


def reading_of(kind: str, path: Path, sender: str, settings: Settings) -> dict[str, Any]:
    """The reading of one file, without its empty fields; of a mail or document also what was seen in it."""
    from orderclerk.cli_seen import seen_in
    from tasks.desk import reader_for

    if kind == "document":
        return seen_in(kind, path, settings)
    envelope = _envelope(kind, path, sender)
    shown = as_json(reader_for(envelope, settings, _secret(settings))(envelope))
    return shown | seen_in(kind, path, settings) if kind == "mail" else shown


def as_json(reading: "Reading") -> dict[str, Any]:
    """A reading as JSON values; a frame becomes the orders whose lines it holds."""
    shown: dict[str, Any] = {"kind": str(reading.kind), "reason": reading.reason}
    shown["orders"] = [_filled(asdict(order)) for order in reading.orders]
    if reading.frame is not None:
        shown["orders"] += _framed(reading.frame)
    shown["reply"] = _filled(asdict(reading.reply)) if reading.reply else None
    shown["unreadable"] = [_filled(asdict(one)) for one in reading.unreadable]
    return {name: value for name, value in shown.items() if value not in _ABSENT}


def _framed(frame: "pd.DataFrame") -> Iterator[dict[str, Any]]:
    from orderclerk.domain.lineframe import HEADER_OTHER, HEADER_TEXT

    header = set(HEADER_TEXT + HEADER_OTHER)
    for _, rows in frame.groupby(["source", "order_ref", "kind"], sort=False):
        records = rows.to_dict("records")
        head = _filled(_plain({name: value for name, value in records[0].items() if name in header}))
        lines = [_filled(_plain({name: value for name, value in one.items() if name not in header})) for one in records]
        yield {**head, "lines": [line for line in lines if line]}


def _plain(record: dict[Any, Any]) -> dict[str, Any]:
    """A row of a frame with real numbers and without the missing ones."""
    from pandas import isna

    from orderclerk.domain.lineframe import PRICE_SCALE, QUANTITY_SCALE, unscaled

    plain: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, tuple):
            plain[name] = [asdict(problem) for problem in value]
        elif not isna(value):
            scale = {"_e3": QUANTITY_SCALE, "_e4": PRICE_SCALE}.get(name[-3:])
            plain[name[:-3] if scale else name] = f"{unscaled(value, scale).normalize():f}" if scale else value
    return plain


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    """`record` without what says nothing, also further inside."""
    kept = {}
    for name, value in record.items():
        if isinstance(value, dict):
            value = _filled(value)
        elif name in ("evidence", "order_evidence") and value:
            value = [_pointed(one) for one in value]
        elif isinstance(value, list | tuple):
            value = [_filled(one) if isinstance(one, dict) else one for one in value]
        if value not in _ABSENT and value is not False:
            kept[name] = value
    return kept


def _pointed(one: dict[str, Any]) -> str:
    """Evidence on one line: the field, what stands where, and how sure it is."""
    where = " ".join(str(one[name]) for name in ("part", "place") if one[name])
    return (
        f"{one['field']}: {one['text']!r} in {where}, characters {one['start']}-{one['end']} ({one['confidence']:.1%})"
    )


def _envelope(kind: str, path: Path, sender: str) -> "Envelope":
    from connectors.files.sniffing import sniff
    from orderclerk.domain.envelopes import Envelope

    content = path.read_bytes()
    changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    media_type = KINDS[kind] or sniff(content)
    channel = {"file": "files"}.get(kind, kind)
    sender = sender or path.resolve().parent.name
    return Envelope(channel, path.name, content, media_type, sender, path.name, changed_at)


def _settings() -> Settings:
    """The home's settings for its senders' mappings; without any, those of a desk that has none."""
    home = home_folder()
    if (home / FILE_NAME).exists():
        return load_settings(home, needs_secrets=False)
    return Settings(desk=DeskSettings(name="", address="", team=""), home=home)


def _secret(settings: Settings) -> bytes:
    """The key that signs references if this home has one: reading makes none."""
    made = settings.var / "secret"
    return settings.secret() if settings.given_secret or made.exists() else b""
