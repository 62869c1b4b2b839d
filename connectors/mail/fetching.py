"""FETCH and MOVE on a selected folder: sizes first, then contents, in answers of bounded size.

Sources: RFC 3501 section 6.4.5 (BODY.PEEK leaves \\Seen alone, <0.n> gives the first n bytes), RFC 6851 (MOVE),
RFC 4315 (UID EXPUNGE).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.errors import MailboxCopyError, MailboxDeleteError, MailboxFetchError, MailboxMoveError
from imap_tools.utils import check_command_status, encode_folder

BATCH_MAILS = 20
BATCH_BYTES = 8_000_000
OVERSIZE_BYTES = 65_536  # of a mail above the limit: its headers and the beginning of its first part

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_SHORT = re.compile(rb'BODY\[\](?:<0>)? (?:NIL|"(.*)")')


def in_batches(uids: Sequence[int], sizes: Mapping[int, int], most: int = BATCH_MAILS) -> Iterator[list[int]]:
    """`uids` in their order, at most `most` and about BATCH_BYTES together; one bigger mail comes alone."""
    batch: list[int] = []
    total = 0
    for uid in uids:
        if batch and (len(batch) == most or total + sizes[uid] > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += sizes[uid]
    if batch:
        yield batch


def fetch_sizes(box: BaseMailBox, uids: Sequence[int]) -> dict[int, int]:
    """Bytes of each mail; one that is gone has no entry."""
    sizes: dict[int, int] = {}
    for item in _fetch(box, uids, "(UID RFC822.SIZE)"):
        line = _line(item)
        uid, size = _UID.search(line), _SIZE.search(line)
        if uid and size:
            sizes[int(uid[1])] = int(size[1])
    return {uid: sizes[uid] for uid in uids if uid in sizes}


def fetch_contents(box: BaseMailBox, uids: Sequence[int], sizes: Mapping[int, int], limit: int) -> dict[int, bytes]:
    """The bytes of each mail, of one above `limit` only the first; one that is gone has no entry."""
    small = [uid for uid in uids if sizes[uid] <= limit]
    big = [uid for uid in uids if sizes[uid] > limit]
    found = _bodies(_fetch(box, small, "(UID BODY.PEEK[])")) if small else {}
    if big:
        found |= _bodies(_fetch(box, big, f"(UID BODY.PEEK[]<0.{OVERSIZE_BYTES}>)"))
    return {uid: found[uid] for uid in uids if uid in found}


def move(box: BaseMailBox, uids: str, folder: str) -> None:
    """Move mails; those already gone do not matter.

    Without MOVE they are copied and then deleted: a connection that breaks in between leaves a second copy in `folder`,
    never none. Without UIDPLUS they stay, marked \\Deleted: an EXPUNGE would take other people's mails with it.
    """
    client, target = box.client, encode_folder(folder)
    if "MOVE" in client.capabilities:
        check_command_status(client.uid("MOVE", uids, target), MailboxMoveError)  # type: ignore[arg-type]
        return
    check_command_status(client.uid("COPY", uids, target), MailboxCopyError)  # type: ignore[arg-type]
    check_command_status(client.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)"), MailboxDeleteError)
    if "UIDPLUS" in client.capabilities:
        check_command_status(client.uid("EXPUNGE", uids), MailboxDeleteError)


def _fetch(box: BaseMailBox, uids: Sequence[int], parts: str) -> list[Any]:
    result = box.client.uid("FETCH", ",".join(map(str, uids)), parts)
    check_command_status(result, MailboxFetchError)
    return result[1]


def _bodies(items: Sequence[Any]) -> dict[int, bytes]:
    """A mail comes as (what stood before its literal, literal), followed by what stood behind it."""
    found: dict[int, bytes] = {}
    for place, item in enumerate(items):
        behind = items[place + 1] if place + 1 < len(items) and isinstance(items[place + 1], bytes) else b""
        line = _line(item) + (b" " + behind if isinstance(item, tuple) else b"")
        uid, short = _UID.search(line), _SHORT.search(line)
        if uid and isinstance(item, tuple):
            found[int(uid[1])] = item[1]
        elif uid and short:  # an empty mail may come without a literal
            found[int(uid[1])] = short[1] or b""
    return found


def _line(item: Any) -> bytes:
    first = item[0] if isinstance(item, tuple) else item
    return first if isinstance(first, bytes) else b""
