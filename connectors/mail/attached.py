"""The files of a mail: orders in a format of their own, lists that the mail's words complete, and the rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from connectors.files import sniffing
from connectors.mail.mime import Attachment
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import EnvelopeKind, Reading, Unreadable

AttachmentReader = Callable[[Envelope], Reading]
"""Reads a file as the drop folder would: `connectors.files.reading.read_file` with the senders' mappings."""

MAX_FILES = 20
_SELF_DESCRIBING = (sniffing.XML, sniffing.EDIFACT, sniffing.X12)
_TABLES = (sniffing.CSV, sniffing.XLSX)
_TABLE_NAMES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_TABLE_TYPES = ("text/csv", "application/csv", "text/comma-separated-values", "text/tab-separated-values")
_NOT_ORDERS = ("text/calendar", "text/vcard", "text/x-vcard", "application/ics", "text/directory")


@dataclass(frozen=True, slots=True)
class FileRead:
    """One attachment, what it is, and what the file reader makes of it (None: not a kind that it reads)."""

    attachment: Attachment
    media_type: str
    reading: Reading | None = None

    @property
    def is_order(self) -> bool:
        """The reader found orders in it."""
        return self.reading is not None and self.reading.kind is EnvelopeKind.ORDERS

    @property
    def says_it_is_an_order(self) -> bool:
        """Orders in a format that calls itself an order: UBL, EDIFACT, X12."""
        return self.is_order and self.media_type in _SELF_DESCRIBING

    @property
    def is_unreadable(self) -> bool:
        """The reader could not read it."""
        return self.reading is not None and self.reading.kind is EnvelopeKind.UNREADABLE

    @property
    def rules(self) -> set[str]:
        """The rules by which it was refused."""
        return {item.rule for item in self.reading.unreadable} if self.reading else set()


def read_files(
    envelope: Envelope, files: tuple[Attachment, ...], sender: str, sent_at: datetime | None, read: AttachmentReader
) -> list[FileRead]:
    """Each attachment with its reading, those that may be orders handed to `read`."""
    return [_read_file(envelope, file, sender, sent_at, read) for file in files[:MAX_FILES] if _is_wanted(file)]


def _read_file(
    envelope: Envelope, file: Attachment, sender: str, sent_at: datetime | None, read: AttachmentReader
) -> FileRead:
    media_type = sniffing.sniff(file.content)
    if media_type == sniffing.CSV and not _calls_itself_table(file):
        return FileRead(file, "text/plain")
    if media_type not in _SELF_DESCRIBING + _TABLES:
        return FileRead(file, media_type)
    inner = Envelope("mail", envelope.delivery_ref, file.content, media_type, sender, file.filename, sent_at)
    return FileRead(file, media_type, read(inner))


def _is_wanted(file: Attachment) -> bool:
    return bool(file.content.strip()) and file.media_type not in _NOT_ORDERS


def _calls_itself_table(file: Attachment) -> bool:
    return file.filename.lower().endswith(_TABLE_NAMES) or file.media_type in _TABLE_TYPES


def joined(files: list[FileRead], refused: list[FileRead], sender: str, language: str) -> Reading:
    """The orders of `files` as one reading, with the sender's address where they name none."""
    readings = [file.reading for file in files if file.reading is not None]
    orders = tuple(
        replace(
            order,
            customer=replace(order.customer, email=order.customer.email or sender),
            language=order.language or language,
        )
        for reading in readings
        for order in reading.orders
    )
    frames = [_completed(reading.frame, sender, language) for reading in readings if reading.frame is not None]
    left = [item for reading in readings for item in reading.unreadable]
    left += [_named(file, item) for file in refused if file.reading for item in file.reading.unreadable]
    return Reading(
        EnvelopeKind.ORDERS,
        orders=orders,
        frame=pd.concat(frames, ignore_index=True) if frames else None,
        unreadable=tuple(left),
        reason="; ".join(reading.reason for reading in readings if reading.reason),
    )


def _completed(frame: pd.DataFrame, sender: str, language: str) -> pd.DataFrame:
    filled = frame.copy()
    for column, value in (("customer_email", sender), ("language", language)):
        filled[column] = filled[column].where(filled[column] != "", value).astype(frame[column].dtype)
    return filled


def _named(file: FileRead, item: Unreadable) -> Unreadable:
    return replace(item, ref=f"{file.attachment.filename or 'attachment'}: {item.ref}")
