"""Zip archives by their directory alone: what may be unpacked, and what would burst. Office files are such archives."""

import io
import zipfile

MAX_UNPACKED = 500_000_000  # bytes
MAX_RATIO = 300  # unpacked to packed, of parts over a megabyte; real sheets stay under 60
MAX_PARTS = 2_000
ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".xlsx", ".xlsm", ".docx", ".jar")


class Unsafe(ValueError):
    """The archive exceeds a safety limit (ENV-003)."""


def check_archive(content: bytes, what: str = "workbook", max_unpacked: int = MAX_UNPACKED) -> None:
    """Raise Unsafe if unpacking `content` could hurt, by its directory alone; ValueError if it is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ValueError(f"The {what} is damaged: {error}") from None
    total = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or total > max_unpacked:
        raise Unsafe(f"The {what} unpacks to {total} bytes in {len(parts)} parts")
    for part in parts:
        if part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Unsafe(f"The part {part.filename!r} of the {what} unpacks to {part.file_size} bytes")
        if part.filename.lower().endswith(ARCHIVES):
            raise Unsafe(f"The {what} holds another archive: {part.filename!r}")
