"""A file of the drop folder, or a mail's attachment, into orders: looks at the content and asks the right reader.

Pure. Formats: CSV, XLSX, UBL 2.0 and 2.1, EDIFACT ORDERS and ORDCHG, X12 850 and 860.
"""

import logging
from collections.abc import Callable, Mapping

from connectors.files import sniffing
from connectors.files.columns import NoMapping, find_columns
from connectors.files.decoding import decode
from connectors.files.edifact import read_edifact
from connectors.files.linetable import Origin, read_lines
from connectors.files.outcomes import no_order, quarantined, source_of
from connectors.files.tables import Table
from connectors.files.tabular import read_csv
from connectors.files.ubl import read_ubl
from connectors.files.workbook import Unsafe, read_workbook
from connectors.files.x12 import read_x12
from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.mapping import SenderMapping
from orderclerk.domain.reading import EnvelopeKind, Reading

OVERSIZE = "; oversize="  # in the media type of an envelope whose content was left outside

_log = logging.getLogger(__name__)
_UNKNOWN = {
    sniffing.XLS: "This is an Excel 97-2003 file (.xls) or another OLE document; ask the sender to save it as .xlsx",
    "application/pdf": "A PDF is not read here; ask the sender for CSV, XLSX, UBL, EDIFACT or X12",
    "application/json": "JSON is not read here",
    "application/edi-tradacoms": "TRADACOMS is not read here; ask the sender for EDIFACT ORDERS",
    "message/rfc822": "A mail saved as a file is not read here; send it to the desk's mailbox",
    "text/html": "A web page is not read here",
}


def read_file(envelope: Envelope, senders: Mapping[str, SenderMapping]) -> Reading:
    """What `envelope` asks of the desk, by its content; never raises on bad input."""
    if OVERSIZE in envelope.media_type:
        size = envelope.media_type.partition(OVERSIZE)[2]
        return quarantined("ENV-003", f"The file has {size} bytes, more than the desk opens")
    if not envelope.content.strip(b"\x00 \t\r\n"):
        return quarantined("ENV-001", "The file is empty")
    mapping = senders.get(envelope.sender_ref) or SenderMapping(sender=envelope.sender_ref)
    try:
        return _reader(sniffing.sniff(envelope.content))(envelope, mapping)
    except Exception as error:
        _log.exception("reader failed on %s", envelope.delivery_ref)
        return quarantined("ENV-001", f"The file cannot be read ({type(error).__name__}: {error}); report this")


def _reader(media_type: str) -> Callable[[Envelope, SenderMapping], Reading]:
    readers: dict[str, Callable[[Envelope, SenderMapping], Reading]] = {
        sniffing.CSV: _read_text_table,
        sniffing.XLSX: _read_workbook,
        sniffing.XML: lambda envelope, _: read_ubl(envelope),
        sniffing.EDIFACT: lambda envelope, mapping: read_edifact(envelope, mapping.encoding),
        sniffing.X12: lambda envelope, mapping: read_x12(envelope, mapping.encoding),
    }
    return readers.get(media_type) or (lambda envelope, _: _unknown(media_type))


def _unknown(media_type: str) -> Reading:
    reason = _UNKNOWN.get(media_type, f"No reader knows this kind of file ({media_type})")
    return quarantined("ENV-002", reason)


def _read_text_table(envelope: Envelope, mapping: SenderMapping) -> Reading:
    try:
        text = decode(envelope.content, mapping.encoding)
    except ValueError as error:
        return quarantined("ENV-001", str(error))
    if "\x00" in text[:10_000]:
        return quarantined("ENV-002", "The file is neither text nor a known kind of document")
    try:
        table = read_csv(text, mapping.delimiter, mapping.skip_rows)
    except ValueError as error:
        return quarantined("ENV-002" if "no table" in str(error) else "ENV-001", str(error), text)
    return _read_table(envelope, mapping, table)


def _read_workbook(envelope: Envelope, mapping: SenderMapping) -> Reading:
    try:
        table = read_workbook(envelope.content, mapping.sheet, mapping.skip_rows)
    except Unsafe as error:
        return quarantined("ENV-003", str(error))
    except ValueError as error:
        return quarantined("ENV-001", str(error))
    return _read_table(envelope, mapping, table)


def _read_table(envelope: Envelope, mapping: SenderMapping, table: Table) -> Reading:
    try:
        places = find_columns(table.headers, mapping)
    except NoMapping as error:
        return quarantined("ENV-004", str(error), " | ".join(table.headers))
    origin = Origin(source_of(envelope), envelope.sender_ref, envelope.sent_at)
    frame, left = read_lines(table, places, mapping, origin)
    if len(frame):
        return Reading(EnvelopeKind.ORDERS, frame=frame, unreadable=left)
    if left:
        reason = f"None of the {len(left)} rows belongs to an order: {left[0].reason}"
        return Reading(EnvelopeKind.UNREADABLE, unreadable=left, reason=reason)
    return no_order("The table has a header and no rows")
