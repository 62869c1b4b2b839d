"""A mail taken apart: everything readable in it as Sources, its files for the readers of order formats, the refused.

Enclosed mails, archives and winmail.dat are opened in turn; `part` says the way: `fwd.eml/orders.zip/order.pdf`. Names
decide nothing alone, the content is looked at. What may hang or burst is opened by a confined process.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from connectors.files import sniffing
from connectors.mail.charsets import decode_bytes
from connectors.mail.confined import open_confined, seconds_spent
from connectors.mail.dangers import danger_of
from connectors.mail.headers import header_text
from connectors.mail.html_source import read_html
from connectors.mail.limits import DEFAULT, Limits
from connectors.mail.mime import Attachment, Mail, TooMuchError, parse_mail
from connectors.mail.opened import EMBEDDED, Opened, Packed, RefusedError
from connectors.mail.plain_text import read_plain, read_table_text
from connectors.mail.sources import Line, Source
from connectors.mail.zipped import unzip
from orderclerk.domain.reading import Unreadable

_DATA = (sniffing.XML, sniffing.EDIFACT, sniffing.X12)
_TABLE_NAMES = (".csv", ".tsv", ".xlsx", ".xlsm")
_TABLE_TYPES = ("text/csv", "application/csv", "text/comma-separated-values", "text/tab-separated-values")
_NOT_READ = ("text/calendar", "text/vcard", "text/x-vcard", "application/ics", "text/directory", "text/rfc822-headers")
_UNKNOWN = {
    sniffing.XLS: "It is an Excel 97-2003 file (.xls) or another OLE document; ask the sender to save it as .xlsx",
    sniffing.ODF: "It is an OpenDocument file; ask the sender to save it as .xlsx or PDF",
    "application/gzip": "It is a packed file that the desk does not open",
    "application/x-7z-compressed": "It is a packed file that the desk does not open",
    "application/vnd.rar": "It is a packed file that the desk does not open",
}
_CONFINED = {
    "application/pdf": "pdf",
    sniffing.XLSX: "xlsx",
    sniffing.DOCX: "docx",
    "application/rtf": "rtf",
}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """All of a mail. `files` are those that may hold orders in a format of their own, named by their part.

    Each file is in `sources`, in `files`, in both (a table) or in `refused`; only the picture shown within the words,
    a calendar entry or a visiting card is in none. `refused` has ENV-003 (a limit), SND-009 (dangerous), ENV-002 (no
    reader) or ENV-001 (damaged).
    """

    sources: tuple[Source, ...] = ()
    files: tuple[Attachment, ...] = ()
    refused: tuple[Unreadable, ...] = ()


@dataclass(slots=True)
class _Desk:
    """What piles up while a mail is taken apart, and what is left of its limits."""

    limits: Limits
    sources: list[Source] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    refused: list[Unreadable] = field(default_factory=list)
    opened: int = 0
    unpacked_bytes: int = 0
    seconds: float = 0.0
    names: set[str] = field(default_factory=set)

    def refuse(self, part: str, rule: str, reason: str) -> None:
        """Note that `part` is not read."""
        self.refused.append(Unreadable(part, "", rule, reason))

    def unpacked(self) -> Unpacked:
        """All that was found."""
        return Unpacked(tuple(self.sources), tuple(self.files), tuple(self.refused))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the mail is being taken apart: within which parts, how deep, and whether within an enclosed mail."""

    inside: str = ""
    depth: int = 0
    is_forwarded: bool = False

    def within(self, part: str, is_mail: bool) -> "_Place":
        """One level deeper."""
        return _Place(f"{part}/", self.depth + 1, self.is_forwarded or is_mail)


def unpack_mail(mail: Mail, limits: Limits = DEFAULT) -> Unpacked:
    """Everything in `mail`; what exceeds a limit is in `refused`, nothing is raised for it."""
    desk = _Desk(limits)
    _unpack_mail(desk, mail, _Place())
    return desk.unpacked()


def unpack_file(name: str, content: bytes, limits: Limits = DEFAULT) -> Unpacked:
    """A document by itself, as if a mail had brought it."""
    desk = _Desk(limits)
    _open_file(desk, Attachment(name, "", content), _Place())
    return desk.unpacked()


