"""The desk's mail provider: IMAP over TLS, and SMTP submission that keeps what it accepts in `Sent`.

As Gmail and Microsoft 365 do, the copy in `Sent` and the acceptance are one step: the copy is in the folder before
the 250 goes out, so a client that never sees the reply finds there what was accepted.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pymap.parsing.message import AppendMessage

from sandbox.mail_imap import start_imap
from sandbox.mail_smtp import start_smtp
from sandbox.mail_store import Folders

SENT = "Sent"


class Chances(Protocol):
    """Whether a fault that was ordered strikes now."""

    def happens(self, name: str, request: str) -> bool:
        """Draw for this attempt of `request`; False for a fault nobody ordered."""
        ...


@dataclass(frozen=True)
class Account:
    """The desk's login, the same for IMAP and SMTP."""

    address: str
    password: str


class PostOffice:
    """The mailbox servers on a thread of their own; everything else talks to them through these methods.

    `on_mail(recipient, raw)` is called for each recipient other than the desk, in the servers' thread, before the
    sender sees the 250.
    """

    def __init__(
        self,
        root: Path,
        account: Account,
        cert: tuple[Path, Path],
        faults: Chances,
        on_mail: Callable[[str, bytes], None],
        ports: tuple[int, int] = (0, 0),
    ) -> None:
        self.account, self.faults, self.on_mail = account, faults, on_mail
        self.folders: Folders
        self._root, self._cert, self._wanted_ports = root, cert, ports
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mailbox", daemon=True)
        self._servers: list[asyncio.Server] = []
        self.imap_port = self.smtp_port = 0

    def start(self) -> None:
        """Listen. Raises OSError if a given port is taken."""
        self._thread.start()
        self._run(self._start())

    def stop(self) -> None:
        """Stop serving and cut every connection. Safe to repeat."""
        if self._loop.is_closed():
            return
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def deliver(self, mails: Iterable[tuple[datetime, bytes]]) -> int:
        """Put mails from outside into the desk's INBOX, in this order; how many."""
        return self._run(self._deliver(mails))

    async def submit(self, recipients: list[str], raw: bytes) -> None:
        """What the submission server does with a mail it accepts: keep it, then hand it on."""
        sent = await self.folders.get_mailbox(SENT)
        await sent.append(AppendMessage(raw, None, frozenset()))
        for recipient in recipients:
            if recipient.lower() == self.account.address.lower():
                await self._deliver([(None, raw)])
            else:
                self.on_mail(recipient, raw)

    async def _start(self) -> None:
        self._loop.set_exception_handler(_report)
        self.folders, imap = await start_imap(
            self._root, self.account.address, self.account.password, self._cert, self.faults, self._wanted_ports[0]
        )
        await self.folders.add_mailbox(SENT)
        smtp = await start_smtp(self, self._cert, self._wanted_ports[1])
        self._servers = [imap, smtp]
        self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in self._servers)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _deliver(self, mails: Iterable[tuple[datetime | None, bytes]]) -> int:
        inbox, count = await self.folders.get_mailbox("INBOX"), 0
        for when, raw in mails:
            await inbox.append(AppendMessage(raw, when, frozenset()), recent=True)
            count += 1
            if count % 20 == 0:
                await asyncio.sleep(0)  # let the servers answer in between
        return count

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=300)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A client that breaks off is no news; anything else is."""
    if not isinstance(context.get("exception"), OSError | EOFError):
        loop.default_exception_handler(context)
