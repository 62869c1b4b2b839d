"""The desk's mailbox as a channel: mails become envelopes, and move away once these are safe.

Where mails are moved (taken_folder), the folder itself is the list of what is to do: every pull lists all of it, so a
mail whose run was killed between commit and settle is given again, is known to the book, and is moved then. Only where
mails must stay does the cursor (UIDVALIDITY and highest UID) say where to go on. Sources: RFC 3501, 4315, 6154, 6851.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from imap_tools import BaseMailBox

from connectors.channels import Cursor
from connectors.errors import AccessError, ContractError, RejectedError, TransientError
from connectors.mail.account import MailboxConfig
from connectors.mail.fetching import fetch_contents, fetch_sizes, in_batches, move
from connectors.mail.headers import parse_headers, sender_of, sent_at_of
from connectors.mail.imap import ImapSession
from orderclerk.domain.envelopes import Envelope

__all__ = ["Mailbox", "MailboxConfig"]

MEDIA_TYPE = "message/rfc822"
OVERSIZE = "; oversize="  # followed by the size in bytes: the content was left on the server
_MOVED_AT_ONCE = 200  # UIDs in one command
_REF = re.compile(r"([0-9]+):([0-9]+)")
_ID = re.compile(r"<[!-~]+>")
_SENT_NAMES = ("sent", "sent items", "sent mail", "sent messages")

T = TypeVar("T")


class Mailbox:
    """Implements `connectors.channels.Channel`. Opens its connection when first used; `close` ends it."""

    def __init__(self, config: MailboxConfig) -> None:
        if config.taken_folder and config.taken_folder == config.folder:
            raise AccessError(config.name, "taken_folder is the folder itself", "name another folder, or ''")
        self.name = config.name
        self._config = config
        self._imap = ImapSession(config)
        self._has_taken_folder = False

    def __enter__(self) -> "Mailbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the next use opens a new one."""
        self._imap.close()

    def arrivals(self, cursor: Cursor) -> Iterator[tuple[Envelope, Cursor]]:
        """Mails of the folder, oldest first, none marked as read; see the module for what `cursor` does.

        A mail that the server cannot give is passed over and reported by a RejectedError after all others; where
        the cursor counts (no taken_folder) it ends the pull, so that nothing is passed by.
        """
        uidvalidity, uids = self._imap.run(self._config.folder, lambda box: self._list(box, cursor), self._is_read_only)
        refused: list[str] = []
        for batch, sizes in self._sized(uidvalidity, uids):
            for uid, content in self._contents(uidvalidity, batch, sizes, refused):
                yield self._envelope(uidvalidity, uid, content, sizes[uid]), {"uidvalidity": uidvalidity, "uid": uid}
        if refused:
            hint = "open them in a mail program and move them out of the folder"
            raise RejectedError(self.name, f"the server cannot give these mails: {'; '.join(refused[:5])}", hint)

    def settle(self, delivery_refs: list[str]) -> None:
        """Move these mails to the taken folder. Safe to repeat; refs of another UIDVALIDITY are let be."""
        refs = [(int(match[1]), int(match[2])) for match in map(_REF.fullmatch, delivery_refs) if match]
        if self._is_read_only or not refs:
            return
        self._imap.run(self._config.folder, lambda box: self._move(box, refs))

    def was_sent(self, message_id: str) -> bool:
        """Whether the sent folder holds this Message-ID: the proof that a mail had gone out.

        Raises AccessError if there is no sent folder: not knowing is not "no".
        """
        if not _ID.fullmatch(message_id) or '"' in message_id or "\\" in message_id:
            raise ContractError(self.name, f"{message_id!r} is no Message-ID")
        folder = self._config.sent_folder or self._imap.run(self._config.folder, self._find_sent, self._is_read_only)

        def search(box: BaseMailBox) -> bool:
            box.client.noop()  # a copy that came after the folder was selected
            return bool(box.uids(f'HEADER Message-ID "{message_id}"', charset=None))

        return self._imap.run(folder, search, read_only=True)

    @property
    def _is_read_only(self) -> bool:
        return not self._config.taken_folder

    def _list(self, box: BaseMailBox, cursor: Cursor) -> tuple[int, list[int]]:
        box.client.noop()
        uidvalidity, after = self._imap.uidvalidity, 0
        if self._is_read_only and cursor.get("uidvalidity") == uidvalidity:
            after = int(cursor.get("uid", 0))
        # a mail marked \\Deleted is one that someone threw away, or that `settle` copied on a server without UIDPLUS
        found = box.uids(f"UID {after + 1}:* UNDELETED", charset=None)
        return uidvalidity, sorted(uid for uid in map(int, found) if uid > after)  # n:* always gives the last mail

    def _sized(self, uidvalidity: int, uids: Sequence[int]) -> Iterator[tuple[list[int], dict[int, int]]]:
        for batch in in_batches(uids, dict.fromkeys(uids, 0), 200):
            sizes = self._fetch(uidvalidity, partial(fetch_sizes, uids=batch))
            whole = {uid: min(size, self._config.max_mail_bytes) for uid, size in sizes.items()}
            for part in in_batches(sorted(sizes), whole):
                yield part, sizes

    def _contents(
        self, uidvalidity: int, uids: list[int], sizes: dict[int, int], refused: list[str]
    ) -> Iterator[tuple[int, bytes]]:
        """The content of each mail that is still there; one by one if the server refuses the batch."""
        limit = self._config.max_mail_bytes
        try:
            found = self._fetch(uidvalidity, lambda box: fetch_contents(box, uids, sizes, limit))
        except TransientError as error:
            if len(uids) == 1 and not self._is_read_only and "server says" in error.message:
                refused.append(f"UID {uids[0]} ({error.message})")
                return
            if len(uids) == 1 or "server says" not in error.message:
                raise
            for uid in uids:
                yield from self._contents(uidvalidity, [uid], sizes, refused)
            return
        yield from sorted(found.items())

    def _fetch(self, uidvalidity: int, work: Callable[[BaseMailBox], T]) -> T:
        """`work`, unless the folder was rebuilt meanwhile: then UIDs mean other mails."""

        def checked(box: BaseMailBox) -> T:
            if self._imap.uidvalidity != uidvalidity:
                raise TransientError(self.name, "the folder was rebuilt during the pull")
            return work(box)

        return self._imap.run(self._config.folder, checked, self._is_read_only)

    def _envelope(self, uidvalidity: int, uid: int, content: bytes, size: int) -> Envelope:
        headers = parse_headers(content)
        is_oversize = size > self._config.max_mail_bytes
        return Envelope(
            channel=self.name,
            delivery_ref=f"{uidvalidity}:{uid}",
            content=content,
            media_type=f"{MEDIA_TYPE}{OVERSIZE}{size}" if is_oversize else MEDIA_TYPE,
            sender_ref=sender_of(headers),
            sent_at=sent_at_of(headers),
        )

    def _move(self, box: BaseMailBox, refs: Iterable[tuple[int, int]]) -> None:
        uids = sorted({uid for uidvalidity, uid in refs if uidvalidity == self._imap.uidvalidity})
        if not uids:
            return
        self._make_taken_folder(box)
        for batch in in_batches(uids, dict.fromkeys(uids, 0), _MOVED_AT_ONCE):
            move(box, ",".join(map(str, batch)), self._config.taken_folder)

    def _make_taken_folder(self, box: BaseMailBox) -> None:
        if not self._has_taken_folder and not box.folder.exists(self._config.taken_folder):
            box.folder.create(self._config.taken_folder)
        self._has_taken_folder = True

    def _find_sent(self, box: BaseMailBox) -> str:
        """The folder marked \\Sent (RFC 6154), else one called Sent."""
        folders = box.folder.list()
        marked = [folder.name for folder in folders if any(flag.lower() == "\\sent" for flag in folder.flags)]
        named = [folder.name for folder in folders if re.split(r"[./]", folder.name)[-1].lower() in _SENT_NAMES]
        if not marked and not named:
            raise AccessError(self.name, "no folder of sent mails is to be found", "set sent_folder to its name")
        return (marked or named)[0]
