"""Orders as tables: CSV of several dialects, and XLSX whose bytes depend on nothing but its content."""

import csv
import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook

STAMP = (2026, 1, 1, 0, 0, 0)  # inside the archive; a workbook saved twice must be the same bytes


def csv_bytes(rows: Sequence[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as CSV with CRLF line ends; a character the encoding lacks becomes `?`."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def xlsx_bytes(rows: Sequence[Sequence[object]], sheet: str = "Order") -> bytes:
    """Rows as the only sheet of a workbook; numbers stay numbers."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append([float(value) if isinstance(value, Decimal) else value for value in row])
    saved = io.BytesIO()
    book.save(saved)
    return _without_time(saved.getvalue())


def _without_time(archive: bytes) -> bytes:
    clean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":  # carries the moment of saving; a workbook needs no core properties
                content = _CORE
            new.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return clean.getvalue()


_CORE = (
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Purchasing</dc:creator></cp:coreProperties>'
)


def comma(value: Decimal) -> str:
    """1234.50 as 1234,50."""
    return str(value).replace(".", ",")
