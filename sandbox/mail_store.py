"""The desk's mailbox as files: a Maildir++ on disk with its index in memory, served by pymap.

pymap's own maildir backend reads and writes the whole UID list and looks at every file for each command: with 2,000
mails a SEARCH took 9 s and one MOVE 0.13 s, growing with the mailbox. Its in-memory backend is fast but keeps
every parsed mail (43 KB each). This one keeps the index of the second and the files of the first.
"""

import itertools
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.message import BaseLoadedMessage
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement, ObjectId

_numbers = itertools.count(1)


class StoredMessage(Message):
    """A message whose bytes stay on disk until someone fetches them."""

    __slots__ = ("_header", "path")

    def __init__(self, uid: int, internal_date: datetime, flags: Any, *, path: Path, **more: Any) -> None:
        super().__init__(uid, internal_date, flags, **more)
        self.path = path
        self._header: MessageContent | None = None

    async def load_content(self, requirement: FetchRequirement) -> BaseLoadedMessage:
        """The parsed file, or no content where none is asked for or another session has moved it away."""
        if not requirement & FetchRequirement.CONTENT:
            return BaseLoadedMessage(self, requirement, None)
        if not requirement & FetchRequirement.BODY and self._header is not None:
            return BaseLoadedMessage(self, requirement, self._header)
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return BaseLoadedMessage(self, requirement, None)
        if requirement & FetchRequirement.BODY:
            return BaseLoadedMessage(self, requirement, MessageContent.parse(raw))
        # a search for a Message-ID looks at every mail of the folder: 8 ms each if it parsed them whole
        self._header = content = MessageContent.parse(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        return BaseLoadedMessage(self, requirement, content)

    def at(self, uid: int, path: Path, recent: bool) -> "StoredMessage":
        """The same message in another folder."""
        ids = {"email_id": self.email_id, "thread_id": self.thread_id}
        return StoredMessage(uid, self.internal_date, self.permanent_flags, path=path, recent=recent, **ids)


class Folder(MailboxData):
    """One Maildir folder. Every change is a rename within one file system: it happens whole or not at all."""

    def __init__(self, path: Path) -> None:
        super().__init__(None, None)
        self.path = path
        for part in ("tmp", "new", "cur"):
            (path / part).mkdir(parents=True, exist_ok=True)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> StoredMessage:
        """Store a message under the next UID; it is in the folder when this returns."""
        name = _file_name()
        draft = self.path / "tmp" / name
        draft.write_bytes(append_msg.literal)
        return await self._take(draft, name, append_msg, recent)

    async def _take(self, draft: Path, name: str, append_msg: AppendMessage, recent: bool) -> StoredMessage:
        async with self.messages_lock.write_lock():
            target = self.path / "cur" / name
            os.rename(draft, target)
            when = append_msg.when or datetime.now(UTC)
            ids = {"email_id": ObjectId.random_email_id(), "thread_id": ObjectId.random_thread_id()}
            return self._list(
                StoredMessage(self._max_uid + 1, when, append_msg.flag_set, path=target, recent=recent, **ids)
            )

    async def copy(self, uid: int, destination: "Folder", *, recent: bool = False) -> int | None:
        """Copy one message; its UID there, or None if it is gone."""
        return await self._transfer(uid, destination, recent, move=False)

    async def move(self, uid: int, destination: "Folder", *, recent: bool = False) -> int | None:
        """Move one message; its UID there, or None if it is gone."""
        return await self._transfer(uid, destination, recent, move=True)

    async def _transfer(self, uid: int, destination: "Folder", recent: bool, move: bool) -> int | None:
        message = self._messages.get(uid)
        if message is None:
            return None
        target = destination.path / "cur" / (message.path.name if move else _file_name())
        (os.rename if move else os.link)(message.path, target)
        if move:
            self._unlist([uid])
        return destination._list(message.at(destination._max_uid + 1, target, recent)).uid

    async def delete(self, uids: Any) -> None:
        """Remove messages and their files."""
        uids = [uid for uid in uids if uid in self._messages]
        for uid in uids:
            self._messages[uid].path.unlink(missing_ok=True)
        self._unlist(uids)

    def _list(self, message: StoredMessage) -> StoredMessage:
        self._max_uid = message.uid
        self._messages[message.uid] = message
        self._mod_sequences.update([message.uid])
        self._updated.set()
        return message

    def _unlist(self, uids: list[int]) -> None:
        for uid in uids:
            del self._messages[uid]
        self._mod_sequences.expunge(uids)
        self._updated.set()


class Folders(MailboxSet):
    """The folders of one user: INBOX at `root`, `A/B` at `root/.A.B` (Maildir++)."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        self._inbox = Folder(root)

    async def add_mailbox(self, name: str) -> ObjectId:
        """Make a folder. Raises ValueError if it exists."""
        if name in self._set:
            raise ValueError(name)
        self._set[name] = folder = Folder(self._root / ("." + name.replace("/", ".")))
        return folder.mailbox_id


def _file_name() -> str:
    return f"{next(_numbers):08d}.sandbox:2,"
