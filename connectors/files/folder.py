"""The drop folder: `root/<sender>/<file>`, one folder for each sender, written by whatever moves files there.

A file counts as finished when it has no temporary name, has not changed for `settle_seconds`, and looks the same
twice. `sent_at` is its modification time, and that is its version: a file copied with its times kept (cp -p, rsync -t,
scp -p) is as old as its original, one copied without is as new as its arrival. Taken files move to `<sender>/.taken/`.
"""

import errno
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.channels import Cursor
from connectors.errors import AccessError, ConnectorError, TransientError
from connectors.files.reading import OVERSIZE
from connectors.files.sniffing import sniff
from orderclerk.domain.envelopes import Envelope

TAKEN = ".taken"
HEAD = 65_536  # bytes kept of a file that is too large: enough to see what it is
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~")
_FULL = (errno.ENOSPC, errno.EDQUOT)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Found:
    """A file as one look saw it."""

    path: Path
    sender: str
    size: int
    mtime_ns: int

    @property
    def ref(self) -> str:
        """`<sender>/<name>@<mtime_ns>`: the same name with another content is another delivery."""
        return f"{_readable(self.sender)}/{_readable(self.path.name)}@{self.mtime_ns}"

    @property
    def changed_at(self) -> datetime:
        """The modification time, to the microsecond, without going through a float."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.mtime_ns // 1_000)


class DropFolder:
    """A `connectors.channels.Channel` over a folder. `clock` says now (aware UTC); `wait` lies between two looks."""

    def __init__(
        self,
        name: str,
        root: Path,
        clock: Callable[[], datetime],
        settle_seconds: float = 10,
        max_bytes: int = 50_000_000,
        look_gap_s: float = 0.5,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.root, self.max_bytes = name, root, max_bytes
        self._clock, self._settle_seconds, self._look_gap_s, self._wait = clock, settle_seconds, look_gap_s, wait

    def arrivals(self, cursor: Cursor) -> Iterator[tuple[Envelope, Cursor]]:
        """The finished files, oldest first. What is taken moves away, so the cursor stays empty.

        A folder or file that may not be read does not stop the others: AccessError comes after them.
        """
        denied: list[ConnectorError] = []
        first = self._look(denied)
        if first:
            self._wait(self._look_gap_s)
        second = {(item.path, item.size, item.mtime_ns) for item in self._look([])} if first else set()
        for item in sorted(first, key=lambda item: (item.mtime_ns, item.sender, item.path.name)):
            if (item.path, item.size, item.mtime_ns) not in second:
                continue
            try:
                envelope = self._envelope(item)
            except ConnectorError as error:
                denied.append(error)
                continue
            if envelope:
                yield envelope, {}
        if denied:
            raise denied[0]

    def settle(self, delivery_refs: list[str]) -> None:
        """Move these files to their sender's `.taken` folder; never over another file. Safe to repeat."""
        for ref in delivery_refs:
            with suppress(FileNotFoundError):  # moved already
                if item := self._find(ref):
                    with self._explained(item.path):
                        _move(item.path, item.path.parent / TAKEN)

    def _look(self, denied: list[ConnectorError]) -> list[_Found]:
        """Every finished file there is now; folders that may not be read are noted in `denied`."""
        with self._explained(self.root):
            senders = sorted(self.root.iterdir())
        found: list[_Found] = []
        for folder in senders:
            if folder.name.startswith(".") or not self._is_inside(folder):
                continue
            if not folder.is_dir():
                _log.warning("%s: %s lies outside every sender's folder and is not read", self.name, folder.name)
                continue
            try:
                with suppress(FileNotFoundError), self._explained(folder):
                    found += [item for path in folder.iterdir() if (item := self._finished(path, folder.name))]
            except ConnectorError as error:
                denied.append(error)
        return found

    def _finished(self, path: Path, sender: str) -> _Found | None:
        """The file at `path` if it is one, is ours to read, and nobody is writing it any more."""
        if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED) or not self._is_inside(path):
            return None
        try:
            state = path.stat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(state.st_mode):
            return None
        found = _Found(path, sender, state.st_size, state.st_mtime_ns)
        age = abs(self._clock() - found.changed_at)  # a file from the future is not written for ever
        return found if age >= timedelta(seconds=self._settle_seconds) else None

    def _is_inside(self, path: Path) -> bool:
        """Whether `path` is no link out of the root."""
        try:
            if not path.is_symlink() or path.resolve().is_relative_to(self.root.resolve()):
                return True
        except (OSError, RuntimeError):  # a link to itself
            pass
        _log.warning("%s: %s is a link out of the drop folder and is not followed", self.name, path.name)
        return False

    def _envelope(self, item: _Found) -> Envelope | None:
        """The file's content; None if it changed or went away meanwhile."""
        is_large = item.size > self.max_bytes
        with self._explained(item.path):
            try:
                content, state = _read(item.path, HEAD if is_large else item.size + 1)
            except FileNotFoundError:
                return None
        if (state.st_size, state.st_mtime_ns) != (item.size, item.mtime_ns):
            return None
        media_type = sniff(content) + (f"{OVERSIZE}{item.size}" if is_large else "")
        name, sender = _readable(item.path.name), _readable(item.sender)
        return Envelope(self.name, item.ref, content, media_type, sender, name, item.changed_at)

    def _find(self, ref: str) -> _Found | None:
        """The file `ref` names, if it is still there as it was delivered."""
        place, _, mtime = ref.rpartition("@")
        sender, _, name = place.partition("/")
        folder = self.root / sender
        if not mtime.isdigit() or not sender or not name or sender in (".", "..") or "/" in name:
            return None
        with self._explained(folder):
            candidates = [folder / name] if (folder / name).exists() else _unreadable_names(folder, name)
            for path in candidates:
                state = path.lstat()
                if state.st_mtime_ns == int(mtime):
                    return _Found(path, sender, state.st_size, state.st_mtime_ns)
        return None

    @contextmanager
    def _explained(self, path: Path) -> Iterator[None]:
        """Failures of the file system as the errors an operator can act on."""
        try:
            yield
        except PermissionError:
            hint = "let the desk's user read and write the drop folder"
            raise AccessError(self.name, f"permission denied at {path}", hint) from None
        except (FileNotFoundError, NotADirectoryError):
            if path != self.root:
                raise
            raise AccessError(self.name, f"the drop folder {path} does not exist", "create it or mount it") from None
        except OSError as error:
            if error.errno in _FULL:
                raise TransientError(
                    self.name, f"the disk is full at {path}", "make room; the next run goes on"
                ) from None
            what = error.strerror or type(error).__name__
            raise TransientError(
                self.name, f"{path} cannot be reached: {what}", "check the disk or the mount"
            ) from None


def _read(path: Path, limit: int) -> tuple[bytes, os.stat_result]:
    """Up to `limit` bytes of a regular file and its state after reading; a pipe never blocks."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(path)
        content = file.read(limit)
        return content, os.fstat(file.fileno())


def _move(path: Path, folder: Path) -> None:
    """Move `path` into `folder` under a name that nothing has there; a file that is gone is moved already."""
    folder.mkdir(exist_ok=True)
    target = _reserved(folder, path.name)
    try:
        os.replace(path, target)  # over the empty file reserved for it
    except FileNotFoundError:
        target.unlink()
    except OSError:
        target.unlink()
        raise


def _reserved(folder: Path, name: str) -> Path:
    """A new empty file in `folder`, called `name` or, where that is taken, `name.1` and so on."""
    number = 0
    while True:
        target = folder / (f"{name}.{number}" if number else name)
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return target


def _readable(name: str) -> str:
    """A file name as text that every database keeps; bytes that are no UTF-8 are spelt out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _unreadable_names(folder: Path, name: str) -> list[Path]:
    if "\\x" not in name or not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if _readable(path.name) == name]