def _unpack_mail(desk: _Desk, mail: Mail, at: _Place) -> None:
    if at.is_forwarded:
        desk.sources.append(Source(f"{at.inside}headers", "headers", _head(mail), is_forwarded=True))
    if mail.text.strip():
        _add(desk, f"{at.inside}body", "text", at, lambda: read_plain(mail.text))
    if mail.html.strip():
        _add(desk, f"{at.inside}html", "html", at, lambda: read_html(mail.html))
    for file in mail.attachments:
        _open_file(desk, file, at)
    for enclosed in mail.enclosed:
        part = _named(desk, at, enclosed.name or "mail.eml")
        if _may_enter(desk, part, at):
            _unpack_mail(desk, enclosed.mail, at.within(part, is_mail=True))


def _head(mail: Mail) -> tuple[Line, ...]:
    stated = ((name, header_text(mail.headers, name)) for name in ("From", "To", "Date", "Subject"))
    return tuple(Line(f"{name}: {value}", name) for name, value in stated if value)


def _add(desk: _Desk, part: str, medium: str, at: _Place, read: Callable[[], Opened]) -> Opened | None:
    """What `read` gives, kept as a Source; None and a refusal, if it refuses."""
    opened = _tried(desk, part, read)
    if opened and any(len(line.text) > desk.limits.line for line in opened.lines):
        desk.refuse(part, "ENV-003", f"It has a line of more than {desk.limits.line} characters")
        return None
    if opened and (opened.lines or opened.grids or opened.note):
        desk.sources.append(
            Source(part, medium, opened.lines, opened.grids, at.is_forwarded, opened.note, opened.warnings)
        )
    return opened


def _tried(desk: _Desk, part: str, read: Callable[[], Opened]) -> Opened | None:
    try:
        return read()
    except RefusedError as error:
        desk.refuse(part, error.rule, str(error))
        return None


def _open_file(desk: _Desk, file: Attachment, at: _Place) -> None:
    if not file.content.strip(b"\x00 \t\r\n") or file.media_type in _NOT_READ:
        return
    desk.opened += 1
    part = _named(desk, at, file.filename or f"attachment {desk.opened}")
    most = desk.limits.files
    if desk.opened > most:
        if desk.opened == most + 1:
            desk.refuse(part, "ENV-003", f"The mail has more than {most} files; none from this on was opened")
        return
    kind = sniffing.sniff(file.content)
    if danger := danger_of(file.filename, file.content):
        desk.refuse(part, "SND-009", danger)
    elif not kind.startswith("image/"):
        _open_kind(desk, replace(file, filename=part), kind, at)
    elif not file.is_inline or kind == "image/tiff":
        note = "It is a picture; a person must look at it"
        desk.sources.append(Source(part, "picture", is_forwarded=at.is_forwarded, note=note))


def _open_kind(desk: _Desk, file: Attachment, kind: str, at: _Place) -> None:
    part, content = file.filename, file.content
    if kind in _DATA:
        desk.files.append(file)
    elif kind == sniffing.TNEF:
        _open_winmail(desk, file, at)
    elif kind in _CONFINED:
        _open_document(desk, file, _CONFINED[kind], at)
    elif kind == "application/zip":
        _open_archive(desk, file, at)
    elif kind == "text/html":
        _add(desk, part, "html", at, lambda: read_html(_decoded(content, desk.limits)))
    elif kind == "message/rfc822" and (file.media_type == kind or part.lower().endswith(".eml")):
        _open_mail(desk, content, part, at)
    elif kind in (sniffing.CSV, "message/rfc822"):
        _open_text(desk, file, at)
    else:
        desk.refuse(part, "ENV-002", _UNKNOWN.get(kind, f"No reader knows this kind of file ({kind})"))


def _open_text(desk: _Desk, file: Attachment, at: _Place) -> None:
    is_table = file.filename.lower().endswith(_TABLE_NAMES) or file.media_type in _TABLE_TYPES
    medium = "csv" if is_table else "text"

    def read() -> Opened:
        return read_table_text(_decoded(file.content, desk.limits), desk.limits.grid_rows, is_table)

    if _add(desk, file.filename, medium, at, read) and is_table:
        desk.files.append(file)


