"""winmail.dat and RTF: how Outlook sends a mail that it thinks only Outlook will read. Runs confined."""

import re

from striprtf.striprtf import rtf_to_text
from tnefparse import TNEF

from connectors.mail.charsets import decode_bytes
from connectors.mail.gridding import lines_and_grids
from connectors.mail.html_source import read_html
from connectors.mail.opened import EMBEDDED, Opened, Packed, RefusedError
from connectors.mail.plain_text import read_plain
from connectors.mail.sources import Grid, Line

MAX_FILES, MAX_OBJECTS = 200, 4_000


def open_tnef(content: bytes, unpacked_bytes: int, grid_rows: int) -> Opened:
    """The words and files of a winmail.dat. Raises RefusedError."""
    if _objects(content) > MAX_OBJECTS:
        raise RefusedError("ENV-003", f"The winmail.dat consists of more than {MAX_OBJECTS} pieces")
    try:
        tnef = TNEF(content, do_checksum=False)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # lying lengths become whatever struct makes of them
        raise RefusedError("ENV-001", f"The winmail.dat is damaged ({type(error).__name__}: {error})") from None
    if len(tnef.attachments) > MAX_FILES or sum(len(file.data) for file in tnef.attachments) > unpacked_bytes:
        raise RefusedError("ENV-003", f"The winmail.dat holds {len(tnef.attachments)} files or too many bytes")
    words = _words(tnef, grid_rows)
    files = tuple(
        Packed(_name(file), bytes(file.data), EMBEDDED if hasattr(file, "embed") else "") for file in tnef.attachments
    )
    return Opened(words.lines, words.grids, words.note, words.warnings, files)


def _objects(content: bytes) -> int:
    """How many pieces it has, up to one too many: tnefparse copies the rest for each."""
    place, count = 6, 0
    while place + 11 < len(content) and count <= MAX_OBJECTS:
        place += int.from_bytes(content[place + 5 : place + 9], "little") + 11
        count += 1
    return count


def open_rtf(content: bytes, unpacked_bytes: int, grid_rows: int) -> Opened:
    """The lines and tables of an RTF document. Raises RefusedError."""
    if len(content) > 4_000_000:
        content = re.sub(rb"[0-9a-fA-F\r\n]{2000,}", b"", content)  # pictures, as hexadecimal digits
    if len(content) > min(unpacked_bytes, 4_000_000):
        raise RefusedError("ENV-003", f"The RTF document has {len(content)} bytes beside its pictures")
    text = rtf_to_text(content.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    return _lines_of_rtf(text, grid_rows)


def _words(tnef: TNEF, grid_rows: int) -> Opened:
    """HTML first, for its tables; then RTF; then plain words."""
    if tnef.htmlbody:
        return read_html(_text(tnef.htmlbody))
    if tnef.rtfbody:
        return open_rtf(tnef.rtfbody, 4_000_000, grid_rows)
    return read_plain(_text(tnef.body).replace("\r\n", "\n")) if tnef.body else Opened()


def _text(value: str | bytes | list[str | bytes]) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return (decode_bytes(value, "") if isinstance(value, bytes) else value).rstrip("\x00")


def _name(file: object) -> str:
    """The file's name; tnefparse decodes it strictly, whatever it is written in."""
    try:
        name = file.long_filename()  # type: ignore[attr-defined]
    except UnicodeDecodeError:
        name = file._name  # type: ignore[attr-defined]
    return _text(name).strip() or "attachment"


def _lines_of_rtf(text: str, grid_rows: int) -> Opened:
    """striprtf sets cells between bars: runs of such lines are tables."""
    lines: list[Line] = []
    grids: list[Grid] = []
    rows: list[tuple[str, list[str]]] = []
    for number, line in enumerate([*text.replace("\r", "\n").split("\n"), ""], start=1):
        if line.count("|") > 1 and line.rstrip().endswith("|"):
            rows.append((f"line {number}", [cell.strip() for cell in line.rstrip()[:-1].split("|")]))
            continue
        if rows:
            more, found = lines_and_grids(rows, len(lines), grid_rows)
            lines, grids, rows = lines + more, grids + found, []
        lines.append(Line(line, f"line {number}"))
    return Opened(tuple(lines), tuple(grids))
