"""What a file is, by its content alone: names lie."""

import codecs
import io
import re
import zipfile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
XML = "application/xml"
EDIFACT = "application/edifact"
X12 = "application/edi-x12"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODF = "application/vnd.oasis.opendocument"
TNEF = "application/ms-tnef"

_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", TNEF),
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)
_MAIL = re.compile(
    r"(?:received|return-path|from|to|subject|date|message-id|mime-version|delivered-to):", re.IGNORECASE
)
_EDIFACT = re.compile(r"UNA.{6}\s*UN[BGH]|UNB[+\x1d]|UNH[+\x1d]", re.DOTALL)
_X12 = re.compile(r"ISA([^A-Za-z0-9\s]).{2}\1")
_HEAD = 4_096


def sniff(content: bytes) -> str:
    """The media type of `content`; `text/csv` for text that may be a table, `application/octet-stream` for noise."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(content)
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    if b"%PDF-" in content[:1_024]:  # the standard's readers allow noise before it
        return "application/pdf"
    head = content_head(content)
    return _of_text(head) if head is not None else "application/octet-stream"


def content_head(content: bytes) -> str | None:
    """The first characters as text, enough to tell formats apart; None where these are no characters."""
    head = content[:_HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace").lstrip("\ufeff \t\r\n")
    if head.count(0) > len(head) // 4:  # UTF-16 without a mark, or noise
        wide = head.decode("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "replace")
        return wide.strip() if wide[:200].isprintable() or "\n" in wide[:200] else None
    if b"\x00" in head or sum(byte < 9 for byte in head) > len(head) // 50:
        return None
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1").lstrip()


def _of_text(head: str) -> str:
    if _HTML.match(head):
        return "text/html"
    if head.startswith("<"):
        return "text/html" if _HTML.search(head[:500]) and "<?xml" not in head[:10] else XML
    if _EDIFACT.match(head):
        return EDIFACT
    if _X12.match(head):
        return X12
    if head.startswith("STX="):
        return "application/edi-tradacoms"
    if head[:1] in "{[" and re.match(r"[{\[]\s*[\"{\[\]}0-9]", head):
        return "application/json"
    return "message/rfc822" if _MAIL.match(head) else CSV


def _in_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return XLSX if b"xl/" in content else "application/zip"  # the parts' names stand before each of them too
    if "word/document.xml" in names:
        return DOCX
    if names >= {"mimetype", "content.xml"}:
        return ODF
    if "[Content_Types].xml" in names and "xl/workbook.xml" not in names:
        return "application/vnd.openxmlformats-officedocument"
    return XLSX if "xl/workbook.xml" in names else "application/zip"