def _decoded(content: bytes, limits: Limits) -> str:
    text = decode_bytes(content, "").removeprefix("\ufeff")
    if len(text) > limits.characters:
        raise RefusedError("ENV-003", f"Its text has {len(text)} characters, more than {limits.characters}")
    return text


def _open_document(desk: _Desk, file: Attachment, how: str, at: _Place) -> None:
    opened = _add(desk, file.filename, how, at, lambda: _confined(desk, how, file.content))
    if opened and not (opened.lines or opened.grids or opened.note):
        desk.refuse(file.filename, "ENV-001", "It holds nothing that can be read")
    elif opened and how == "xlsx":
        desk.files.append(file)


def _confined(desk: _Desk, how: str, content: bytes) -> Opened:
    limits = desk.limits
    if desk.seconds >= limits.mail_seconds:
        reason = (
            f"The documents of the mail took {limits.mail_seconds} seconds of computing; retry_quarantine tries again"
        )
        raise RefusedError("ENV-003", reason)
    before = seconds_spent()
    options = {"unpacked_bytes": limits.unpacked_bytes, "grid_rows": limits.grid_rows}
    if how == "pdf":
        options = {"pages": limits.pdf_pages, "characters": limits.characters}
    try:
        return open_confined(how, content, limits, **options)
    finally:
        desk.seconds += seconds_spent() - before


def _open_winmail(desk: _Desk, file: Attachment, at: _Place) -> None:
    """The words of a winmail.dat are the mail's own, unless the mail has them in another form too."""
    part = file.filename
    opened = _tried(desk, part, lambda: _confined(desk, "tnef", file.content))
    if opened is None:
        return
    is_mail = file.media_type == EMBEDDED
    body = f"{part}/body" if is_mail else f"{at.inside}body"
    inner = replace(at, is_forwarded=at.is_forwarded or is_mail)
    if not {body, f"{at.inside}html"} & {source.part for source in desk.sources}:
        _add(desk, body, "html", inner, lambda: opened)
        if not (opened.lines or opened.grids or opened.files):
            desk.refuse(part, "ENV-001", "The winmail.dat holds neither words nor files")
    _open_packed(desk, opened.files, part, inner)


def _open_archive(desk: _Desk, file: Attachment, at: _Place) -> None:
    try:
        packed = unzip(file.content, desk.limits, desk.unpacked_bytes)
    except RefusedError as error:
        desk.refuse(file.filename, error.rule, str(error))
    else:
        _open_packed(desk, packed, file.filename, at)
        if not packed:
            desk.refuse(file.filename, "ENV-001", "The archive is empty")


def _open_packed(desk: _Desk, packed: tuple[Packed, ...], part: str, at: _Place) -> None:
    if packed and _may_enter(desk, part, at):
        desk.unpacked_bytes += sum(len(inner.content) for inner in packed)
        for inner in packed:
            _open_file(desk, Attachment(inner.name, inner.media_type, inner.content), at.within(part, is_mail=False))


def _open_mail(desk: _Desk, content: bytes, part: str, at: _Place) -> None:
    if not _may_enter(desk, part, at):
        return
    desk.unpacked_bytes += len(content)
    try:
        _unpack_mail(desk, parse_mail(content), at.within(part, is_mail=True))
    except TooMuchError as error:
        desk.refuse(part, "ENV-003", str(error))


def _may_enter(desk: _Desk, part: str, at: _Place) -> bool:
    """Whether there may be one level more; a refusal, if not."""
    if at.depth >= desk.limits.depth:
        desk.refuse(part, "ENV-003", f"It lies deeper than {desk.limits.depth} mails or archives")
    elif desk.unpacked_bytes > desk.limits.unpacked_bytes:
        desk.refuse(part, "ENV-003", f"The mail unpacks to more than {desk.limits.unpacked_bytes} bytes")
    else:
        return True
    return False


def _named(desk: _Desk, at: _Place, name: str) -> str:
    """A part's name that no other part of this mail has."""
    plain = f"{at.inside}{name.replace('/', '_')}"
    part = next(one for nth in count(1) if (one := plain if nth == 1 else f"{plain} ({nth})") not in desk.names)
    desk.names.add(part)
    return part
