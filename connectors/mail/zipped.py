"""Zip archives in mails: unpacked in memory within bounds, never an archive within an archive."""

import io
import zipfile

from connectors.files.archives import Unsafe
from connectors.mail.limits import Limits
from connectors.mail.opened import Packed, RefusedError

_NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".cab", ".jar", ".iso", ".img", ".ace", ".arj")
_MAGIC = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF")
_OFFICE = ("[Content_Types].xml", "mimetype")


def unzip(content: bytes, limits: Limits, used_bytes: int) -> tuple[Packed, ...]:
    """The files of an archive. Raises RefusedError: SND-009 for nested archives, ENV-003 for bombs, ENV-002 locked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and "__MACOSX/" not in part.filename]
            _check(parts, limits, used_bytes)
            return tuple(_unpack(archive, part) for part in parts)
    except RefusedError:
        raise
    except Unsafe as error:
        raise RefusedError("ENV-003", str(error)) from None
    except Exception as error:  # zlib, struct, an unknown method: whatever a broken archive provokes
        raise RefusedError("ENV-001", f"The archive is damaged ({type(error).__name__}: {error})") from None


def _check(parts: list[zipfile.ZipInfo], limits: Limits, used_bytes: int) -> None:
    if len(parts) > limits.files:
        raise RefusedError("ENV-003", f"The archive has {len(parts)} files, more than {limits.files}")
    if nested := [part.filename for part in parts if part.filename.lower().endswith(_NESTED)]:
        raise RefusedError("SND-009", f"The archive holds another archive ({nested[0]!r}); do not open it")
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("ENV-002", "The archive is locked with a password; ask the sender for it without one")
    total = sum(part.file_size for part in parts)
    if used_bytes + total > limits.unpacked_bytes:
        raise RefusedError("ENV-003", f"The archive unpacks to {total} bytes")
    for part in parts:
        if part.file_size > 1_000_000 and part.file_size > 300 * max(part.compress_size, 1):
            raise RefusedError("ENV-003", f"{part.filename!r} in the archive unpacks to {part.file_size} bytes")


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Packed:
    with archive.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if len(content) > part.file_size:
        raise RefusedError("ENV-003", f"{part.filename!r} in the archive is larger than the archive says")
    if content.startswith(_MAGIC) or (content.startswith(b"PK\x03\x04") and not _is_office(content)):
        raise RefusedError("SND-009", f"The archive holds another archive ({part.filename!r}); do not open it")
    return Packed(_name(part), content)


def _is_office(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name in _OFFICE for name in archive.namelist()[:200])
    except Exception:
        return False


def _name(part: zipfile.ZipInfo) -> str:
    """The file's name without its folders; Chinese Windows writes GBK where the standard says CP437."""
    name = part.filename
    if not part.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for charset in ("utf-8", "gb18030"):
            try:
                name = raw.decode(charset)
                break
            except UnicodeDecodeError:
                continue
    return name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
