"""What goes wrong with the embedded PostgreSQL, in one sentence with its remedy."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PostgresError(Exception):
    """The database cannot be had; the message says what to do."""


_REMEDIES = {
    errno.ENOSPC: "the disk is full; make room and run again",
    errno.EDQUOT: "your quota is used up; make room and run again",
    errno.EACCES: "the folder is not writable; give yourself the right, or choose another home with ORDERCLERK_HOME",
    errno.EPERM: "the folder is not writable; give yourself the right, or choose another home with ORDERCLERK_HOME",
    errno.EROFS: "the file system is read-only; choose another home with ORDERCLERK_HOME",
}
_SAID = {
    "No space left on device": _REMEDIES[errno.ENOSPC],
    "Disk quota exceeded": _REMEDIES[errno.EDQUOT],
    "Permission denied": _REMEDIES[errno.EACCES],
    "Read-only file system": _REMEDIES[errno.EROFS],
    "Cannot allocate memory": "the machine has too little free memory; end something else and run again",
}


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn an OSError into a PostgresError: `what` happened, why, and the remedy."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, error.strerror or str(error))
        raise PostgresError(f"{what}: {remedy}") from error


def said_by(program: str, folder: Path, said: str) -> str:
    """The sentence for a program that failed, from all that it printed."""
    for words, remedy in _SAID.items():
        if words in said:
            return f"PostgreSQL in {folder} cannot run: {remedy}"
    telling = [line for line in said.splitlines() if any(mark in line for mark in ("FATAL", "PANIC", "error:"))]
    last = (telling or said.splitlines() or ["it said nothing"])[-1].strip()
    return f"PostgreSQL in {folder} cannot run ({program}: {last}); its log is {folder / 'server.log'}"
